"""What a grade means for improvement: of a re-audit, and of any audit (domain.md section 8)."""

from datetime import datetime

from qa_app.access.viewer import Viewer
from qa_app.audits.models import Audit
from qa_app.improvement.operations.reauditing import follow_reaudit
from qa_app.improvement.operations.starting import follow_grade


def follow(audit: Audit, grade: str | None, viewer: Viewer, now: datetime) -> None:
    """An audit is submitted with a grade, or has another one after moderation.

    Conclude the re-audit that it is, if it is one; then start, or go on with, the process of its own grade. In this
    order: a process that starts because a re-audit was inadequate again is linked to the one before.
    """
    follow_reaudit(audit, grade, viewer, now)
    follow_grade(audit, grade, viewer, now)
