"""Clocks of the improvement process: due dates, where a stage stands, whose turn it is, when cover steps in. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from qa_app.core.clock import add_working_days, is_working_day, working_days_between
from qa_app.core.due import days_to
from qa_app.improvement.states import Outcome, StageKind

Span = tuple[date, date]

SOON = 1
"""A stage is 'due' from so many working days before its date on."""

LEAD_STAGES = frozenset(
    {StageKind.DAY_THREE_MEETING, StageKind.IMPROVEMENT_PLAN, StageKind.CASELOAD_REVIEW, StageKind.CLOSING}
)
NEVER_SKIPPED = frozenset({StageKind.NOTIFIED, StageKind.CASELOAD_REVIEW, StageKind.CLOSING})
"""A caseload review is held or waived, never skipped; a process is told of and closed in any case."""


@dataclass(frozen=True, slots=True)
class Clocks:
    """The settings in force when a process starts; its stages keep the dates that follow from them."""

    day_three_days: int
    review_days: int
    reaudit_weeks: int
    caseload_review_days: int
    closing_days: int


def due_dates(started_on: date, clocks: Clocks, *, caseload_review: bool) -> dict[StageKind, date | None]:
    """When each stage of a process is due. Closing has no date until the re-audit is settled."""
    meeting = add_working_days(started_on, clocks.day_three_days)
    dates: dict[StageKind, date | None] = {
        StageKind.NOTIFIED: started_on,
        StageKind.DAY_THREE_MEETING: meeting,
        StageKind.IMPROVEMENT_PLAN: meeting,
        StageKind.SERVICE_MANAGER_REVIEW: add_working_days(started_on, clocks.review_days),
    }
    if caseload_review:
        dates[StageKind.CASELOAD_REVIEW] = add_working_days(started_on, clocks.caseload_review_days)
    dates[StageKind.REAUDIT] = working_day_within(started_on + timedelta(weeks=clocks.reaudit_weeks))
    dates[StageKind.CLOSING] = None
    return dates


def working_day_within(day: date) -> date:
    """The day itself, or the last working day before it: 'within 12 weeks' never means later."""
    return day if is_working_day(day) else add_working_days(day, -1)


class Standing(StrEnum):
    """Where a stage is on a day."""

    NOT_DATED = "not_dated"
    IN_TIME = "in_time"
    DUE = "due"
    LATE = "late"
    DONE = "done"
    DONE_LATE = "done_late"
    WAIVED = "waived"
    SKIPPED = "skipped"


OPEN_STANDINGS = frozenset({Standing.NOT_DATED, Standing.IN_TIME, Standing.DUE, Standing.LATE})


def standing(due_on: date | None, done_on: date | None, outcome: str | None, today: date) -> Standing:
    """Where a stage is: what is settled by its outcome, what is open by its date."""
    if outcome == Outcome.SKIPPED:
        return Standing.SKIPPED
    if outcome == Outcome.WAIVED:
        return Standing.WAIVED
    if outcome:
        in_time = due_on is None or done_on is None or done_on <= due_on
        return Standing.DONE if in_time else Standing.DONE_LATE
    if due_on is None:
        return Standing.NOT_DATED
    if today > due_on:
        return Standing.LATE
    return Standing.DUE if working_days_between(today, due_on) <= SOON else Standing.IN_TIME


def is_away_through(spans: Iterable[Span], today: date, due_on: date) -> bool:
    """Whether somebody is there on no working day from today to a date, both counted; once it is past: not today."""
    return not days_there(spans, today, max(today, due_on))


def days_there(spans: Iterable[Span], first: date, last: date) -> list[date]:
    """The working days from one to another, both counted, on which somebody is there."""
    away = list(spans)
    days = [first + timedelta(days=n) for n in range((last - first).days + 1)]
    # Where no day of them is a working day, being there at all is what counts.
    worked = [day for day in days if is_working_day(day)] or days
    return [day for day in worked if not any(start <= day <= end for start, end in away)]


@dataclass(frozen=True, slots=True)
class Candidate:
    """Somebody who may cover: from when to when (a deputy; none: any day), when away, and in which order."""

    person_id: int
    rank: int
    away: Sequence[Span] = ()
    only: Span | None = None


def who_covers(candidates: Sequence[Candidate], today: date, due_on: date) -> int | None:
    """The first candidate who is there before the date: the named deputy first, then others by rank."""
    last = max(today, due_on)
    for one in sorted(candidates, key=lambda candidate: (candidate.rank, candidate.person_id)):
        there = days_there(one.away, today, last)
        if one.only is not None:
            there = [day for day in there if one.only[0] <= day <= one.only[1]]
        if there:
            return one.person_id
    return None


@dataclass(frozen=True, slots=True)
class Turn:
    """Whose turn a stage is: its owner's, or the cover's; `uncovered` when its owner is away and nobody covers."""

    cover_id: int | None
    is_covered: bool
    uncovered: bool


def turn_of(
    owner_id: int | None, away: Sequence[Span], candidates: Sequence[Candidate], due_on: date | None, today: date
) -> Turn:
    """Whose turn an open stage is today: its owner's as long as they are there on a working day before its date.

    Who would cover is named at all times, so that everybody knows before it is needed.
    """
    until = due_on or today
    others = [one for one in candidates if one.person_id != owner_id]
    named = who_covers(others, today, until)
    if owner_id is not None and not is_away_through(away, today, until):
        return Turn(named or _first(others), False, False)
    return Turn(named, named is not None, named is None)


def _first(candidates: Sequence[Candidate]) -> int | None:
    ordered = sorted(candidates, key=lambda one: (one.rank, one.person_id))
    return ordered[0].person_id if ordered else None


class Step(StrEnum):
    """What is told of a stage by the clock."""

    DUE_SOON = "due_soon"
    LATE = "late"
    ESCALATE = "escalate"


REMIND_AT: Mapping[StageKind, tuple[int, ...]] = {StageKind.REAUDIT: (10, 5, 2, 1, 0)}
"""Working days before a stage is due when whoever's turn it is hears of it; of others on the day before and the day."""


def steps_due(kind: StageKind, due_on: date, escalate_days: int, today: date) -> list[Step]:
    """What is to be told of an open stage today; nothing on days without work."""
    if not is_working_day(today):
        return []
    left = days_to(due_on, today)
    if left >= 0:
        return [Step.DUE_SOON] if left in REMIND_AT.get(kind, (1, 0)) else []
    return [Step.LATE, Step.ESCALATE] if -left >= escalate_days else [Step.LATE]


def schedules_itself(due_on: date, notice_days: int, today: date) -> bool:
    """Whether the system schedules a re-audit now, because nobody has and its auditor needs the time."""
    return working_days_between(today, due_on) <= notice_days
