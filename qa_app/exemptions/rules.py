"""When an exemption may be asked for, how late it is, and how long each step took (domain.md section 6). Pure."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from qa_app.core.clock import first_day_of_next_month, last_day_of_month, london_day, working_days_between
from qa_app.core.format import day, month_name
from qa_app.exemptions.inputs import AskInput
from qa_app.exemptions.states import Timing

MOST_MONTHS = 12
MOST_CHARACTERS = 4000


@dataclass(frozen=True, slots=True)
class MonthFacts:
    """A month and its round, as far as there is one: when it was issued, when it is due, and whether it is closed."""

    month: date
    issued_at: datetime | None = None
    due_on: date | None = None
    closed: bool = False


@dataclass(frozen=True, slots=True)
class Months:
    """A span of months, each by its first day, both included."""

    first: date
    last: date

    def overlaps(self, other: "Months") -> bool:
        """Whether any month lies in both."""
        return self.first <= other.last and other.first <= self.last

    def __iter__(self) -> Iterator[date]:
        month = self.first
        while month <= self.last:
            yield month
            month = first_day_of_next_month(month)


def is_over(facts: MonthFacts, today: date) -> bool:
    """Whether nothing can be changed about a month any more: its round is closed or due, or it has passed without."""
    if facts.due_on is None:
        return last_day_of_month(facts.month) < today
    return facts.closed or facts.due_on < today


def timing_of(facts: MonthFacts, today: date, last_week_days: int) -> Timing:
    """How late a request for this first month is: before its issue, after it, or in the last days before it is due."""
    if facts.issued_at is None or facts.due_on is None:
        return Timing.BEFORE_ISSUE
    return Timing.LAST_WEEK if today >= facts.due_on - timedelta(days=last_week_days) else Timing.AFTER_ISSUE


def month_faults(wish: AskInput, first: MonthFacts, standing: Iterable[Months], today: date) -> dict[str, str]:
    """What is wrong with the months asked for, by field; empty when they can be asked for.

    `standing` are the person's requests that wait or are approved.
    """
    asked = Months(wish.first_month, wish.last_month)
    if is_over(first, today):
        due = f": its audits were due on {day(first.due_on)}" if first.due_on else ""
        return {"first_month": f"{month_name(first.month)} is over{due}. Choose a later month"}
    latest = list_of_months(today, MOST_MONTHS + 1)[-1]
    if asked.first > latest:
        return {"first_month": f"Choose a month up to {month_name(latest)}"}
    if asked.last < asked.first:
        return {"last_month": f"Choose a last month that is {month_name(asked.first)} or later"}
    if asked.last > list_of_months(asked.first, MOST_MONTHS)[-1]:
        return {"last_month": f"Choose at most {MOST_MONTHS} months. Ask again when they are over"}
    for other in standing:
        if asked.overlaps(other):
            return {"first_month": f"You have asked for {months_in_words(other.first, other.last)} already"}
    return {}


def word_faults(wish: AskInput, timing: Timing) -> dict[str, str]:
    """What is missing from the reason and the statement, by field."""
    faults: dict[str, str] = {}
    if wish.category is None:
        faults["category"] = "Choose why you ask"
    if not wish.statement.strip():
        faults["statement"] = "Enter a statement for those who decide"
    if timing is Timing.LAST_WEEK and not wish.late_reason.strip():
        faults["late_reason"] = "Enter why you ask only now, in the last week"
    for name in ("statement", "late_reason"):
        if too_many := max(0, len(getattr(wish, name)) - MOST_CHARACTERS):
            faults[name] = f"Shorten this by {too_many} characters: use {MOST_CHARACTERS} or fewer"
    return faults


def list_of_months(first: date, count: int) -> list[date]:
    """So many months from a first one on, each by its first day."""
    months = [first.replace(day=1)]
    while len(months) < count:
        months.append(first_day_of_next_month(months[-1]))
    return months


def months_in_words(first: date, last: date) -> str:
    """`June 2026`, `June to August 2026`, `December 2026 to January 2027`."""
    if first == last:
        return month_name(first)
    start = month_name(first) if first.year != last.year else month_name(first).split(" ")[0]
    return f"{start} to {month_name(last)}"


@dataclass(frozen=True, slots=True)
class Steps:
    """How many working days each step has taken; None where the request never came there."""

    with_head: int | None
    with_director: int | None


def steps_of(
    asked_at: datetime,
    head_answered_at: datetime | None,
    decided_at: datetime | None,
    withdrawn_at: datetime | None,
    now: datetime,
    *,
    straight: bool,
    declined: bool,
) -> Steps:
    """Working days with the Head of Service and with the Director, up to the answer, the withdrawal or now."""
    end = decided_at or withdrawn_at or now
    if straight:
        return Steps(None, _working_days(asked_at, end))
    with_head = _working_days(asked_at, head_answered_at or end)
    forwarded = head_answered_at is not None and not declined
    return Steps(with_head, _working_days(head_answered_at, end) if forwarded and head_answered_at else None)


def _working_days(start: datetime, end: datetime) -> int:
    return max(0, working_days_between(london_day(start), london_day(end)))


def still_counts(decided_at: datetime, due_on: date) -> bool:
    """Whether an approval came while the round could still be changed: a closed round never changes."""
    return london_day(decided_at) <= due_on
