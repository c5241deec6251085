"""What the pages of audits say."""

from qa_app.audits.presenters.lists import PAST_COLUMNS, card, declaration_row
from qa_app.audits.presenters.pages import (
    DECLARED,
    SUBMITTED,
    check_page,
    draft_page,
    overview_page,
    reading_page,
    section_grades,
    section_page,
    their_conversations,
    their_overall,
    their_section,
    version_page,
)
from qa_app.audits.presenters.words import path_of

__all__ = [
    "DECLARED",
    "PAST_COLUMNS",
    "SUBMITTED",
    "card",
    "check_page",
    "declaration_row",
    "draft_page",
    "overview_page",
    "path_of",
    "reading_page",
    "section_grades",
    "section_page",
    "their_conversations",
    "their_overall",
    "their_section",
    "version_page",
]
