"""Who may change people and the organisation (domain.md section 12)."""

from qa_app.access.permissions import Permission
from qa_app.access.viewer import Viewer
from qa_app.core.errors import NotAllowed


def check_can_manage_people(viewer: Viewer) -> None:
    """Raise NotAllowed unless the viewer looks after people, teams and roles."""
    if not viewer.can(Permission.PERSON_MANAGE):
        raise NotAllowed("Only an administrator can change people, teams and roles. Ask one to do it.")


def check_can_manage_auditors(viewer: Viewer) -> None:
    """Raise NotAllowed unless the viewer looks after auditors, their training and absences."""
    if not viewer.can(Permission.AUDITOR_MANAGE):
        raise NotAllowed("Only the QA team or an administrator can change auditors and absences. Ask them to do it.")


def check_can_name_deputy(viewer: Viewer, person_id: int) -> None:
    """Raise NotAllowed unless the deputy is the viewer's own to name, or the viewer looks after people.

    Nobody names a deputy on behalf of the one whom they stand in for: the person away chose, not the deputy.
    """
    if viewer.person_id != person_id and not viewer.can(Permission.PERSON_MANAGE):
        raise NotAllowed("Only the person themselves or an administrator can name their deputy.")


def can_manage_people(viewer: Viewer) -> bool:
    """Whether to offer what `check_can_manage_people` guards."""
    return viewer.can(Permission.PERSON_MANAGE)


def can_manage_auditors(viewer: Viewer) -> bool:
    """Whether to offer what `check_can_manage_auditors` guards."""
    return viewer.can(Permission.AUDITOR_MANAGE)
