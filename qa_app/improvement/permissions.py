"""Who may do what with an improvement process (domain.md sections 8 and 12)."""

from qa_app.access.permissions import PERMISSIONS, Permission, Reach
from qa_app.access.roles import Role
from qa_app.access.viewer import Viewer
from qa_app.core.errors import NotAllowed
from qa_app.improvement.models import ImprovementProcess


def _may(viewer: Viewer, permission: Permission, process: ImprovementProcess) -> bool:
    return viewer.scope(permission).covers(service_id=process.service_id, team_id=process.team_id)


def _check(viewer: Viewer, permission: Permission, process: ImprovementProcess, sentence: str) -> Viewer:
    if not _may(viewer, permission, process):
        raise NotAllowed(sentence)
    return viewer.entitled(permission, service_id=process.service_id, team_id=process.team_id)


def check_can_lead(viewer: Viewer, process: ImprovementProcess) -> Viewer:
    """The Practice Lead, another Practice Lead, or their deputy; the viewer as they act here.

    Raises:
        NotAllowed: for anybody else, and for the worker whose case it is.
    """
    _check_not_the_worker(viewer, process)
    return _check(viewer, Permission.IMPROVEMENT_LEAD, process, "Only the Practice Lead, or who covers, can do this.")


def check_can_review(viewer: Viewer, process: ImprovementProcess) -> Viewer:
    """The service manager of that service, its Head of Service, or their deputy; the viewer as they act here.

    Raises:
        NotAllowed: for anybody else.
    """
    _check_not_the_worker(viewer, process)
    sentence = "Only the service manager, or who covers, can do this."
    return _check(viewer, Permission.IMPROVEMENT_REVIEW, process, sentence)


def check_can_schedule(viewer: Viewer, process: ImprovementProcess) -> Viewer:
    """The QA team and the Practice Lead schedule re-audits.

    Raises:
        NotAllowed: for anybody else.
    """
    sentence = "Only the QA team or the Practice Lead can schedule a re-audit."
    return _check(viewer, Permission.IMPROVEMENT_SCHEDULE, process, sentence)


def _check_not_the_worker(viewer: Viewer, process: ImprovementProcess) -> None:
    if viewer.person_id is not None and viewer.person_id == process.caseworker_id:
        raise NotAllowed("Nobody decides on the improvement process of their own case.")


def can_lead(viewer: Viewer, process: ImprovementProcess) -> bool:
    """Whether the viewer may record the meeting, skip a stage, and close."""
    return _may(viewer, Permission.IMPROVEMENT_LEAD, process) and viewer.person_id != process.caseworker_id


def can_review(viewer: Viewer, process: ImprovementProcess) -> bool:
    """Whether the viewer may give the service manager's review."""
    return _may(viewer, Permission.IMPROVEMENT_REVIEW, process) and viewer.person_id != process.caseworker_id


def can_schedule(viewer: Viewer, process: ImprovementProcess) -> bool:
    """Whether the viewer may schedule the re-audit."""
    return _may(viewer, Permission.IMPROVEMENT_SCHEDULE, process)


def may_name_worker(viewer: Viewer, service_id: int, team_id: int) -> bool:
    """Whether the viewer needs to know whose case it is; others read 'the social worker', and no free text."""
    return viewer.scope(Permission.IMPROVEMENT_NAME).covers(service_id=service_id, team_id=team_id)


def authorising_roles() -> dict[Role, Reach]:
    """The roles whose holders authorise that a caseload review is not required."""
    return PERMISSIONS[Permission.IMPROVEMENT_AUTHORISE]
