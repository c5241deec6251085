"""When an audit looks as if it will slip, and when an unanswered notice is chased (domain.md section 6). Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from qa_app.core.clock import is_working_day, working_days_between
from qa_app.core.format import day as in_words
from qa_app.core.format import plural
from qa_app.slippage.states import Outcome, SlippageState

QUIET_DAYS = 3
"""Working days for which the system is silent about an audit that somebody has just settled: they need time to act."""

SETTLED_FOR_NOW = frozenset({Outcome.BACK_ON_TRACK, Outcome.CAPACITY_FOUND, Outcome.REASSIGNED})
PAST_ROUNDS = 3
POOR = 2
"""Of so many past rounds, this many with an audit late or not done are a sign."""

_NUMBERS = ("None", "One", "Two", "Three")


@dataclass(frozen=True, slots=True)
class Limits:
    """The settings that the signs are read by, all in working days."""

    not_started_days: int
    history_days: int
    least_days: int


@dataclass(frozen=True, slots=True)
class AuditFacts:
    """What is known of one open audit: begun or not, its auditor's past rounds (bad ones of how many), absences."""

    due_on: date
    started: bool
    past_rounds: int = 0
    poor_rounds: int = 0
    absences: Sequence[tuple[date, date]] = ()


def signs(facts: AuditFacts, limits: Limits, today: date) -> list[str]:
    """Why an audit may not make its due date, in sentences; empty when nothing speaks for it.

    Nothing is foreseen once the due date has passed: then it is late, and reminders say so.
    """
    if today > facts.due_on:
        return []
    left = working_days_between(today, facts.due_on)
    found = []
    if not facts.started and left <= limits.not_started_days:
        found.append(_not_started(left))
    if not facts.started and facts.poor_rounds >= POOR and left <= limits.history_days:
        if not found:
            found.append(_not_started(left))
        which = f"{_NUMBERS[facts.poor_rounds]} of their last {_small(facts.past_rounds)}"
        if facts.poor_rounds == facts.past_rounds:
            which = f"All of their last {_small(facts.past_rounds)}"
        found.append(f"{which} rounds ended with an audit late or not done.")
    away = _away(facts.absences, limits.least_days, today, facts.due_on)
    return [*found, *away]


def _not_started(left: int) -> str:
    return f"Not started, and {plural(left, 'working day is', 'working days are')} left."


def _small(number: int) -> str:
    return _NUMBERS[number].lower()


def _away(absences: Sequence[tuple[date, date]], least: int, today: date, due_on: date) -> list[str]:
    """Where an absence leaves fewer working days than are needed, from today to the due date, both counted."""
    within = [span for span in absences if span[0] <= due_on and span[1] >= today]
    if not within:
        return []
    here, without = days_there(within, today, due_on), days_there((), today, due_on)
    if here >= min(least, without):
        return []
    back = working_day_after(max(last for _, last in within))
    if back > due_on:
        return [f"Away until {in_words(back)}, after the due date."]
    return [f"Away until {in_words(back)}: {plural(here, 'working day', 'working days')} there before the due date."]


def days_there(absences: Sequence[tuple[date, date]], first: date, last: date) -> int:
    """Working days from `first` to `last`, both counted, outside the absences."""
    days = (first + timedelta(days=n) for n in range((last - first).days + 1))
    return sum(is_working_day(day) and not any(start <= day <= end for start, end in absences) for day in days)


def working_day_after(day: date) -> date:
    """The first working day after a day."""
    day += timedelta(days=1)
    while not is_working_day(day):
        day += timedelta(days=1)
    return day


def is_quiet(outcome: str | None, resolved_on: date | None, today: date) -> bool:
    """Whether the system says nothing new of an audit whose last notice ended so.

    Where the QA team has no capacity everybody knows already, so nothing is said again.
    """
    if outcome is None or resolved_on is None:
        return False
    if outcome == Outcome.NO_CAPACITY:
        return True
    return outcome in SETTLED_FOR_NOW and working_days_between(resolved_on, today) < QUIET_DAYS


class Stage(StrEnum):
    """Who has an open notice to act on: it is chased and escalated once in each stage."""

    HEAD_OF_SERVICE = "head_of_service"
    QA_TEAM = "qa_team"


class Step(StrEnum):
    """What is done about a notice that nobody acts on."""

    CHASE = "chase"
    ESCALATE = "escalate"


def stage_of(state: str) -> Stage:
    """The stage of an open notice."""
    return Stage.QA_TEAM if state == SlippageState.WITH_QA_TEAM else Stage.HEAD_OF_SERVICE


def steps_due(waits_since: date, chase_days: int, escalate_days: int, today: date) -> list[Step]:
    """What is due about a notice that has waited in its stage since a day; nothing on days without work."""
    if not is_working_day(today):
        return []
    waited = working_days_between(waits_since, today)
    due = [(Step.CHASE, chase_days), (Step.ESCALATE, escalate_days)]
    return [step for step, days in due if waited >= days]
