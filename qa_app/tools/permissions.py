"""Who may change audit tools."""

from qa_app.access.permissions import Permission
from qa_app.access.viewer import Viewer
from qa_app.core.errors import NotAllowed


def check_can_manage_tools(viewer: Viewer) -> None:
    """Only the QA team changes audit tools.

    Raises:
        NotAllowed: for anybody else.
    """
    if not viewer.can(Permission.TOOL_MANAGE):
        raise NotAllowed("Only the QA team can change an audit tool.")
