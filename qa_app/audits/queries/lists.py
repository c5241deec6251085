"""Which audits a viewer may know of, one of them, and the lists of one's own (domain.md section 12).

Out of scope looks exactly like absent. Audits that are not issued are the QA team's alone; those of a restricted case
are their auditor's and the QA team's.
"""

from collections.abc import Sequence
from datetime import date, datetime
from functools import lru_cache
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Select, and_, bindparam, false, func, or_, select, true
from sqlalchemy.orm import joinedload

from qa_app.access.permissions import Permission
from qa_app.access.viewer import Viewer
from qa_app.audits.models import Audit
from qa_app.audits.states import OPEN_STATES
from qa_app.cases.models import Case
from qa_app.core.database import db, plain_rows
from qa_app.core.errors import NotFound
from qa_app.people.models import Team
from qa_app.rounds.models import Round
from qa_app.tools.models import ToolVersion


def visible(viewer: Viewer) -> ColumnElement[bool]:
    """Which audits the viewer may know of. The query must join Case."""
    if viewer.can(Permission.AUDIT_MANAGE):
        return true()
    scope = viewer.scope(Permission.AUDIT_READ)
    own = Audit.auditor_id == viewer.person_id
    reach: list[ColumnElement[bool]] = [own] if scope.own_of else []
    if scope.everything:
        reach = [true()]
    if scope.service_ids:
        reach.append(Audit.service_id.in_(scope.service_ids))
    if scope.team_ids:
        reach.append(Audit.team_id.in_(scope.team_ids))
    if not reach:
        return false()
    return and_(Audit.issued_at.is_not(None), or_(*reach), or_(own, Case.restricted.is_(False)))


def hidden_from(viewer: Viewer) -> Select[int]:
    """The audits that the viewer moderates blind and has not graded yet, by id: nothing of them is for the viewer."""
    return select(Audit.id).where(Audit.blind_for_id == (viewer.person_id or 0))


def audit_for(viewer: Viewer, round_reference: str, number: int) -> Audit:
    """One audit with its round, tool version, team, service, caseworker and auditor.

    Raises:
        NotFound: there is none that the viewer may know of.
    """
    found = db.session.scalar(_one(viewer), {"reference": f"{round_reference}/{number:03d}"})
    if found is None:
        raise NotFound()
    return found


@lru_cache(maxsize=256)
def _one(viewer: Viewer) -> Select[Audit]:
    return (
        select(Audit)
        .join(Case, Case.id == Audit.case_id)
        .where(Audit.reference == bindparam("reference"), visible(viewer))
        .options(
            joinedload(Audit.round).joinedload(Round.tool_version),
            joinedload(Audit.team),
            joinedload(Audit.service),
            joinedload(Audit.caseworker),
            joinedload(Audit.auditor),
        )
    )


def readable_address(viewer: Viewer, audit_id: int) -> str | None:
    """The page of an audit, or None where the viewer may not read it."""
    if not viewer.can(Permission.AUDIT_READ):
        return None
    reference = db.session.scalar(
        select(Audit.reference).join(Case, Case.id == Audit.case_id).where(Audit.id == audit_id, visible(viewer))
    )
    return f"/audits/{reference.rpartition('/')[0]}/{int(reference.rpartition('/')[2])}" if reference else None


def own_audit(viewer: Viewer, round_reference: str, number: int) -> Audit:
    """One audit that is the viewer's own to write in, as far as it has come.

    Raises:
        NotFound: there is none, or it is somebody else's.
    """
    audit = audit_for(viewer, round_reference, number)
    if audit.auditor_id != viewer.person_id or audit.issued_at is None:
        raise NotFound()
    return audit


_OWN = and_(Audit.auditor_id == bindparam("person_id"), Audit.issued_at.is_not(None))
_OPEN = (
    select(Audit)
    .where(_OWN, Audit.state.in_(OPEN_STATES))
    .options(joinedload(Audit.round), joinedload(Audit.team), joinedload(Audit.caseworker))
    .order_by(Audit.due_on, Audit.id)
    .limit(50)
)
_PAST = and_(_OWN, Audit.state.not_in(OPEN_STATES))
_PAST_TOTAL = select(func.count(Audit.id)).where(_PAST)
_PAST_ROWS = (
    select(
        Audit.reference,
        Audit.number,
        Audit.case_reference,
        Audit.state,
        Audit.is_late,
        Audit.submitted_at,
        Audit.overall_grade,
        Audit.final_grade,
        Audit.moderated_at,
        Round.month,
        Team.name.label("team"),
        ToolVersion.scale,
    )
    .join(Audit.round)
    .join(Round.tool_version)
    .join(Audit.team)
    .where(_PAST)
    .order_by(Audit.due_on.desc(), Audit.id.desc())
    .limit(bindparam("limit"))
    .offset(bindparam("offset"))
)
# Put together once: to build them anew took longer than to run them.


class PastAudit(NamedTuple):
    """What the list of past audits tells of one."""

    reference: str
    number: int
    case_reference: str
    state: str
    is_late: bool
    submitted_at: datetime | None
    overall_grade: str | None
    final_grade: str | None
    moderated_at: datetime | None
    month: date
    team: str
    scale: list[dict[str, Any]]


def open_audits_of(viewer: Viewer) -> Sequence[Audit]:
    """The viewer's own audits that are to be done, by due date, with round, team and caseworker."""
    return db.session.scalars(_OPEN, {"person_id": viewer.person_id}).all()


def past_audits_of(viewer: Viewer, limit: int, offset: int) -> tuple[Sequence[PastAudit], int]:
    """A page of the viewer's own audits that are done or withdrawn, newest first, and how many there are."""
    own = {"person_id": viewer.person_id}
    rows = plain_rows(_PAST_ROWS, own | {"limit": limit, "offset": offset})
    ((total,),) = plain_rows(_PAST_TOTAL, own)
    return [PastAudit._make(row) for row in rows], total
