"""What the pages about the feed say."""

from dataclasses import dataclass
from datetime import date

from qa_app.core.format import long_day, moment
from qa_app.feeds.dictionary import INCREMENTS, KIND_LABELS, TABLES, Table
from qa_app.feeds.models import FeedToken


@dataclass(frozen=True, slots=True)
class TokenLine:
    """One token as its owner sees it."""

    id: int
    name: str
    made: str
    last_used: str
    state: str
    works: bool


def token_lines(tokens: list[FeedToken], today: date) -> list[TokenLine]:
    """Tokens with what became of each."""
    return [_line(token, today) for token in tokens]


def _line(token: FeedToken, today: date) -> TokenLine:
    works = token.revoked_at is None and token.expires_on >= today
    if token.revoked_at is not None:
        state = f"Revoked on {long_day(token.revoked_at)}"
    else:
        state = f"Works until {long_day(token.expires_on)}" if works else f"Ended on {long_day(token.expires_on)}"
    used = moment(token.last_used_at) if token.last_used_at else "Never"
    return TokenLine(token.id, token.name, long_day(token.made_at), used, state, works)


def feed_document() -> str:
    """The data dictionary as a document: the same words as its page."""
    parts = [
        "# What the feed serves",
        "<!-- Made by `qa-app docs` from the code: change the tables there, then run it again. -->",
        "How to connect Power BI to it: [feed.md](../feed.md).",
        "## Keeping a copy up to date",
        "\n".join(f"- {line}" for line in INCREMENTS),
    ]
    for table in TABLES:
        parts += [f"## {table.name}", table.meaning, _columns(table)]
    return "\n\n".join(parts) + "\n"


def _columns(table: Table) -> str:
    lines = [("Column", "Type", "Meaning", "Joins to"), ("---",) * 4]
    lines += [
        (f"`{column.name}`", KIND_LABELS[column.kind], column.meaning, f"`{column.joins}`" if column.joins else "")
        for column in table.columns
    ]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines)
