"""Who may ask, forward, decide, withdraw, and read the statement (domain.md sections 6 and 12).

Nobody answers a request of their own: not in a role of their own, not as the deputy of another, and not through the
deputy who stands in for them.
"""

from dataclasses import replace

from qa_app.access.permissions import Permission
from qa_app.access.viewer import Viewer
from qa_app.core.errors import NotAllowed
from qa_app.exemptions.models import ExemptionRequest
from qa_app.exemptions.states import ExemptionState


def _impartial(viewer: Viewer, request: ExemptionRequest) -> Viewer:
    """The viewer without what they hold in the requester's place; the requester holds nothing here."""
    if viewer.person_id is not None and viewer.person_id == request.person_id:
        return replace(viewer, grants=())
    return replace(viewer, grants=tuple(grant for grant in viewer.grants if grant.on_behalf_of != request.person_id))


def _reaches(viewer: Viewer, permission: Permission, request: ExemptionRequest) -> bool:
    scope = _impartial(viewer, request).scope(permission)
    return scope.everything or (request.service_id is not None and request.service_id in scope.service_ids)


def may_forward(viewer: Viewer, request: ExemptionRequest) -> bool:
    """Whether the viewer is a Head of Service of this request, or their deputy."""
    return _reaches(viewer, Permission.EXEMPTION_FORWARD, request)


def may_decide(viewer: Viewer, request: ExemptionRequest) -> bool:
    """Whether the viewer is a Director for this request, or their deputy."""
    return _reaches(viewer, Permission.EXEMPTION_DECIDE, request)


def decides(viewer: Viewer) -> bool:
    """Whether the viewer is a Director, or stands in for one."""
    return viewer.can(Permission.EXEMPTION_DECIDE)


def may_read_statement(viewer: Viewer, request: ExemptionRequest) -> bool:
    """Only the requester, that Head of Service, the Director and their deputies."""
    own = viewer.person_id is not None and viewer.person_id == request.person_id
    return own or may_forward(viewer, request) or may_decide(viewer, request)


def check_can_ask(viewer: Viewer, person_id: int) -> None:
    """Raise NotAllowed unless an auditor asks for themselves."""
    if viewer.person_id != person_id or not viewer.can(Permission.EXEMPTION_ASK):
        raise NotAllowed("Only an auditor can ask for an exemption, and only for themselves.")


def check_can_forward(viewer: Viewer, request: ExemptionRequest) -> Viewer:
    """The viewer as they act here: for themselves, or on whose behalf.

    Raises:
        NotAllowed: the viewer is not that Head of Service or their deputy, or asked for it themselves.
    """
    if not may_forward(viewer, request):
        raise NotAllowed(
            "Only the Head of Service of the requester can forward or decline this, and nobody answers their own "
            "request."
        )
    return _impartial(viewer, request).entitled(Permission.EXEMPTION_FORWARD, service_id=request.service_id)


def check_can_decide(viewer: Viewer, request: ExemptionRequest) -> Viewer:
    """The viewer as they act here: for themselves, or on whose behalf.

    Raises:
        NotAllowed: the viewer is not the Director or their deputy, or asked for it themselves.
    """
    if not may_decide(viewer, request):
        raise NotAllowed("Only the Director can decide this, and nobody decides on their own request.")
    return _impartial(viewer, request).entitled(Permission.EXEMPTION_DECIDE, service_id=request.service_id)


def check_can_withdraw(viewer: Viewer, request: ExemptionRequest) -> None:
    """Raise NotAllowed unless it is the viewer's own request."""
    if not viewer.is_system and viewer.person_id != request.person_id:
        raise NotAllowed("Only who asked for an exemption can withdraw the request.")


def turn_of(viewer: Viewer, request: ExemptionRequest) -> str:
    """What this viewer can answer now: `forward`, `decide`, or nothing."""
    if request.state == ExemptionState.WITH_HEAD_OF_SERVICE and may_forward(viewer, request):
        return "forward"
    if request.state == ExemptionState.WITH_DIRECTOR and may_decide(viewer, request):
        return "decide"
    return ""
