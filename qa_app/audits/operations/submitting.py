"""Submit an audit, and give one back (domain.md section 3)."""

from datetime import datetime

from sqlalchemy import func, select, update

from qa_app.access.viewer import Viewer
from qa_app.audits import queries
from qa_app.audits.events import AuditReturned, AuditSubmitted
from qa_app.audits.models import Audit, Submission
from qa_app.audits.permissions import check_can_conduct, check_can_manage
from qa_app.audits.rules import is_late, missing
from qa_app.audits.states import AUDIT, AuditState
from qa_app.core.database import db
from qa_app.core.errors import BadInput
from qa_app.core.events import record
from qa_app.core.states import move
from qa_app.trail import operations as trail


def submit_audit(audit: Audit, viewer: Viewer, now: datetime) -> Submission:
    """Freeze the audit as it stands and hand it to the QA team.

    Late is decided by the first submission: an audit that came in time and was returned stays in time.

    Raises:
        NotAllowed, IllegalMove: the viewer is not its auditor, or it is not open (submitted already, for one).
        BadInput: something is missing.
        Stale: it was changed meanwhile.
    """
    check_can_conduct(viewer, audit)
    _lock(audit)
    check_can_conduct(viewer, audit)
    content = queries.draft_content(audit)
    lacking = missing(content.facts())
    if lacking:
        raise BadInput("Complete what is missing before you submit.")
    if audit.state == AuditState.ALLOCATED:
        # Given to another auditor when it was complete: taking it as one's own is its start.
        move(audit, AUDIT, "start", now=now, person_id=viewer.person_id, started_at=audit.started_at or now)
    first = audit.first_submitted_at or now
    move(
        audit,
        AUDIT,
        "submit",
        now=now,
        person_id=viewer.person_id,
        submitted_at=now,
        first_submitted_at=first,
        is_late=is_late(first, audit.due_on),
        last_activity_at=now,
    )
    number = (db.session.scalar(select(func.max(Submission.number)).where(Submission.audit_id == audit.id)) or 0) + 1
    submission = Submission(
        audit_id=audit.id,
        number=number,
        content=content.as_json(),
        submitted_at=now,
        submitted_by_id=viewer.person_id,
    )
    db.session.add(submission)
    db.session.flush()
    trail.append("audit:submitted", viewer, now, ("audit", audit.id), number=number, late=audit.is_late)
    record(AuditSubmitted(audit, viewer, now))
    return submission


def return_audit(audit: Audit, comment: str, viewer: Viewer, now: datetime) -> None:
    """Give a submitted audit back to its auditor with a comment. The submitted version stays readable.

    Raises:
        NotAllowed: the viewer is not of the QA team, or is its auditor.
        IllegalMove, Stale: it is not submitted, or was changed meanwhile.
        BadInput: no comment.
    """
    check_can_manage(viewer)
    if not comment.strip():
        sentence = "Enter what the auditor should look at again"
        raise BadInput(f"{sentence}.", {"comment": sentence})
    move(audit, AUDIT, "return", now=now, person_id=viewer.person_id, reason=comment)
    newest = select(func.max(Submission.number)).where(Submission.audit_id == audit.id).scalar_subquery()
    db.session.execute(
        update(Submission)
        .where(Submission.audit_id == audit.id, Submission.number == newest)
        .values(returned_at=now, returned_by_id=viewer.person_id, return_comment=comment)
    )
    trail.append("audit:returned", viewer, now, ("audit", audit.id), comment=comment)
    record(AuditReturned(audit, comment, viewer, now))


_GUARDED = ("state", "version", "auditor_id", "due_on", "first_submitted_at", "overall_grade", "overall_reasons")


def _lock(audit: Audit) -> None:
    """Take the audit's row until the transaction ends, so that no save comes between reading and freezing."""
    db.session.refresh(audit, _GUARDED, with_for_update=True)
