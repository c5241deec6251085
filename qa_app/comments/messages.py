"""Who is told by mail of a comment (domain.md sections 3 and 10). Nobody is mailed about their own act."""

from datetime import datetime

from sqlalchemy import select

from qa_app.access.viewer import Viewer
from qa_app.audits.models import Audit
from qa_app.audits.presenters.words import path_of
from qa_app.comments.models import AuditComment
from qa_app.comments.permissions import Part
from qa_app.core.clock import london_day
from qa_app.core.database import db
from qa_app.core.format import MONTHS
from qa_app.outbox.operations import queue
from qa_app.people.queries import stand_ins


def tell(made: AuditComment, audit: Audit, viewer: Viewer, now: datetime) -> int:
    """The auditor hears of a comment, with the day's other mail; when the auditor answers, whoever commented does."""
    told = {audit.auditor_id}
    if made.said_as == Part.AUDITOR:
        told = set(db.session.scalars(select(AuditComment.by_id).where(AuditComment.audit_id == audit.id)))
    people = sorted(person_id for person_id in told if person_id not in (None, viewer.person_id))
    return queue(
        "audit_commented",
        [person_id for person_id in stand_ins(people, london_day(now)).values() if person_id != viewer.person_id],
        subject_key=f"audit:{audit.id}:comment",
        slot=str(made.id),
        now=now,
        variables={
            "month": MONTHS[audit.round.month.month - 1],
            "due_on": audit.due_on,
            "path": f"{path_of(audit)}/comments",
        },
    )
