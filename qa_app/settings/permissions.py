"""Who may change policy settings."""

from qa_app.access.permissions import Permission
from qa_app.access.viewer import Viewer
from qa_app.core.errors import NotAllowed


def check_can_change_settings(viewer: Viewer) -> None:
    """Raise NotAllowed unless the viewer is an administrator."""
    if not viewer.can(Permission.SETTING_MANAGE):
        raise NotAllowed("Only an administrator can change settings. Ask one to do it.")
