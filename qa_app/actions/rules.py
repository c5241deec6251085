"""How an action is called, when it is overdue, chased and escalated (domain.md sections 8 and 10). Pure."""

from dataclasses import dataclass
from datetime import date

from qa_app.core.clock import is_working_day, working_days_between

CHASED_EVERY = 5
"""Working days between two reminders of the same overdue action: a week."""

LONGEST_NUMBER = 9


def reference_of(action_id: int) -> str:
    """`A-0123`: how people and addresses call an action."""
    return f"A-{action_id:04d}"


def id_of(reference: str) -> int | None:
    """The id that a reference means, or None for what is no reference."""
    number = reference.removeprefix("A-")
    plain = number != reference and number.isascii() and number.isdigit() and len(number) <= LONGEST_NUMBER
    return int(number) if plain and reference_of(int(number)) == reference else None


def is_overdue(due_on: date, today: date) -> bool:
    """Whether a date has passed."""
    return due_on < today


@dataclass(frozen=True, slots=True)
class Clock:
    """What the clock of one open action is read from."""

    due_on: date
    is_immediate: bool
    opened_on: date
    chased_on: date | None = None
    escalated: bool = False


def is_to_chase(clock: Clock, today: date) -> bool:
    """Whether its owner is reminded today.

    From the first working day after the due date, then weekly; of an immediate one on each working day from the one
    after it was opened. A day on which nothing ran is made up for on the next.
    """
    if not is_working_day(today) or clock.chased_on == today:
        return False
    if clock.is_immediate:
        return clock.opened_on < today
    if not is_overdue(clock.due_on, today):
        return False
    last = clock.chased_on
    return last is None or last <= clock.due_on or working_days_between(last, today) >= CHASED_EVERY


def is_to_escalate(clock: Clock, days: int, today: date) -> bool:
    """Whether the Head of Service hears of it now: once, after so many working days overdue."""
    if clock.escalated or not is_working_day(today):
        return False
    return is_overdue(clock.due_on, today) and working_days_between(clock.due_on, today) >= days
