"""The audits behind the figures of progress, and who was reminded of theirs."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, NamedTuple, cast

from sqlalchemy import ColumnElement, Select, and_, bindparam, func, literal, or_, select

from qa_app.access.viewer import Viewer
from qa_app.audits.models import Audit
from qa_app.audits.queries import visible
from qa_app.cases.models import Case
from qa_app.core.database import db, plain_rows
from qa_app.outbox.models import Mail
from qa_app.people.models import Person, Team
from qa_app.progress.queries.managers import LIVE, NOT_ALLOCATED, SLIPPING, STATES, of_round
from qa_app.progress.rules import ManagerRow
from qa_app.rounds.models import Round

AUDIT_SORTS = {
    "reference": Audit.number,
    "team": Team.name,
    "manager": Person.name,
    "due": Audit.due_on,
    "submitted": Audit.first_submitted_at,
    "last": Audit.last_activity_at,
}
"""What the list of audits can be sorted by."""


class ListedAudit(NamedTuple):
    """What the list of audits tells any reader of progress, and whether this reader may open it."""

    reference: str
    state: str
    is_late: bool
    due_on: date
    readable: bool
    team: str
    manager: str
    submitted_at: datetime | None
    last_activity_at: datetime | None


def _listed(rows: Collection[ManagerRow], viewer: Viewer) -> Select[Any]:
    """The same audits, with the names and dates of the list."""
    statement = (
        select(
            Audit.reference,
            Audit.state,
            Audit.is_late,
            Audit.due_on,
            visible(viewer),
            Team.name,
            func.coalesce(Person.name, NOT_ALLOCATED),
            Audit.first_submitted_at,
            Audit.last_activity_at,
        )
        .join(Team, Team.id == Audit.team_id)
        .join(Case, Case.id == Audit.case_id)
        .outerjoin(Person, Person.id == Audit.auditor_id)
        .where(LIVE, _belongs_to(rows))
    )
    return cast("Select[Any]", statement)


def _belongs_to(rows: Collection[ManagerRow]) -> ColumnElement[bool]:
    people = [row.person_id for row in rows if row.person_id is not None]
    teams = [row.team_id for row in rows if row.person_id is None]
    return or_(Audit.auditor_id.in_(people), and_(Audit.auditor_id.is_(None), Audit.team_id.in_(teams)))


@dataclass(frozen=True)
class FoundAudits:
    """One page of audits, and how many there are."""

    audits: Sequence[ListedAudit]
    total: int


@dataclass(frozen=True)
class Window:
    """Which part of a list, in which order; without a limit, all of it."""

    order_by: Sequence[Any]
    limit: int | None = None
    offset: int = 0


def audits_behind(
    round_: Round, rows: Collection[ManagerRow], state: str, viewer: Viewer, window: Window
) -> FoundAudits:
    """The audits that figures count; `state`: a key of STATES, `outstanding`, `slipping`, or empty for all."""
    statement = _listed(rows, viewer).where(_in_state(state))
    total = db.session.scalar(statement.with_only_columns(func.count(Audit.id)), of_round(round_)) or 0
    part = statement.order_by(*window.order_by, Audit.id).limit(window.limit).offset(window.offset)
    found = db.session.execute(part, of_round(round_))
    return FoundAudits([ListedAudit._make(row) for row in found], total)


def _in_state(state: str) -> ColumnElement[bool]:
    if state == "outstanding":
        return or_(STATES["not_started"], STATES["in_progress"])
    if state == "slipping":
        return SLIPPING
    return STATES.get(state, literal(True))


_REMINDED = select(Mail.person_id).where(
    Mail.message == "reminder", Mail.subject_key == bindparam("subject_key"), Mail.slot == bindparam("slot")
)


def reminded_on(round_: Round, day: date) -> frozenset[int]:
    """Ids of the people who were reminded of this round on a day."""
    found = plain_rows(_REMINDED, {"subject_key": subject_key(round_), "slot": day.isoformat()})
    return frozenset(person_id for (person_id,) in found)


def subject_key(round_: Round) -> str:
    """What the reminders of a round are about, in the outbox."""
    return f"round:{round_.id}"
