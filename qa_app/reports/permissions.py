"""Who reads which report, and who makes them (domain.md sections 9 and 12)."""

from qa_app.access.permissions import Permission, Reach
from qa_app.access.viewer import Viewer
from qa_app.core.errors import NotAllowed


def can_manage(viewer: Viewer) -> bool:
    """Whether the viewer makes and publishes reports: the QA team."""
    return viewer.can(Permission.REPORT_MANAGE)


def check_can_manage(viewer: Viewer) -> None:
    """Only the QA team makes, changes and publishes reports.

    Raises:
        NotAllowed: for anybody else.
    """
    if not can_manage(viewer):
        raise NotAllowed("Only the QA team can do this.")


def reads_inside(viewer: Viewer) -> bool:
    """Whether the viewer reads what was published inside the council.

    Others with the permission, the scrutiny role, read only what was published for committees and the public.
    """
    return viewer.reaches(Permission.REPORT_READ, Reach.ALL)
