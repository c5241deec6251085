"""When a job is due: on each tick, once a working day, or once a week (domain.md sections 10 and 11). Pure.

A slot is a day or a week in London, by its date. A job is done for the slot of today only: what was missed while
nothing ran is not done once for each day, but once, by the next slot. So the hour that comes twice in October
changes nothing.
"""

from dataclasses import dataclass
from datetime import datetime, time

from qa_app.core.clock import LONDON, is_working_day, london_day
from qa_app.reminders.rules import monday_of


@dataclass(frozen=True, slots=True)
class Daily:
    """Every working day, from a time of day in London on."""

    at: time
    rests_on_quiet_days: bool = False

    def slot(self, now: datetime) -> str | None:
        """The slot that is due, if one is: today."""
        return london_day(now).isoformat() if _is_time(self.at, now) else None


@dataclass(frozen=True, slots=True)
class Weekly:
    """Once a week, on its first working day that is not quiet, from a time of day in London on."""

    at: time
    rests_on_quiet_days: bool = False

    def slot(self, now: datetime) -> str | None:
        """The slot that is due, if one is: this week, by the date of its Monday."""
        return monday_of(london_day(now)).isoformat() if _is_time(self.at, now) else None


When = Daily | Weekly


def _is_time(at: time, now: datetime) -> bool:
    return is_working_day(london_day(now)) and now.astimezone(LONDON).time() >= at
