"""The window of an inspection pack, and what became better in it. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from qa_app.core.errors import BadInput
from qa_app.inspection.states import PackState

MOST_MONTHS = 36
"""An inspection asks for six months or a year; three years bound what one workbook holds."""

STOPPED_AFTER = timedelta(minutes=2)
"""A maker that has said nothing for so long was killed, or can do nothing more."""


@dataclass(frozen=True, slots=True)
class Window:
    """From one month to another, both by their first day and both inside."""

    first: date
    last: date

    @property
    def months(self) -> int:
        """How many months."""
        return (self.last.year - self.first.year) * 12 + self.last.month - self.first.month + 1


def window(first: date, last: date) -> Window:
    """The months from one to another.

    Raises:
        BadInput: they are the wrong way round, or too many.
    """
    found = Window(first, last)
    if found.months < 1:
        words = "Choose a last month that is not before the first"
        raise BadInput(words, {"last": words})
    if found.months > MOST_MONTHS:
        words = f"Choose at most {MOST_MONTHS} months"
        raise BadInput(words, {"last": words})
    return found


def has_stopped(state: str, progress_at: datetime | None, now: datetime) -> bool:
    """Whether whatever makes a pack has said nothing for a while."""
    return state == PackState.MAKING and progress_at is not None and now - progress_at > STOPPED_AFTER


def change(before: str | None, after: str | None, scale: Sequence[str]) -> str:
    """Whether a grade became better, worse or stayed, by its place in the scale (best first); "" without both."""
    if before not in scale or after not in scale:
        return ""
    places = scale.index(before), scale.index(after)
    if places[0] == places[1]:
        return "Same"
    return "Better" if places[1] < places[0] else "Worse"
