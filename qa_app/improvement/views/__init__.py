"""The pages of improvement: the monitoring board, one process, and a page for each step."""

from qa_app.improvement.views import board, process, steps
from qa_app.improvement.views.room import improvement

__all__ = ["board", "improvement", "process", "steps"]
