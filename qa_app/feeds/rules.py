"""Tokens, and what a reader may ask for. Pure."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache

from qa_app.core.clock import is_working_day, start_of_day
from qa_app.core.errors import BadInput
from qa_app.core.format import MONTHS

LIFETIMES = (30, 90, 180, 365)
"""How many days a token may live."""
LONGEST_NAME = 80
FIRST_YEAR = 2015
"""The calendar's first."""

_FILTER = re.compile(r"updated_at\s+gt\s+(?P<instant>\S+)")
_KNOWN_OPTIONS = frozenset({"$filter", "$top", "$select", "$skiptoken", "$format"})


class Unsupported(BadInput):
    """A part of OData that the feed does not offer."""


def last_day(today: date, days: int) -> date:
    """The last day of a token that is made today."""
    return today + timedelta(days=days)


@dataclass(frozen=True, slots=True)
class Asked:
    """What a reader asks of a table: rows changed since, at most so many, only some columns."""

    since: datetime | None = None
    top: int | None = None
    select: tuple[str, ...] = ()


def asked(options: Mapping[str, str], columns: tuple[str, ...]) -> Asked:
    """Read the options of an OData request.

    Raises:
        Unsupported: an option or filter that the feed does not offer.
        BadInput: one that it does, which can't be read.
    """
    if unknown := sorted(name for name in options if name.startswith("$") and name not in _KNOWN_OPTIONS):
        raise Unsupported(f"This feed does not offer {unknown[0]}.")
    since = None
    if text := options.get("$filter", "").strip():
        found = _FILTER.fullmatch(text)
        if found is None:
            raise Unsupported("This feed filters by updated_at gt and an instant only, such as 2026-06-17T09:30:00Z.")
        since = instant(found["instant"])
    chosen = tuple(name.strip() for name in options.get("$select", "").split(",") if name.strip())
    if chosen == ("*",):
        chosen = ()
    if unknown := [name for name in chosen if name not in columns]:
        raise BadInput(f"There is no column {unknown[0]}.")
    return Asked(since, _whole(options["$top"]) if "$top" in options else None, chosen)


def instant(text: str) -> datetime:
    """An instant or date as a reader writes it: UTC where it names no zone.

    Raises:
        BadInput: it is neither.
    """
    try:
        found = datetime.fromisoformat(text.strip())
    except ValueError:
        raise BadInput("Give an instant such as 2026-06-17T09:30:00Z, or a date such as 2026-06-17.") from None
    try:
        return found.astimezone(UTC) if found.tzinfo else found.replace(tzinfo=UTC)
    except OverflowError:
        raise BadInput("Give a date of this age, such as 2026-06-17.") from None


def _whole(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) < 10):
        raise BadInput("Give $top as a whole number.")
    return int(text)


@lru_cache(maxsize=2)
def calendar(last_year: int) -> tuple[tuple[object, ...], ...]:
    """The days from FIRST_YEAR to the end of a year, as rows of the feed's calendar.

    A year's days appear, all at once, with the beginning of the year before it: that is when they count as changed.
    """
    return tuple(_day_row(day) for year in range(FIRST_YEAR, last_year + 1) for day in _days(year))


def _days(year: int) -> Iterator[date]:
    day = date(year, 1, 1)
    while day.year == year:
        yield day
        day += timedelta(days=1)


def _day_row(day: date) -> tuple[object, ...]:
    began = day.year if day.month >= 4 else day.year - 1
    return (
        day,
        day.year,
        day.month,
        MONTHS[day.month - 1],
        (day.month + 2) // 3,
        f"{began}/{(began + 1) % 100:02d}",
        (day.month - 4) % 12 // 3 + 1,
        is_working_day(day),
        start_of_day(date(day.year - 1, 1, 1)),
    )
