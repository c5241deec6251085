"""When a round's days fall, and what they must keep to (domain.md sections 3 and 11). Pure: days in, days out."""

from dataclasses import dataclass
from datetime import date, datetime

from qa_app.core.clock import add_working_days, is_working_day, last_day_of_month, london_day

MONTHLY = "monthly"
REAUDIT = "re-audit"
"""A re-audit's cases are named by the improvement process, never drawn."""


@dataclass(frozen=True, slots=True)
class RoundDates:
    """The four days of a round, each a date in Europe/London."""

    issue_on: date
    due_on: date
    moderation_due_on: date
    report_due_on: date


@dataclass(frozen=True, slots=True)
class Deadlines:
    """How many working days after the due date moderation and the report are due (settings)."""

    moderation_days: int
    report_days: int


def reference_of(month: date, type_key: str) -> str:
    """The readable reference: `2026-06` for the monthly round, `2026-06-dip` for another type's."""
    stem = f"{month:%Y-%m}"
    return stem if type_key == MONTHLY else f"{stem}-{type_key}"


def first_working_day(month: date) -> date:
    """The first day of the month that is neither a weekend nor a bank holiday."""
    first = month.replace(day=1)
    return first if is_working_day(first) else add_working_days(first, 1)


def default_dates(month: date, deadlines: Deadlines, issue_on: date | None, due_on: date | None) -> RoundDates:
    """The days of a month's round: issued on its first working day, due on its last day, unless chosen otherwise."""
    due = due_on or last_day_of_month(month)
    return RoundDates(
        issue_on=issue_on or first_working_day(month),
        due_on=due,
        moderation_due_on=add_working_days(due, deadlines.moderation_days),
        report_due_on=add_working_days(due, deadlines.report_days),
    )


def wrong_dates(dates: RoundDates) -> dict[str, str]:
    """What is wrong with the days, by field; empty when they can be used."""
    wrong: dict[str, str] = {}
    if dates.due_on < dates.issue_on:
        wrong["due_on"] = "Enter a due date that is on or after the issue date"
    if dates.moderation_due_on < dates.due_on:
        wrong["moderation_due_on"] = "Enter a date for moderation that is on or after the due date"
    if dates.report_due_on < dates.moderation_due_on:
        wrong["report_due_on"] = "Enter a date for the report that is on or after the date for moderation"
    return wrong


def is_over(due_on: date, now: datetime) -> bool:
    """Whether the due date has ended in London, so that the round closes (domain.md section 3)."""
    return due_on < london_day(now)
