"""The pages of reports, by what one does on them."""

from qa_app.reports.views import making, reading, writing
from qa_app.reports.views.room import reports

__all__ = ["making", "reading", "reports", "writing"]
