"""Read comments, and the audits that somebody may know of because it is their case."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, exists, or_, select
from sqlalchemy.orm import aliased, joinedload

from qa_app.access.viewer import Viewer
from qa_app.audits.models import Audit
from qa_app.audits.permissions import grades_hidden_from
from qa_app.audits.queries import visible
from qa_app.audits.states import OPEN_STATES
from qa_app.cases.models import Case
from qa_app.comments.models import AuditComment
from qa_app.comments.permissions import COMMENTED_STATES
from qa_app.core.database import db
from qa_app.core.errors import NotFound
from qa_app.core.waiting import ask
from qa_app.people.models import Person, Team

_Worker = aliased(Person)
MOST = 200


def _of_their_case(person_id: int | None) -> ColumnElement[bool]:
    """Issued audits of a person's own case, or of a case of somebody whom they manage; restricted ones are the
    caseworker's alone. The query must join Case and Team, and `_Worker` from the outside.
    """
    manages = or_(_Worker.line_manager_id == person_id, Team.manager_id == person_id)
    theirs = or_(Audit.caseworker_id == person_id, and_(manages, Case.restricted.is_(False)))
    return and_(Audit.issued_at.is_not(None), theirs)


def _joined() -> Select[Any]:
    return (
        select(Audit)
        .join(Case, Case.id == Audit.case_id)
        .join(Team, Team.id == Audit.team_id)
        .outerjoin(_Worker, _Worker.id == Audit.caseworker_id)
    )


def commented_audit(viewer: Viewer, round_reference: str, number: int) -> Audit:
    """One audit for its page of comments: of the viewer's case, or one that they may read.

    Raises:
        NotFound: there is none, or the viewer moderates it blind and has not graded yet.
    """
    found: Audit | None = db.session.scalar(
        _joined()
        .where(
            Audit.reference == f"{round_reference}/{number:03d}",
            or_(visible(viewer), _of_their_case(viewer.person_id)),
        )
        .options(
            joinedload(Audit.round), joinedload(Audit.team), joinedload(Audit.caseworker), joinedload(Audit.auditor)
        )
    )
    if found is None or grades_hidden_from(viewer, found):
        raise NotFound
    return found


def comments_on(audit: Audit) -> Sequence[AuditComment]:
    """Its comments, oldest first, with who wrote each."""
    return db.session.scalars(
        select(AuditComment)
        .where(AuditComment.audit_id == audit.id)
        .order_by(AuditComment.id)
        .options(joinedload(AuditComment.by))
    ).all()


def audits_of_own_cases(viewer: Viewer) -> Sequence[Audit]:
    """Audits of the viewer's own cases that are not final, by due date, with team, round and auditor."""
    return db.session.scalars(
        select(Audit)
        .where(
            Audit.caseworker_id == viewer.person_id,
            Audit.issued_at.is_not(None),
            Audit.state.in_(COMMENTED_STATES),
        )
        .order_by(Audit.due_on, Audit.id)
        .limit(MOST)
        .options(joinedload(Audit.round), joinedload(Audit.team), joinedload(Audit.auditor))
    ).all()


def waiting_cases(viewer: Viewer) -> list[Select[Any]]:
    """For the home page: audits under way of the viewer's own cases, of which they have said nothing."""
    said = exists().where(AuditComment.audit_id == Audit.id, AuditComment.by_id == viewer.person_id)
    found = (
        select(Audit)
        .where(
            Audit.caseworker_id == viewer.person_id,
            Audit.issued_at.is_not(None),
            Audit.state.in_(OPEN_STATES),
            ~said,
        )
        .order_by(Audit.due_on, Audit.id)
    )
    return [ask("own cases audited", found, on=Audit.due_on, first=Audit.reference)]
