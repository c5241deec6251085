"""Who may do what with a moderation (domain.md sections 7 and 12)."""

from dataclasses import replace

from qa_app.access.permissions import Permission
from qa_app.access.roles import Role
from qa_app.access.viewer import Viewer
from qa_app.audits.permissions import is_own
from qa_app.core.errors import NotAllowed
from qa_app.moderation.models import Moderation
from qa_app.moderation.states import WITH_RESULT

P = Permission


def acting_moderator(viewer: Viewer, moderation: Moderation) -> Viewer | None:
    """The viewer as they moderate this audit: for themselves, or for the Head of Service whom they stand in for.

    None for anybody else, and for whoever audited the case or works on it, however it came to them.
    """
    audit = moderation.audit
    if viewer.person_id is None or viewer.person_id in (audit.auditor_id, audit.caseworker_id):
        return None
    if viewer.person_id == moderation.moderator_id and viewer.can(P.MODERATION_DO):
        return viewer
    if moderation.by_head and moderation.moderator_id in heads_stood_in_for(viewer):
        return viewer.acting_for(moderation.moderator_id)
    return None


def heads_stood_in_for(viewer: Viewer) -> set[int]:
    """The Heads of Service in whose place the viewer acts today."""
    heads = (grant for grant in viewer.grants if grant.role is Role.HEAD_OF_SERVICE)
    return {grant.on_behalf_of for grant in heads if grant.on_behalf_of is not None}


def check_can_moderate(viewer: Viewer, moderation: Moderation) -> Viewer:
    """Only its moderator, or the deputy of the Head of Service whose it is. Returns the viewer as they act.

    Raises:
        NotAllowed: for anybody else.
    """
    who = acting_moderator(viewer, moderation)
    if who is None:
        raise NotAllowed("Only the moderator of this audit can do this.")
    return who


def check_can_manage(viewer: Viewer) -> None:
    """Only the QA team gives moderations to others and records what the panel decided.

    Raises:
        NotAllowed: for anybody else.
    """
    if not viewer.can(P.MODERATION_MANAGE):
        raise NotAllowed("Only the QA team can do this.")


def can_manage(viewer: Viewer) -> bool:
    """Whether the viewer is of the QA team."""
    return viewer.can(P.MODERATION_MANAGE)


def is_party(viewer: Viewer, moderation: Moderation) -> bool:
    """Whether the viewer audited or moderated it, or acts for whoever moderated it."""
    parties = {moderation.audit.auditor_id, moderation.moderator_id, moderation.moderated_by_id}
    return viewer.person_id in parties - {None}


def check_can_record_decision(viewer: Viewer, moderation: Moderation) -> None:
    """Only the QA team, and nobody on an audit that they audited or moderated themselves.

    Raises:
        NotAllowed: for anybody else.
    """
    check_can_manage(viewer)
    if is_party(viewer, moderation):
        raise NotAllowed(
            "You audited or moderated this yourself, so somebody else of the QA team records the decision."
        )


def check_can_acknowledge(viewer: Viewer, moderation: Moderation) -> None:
    """Only the auditor reads and accepts feedback on an audit of their own.

    Raises:
        NotAllowed: for anybody else.
    """
    if not is_own(viewer, moderation.audit) or not viewer.can(P.MODERATION_DISPUTE):
        raise NotAllowed("Only the auditor of this audit can do this.")


def disputant(viewer: Viewer, moderation: Moderation) -> Viewer | None:
    """The viewer as they may dispute: its auditor, unless they accepted it, or the Head of the case's service.

    Nobody disputes what they moderated themselves, nor for somebody who did.
    """
    audit = moderation.audit
    if is_own(viewer, audit) and viewer.can(P.MODERATION_DISPUTE):
        return viewer if moderation.acknowledged_at is None else None
    if viewer.person_id is None or viewer.person_id == moderation.moderated_by_id:
        return None
    moderators = {moderation.moderator_id, moderation.moderated_by_id}
    grants = tuple(
        grant for grant in viewer.grants if grant.on_behalf_of is None or grant.on_behalf_of not in moderators
    )
    impartial = replace(viewer, grants=grants)
    if viewer.person_id in moderators:
        return None
    if not impartial.scope(P.MODERATION_DISPUTE).covers(service_id=audit.service_id, team_id=None):
        return None
    return impartial.entitled(P.MODERATION_DISPUTE, service_id=audit.service_id)


def check_can_dispute(viewer: Viewer, moderation: Moderation) -> Viewer:
    """Only the auditor who has not accepted it, or the Head of the case's service. Returns the viewer as they act.

    Raises:
        NotAllowed: for anybody else.
    """
    who = disputant(viewer, moderation)
    if who is None:
        raise NotAllowed("Only its auditor, before accepting it, or the case's Head of Service can dispute this grade.")
    return who


def sees_grades(viewer: Viewer, moderation: Moderation) -> bool:
    """Whether the auditor's grades may be shown to the viewer on the moderation's pages.

    Its moderator sees them once own grades are locked, or from the start where it is sighted; others once there is a
    result.
    """
    if moderation.state in WITH_RESULT:
        return True
    return acting_moderator(viewer, moderation) is not None and (
        not moderation.is_blind or moderation.locked_at is not None
    )
