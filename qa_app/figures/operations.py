"""What leaves the room of figures is recorded."""

from collections.abc import Mapping
from datetime import datetime

from qa_app.access.viewer import Viewer
from qa_app.trail import operations as trail


def record_export(filters: Mapping[str, str], viewer: Viewer, now: datetime) -> None:
    """Record that the audits behind a figure left the system as a file, and which."""
    trail.append("figures:exported", viewer, now, ("audit", None), filters=dict(filters))
