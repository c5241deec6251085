"""What the pages of exemptions say."""

from qa_app.exemptions.presenters.lists import (
    Inbox,
    denominator_words,
    heading_of_inbox,
    inbox,
    ledger_columns,
    ledger_figures,
    ledger_filters,
    ledger_heading,
    my_list,
)
from qa_app.exemptions.presenters.pages import AskPage, RequestPage, ask_page, request_page, sent_words
from qa_app.exemptions.presenters.words import category_words, months_words

__all__ = [
    "AskPage",
    "Inbox",
    "RequestPage",
    "ask_page",
    "category_words",
    "denominator_words",
    "heading_of_inbox",
    "inbox",
    "ledger_columns",
    "ledger_figures",
    "ledger_filters",
    "ledger_heading",
    "months_words",
    "my_list",
    "request_page",
    "sent_words",
]
