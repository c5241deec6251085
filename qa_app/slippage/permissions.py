"""Who may do what with a slippage notice (domain.md sections 6 and 12)."""

from dataclasses import replace

from qa_app.access.permissions import Permission
from qa_app.access.viewer import Viewer
from qa_app.audits.models import Audit
from qa_app.audits.permissions import is_own
from qa_app.audits.states import OPEN_STATES
from qa_app.core.errors import IllegalMove, NotAllowed
from qa_app.slippage.models import SlippageNotice


def check_can_raise(viewer: Viewer, audit: Audit) -> None:
    """Only the audit's own auditor, while it is issued and has never been submitted: the first submission decides.

    Raises:
        NotAllowed: the viewer is not its auditor, or it is not issued.
        IllegalMove: it was submitted or withdrawn.
    """
    if not is_own(viewer, audit) or not viewer.can(Permission.SLIPPAGE_RAISE):
        raise NotAllowed("Only the auditor of this audit can say that it may not be finished in time.")
    if audit.issued_at is None:
        raise NotAllowed("This audit is not issued yet. You can say so as soon as its round is issued.")
    if audit.state not in OPEN_STATES or audit.first_submitted_at is not None:
        raise IllegalMove("This audit was submitted or withdrawn, so it can't slip any more.")


def can_raise(viewer: Viewer, audit: Audit) -> bool:
    """The same question as a yes or no."""
    try:
        check_can_raise(viewer, audit)
    except (NotAllowed, IllegalMove):
        return False
    return True


def _impartial(viewer: Viewer, notice: SlippageNotice) -> Viewer:
    """The viewer without what they hold in the place of the auditor; the auditor holds nothing on their own audit."""
    if viewer.person_id == notice.person_id:
        return replace(viewer, grants=())
    return replace(viewer, grants=tuple(grant for grant in viewer.grants if grant.on_behalf_of != notice.person_id))


def check_can_forward(viewer: Viewer, notice: SlippageNotice) -> Viewer:
    """Only the Head of the auditor's service, or their deputy; nobody, and nobody's deputy, on their own audit.

    Returns the viewer as they act here: for themselves, or on whose behalf.

    Raises:
        NotAllowed: for anybody else.
    """
    if not can_forward(viewer, notice):
        raise NotAllowed("Only the auditor's Head of Service can do this, and nobody on a notice of their own.")
    return _impartial(viewer, notice).entitled(Permission.SLIPPAGE_FORWARD, service_id=notice.service_id)


def can_forward(viewer: Viewer, notice: SlippageNotice) -> bool:
    """Whether the notice is the viewer's to acknowledge and forward, while it is at that stage."""
    scope = _impartial(viewer, notice).scope(Permission.SLIPPAGE_FORWARD)
    return scope.covers(service_id=notice.service_id, team_id=None)


def check_can_answer(viewer: Viewer) -> None:
    """Only the QA team answers.

    Raises:
        NotAllowed: for anybody else.
    """
    if not viewer.can(Permission.SLIPPAGE_ANSWER):
        raise NotAllowed("Only the QA team can answer a slippage notice.")


def can_answer(viewer: Viewer) -> bool:
    """Whether the viewer is of the QA team."""
    return viewer.can(Permission.SLIPPAGE_ANSWER)


def check_can_take_back(viewer: Viewer, notice: SlippageNotice) -> None:
    """Only the auditor of the audit says that it will be done in time after all.

    Raises:
        NotAllowed: for anybody else.
    """
    if not is_own(viewer, notice.audit) or not viewer.can(Permission.SLIPPAGE_RAISE):
        raise NotAllowed("Only the auditor of this audit can say that it is back on track.")
