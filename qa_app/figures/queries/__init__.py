"""Count, for a cut and a viewer. Every figure of the dashboard, the reports and the lists comes from here."""

from qa_app.figures.queries.audits import (
    audit_counts,
    completion_of,
    other_activity,
    scale_of,
    workers,
)
from qa_app.figures.queries.choices import Choices, choices, service_names, team_names
from qa_app.figures.queries.content import conversation_counts, section_counts
from qa_app.figures.queries.kept import YearOfGrades, year_of_grades
from qa_app.figures.queries.lists import Counted, CountedAudit, counted_audits
from qa_app.figures.queries.moderations import capacity, moderations
from qa_app.figures.queries.put_right import actions_of, processes, stages_due
from qa_app.figures.queries.requests import exemption_counts, slippage_counts

__all__ = [
    "Choices",
    "Counted",
    "CountedAudit",
    "YearOfGrades",
    "actions_of",
    "audit_counts",
    "capacity",
    "choices",
    "completion_of",
    "conversation_counts",
    "counted_audits",
    "exemption_counts",
    "moderations",
    "other_activity",
    "processes",
    "scale_of",
    "section_counts",
    "service_names",
    "slippage_counts",
    "stages_due",
    "team_names",
    "workers",
    "year_of_grades",
]
