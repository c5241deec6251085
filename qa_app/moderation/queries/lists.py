"""Lists of moderations: the queue, what waits for a viewer, and what the clock looks at."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, cast

from sqlalchemy import Select, and_, func, literal_column, or_, select
from sqlalchemy.orm import aliased

from qa_app.access.permissions import Permission
from qa_app.access.viewer import Viewer
from qa_app.audits.models import Audit
from qa_app.cases.models import Case
from qa_app.core.database import db
from qa_app.core.waiting import ask
from qa_app.moderation.models import Moderation
from qa_app.moderation.queries.one import own, visible
from qa_app.moderation.states import GRADING, OPEN, UNSETTLED, ModerationState
from qa_app.people.models import Person, Service, Team
from qa_app.people.queries import works
from qa_app.rounds.models import Round
from qa_app.tools.models import ToolVersion

M = Moderation
ALL, MINE, NOBODY = "all", "mine", "nobody"
LATE = "late"
Auditing, Moderating = aliased(Person), aliased(Person)


@dataclass(frozen=True, slots=True)
class QueueRow:
    """One line of the queue. Grades are there once there is a result, and none before."""

    reference: str
    number: int
    month: date
    team: str
    service: str
    auditor: str | None
    moderator: str | None
    state: str
    due_on: date
    is_late: bool
    is_blind: bool
    moderated_at: datetime | None
    auditor_grade: str | None
    moderated_grade: str | None
    panel_grade: str | None
    final_grade: str | None
    scale: Sequence[Mapping[str, Any]]


_COLUMNS: tuple[Any, ...] = (
    Audit.reference,
    Audit.number,
    Round.month,
    Team.name.label("team"),
    Service.name.label("service"),
    Auditing.name.label("auditor"),
    Moderating.name.label("moderator"),
    M.state,
    M.due_on,
    M.is_late,
    M.is_blind,
    M.moderated_at,
    M.grade_before.label("auditor_grade"),
    M.moderated_grade,
    M.panel_grade,
    Audit.final_grade,
    ToolVersion.scale,
)
SORTS: dict[str, Any] = {
    "audit": [Round.month, Audit.reference],
    "team": Team.name,
    "auditor": Auditing.name,
    "moderator": Moderating.name,
    "state": M.state,
    "due": M.due_on,
}
"""What the queue can be sorted by."""


def find_moderations(
    viewer: Viewer,
    filters: Mapping[str, str],
    order_by: Sequence[Any],
    today: date,
    *,
    limit: int | None = None,
    offset: int = 0,
) -> tuple[list[QueueRow], int]:
    """The moderations that the filters (state, service, month, of) leave, one page of them, and how many in all.

    Without a state, those that are not over.
    """
    total = db.session.scalar(_counted(viewer, filters, today)) or 0
    if limit is None:
        found = _filtered(_whole(), viewer, filters, today)
    else:
        # By their ids: to sort whole rows, of which all but a page are then dropped, took four times as long.
        page = _filtered(_joined(select(M.id)), viewer, filters, today).order_by(*order_by, M.id)
        ids = db.session.scalars(page.limit(limit).offset(offset)).all()
        found = _whole().where(M.id.in_(ids))
    rows = db.session.execute(found.order_by(*order_by, M.id))
    return [QueueRow(**row._mapping) for row in rows], total


def _whole() -> Any:
    return _joined(select(*_COLUMNS)).outerjoin(ToolVersion, ToolVersion.id == Round.tool_version_id)


def _joined(columns: Select[Any]) -> Any:
    """With all that a moderation is sorted by.

    Outer joins, though none is ever without a partner: so SQLite begins with the moderations, and leaves out the joins
    of which nothing is asked. With inner joins it began with the one tool version, and read every audit.
    """
    return (
        columns.select_from(M)
        .outerjoin(Audit, Audit.id == M.audit_id)
        .outerjoin(Round, Round.id == Audit.round_id)
        .outerjoin(Case, Case.id == Audit.case_id)
        .outerjoin(Team, Team.id == Audit.team_id)
        .outerjoin(Service, Service.id == Audit.service_id)
        .outerjoin(Auditing, Auditing.id == Audit.auditor_id)
        .outerjoin(Moderating, Moderating.id == M.moderator_id)
    )


def _counted(viewer: Viewer, filters: Mapping[str, str], today: date) -> Select[Any]:
    """How many there are, asked of no other table where nothing needs one."""
    found: Any = select(func.count()).select_from(M)
    if not viewer.can(Permission.MODERATION_MANAGE) or {"service", "month"} & filters.keys():
        found = found.join(Audit, Audit.id == M.audit_id).join(Round, Round.id == Audit.round_id)
        found = found.join(Case, Case.id == Audit.case_id)
    return cast(Select[Any], _filtered(found, viewer, filters, today))


def _filtered(found: Any, viewer: Viewer, filters: Mapping[str, str], today: date) -> Any:
    found = found.where(visible(viewer))
    state = filters.get("state")
    if state is None:
        # Written out, not bound: SQLite takes the index of open ones for nothing else.
        found = found.where(M.state.in_([literal_column(f"'{one}'") for one in sorted(OPEN)]))
    elif state == LATE:
        found = found.where(M.state.in_(GRADING), M.due_on < today)
    elif state != ALL:
        found = found.where(M.state == state)
    whose = filters.get("of")
    if whose == MINE:
        found = found.where(own(viewer))
    elif whose == NOBODY:
        found = found.where(without_moderator(today))
    if service := filters.get("service"):
        found = found.where(Audit.service_id == int(service))
    if month := filters.get("month"):
        found = found.where(Round.month == date.fromisoformat(f"{month}-01"))
    return found


def without_moderator(today: date) -> Any:
    """What is to be moderated and has nobody to do it: nobody yet, or somebody who does not work here any more."""
    gone = select(Person.id).where(~works(today))
    return and_(M.state.in_(GRADING), or_(M.moderator_id.is_(None), M.moderator_id.in_(gone)))


def months() -> list[date]:
    """The months of rounds that were issued, newest first: asked of the few rounds, not of their many audits."""
    found = select(Round.month).where(Round.issued_at.is_not(None)).distinct()
    return list(db.session.scalars(found.order_by(Round.month.desc())))


def waiting_ids(today: date) -> Sequence[int]:
    """Moderations that wait without anybody to do them, the first due first."""
    found = select(M.id).where(M.state == ModerationState.WAITING, without_moderator(today))
    return db.session.scalars(found.order_by(M.due_on, M.id)).all()


def undisputed_ids(today: date) -> Sequence[int]:
    """Moderated audits whose time to dispute is over, the oldest first."""
    found = select(M.id).where(M.state == ModerationState.MODERATED, M.dispute_until < today)
    return db.session.scalars(found.order_by(M.dispute_until, M.id)).all()


def submitted_unmoderated() -> Sequence[tuple[int, date, datetime, datetime]]:
    """Submitted audits of closed rounds that nobody moderates: id, the round's issue date, submitted, closed at."""
    moderated = select(M.id).where(M.audit_id == Audit.id, M.state != ModerationState.CANCELLED)
    rows = db.session.execute(
        select(Audit.id, Round.issue_on, Audit.submitted_at, Round.closed_at)
        .join(Round, Round.id == Audit.round_id)
        # Written out, not bound: SQLite takes the index of submitted audits for nothing else.
        .where(Audit.state == literal_column("'submitted'"), Round.closed_at.is_not(None), ~moderated.exists())
        .order_by(Audit.submitted_at, Audit.id)
    )
    return [(row[0], row[1], row[2], row[3]) for row in rows if row[2] is not None and row[3] is not None]


@dataclass(frozen=True, slots=True)
class Due:
    """How many moderations of one moderator are due on a day and not done; as Head of Service, or as a moderator."""

    moderator_id: int
    due_on: date
    by_head: bool
    audits: int


def outstanding() -> list[Due]:
    """What every moderator has still to do, by moderator and due date."""
    rows = db.session.execute(
        select(M.moderator_id, M.due_on, M.by_head, func.count())
        .where(M.state.in_(GRADING), M.moderator_id.is_not(None))
        .group_by(M.moderator_id, M.due_on, M.by_head)
        .order_by(M.moderator_id, M.due_on, M.by_head)
    )
    return [Due(row[0], row[1], row[2], row[3]) for row in rows if row[0] is not None]


@dataclass(frozen=True, slots=True)
class OfQaTeam:
    """What of moderation waits for the QA team."""

    late: int
    disputed: int
    without_moderator: int


def of_qa_team(today: date) -> OfQaTeam:
    """Moderations that are late, disputes that wait for the panel, and moderations without a moderator."""
    is_late = and_(M.state.in_(GRADING), M.due_on < today)
    late, disputed, nobodys = db.session.execute(
        select(
            func.count().filter(is_late),
            func.count().filter(M.state == ModerationState.DISPUTED),
            func.count().filter(without_moderator(today)),
        )
        .select_from(M)
        .where(M.state.in_((*UNSETTLED, ModerationState.DISPUTED)))
    ).one()
    return OfQaTeam(late, disputed, nobodys)


def waiting_moderations(viewer: Viewer, today: date) -> list[Select[Any]]:
    """For the home page: audits to moderate, own feedback to read, and for the QA team disputes and what has nobody."""
    found = []
    if viewer.can(Permission.MODERATION_DO):
        mine = _with_audit().where(M.state.in_(GRADING), own(viewer)).order_by(M.due_on, M.id)
        found.append(ask("moderations", mine, on=M.due_on, first=Audit.reference))
    if viewer.can(Permission.MODERATION_DISPUTE):
        unread = _with_audit().where(
            M.state == ModerationState.MODERATED, M.acknowledged_at.is_(None), Audit.auditor_id == viewer.person_id
        )
        found.append(ask("feedback", unread.order_by(M.dispute_until, M.id), on=M.dispute_until, first=Audit.reference))
    if viewer.can(Permission.MODERATION_MANAGE):
        disputed = _with_audit().where(M.state == ModerationState.DISPUTED).order_by(M.disputed_at, M.id)
        nobodys = _with_audit().where(without_moderator(today)).order_by(M.due_on, M.id)
        found.append(ask("disputes", disputed, at=M.disputed_at, first=Audit.reference))
        found.append(ask("unmoderated", nobodys, on=M.due_on))
    return found


def _with_audit() -> Select[Any]:
    return select(M.id).join(Audit, Audit.id == M.audit_id)
