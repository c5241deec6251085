"""How outcomes are counted, what a follow-up still needs, and when an owner is reminded (domain.md section 8). Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum

from qa_app.core.clock import is_working_day, working_days_between
from qa_app.recommendations.inputs import SummaryInput
from qa_app.recommendations.states import Outcome


@dataclass(frozen=True, slots=True)
class Counts:
    """How many recommendations came out how. `unjudged` are those that no follow-up has judged."""

    fully: int = 0
    substantially: int = 0
    partially: int = 0
    not_implemented: int = 0
    unjudged: int = 0

    @property
    def total(self) -> int:
        """All of them."""
        return self.judged + self.unjudged

    @property
    def judged(self) -> int:
        """Those with an outcome."""
        return self.fully + self.substantially + self.partially + self.not_implemented

    def of(self, outcome: Outcome | None) -> int:
        """Those with one outcome; None: without any."""
        return {
            Outcome.FULLY: self.fully,
            Outcome.SUBSTANTIALLY: self.substantially,
            Outcome.PARTIALLY: self.partially,
            Outcome.NOT: self.not_implemented,
            None: self.unjudged,
        }[outcome]


def count(outcomes: Iterable[str | None]) -> Counts:
    """Count outcomes, one for each recommendation."""
    found: dict[str | None, int] = {}
    for outcome in outcomes:
        found[outcome] = found.get(outcome, 0) + 1
    return counts_from(found)


def counts_from(found: dict[str | None, int]) -> Counts:
    """The same from numbers by outcome, as a database counts them."""
    return Counts(
        found.get(Outcome.FULLY, 0),
        found.get(Outcome.SUBSTANTIALLY, 0),
        found.get(Outcome.PARTIALLY, 0),
        found.get(Outcome.NOT, 0),
        found.get(None, 0),
    )


class Lack(StrEnum):
    """What a follow-up needs before it is published."""

    OUTCOME = "outcome"
    EVIDENCE = "evidence"
    ANOTHER_JUDGE = "another_judge"
    DATE = "date"
    SUMMARY = "summary"


@dataclass(frozen=True, slots=True)
class JudgementFacts:
    """What decides whether a judgement can be published. `by_owner`: whoever judged owns it or spoke for it."""

    number: int
    outcome: str | None
    has_evidence: bool
    by_owner: bool = False

    @property
    def complete(self) -> bool:
        """Whether nothing is missing."""
        return not judgement_lacks(self)


@dataclass(frozen=True, slots=True)
class Missing:
    """One thing that a follow-up needs; `number` is the recommendation's, None: the follow-up as a whole."""

    number: int | None
    lack: Lack


def judgement_lacks(judgement: JudgementFacts) -> list[Lack]:
    """What one judgement still needs."""
    lacks = [] if judgement.outcome else [Lack.OUTCOME]
    if not judgement.has_evidence:
        lacks.append(Lack.EVIDENCE)
    if judgement.by_owner:
        lacks.append(Lack.ANOTHER_JUDGE)
    return lacks


def missing(judgements: Sequence[JudgementFacts], *, dated: date | None, has_summary: bool) -> list[Missing]:
    """Everything that stands between a follow-up and its publication, in the order of its pages."""
    found = [Missing(each.number, lack) for each in judgements for lack in judgement_lacks(each)]
    if dated is None:
        found.append(Missing(None, Lack.DATE))
    if not has_summary:
        found.append(Missing(None, Lack.SUMMARY))
    return found


def figure_faults(typed: SummaryInput) -> dict[str, str]:
    """What cannot be true of the figures of a period, by the field concerned."""
    figures = {"audits": typed.audits, "inadequate": typed.inadequate, "repeat_inadequate": typed.repeat_inadequate}
    faults = {name: "Enter a number that is not below 0" for name, n in figures.items() if n is not None and n < 0}
    if faults:
        return faults
    if typed.inadequate is not None and typed.audits is None:
        faults["audits"] = "Enter how many audits there were, or leave the other figures empty"
    elif typed.inadequate is not None and typed.audits is not None and typed.inadequate > typed.audits:
        faults["inadequate"] = "There can't be more inadequate audits than audits"
    if typed.repeat_inadequate is not None and typed.repeat_inadequate > (typed.inadequate or 0):
        faults["repeat_inadequate"] = "There can't be more repeat inadequate audits than inadequate ones"
    return faults


def percent(part: int, whole: int) -> str:
    """`3.7%`, with one digit after the point, halves up; `0%` for none; empty of an empty whole."""
    if not whole:
        return ""
    share = (Decimal(part) * 100 / Decimal(whole)).quantize(Decimal("0.1"), ROUND_HALF_UP)
    return f"{share.normalize():f}%"


OVERDUE = -1
"""The one reminder after the due date: from the working day after it. Then the QA team sees it on the page."""


def reminder_step(due_on: date, days: Sequence[int], today: date) -> int | None:
    """Which reminder holds today: the last of those (in working days before the due date) whose day has come.

    A day on which nothing ran is made up for. None before the first, and on days without work.
    """
    if not is_working_day(today):
        return None
    left = working_days_between(today, due_on)
    return min((step for step in (*days, OVERDUE) if left <= step), default=None)
