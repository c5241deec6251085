"""One request on one page, and the pages of asking."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from qa_app.access.viewer import Viewer
from qa_app.core.clock import working_days_between
from qa_app.core.format import day, long_day, month_name, plural
from qa_app.exemptions.forms import CATEGORY_HINTS
from qa_app.exemptions.inputs import AskInput
from qa_app.exemptions.models import ExemptionRequest
from qa_app.exemptions.permissions import may_read_statement, turn_of
from qa_app.exemptions.presenters.words import (
    category_words,
    days_words,
    months_words,
    state_tag,
    steps,
    timing_tag,
)
from qa_app.exemptions.queries import Effect, PastOf, WaitingAudit
from qa_app.exemptions.rules import MonthFacts, months_in_words
from qa_app.exemptions.states import WAITING_STATES, ExemptionState, Timing
from qa_app.people.models import Person
from qa_app.rounds.states import ROUND, RoundState

S = ExemptionState


@dataclass(frozen=True, slots=True)
class Step:
    """One line of what happened."""

    title: str
    at: datetime
    by: str
    text: str


@dataclass(frozen=True, slots=True)
class RequestPage:
    """A whole request as one reader sees it. `statement` is None for whoever may not read it."""

    id: int
    version: int
    title: str
    name: str
    own: bool
    facts: list[tuple[str, Any]]
    statement: str | None
    late_reason: str
    steps: list[Step]
    effects: list[str]
    past: str
    earlier: Sequence[tuple[str, str, Any, Any]]
    turn: str
    acting_for: str
    waits_for: str
    may_withdraw: bool
    audits: Sequence[WaitingAudit] = field(default_factory=list)


def request_page(  # noqa: PLR0913 - what a page of one thing is made of
    request: ExemptionRequest,
    viewer: Viewer,
    now: datetime,
    today: date,
    *,
    effects: Sequence[Effect],
    past: PastOf | None,
    audits: Sequence[WaitingAudit],
    acting_for: str,
) -> RequestPage:
    """Put a request's page together for a reader."""
    own = request.person_id == viewer.person_id
    reads = may_read_statement(viewer, request)
    waits = request.state in WAITING_STATES
    return RequestPage(
        id=request.id,
        version=request.version,
        title=f"Exemption for {months_words(request)}",
        name=request.person.name,
        own=own,
        facts=_facts(request),
        statement=request.statement if reads else None,
        late_reason=request.late_reason,
        steps=_happened(request, now, reads),
        effects=[_effect_words(effect, own, today) for effect in effects],
        past=_past_words(past) if past else "",
        earlier=[
            (months_words(other), f"/exemptions/{other.id}", timing_tag(other), state_tag(other))
            for other in (past.earlier if past else ())
        ],
        turn=turn_of(viewer, request),
        acting_for=acting_for,
        waits_for=_waits_for(request) if waits else "",
        may_withdraw=own and waits,
        audits=audits,
    )


def _facts(request: ExemptionRequest) -> list[tuple[str, Any]]:
    return [
        ("Team", request.team.name if request.team else "None"),
        ("Service", request.service.name if request.service else "None"),
        ("Why", category_words(request.category)),
        ("Timing", timing_tag(request)),
        ("State", state_tag(request)),
    ]


def _by(person: Person | None, of: Person | None) -> str:
    name = person.name if person else "the system"
    return f"{name}, for {of.name}" if of else name


def _happened(request: ExemptionRequest, now: datetime, reads: bool) -> list[Step]:
    """Each step with who took it and after how long; the words to the Director are for who reads the statement."""
    took = steps(request, now)
    found = [Step("Asked", request.asked_at, request.person.name, "")]
    if request.head_answered_at is not None:
        declined = request.state == S.DECLINED
        title = "Declined by the Head of Service" if declined else "Forwarded to the Director"
        by = _by(request.head_answered_by, request.head_answered_for)
        text = request.head_note if declined or reads else ""
        found.append(Step(f"{title}, {_after(took.with_head)}", request.head_answered_at, by, text))
    if request.decided_at is not None:
        title = "Approved" if request.state == S.APPROVED else "Refused"
        by = _by(request.decided_by, request.decided_for)
        found.append(
            Step(f"{title} by the Director, {_after(took.with_director)}", request.decided_at, by,
                 request.decision_reason)
        )  # fmt: skip
    if request.withdrawn_at is not None:
        found.append(Step("Withdrawn", request.withdrawn_at, request.person.name, ""))
    return found


def _after(days: int | None) -> str:
    return f"after {days_words(days)}" if days else "the same day"


def _effect_words(effect: Effect, own: bool, today: date) -> str:
    audits = plural(effect.expected, "audit")
    whose = "of you" if own else "of them"
    if effect.exempted:
        return f"{month_name(effect.month)}: {effect.exempted} of {audits} expected {whose} no longer counts."
    state = ROUND.labels[RoundState(effect.state)].lower()
    due = f"due {day(effect.due_on)}" if effect.due_on >= today else f"was due {day(effect.due_on)}"
    return f"{month_name(effect.month)}: {audits} expected {whose}; the round is {state}, {due}."


def _past_words(past: PastOf) -> str:
    if not past.issued:
        return "No audit was issued to them in the last 12 months."
    late = f", {past.late} of them late" if past.late else ""
    return f"{past.done} of {plural(past.issued, 'audit')} done in the last 12 months{late}."


def _waits_for(request: ExemptionRequest) -> str:
    if request.state == S.WITH_HEAD_OF_SERVICE:
        return "the Head of Service, who forwards it to the Director or declines it"
    return "the Director, who approves or refuses it"


@dataclass(frozen=True, slots=True)
class AskPage:
    """What the pages of asking say around their fields."""

    months: str
    due: str
    first_month: str
    is_last_week: bool
    category: str
    readers: str
    decides: str
    hints: dict[str, str]


def ask_page(
    wish: AskInput | None, facts: MonthFacts | None, timing: Timing | None, answers: tuple[bool, list[str]], today: date
) -> AskPage:
    """The words around the fields, for the months chosen so far."""
    straight, names = answers
    who = " or ".join(names)
    readers, decides = _who_reads(straight, who)
    return AskPage(
        months=months_in_words(wish.first_month, wish.last_month) if wish else "",
        due=_due_words(facts, today) if facts else "",
        first_month=f"{wish.first_month:%Y-%m}" if wish else "",
        is_last_week=timing is Timing.LAST_WEEK,
        category=category_words(wish.category) if wish and wish.category else "",
        readers=readers,
        decides=decides,
        hints={str(key): text for key, text in CATEGORY_HINTS.items()},
    )


def _who_reads(straight: bool, who: str) -> tuple[str, str]:
    """Who reads the statement, and who decides; who has no Head of Service above them asks the Director."""
    if straight:
        directors = f"the Director ({who})" if who else "another Director"
        decides = (
            f"Your request goes straight to {directors}, who decides it."
            if who
            else "Your request is for another Director, or that Director's deputy, to decide: nobody decides their own."
        )
        return f"Only {directors} and whoever stands in for them", decides
    return (
        f"Only your Head of Service ({who}), the Director and whoever stands in for them",
        f"{who} reads it first as Head of Service, and forwards it or declines it. The Director then decides.",
    )


def _due_words(facts: MonthFacts, today: date) -> str:
    name = month_name(facts.month)
    if facts.issued_at is None or facts.due_on is None:
        return f"{name}'s audits are not issued yet, which is the best time to ask."
    if facts.due_on == today:
        return f"{name}'s audits are issued and due today."
    left = max(1, working_days_between(today, facts.due_on))
    return f"{name}'s audits are issued and due on {long_day(facts.due_on)}: {plural(left, 'working day')} left."


def sent_words(request: ExemptionRequest, names: Sequence[str]) -> str:
    """What happened and what happens next, once it is sent."""
    first = " or ".join(names) or "another Director"
    if request.state == S.WITH_DIRECTOR:
        return f"Sent to {first}, who decides. Until then your audits stay due."
    return f"Sent to {first}, your Head of Service; the Director then decides. Until then your audits stay due."
