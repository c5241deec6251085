"""Leave in the trail that somebody looked (domain.md section 12)."""

from datetime import datetime

from qa_app.access.viewer import Viewer
from qa_app.audits.models import Audit
from qa_app.trail import operations as trail


def record_view(audit: Audit, viewer: Viewer, now: datetime) -> None:
    """Record that the viewer opened this audit."""
    trail.append("audit:viewed", viewer, now, ("audit", audit.id))
