"""Who may do what with a calibration set (domain.md sections 7 and 12)."""

from qa_app.access.permissions import Permission
from qa_app.access.viewer import Viewer
from qa_app.calibration.models import CalibrationPart
from qa_app.core.errors import NotAllowed


def check_can_manage(viewer: Viewer) -> None:
    """Only the QA team makes and reveals calibration sets.

    Raises:
        NotAllowed: for anybody else.
    """
    if not viewer.can(Permission.CALIBRATION_MANAGE):
        raise NotAllowed("Only the QA team can do this.")


def can_manage(viewer: Viewer) -> bool:
    """Whether the viewer is of the QA team."""
    return viewer.can(Permission.CALIBRATION_MANAGE)


def check_can_grade(viewer: Viewer, part: CalibrationPart) -> None:
    """Only the auditor whose part it is.

    Raises:
        NotAllowed: for anybody else.
    """
    if viewer.person_id is None or viewer.person_id != part.person_id or not viewer.can(Permission.CALIBRATION_GRADE):
        raise NotAllowed("Only those who take part in this calibration set can grade it.")
