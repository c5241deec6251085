"""What the rules need to know: months and their rounds, where somebody belongs, and who is exempt from a month."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Select, select

from qa_app.access.permissions import Permission
from qa_app.access.roles import Role
from qa_app.audits.models import Audit
from qa_app.audits.states import OPEN_STATES
from qa_app.core.clock import london_day
from qa_app.core.database import db
from qa_app.exemptions.inputs import AskInput
from qa_app.exemptions.models import ExemptionRequest
from qa_app.exemptions.rules import (
    MOST_MONTHS,
    MonthFacts,
    Months,
    is_over,
    list_of_months,
    month_faults,
    still_counts,
    timing_of,
    word_faults,
)
from qa_app.exemptions.states import WAITING_STATES, ExemptionState, Timing
from qa_app.people.models import Person, RoleGrant
from qa_app.people.queries import deciders, viewer_of
from qa_app.rounds.models import Round, RoundAuditor
from qa_app.rounds.rules import MONTHLY, reference_of
from qa_app.rounds.states import BEFORE_ISSUE, RoundState
from qa_app.settings.queries import value_at

STANDING = frozenset({*WAITING_STATES, ExemptionState.APPROVED})
"""States of a request that takes its months: nobody asks for them again."""


def month_facts(month: date) -> MonthFacts:
    """A month and its monthly round."""
    found = db.session.execute(
        select(Round.issued_at, Round.due_on, Round.state).where(Round.reference == reference_of(month, MONTHLY))
    ).first()
    if found is None:
        return MonthFacts(month)
    running = found.state in (*BEFORE_ISSUE, RoundState.ISSUED)
    return MonthFacts(month, found.issued_at, found.due_on, not running)


def timing_now(first: MonthFacts, today: date) -> Timing:
    """How late a request for this first month is today, by the setting in force when its round was issued."""
    since = london_day(first.issued_at) if first.issued_at else today
    return timing_of(first, today, value_at("last_week_days", since))


def standing_months(person_id: int) -> list[Months]:
    """The months of a person's requests that wait or are approved."""
    rows = db.session.execute(
        select(ExemptionRequest.first_month, ExemptionRequest.last_month)
        .where(ExemptionRequest.person_id == person_id, ExemptionRequest.state.in_(STANDING))
        .order_by(ExemptionRequest.first_month)
    )
    return [Months(first, last) for first, last in rows]


def faults_of(person_id: int, wish: AskInput, today: date) -> dict[str, str]:
    """Everything that is wrong with what somebody asks, by field; empty when it can be sent."""
    first = month_facts(wish.first_month)
    faults = month_faults(wish, first, standing_months(person_id), today)
    return faults | word_faults(wish, timing_now(first, today))


def months_to_choose(person_id: int, today: date) -> tuple[list[date], date]:
    """The months that can be asked for, from this one on, and the one to offer first: the first that is free."""
    months = [month for month in list_of_months(today, MOST_MONTHS + 1) if not is_over(month_facts(month), today)]
    taken = standing_months(person_id)
    free = [month for month in months if not any(Months(month, month).overlaps(other) for other in taken)]
    return months, (free or months)[0]


def home_of(person: Person) -> tuple[int | None, int | None]:
    """The team and service that somebody belongs to. Without a team, the one service that their roles are for."""
    if person.team is not None:
        return person.team_id, person.team.service_id
    limited = select(RoleGrant.service_id).where(
        RoleGrant.person_id == person.id, RoleGrant.service_id.is_not(None), RoleGrant.role != Role.LEAD_AUDITOR
    )
    services = set(db.session.scalars(limited))
    return None, services.pop() if len(services) == 1 else None


def goes_straight(person: Person, service_id: int | None, today: date) -> bool:
    """Whether a request of this person goes straight to the Director.

    It does where nobody else could forward it: they are that Head of Service, or stand in for them now, or there is
    no Head of Service at work, or the person has no service.
    """
    if service_id is None:
        return True
    own = viewer_of(person, today).scope(Permission.EXEMPTION_FORWARD)
    return service_id in own.service_ids or not deciders(Role.HEAD_OF_SERVICE, today, service_id, besides=person.id)


def who_answers(person: Person, today: date) -> tuple[bool, list[str]]:
    """Whether a request of this person goes straight to the Director, and the names of those who will read it first."""
    service_id = home_of(person)[1]
    straight = goes_straight(person, service_id, today)
    role, of = (Role.DIRECTOR, None) if straight else (Role.HEAD_OF_SERVICE, service_id)
    ids = deciders(role, today, of, besides=person.id)
    return straight, list(db.session.scalars(select(Person.name).where(Person.id.in_(ids)).order_by(Person.name)))


def _people(month: date, states: Sequence[ExemptionState]) -> Select[int]:
    return select(ExemptionRequest.person_id).where(
        ExemptionRequest.first_month <= month,
        ExemptionRequest.last_month >= month,
        ExemptionRequest.state.in_(states),
    )


def exempt_in(month: date) -> Select[int]:
    """Who is exempt from a month (its first day), to be part of another statement."""
    return _people(month, [ExemptionState.APPROVED])


def exempt_people(month: date) -> frozenset[int]:
    """Who is exempt from a month (its first day)."""
    return frozenset(db.session.scalars(exempt_in(month)))


def exemptions_covering(person_id: int, month: date) -> list[int]:
    """The approved requests of somebody for a month (its first day), by id."""
    covering = select(ExemptionRequest.id).where(
        ExemptionRequest.person_id == person_id,
        ExemptionRequest.first_month <= month,
        ExemptionRequest.last_month >= month,
        ExemptionRequest.state == ExemptionState.APPROVED,
    )
    return list(db.session.scalars(covering.order_by(ExemptionRequest.id)))


def pending_people(month: date) -> frozenset[int]:
    """Whose request for a month (its first day) is not decided yet."""
    return frozenset(db.session.scalars(_people(month, sorted(WAITING_STATES))))


@dataclass(frozen=True, slots=True)
class Effect:
    """A round in the span: what it expects of the person, how much of that is exempted, and audits still to do."""

    reference: str
    month: date
    due_on: date
    state: str
    expected: int
    exempted: int


def effects_of(request: ExemptionRequest) -> list[Effect]:
    """What the rounds of the span that exist already expect of the requester, the first month first."""
    rows = db.session.execute(
        select(Round.reference, Round.month, Round.due_on, Round.state, RoundAuditor.expected, RoundAuditor.exempted)
        .join(RoundAuditor, (RoundAuditor.round_id == Round.id) & (RoundAuditor.person_id == request.person_id))
        .where(Round.month.between(request.first_month, request.last_month))
        .order_by(Round.month, Round.id)
    )
    return [Effect(*row) for row in rows]


@dataclass(frozen=True, slots=True)
class WaitingAudit:
    """An audit that is still with somebody who is exempt from its month: to be given to another, or withdrawn."""

    request_id: int
    person_id: int
    auditor: str
    reference: str
    round_reference: str
    number: int
    due_on: date
    issued_at: datetime | None

    @property
    def swap_path(self) -> str:
        """Where the QA team gives it to somebody else."""
        return f"/rounds/{self.round_reference}/allocation/{self.number}"

    @property
    def withdraw_path(self) -> str:
        """Where the QA team withdraws it."""
        return f"/audits/{self.round_reference}/{self.number}/withdraw"


def audits_of_exempt(request_id: int | None = None, person_id: int | None = None) -> list[WaitingAudit]:
    """Audits not submitted whose auditor is exempt from their month, the next to fall due first.

    Those of a round that was over when the request was approved are left out: it never changes.
    """
    found = (
        select(
            ExemptionRequest.id, Person.id, Person.name, Audit.reference, Round.reference, Audit.number, Audit.due_on,
            Audit.issued_at, ExemptionRequest.decided_at, Round.due_on,
        )
        .join(ExemptionRequest, ExemptionRequest.person_id == Audit.auditor_id)
        .join(Person, Person.id == Audit.auditor_id)
        .join(Round, Round.id == Audit.round_id)
        .where(
            ExemptionRequest.state == ExemptionState.APPROVED,
            Round.month.between(ExemptionRequest.first_month, ExemptionRequest.last_month),
            Audit.state.in_(OPEN_STATES),
        )
        .order_by(Audit.due_on, Audit.reference)
    )  # fmt: skip
    if request_id is not None:
        found = found.where(ExemptionRequest.id == request_id)
    if person_id is not None:
        found = found.where(ExemptionRequest.person_id == person_id)
    return [
        WaitingAudit(*row[:8])
        for row in db.session.execute(found)
        if row.decided_at is not None and still_counts(row.decided_at, row[9])
    ]
