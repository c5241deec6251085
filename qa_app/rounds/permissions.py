"""Who may run rounds: the QA team, and the system for it (domain.md section 2)."""

from qa_app.access.permissions import Permission
from qa_app.access.viewer import Viewer
from qa_app.core.errors import NotAllowed


def check_can_manage_rounds(viewer: Viewer) -> None:
    """Raise NotAllowed unless the viewer may create, sample, allocate, issue and close rounds."""
    if not can_manage_rounds(viewer):
        raise NotAllowed("Only the QA team can run a round. Ask them to do it.")


def can_manage_rounds(viewer: Viewer) -> bool:
    """Whether the viewer may run rounds."""
    return viewer.scope(Permission.ROUND_MANAGE).everything
