"""What every installation has from the start: the default audit tool and the monthly audit type."""

from datetime import datetime

from qa_app.rounds.operations import ensure_audit_types
from qa_app.tools.operations import ensure_default_tool


def prepare(now: datetime) -> None:
    """Make what is missing; do nothing where it is all there."""
    ensure_default_tool(now)
    ensure_audit_types(now)
