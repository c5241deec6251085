"""What the pages of actions say."""

from qa_app.actions.presenters.lists import SOONEST, columns, filters, heading, notices, reads_as
from qa_app.actions.presenters.pages import ActionPage, action_page, leaver_page, offered_words, short_page
from qa_app.actions.presenters.words import due_words, state_tag

__all__ = [
    "SOONEST",
    "ActionPage",
    "action_page",
    "columns",
    "due_words",
    "filters",
    "heading",
    "leaver_page",
    "notices",
    "offered_words",
    "reads_as",
    "short_page",
    "state_tag",
]
