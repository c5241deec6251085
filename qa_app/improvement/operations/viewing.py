"""Leave in the trail that somebody looked, or took the board away as a file (domain.md section 12)."""

from datetime import datetime

from qa_app.access.viewer import Viewer
from qa_app.improvement.models import ImprovementProcess
from qa_app.trail import operations as trail


def record_view(process: ImprovementProcess, viewer: Viewer, now: datetime) -> None:
    """Record that the viewer opened this process."""
    trail.append("improvement:viewed", viewer, now, ("improvement", process.id))


def record_export(rows: int, viewer: Viewer, now: datetime) -> None:
    """Record that the board leaves as a file."""
    trail.append("improvement:exported", viewer, now, ("improvement", None), rows=rows)
