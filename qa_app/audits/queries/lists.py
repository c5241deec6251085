"""Which audits a viewer may know of, one of them, and the lists of one's own (domain.md section 12).

Out of scope looks exactly like absent. Audits that are not issued are the QA team's alone; those of a restricted case
are their auditor's and the QA team's.
"""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, and_, false, func, or_, select, true
from sqlalchemy.orm import joinedload

from qa_app.access.permissions import Permission
from qa_app.access.viewer import Viewer
from qa_app.audits.models import Audit
from qa_app.audits.states import OPEN_STATES
from qa_app.cases.models import Case
from qa_app.core.database import db
from qa_app.core.errors import NotFound
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


def audit_for(viewer: Viewer, round_reference: str, number: int) -> Audit:
    """One audit with its round, tool version, team, service, caseworker and auditor.

    Raises:
        NotFound: there is none that the viewer may know of.
    """
    found = db.session.scalar(
        select(Audit)
        .join(Case, Case.id == Audit.case_id)
        .where(Audit.reference == f"{round_reference}/{number:03d}", visible(viewer))
        .options(
            joinedload(Audit.round).joinedload(Round.tool_version),
            joinedload(Audit.team),
            joinedload(Audit.service),
            joinedload(Audit.caseworker),
            joinedload(Audit.auditor),
        )
    )
    if found is None:
        raise NotFound()
    return found


def own_audit(viewer: Viewer, round_reference: str, number: int) -> Audit:
    """One audit that is the viewer's own to write in, as far as it has come.

    Raises:
        NotFound: there is none, or it is somebody else's.
    """
    audit = audit_for(viewer, round_reference, number)
    if audit.auditor_id != viewer.person_id or audit.issued_at is None:
        raise NotFound()
    return audit


def open_audits_of(viewer: Viewer) -> Sequence[Audit]:
    """The viewer's own audits that are to be done, by due date."""
    return db.session.scalars(
        _own(viewer).where(Audit.state.in_(OPEN_STATES)).order_by(Audit.due_on, Audit.id).limit(50)
    ).all()


def past_audits_of(viewer: Viewer, limit: int, offset: int) -> tuple[Sequence[Audit], int]:
    """A page of the viewer's own audits that are done or withdrawn, newest first, and how many there are."""
    past = Audit.state.not_in(OPEN_STATES)
    rows = db.session.scalars(
        _own(viewer).where(past).order_by(Audit.due_on.desc(), Audit.id.desc()).limit(limit).offset(offset)
    ).all()
    count = select(func.count(Audit.id)).where(Audit.auditor_id == viewer.person_id, Audit.issued_at.is_not(None), past)
    return rows, db.session.scalar(count) or 0


def _own(viewer: Viewer) -> Any:
    return (
        select(Audit)
        .where(Audit.auditor_id == viewer.person_id, Audit.issued_at.is_not(None))
        .options(
            joinedload(Audit.round).joinedload(Round.tool_version).load_only(ToolVersion.id, ToolVersion.scale),
            joinedload(Audit.team),
            joinedload(Audit.caseworker),
        )
    )
