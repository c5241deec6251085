"""What the pages of slippage notices say."""

from qa_app.slippage.presenters.inbox import OLDEST_FIRST, columns, filters, heading
from qa_app.slippage.presenters.pages import (
    Choice,
    NoticePage,
    RaisePage,
    choices,
    notice_page,
    raise_page,
    said_by,
    taker_words,
)
from qa_app.slippage.presenters.words import goes_to, outcome_words, sent_to, state_tag

__all__ = [
    "OLDEST_FIRST",
    "Choice",
    "NoticePage",
    "RaisePage",
    "choices",
    "columns",
    "filters",
    "goes_to",
    "heading",
    "notice_page",
    "outcome_words",
    "raise_page",
    "said_by",
    "sent_to",
    "state_tag",
    "taker_words",
]
