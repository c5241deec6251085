"""Who may do what to an audit (domain.md sections 3 and 12).

What an auditor has written is the auditor's alone until it is submitted: other readers see that the audit is happening,
its state and how far it is, not the words. From the first submission on they read the submitted version.
"""

from collections.abc import Callable
from functools import wraps
from typing import ParamSpec

from qa_app.access.permissions import Permission
from qa_app.access.viewer import Viewer
from qa_app.audits.models import Audit
from qa_app.audits.states import OPEN_STATES
from qa_app.core.errors import IllegalMove, NotAllowed

P = ParamSpec("P")


def _allowed(check: Callable[P, None]) -> Callable[P, bool]:
    """The same question as a yes or no."""

    @wraps(check)
    def can(*args: P.args, **kwargs: P.kwargs) -> bool:
        try:
            check(*args, **kwargs)
        except (NotAllowed, IllegalMove):
            return False
        return True

    return can


def is_own(viewer: Viewer, audit: Audit) -> bool:
    """Whether the viewer is its auditor."""
    return viewer.person_id is not None and viewer.person_id == audit.auditor_id


def grades_hidden_from(viewer: Viewer, audit: Audit) -> bool:
    """Whether the viewer moderates it blind and has not graded yet, so that its grades and words are not for them."""
    return viewer.person_id is not None and viewer.person_id == audit.blind_for_id


def check_can_conduct(viewer: Viewer, audit: Audit) -> None:
    """Only the audit's own auditor writes in it, from its issue until it is submitted.

    Raises:
        NotAllowed: the viewer is not its auditor, or no auditor any more, or it is not issued.
        IllegalMove: it is submitted or withdrawn.
    """
    if not is_own(viewer, audit) or not viewer.can(Permission.AUDIT_CONDUCT):
        raise NotAllowed("Only the auditor of this audit can change it.")
    if audit.issued_at is None:
        raise NotAllowed("This audit is not issued yet. You can start it as soon as its round is issued.")
    if audit.state not in OPEN_STATES:
        raise IllegalMove("This audit is not open any more, so its text is fixed. Read it to see what happened.")


def check_can_manage(viewer: Viewer) -> None:
    """Only the QA team allocates, reassigns, withdraws, replaces and returns.

    Raises:
        NotAllowed: for anybody else.
    """
    if not viewer.can(Permission.AUDIT_MANAGE):
        raise NotAllowed("Only the QA team can do this.")


def check_can_issue(viewer: Viewer) -> None:
    """Only those who run rounds allocate and issue their audits.

    Raises:
        NotAllowed: for anybody else.
    """
    if not viewer.can(Permission.ROUND_MANAGE):
        raise NotAllowed("Only the QA team can allocate and issue audits.")


can_conduct = _allowed(check_can_conduct)
can_manage = _allowed(check_can_manage)
