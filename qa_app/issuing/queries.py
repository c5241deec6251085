"""Who gets which audits when a round is issued, and how far its audits are."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import func, select

from qa_app.audits.models import Audit
from qa_app.audits.states import OPEN_STATES, AuditState
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
    submitted: int = 0
    withdrawn: int = 0
    without_auditor: int = 0

    @property
    def to_do(self) -> int:
        """Audits that were not withdrawn."""
        return self.not_started + self.in_progress + self.submitted


def standing(round_id: int) -> Standing:
    """How far the audits of a round are."""
    counts = {
        row[0]: (row[1], row[2])
        for row in db.session.execute(
            select(Audit.state, func.count(), func.count(Audit.auditor_id))
            .where(Audit.round_id == round_id)
            .group_by(Audit.state)
        )
    }
    number = {state: counts.get(state, (0, 0))[0] for state in AuditState}
    not_started, with_auditor = counts.get(AuditState.ALLOCATED, (0, 0))
    return Standing(
        not_started=not_started,
        in_progress=number[AuditState.IN_PROGRESS],
        submitted=number[AuditState.SUBMITTED] + number[AuditState.MODERATED] + number[AuditState.FINAL],
        withdrawn=number[AuditState.WITHDRAWN],
        without_auditor=not_started - with_auditor,
    )
