"""What the feed reads."""

from qa_app.feeds.queries.reading import PAGE, Cursor, Page, Reading, cursor, read_all, read_page, settled
from qa_app.feeds.queries.tokens import Reader, own_token, reader_by_token, tokens_of

__all__ = [
    "PAGE",
    "Cursor",
    "Page",
    "Reader",
    "Reading",
    "cursor",
    "own_token",
    "read_all",
    "read_page",
    "reader_by_token",
    "settled",
    "tokens_of",
]
