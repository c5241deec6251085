"""Who gets which audits when a round is issued, and how far its audits are."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import func, select

from qa_app.audits.models import Audit
from qa_app.audits.states import OPEN_STATES, SUBMITTED_STATES, AuditState
from qa_app.core.database import db
from qa_app.people.models import Person, Team


@dataclass(frozen=True, slots=True)
class Recipient:
    """An auditor of a round, with how many audits, and whether a mail can reach them."""

    person_id: int
    name: str
    team: str
    audits: int
    has_email: bool


def recipients(round_id: int) -> Sequence[Recipient]:
    """The auditors who have audits to do in a round, by name."""
    rows = db.session.execute(
        select(Person.id, Person.name, func.coalesce(Team.name, ""), func.count(), Person.email.is_not(None))
        .join(Audit, Audit.auditor_id == Person.id)
        .outerjoin(Team, Team.id == Person.team_id)
        .where(Audit.round_id == round_id, Audit.state.in_(OPEN_STATES))
        .group_by(Person.id, Person.name, Team.name, Person.email)
        .order_by(Person.name, Person.id)
    )
    return [Recipient(*row[:4], bool(row[4])) for row in rows]


@dataclass(frozen=True, slots=True)
class Standing:
    """A round's audits counted by state; `without_auditor` are among those not started."""

    not_started: int = 0
    in_progress: int = 0
    on_time: int = 0
    late: int = 0
    withdrawn: int = 0
    without_auditor: int = 0

    @property
    def submitted(self) -> int:
        """Audits that were submitted, on time or late."""
        return self.on_time + self.late

    @property
    def to_do(self) -> int:
        """Audits that were not withdrawn."""
        return self.not_started + self.in_progress + self.submitted


def standing(round_id: int) -> Standing:
    """How far the audits of a round are."""
    submitted = Audit.state.in_(SUBMITTED_STATES)
    counts = {
        "not_started": Audit.state == AuditState.ALLOCATED,
        "in_progress": Audit.state == AuditState.IN_PROGRESS,
        "on_time": submitted & ~Audit.is_late,
        "late": submitted & Audit.is_late,
        "withdrawn": Audit.state == AuditState.WITHDRAWN,
        "without_auditor": (Audit.state == AuditState.ALLOCATED) & Audit.auditor_id.is_(None),
    }
    row = db.session.execute(
        select(*(func.count().filter(condition).label(name) for name, condition in counts.items())).where(
            Audit.round_id == round_id
        )
    ).one()
    return Standing(**row._mapping)
