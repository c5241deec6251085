"""Who may give access to the system and take it away."""

from qa_app.access.permissions import Permission
from qa_app.access.viewer import Viewer
from qa_app.core.errors import NotAllowed


def check_can_manage_accounts(viewer: Viewer) -> None:
    """Raise NotAllowed unless the viewer may invite people and disable their accounts."""
    if not viewer.can(Permission.PERSON_MANAGE):
        raise NotAllowed("Only an administrator can decide who may sign in.")


def check_can_disable(viewer: Viewer, person_id: int, is_last_administrator: bool) -> None:
    """Raise NotAllowed unless the viewer may disable this account: never one's own or the last administrator's."""
    check_can_manage_accounts(viewer)
    if person_id == viewer.person_id:
        raise NotAllowed("You cannot disable your own account. Ask another administrator.")
    if is_last_administrator:
        raise NotAllowed("This is the only administrator who can sign in. Make somebody else an administrator first.")
