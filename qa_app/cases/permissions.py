"""Who may do what to the case list."""

from qa_app.access.permissions import Permission
from qa_app.access.viewer import Viewer
from qa_app.core.errors import NotAllowed


def can_import_cases(viewer: Viewer) -> bool:
    """Whether the viewer imports case lists and marks cases as restricted."""
    return viewer.can(Permission.CASE_IMPORT)


def check_can_import_cases(viewer: Viewer) -> None:
    """Raise NotAllowed unless the viewer may."""
    if not can_import_cases(viewer):
        raise NotAllowed("Only the QA team can change the case list. Ask them to do it.")
