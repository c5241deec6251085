"""Who may remind whom (domain.md section 6)."""

from qa_app.access.permissions import Permission
from qa_app.access.viewer import Viewer
from qa_app.core.errors import NotAllowed
from qa_app.progress.rules import ManagerRow


def check_can_remind(viewer: Viewer, row: ManagerRow) -> None:
    """Raise NotAllowed unless the viewer answers for this manager, who is somebody else and has audits outstanding."""
    if row.person_id is None:
        raise NotAllowed("Nobody has these audits yet, so there is nobody to remind. Ask the QA team to allocate them.")
    if row.person_id == viewer.person_id:
        raise NotAllowed("These are your own audits, so there is nobody to remind. Open My audits to go on.")
    scope = viewer.scope(Permission.PROGRESS_REMIND)
    if not scope.covers(service_id=row.service_id, team_id=row.team_id):
        raise NotAllowed("You can remind only the managers of your own team or service. Ask the QA team to do it.")
    if row.figures.outstanding == 0:
        raise NotAllowed(f"{row.name} has no audit outstanding, so there is nothing to remind of.")


def can_remind(viewer: Viewer, row: ManagerRow) -> bool:
    """Whether the viewer may remind this manager now."""
    try:
        check_can_remind(viewer, row)
    except NotAllowed:
        return False
    return True
