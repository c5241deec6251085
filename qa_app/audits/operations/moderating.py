"""What moderation leaves on an audit (domain.md section 7). Who may, the moderation asks before it calls these."""

from datetime import datetime
from typing import Any

from sqlalchemy import update

from qa_app.access.viewer import Viewer
from qa_app.audits.events import AuditFinal, AuditModerated
from qa_app.audits.models import Audit
from qa_app.audits.states import AUDIT, AuditState
from qa_app.core.database import db
from qa_app.core.errors import IllegalMove, Stale
from qa_app.core.events import record
from qa_app.core.states import move
from qa_app.trail import operations as trail


def hide_grades(audit: Audit, person_id: int | None) -> None:
    """Hide the auditor's grades and words from one person until they have graded; None hides them from nobody."""
    if audit.blind_for_id != person_id:
        audit.blind_for_id = person_id
        db.session.flush()


def moderate_audit(audit: Audit, grade: str | None, viewer: Viewer, now: datetime) -> None:
    """Give a submitted audit the moderated grade; none where its tool has no overall grade.

    Raises:
        IllegalMove, Stale: it is not submitted, or was changed meanwhile.
    """
    before = audit.overall_grade
    values: dict[str, Any] = {"final_grade": grade, "moderated_at": now, "blind_for_id": None}
    move(audit, AUDIT, "moderate", now=now, person_id=viewer.person_id, **values)
    trail.append("audit:moderated", viewer, now, ("audit", audit.id), grade_kept=before == grade)
    record(AuditModerated(audit, before, grade, viewer, now))


def decide_grade(audit: Audit, grade: str | None, viewer: Viewer, now: datetime) -> None:
    """Put the panel's grade in the place of the moderator's.

    Raises:
        IllegalMove, Stale: it is not moderated, or was changed meanwhile.
    """
    if audit.state != AuditState.MODERATED:
        raise IllegalMove("This audit does not wait for a decision.")
    before = audit.final_grade
    changed = db.session.execute(
        update(Audit)
        .where(Audit.id == audit.id, Audit.state == AuditState.MODERATED, Audit.version == audit.version)
        .values(final_grade=grade, version=Audit.version + 1)
        .execution_options(synchronize_session=False)
    )
    if changed.rowcount != 1:  # type: ignore[attr-defined]
        raise Stale("This audit was changed by somebody else. Look at it again before you go on.")
    db.session.refresh(audit)
    trail.append("audit:grade-decided", viewer, now, ("audit", audit.id), grade_kept=before == grade)
    record(AuditModerated(audit, before, grade, viewer, now))


def finalise_audit(audit: Audit, viewer: Viewer, now: datetime) -> None:
    """Make an audit final: with the moderated grade, or the auditor's own where nobody moderated it.

    Raises:
        IllegalMove, Stale: it is not submitted or moderated, or was changed meanwhile.
    """
    grade = audit.final_grade if audit.state == AuditState.MODERATED else audit.overall_grade
    move(audit, AUDIT, "finalise", now=now, person_id=viewer.person_id, final_grade=grade, final_at=now)
    trail.append("audit:final", viewer, now, ("audit", audit.id))
    record(AuditFinal(audit, viewer, now))
