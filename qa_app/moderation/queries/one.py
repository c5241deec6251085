"""Read one moderation and what its pages show. Out of scope looks exactly like absent."""

from collections.abc import Mapping, Sequence

from sqlalchemy import ColumnElement, and_, false, or_, select, true
from sqlalchemy.orm import joinedload

from qa_app.access.permissions import Permission
from qa_app.access.viewer import Viewer
from qa_app.audits.content import Content, read_content
from qa_app.audits.models import Audit, Submission
from qa_app.cases.models import Case
from qa_app.core.database import db
from qa_app.core.errors import NotFound
from qa_app.moderation.models import ModeratedDomain, Moderation, ModerationSelection
from qa_app.moderation.permissions import heads_stood_in_for
from qa_app.moderation.states import WITH_RESULT
from qa_app.people.models import Person
from qa_app.rounds.models import Round


def own(viewer: Viewer) -> ColumnElement[bool]:
    """Moderations that are the viewer's to do, or those of a Head of Service whom they stand in for."""
    if not viewer.can(Permission.MODERATION_DO):
        return false()
    mine = Moderation.moderator_id == viewer.person_id
    heads = heads_stood_in_for(viewer)
    return or_(mine, and_(Moderation.by_head, Moderation.moderator_id.in_(heads))) if heads else mine


def visible(viewer: Viewer) -> ColumnElement[bool]:
    """Which moderations the viewer may know of. The query must join Audit and Case."""
    if viewer.can(Permission.MODERATION_MANAGE):
        return true()
    scope = viewer.scope(Permission.MODERATION_READ)
    reach: list[ColumnElement[bool]] = []
    if scope.everything:
        reach = [true()]
    if scope.service_ids:
        reach.append(Audit.service_id.in_(scope.service_ids))
    if scope.team_ids:
        reach.append(Audit.team_id.in_(scope.team_ids))
    others = and_(or_(*reach), Case.restricted.is_(False)) if reach else false()
    return or_(own(viewer), others)


_WHOLE = (
    joinedload(Moderation.audit).joinedload(Audit.round).joinedload(Round.tool_version),
    joinedload(Moderation.audit).joinedload(Audit.team),
    joinedload(Moderation.audit).joinedload(Audit.service),
    joinedload(Moderation.audit).joinedload(Audit.caseworker),
    joinedload(Moderation.audit).joinedload(Audit.auditor),
    joinedload(Moderation.moderator),
    joinedload(Moderation.moderated_by),
    joinedload(Moderation.moderated_for),
    joinedload(Moderation.disputed_by),
    joinedload(Moderation.disputed_for),
    joinedload(Moderation.decided_by),
)


def moderation_for(viewer: Viewer, round_reference: str, number: int) -> Moderation:
    """One moderation with everything that its pages show.

    Raises:
        NotFound: there is none that the viewer may know of.
    """
    return _one(round_reference, number, visible(viewer))


def own_moderation(viewer: Viewer, round_reference: str, number: int) -> Moderation:
    """One moderation that is the viewer's to do, or was.

    Raises:
        NotFound: there is none, or it is somebody else's.
    """
    return _one(round_reference, number, own(viewer))


def feedback_for(viewer: Viewer, round_reference: str, number: int) -> Moderation:
    """One moderation with a result, for the audit's auditor and the Head of the case's service.

    Raises:
        NotFound: there is none for this viewer.
    """
    scope = viewer.scope(Permission.MODERATION_DISPUTE)
    reach: list[ColumnElement[bool]] = [Audit.auditor_id == viewer.person_id] if scope.own_of else []
    if scope.service_ids:
        reach.append(and_(Audit.service_id.in_(scope.service_ids), Case.restricted.is_(False)))
    allowed = or_(*reach) if reach else false()
    return _one(round_reference, number, and_(Moderation.state.in_(WITH_RESULT), allowed))


def _one(round_reference: str, number: int, allowed: ColumnElement[bool]) -> Moderation:
    found = db.session.scalar(
        select(Moderation)
        .join(Audit, Audit.id == Moderation.audit_id)
        .join(Case, Case.id == Audit.case_id)
        .where(Audit.reference == f"{round_reference}/{number:03d}", allowed)
        .options(*_WHOLE)
    )
    if found is None:
        raise NotFound
    return found


def moderation_of(audit_id: int) -> Moderation | None:
    """The moderation of an audit, as it is now, if it has one."""
    found = select(Moderation).where(Moderation.audit_id == audit_id)
    return db.session.scalar(found.execution_options(populate_existing=True))


def selection_of(audit_id: int) -> ModerationSelection | None:
    """Whether and why an audit is moderated, once it was submitted."""
    return db.session.scalar(select(ModerationSelection).where(ModerationSelection.audit_id == audit_id))


def own_sections(moderation_id: int) -> Mapping[int, ModeratedDomain]:
    """The moderator's own grades, by the section's id, as they are now."""
    rows = select(ModeratedDomain).where(ModeratedDomain.moderation_id == moderation_id)
    return {row.domain_id: row for row in db.session.scalars(rows.execution_options(populate_existing=True))}


def newest_content(audit_id: int) -> Content | None:
    """What was submitted last, whole."""
    newest = select(Submission.content).where(Submission.audit_id == audit_id)
    found = db.session.scalar(newest.order_by(Submission.number.desc()).limit(1))
    return read_content(found) if found is not None else None


def names_of(person_ids: Sequence[int]) -> Mapping[int, str]:
    """Names by id."""
    rows = db.session.execute(select(Person.id, Person.name).where(Person.id.in_(person_ids)))
    return {key: name for key, name in rows}
