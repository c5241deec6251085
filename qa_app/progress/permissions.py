"""Who may remind whom (domain.md section 6)."""

from collections.abc import Iterable

from qa_app.access.permissions import Permission
from qa_app.access.viewer import Scope, Viewer
from qa_app.core.errors import NotAllowed
from qa_app.progress.rules import ManagerRow


def _objection(viewer: Viewer, scope: Scope, row: ManagerRow) -> str:
    """Why the viewer may not remind this manager, as a sentence; empty when they may."""
    if row.person_id is None:
        return "Nobody has these audits yet, so there is nobody to remind. Ask the QA team to allocate them."
    if row.person_id == viewer.person_id:
        return "These are your own audits, so there is nobody to remind. Open My audits to go on."
    if not scope.covers(service_id=row.service_id, team_id=row.team_id):
        return "You can remind only the managers of your own team or service. Ask the QA team to do it."
    if row.figures.outstanding == 0:
        return f"{row.name} has no audit outstanding, so there is nothing to remind of."
    return ""


def check_can_remind(viewer: Viewer, row: ManagerRow) -> None:
    """Raise NotAllowed unless the viewer answers for this manager, who is somebody else and has audits outstanding."""
    if objection := _objection(viewer, viewer.scope(Permission.PROGRESS_REMIND), row):
        raise NotAllowed(objection)


def can_remind(viewer: Viewer, row: ManagerRow) -> bool:
    """Whether the viewer may remind this manager now."""
    return not _objection(viewer, viewer.scope(Permission.PROGRESS_REMIND), row)


def remindable(viewer: Viewer, rows: Iterable[ManagerRow]) -> list[ManagerRow]:
    """Those of the rows whom the viewer may remind now; the scope is worked out once for all."""
    scope = viewer.scope(Permission.PROGRESS_REMIND)
    return [row for row in rows if not _objection(viewer, scope, row)]
