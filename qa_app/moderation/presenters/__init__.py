"""What the pages of moderation say."""

from qa_app.moderation.presenters.choosing import choices, verdicts
from qa_app.moderation.presenters.pages import (
    Page,
    feedback_sentence,
    kept_grades,
    missing_links,
    page_for,
    their_grades,
)
from qa_app.moderation.presenters.queue import FIRST_DUE, columns, export_columns, filters, heading
from qa_app.moderation.presenters.selection import columns as selection_columns
from qa_app.moderation.presenters.selection import heading as selection_heading
from qa_app.moderation.presenters.selection import rule_facts

__all__ = [
    "FIRST_DUE",
    "Page",
    "choices",
    "columns",
    "export_columns",
    "feedback_sentence",
    "filters",
    "heading",
    "kept_grades",
    "missing_links",
    "page_for",
    "rule_facts",
    "selection_columns",
    "selection_heading",
    "their_grades",
    "verdicts",
]
