"""Comment on an audit (domain.md section 3)."""

from datetime import datetime

from sqlalchemy import select

from qa_app.access.viewer import Viewer
from qa_app.audits.models import Audit
from qa_app.comments import messages
from qa_app.comments.inputs import MOST_CHARACTERS
from qa_app.comments.models import AuditComment
from qa_app.comments.permissions import check_can_comment
from qa_app.core.database import db
from qa_app.core.errors import BadInput
from qa_app.trail import operations as trail


def comment(audit: Audit, text: str, viewer: Viewer, now: datetime) -> AuditComment:
    """Say something of an audit. The auditor is told; when the auditor says it, whoever commented before.

    The same words again from the same person, as a double click sends them, are one comment.

    Raises:
        NotAllowed, IllegalMove: the viewer has no part in it, or it is final.
        BadInput: nothing to say, or too much.
    """
    part, who = check_can_comment(viewer, audit)
    text = text.strip()
    if not text or len(text) > MOST_CHARACTERS:
        wrong = f"Your comment must be {MOST_CHARACTERS:,} characters or fewer" if text else "Enter your comment"
        raise BadInput("Check what you entered.", {"text": wrong})
    last = db.session.scalar(
        select(AuditComment).where(AuditComment.audit_id == audit.id).order_by(AuditComment.id.desc()).limit(1)
    )
    if last is not None and (last.by_id, last.text) == (viewer.person_id, text):
        return last
    made = AuditComment(
        audit_id=audit.id, text=text, at=now, by_id=who.person_id, for_id=who.on_behalf_of, said_as=part
    )
    db.session.add(made)
    db.session.flush()
    trail.append("audit:commented", who, now, ("audit", audit.id), comment=made.id, said_as=part)
    messages.tell(made, audit, viewer, now)
    return made
