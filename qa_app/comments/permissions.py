"""Who may comment on an audit (domain.md section 3): the people of the case, and its auditor in answer to them."""

from enum import StrEnum

from qa_app.access.permissions import Permission
from qa_app.access.viewer import Viewer
from qa_app.audits.models import Audit
from qa_app.audits.states import AuditState
from qa_app.core.errors import IllegalMove, NotAllowed

COMMENTED_STATES = frozenset({AuditState.ALLOCATED, AuditState.IN_PROGRESS, AuditState.SUBMITTED, AuditState.MODERATED})
"""From its issue until it is final."""


class Part(StrEnum):
    """What somebody is to an audit."""

    AUDITOR = "auditor"
    CASEWORKER = "caseworker"
    MANAGER = "manager"


PART_LABELS = {Part.AUDITOR: "Auditor", Part.CASEWORKER: "Caseworker", Part.MANAGER: "Manager"}


def part_in(viewer: Viewer, audit: Audit) -> Part | None:
    """What the viewer is to an audit: its auditor, the case's worker, a manager of them, or nothing.

    A manager is the worker's line manager, the team's manager, or whoever stands in for the team's manager.
    """
    if viewer.person_id is None:
        return None
    if viewer.person_id == audit.auditor_id:
        return Part.AUDITOR
    if viewer.person_id == audit.caseworker_id:
        return Part.CASEWORKER
    led = audit.team_id in viewer.scope(Permission.AUDIT_READ).team_ids
    return Part.MANAGER if led or viewer.person_id in _managers(audit) else None


def check_can_comment(viewer: Viewer, audit: Audit) -> tuple[Part, Viewer]:
    """The caseworker, their managers and the auditor, until the audit is final.

    Returns what the viewer is to the audit, and the viewer as they act here: for themselves, or on whose behalf.

    Raises:
        NotAllowed: for anybody else, or before the audit is issued.
        IllegalMove: it is final or withdrawn.
    """
    part = part_in(viewer, audit)
    if part is None or audit.issued_at is None:
        raise NotAllowed("Only the caseworker, their managers and the auditor can comment on this audit.")
    if audit.state not in COMMENTED_STATES:
        raise IllegalMove("This audit is final or withdrawn, so it takes no more comments.")
    who = viewer
    if part is Part.MANAGER and viewer.person_id not in _managers(audit):
        who = viewer.entitled(Permission.AUDIT_READ, service_id=None, team_id=audit.team_id)
    return part, who


def can_comment(viewer: Viewer, audit: Audit) -> bool:
    """The same question as a yes or no."""
    try:
        check_can_comment(viewer, audit)
    except (NotAllowed, IllegalMove):
        return False
    return True


def _managers(audit: Audit) -> set[int | None]:
    return {audit.team.manager_id, audit.caseworker.line_manager_id if audit.caseworker else None} - {None}
