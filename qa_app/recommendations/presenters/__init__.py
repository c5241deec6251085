"""What the pages of recommendations and follow-ups say."""

from qa_app.recommendations.presenters.following import (
    follow_up_page,
    judge_page,
    their_judgement,
    their_summary,
)
from qa_app.recommendations.presenters.lists import (
    NEWEST_FIRST,
    columns,
    filters,
    heading,
    kind_choices,
    row_columns,
    row_export,
    row_filters,
    rows_of,
)
from qa_app.recommendations.presenters.pages import recommendation_page, report_page
from qa_app.recommendations.presenters.publishing import publish_page
from qa_app.recommendations.presenters.words import path_of

__all__ = [
    "NEWEST_FIRST",
    "columns",
    "filters",
    "follow_up_page",
    "heading",
    "judge_page",
    "kind_choices",
    "path_of",
    "publish_page",
    "recommendation_page",
    "report_page",
    "row_columns",
    "row_export",
    "row_filters",
    "rows_of",
    "their_judgement",
    "their_summary",
]
