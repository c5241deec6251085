"""What the pages of audits say."""

from qa_app.audits.presenters.linking import to_link
from qa_app.audits.presenters.lists import PAST_COLUMNS, card, declaration_row
from qa_app.audits.presenters.pages import (
    DECLARED,
    SUBMITTED,
    SectionPage,
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
from qa_app.audits.presenters.words import Happening, done_in_words, due_in_words, path_of, state_tag

__all__ = [
    "DECLARED",
    "PAST_COLUMNS",
    "SUBMITTED",
    "Happening",
    "SectionPage",
    "card",
    "check_page",
    "declaration_row",
    "done_in_words",
    "draft_page",
    "due_in_words",
    "overview_page",
    "path_of",
    "reading_page",
    "section_grades",
    "section_page",
    "state_tag",
    "their_conversations",
    "their_overall",
    "their_section",
    "to_link",
    "version_page",
]
