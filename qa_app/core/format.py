"""How dates, counts and shares are written on pages, in mails and in documents. Pure; each is also a Jinja filter."""

from collections.abc import Callable
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import Any
from zoneinfo import ZoneInfo

LONDON = ZoneInfo("Europe/London")

# Not by strftime: it follows the machine's language, and takes ten times as long on a page of dates.
DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)


def day(value: date | None) -> str:
    """`Tue 30 June`: for dates near today, whose year nobody doubts. An instant is written as its London day."""
    if value is None:
        return ""
    local = _london(value)
    return f"{DAYS[local.weekday()]} {local.day} {MONTHS[local.month - 1]}"


def long_day(value: date | None) -> str:
    """`30 June 2026`: wherever the year matters."""
    if value is None:
        return ""
    local = _london(value)
    return f"{local.day} {MONTHS[local.month - 1]} {local.year}"


def short_day(value: date | None) -> str:
    """`30 Jun 2026`: in narrow columns."""
    if value is None:
        return ""
    local = _london(value)
    return f"{local.day} {MONTHS[local.month - 1][:3]} {local.year}"


def clock_time(value: datetime | None) -> str:
    """`14:02`, London time, of an instant."""
    return "" if value is None else f"{value.astimezone(LONDON):%H:%M}"


def moment(value: datetime | None) -> str:
    """`Tue 30 June 2026, 14:02`, London time, of an instant. With the year, since a history reaches back over years."""
    return "" if value is None else f"{day(value)} {_london(value).year}, {clock_time(value)}"


def month_name(value: date | None) -> str:
    """`June 2026`."""
    return "" if value is None else f"{MONTHS[value.month - 1]} {value.year}"


def days_left(working_days: int | None) -> str:
    """`6 working days left`, `due today`, `2 working days late`; negative numbers are late.

    The count is made by `core.clock`; this only says it.
    """
    if working_days is None:
        return ""
    if working_days == 0:
        return "due today"
    return f"{plural(abs(working_days), 'working day')} {'left' if working_days > 0 else 'late'}"


def plural(count: int, one: str, many: str | None = None) -> str:
    """`1 audit`, `12 audits`, `1,204 cases`."""
    return f"{count:,} {one if count == 1 else many or one + 's'}"


def share(part: int, whole: int) -> str:
    """`91%`, halves up; an empty whole has no share and gives an empty text."""
    if whole == 0:
        return ""
    return f"{(Decimal(part) * 100 / Decimal(whole)).quantize(Decimal(1), ROUND_HALF_UP)}%"


def initial_capital(text: str) -> str:
    """First letter large, the rest as it is (unlike `str.capitalize`, which lowers names)."""
    return text[:1].upper() + text[1:]


def _london(value: date) -> date:
    return value.astimezone(LONDON) if isinstance(value, datetime) else value


FILTERS: dict[str, Callable[..., Any]] = {
    function.__name__: function
    for function in (
        day,
        long_day,
        short_day,
        clock_time,
        moment,
        month_name,
        days_left,
        plural,
        share,
        initial_capital,
    )
}
