"""One thing that needs somebody, as a sentence. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from qa_app.core.format import day


@dataclass(frozen=True)
class Need:
    """One thing that needs the viewer: a sentence and the link that does it. `by` only orders them.

    `otherwise` is what they can do instead, as words and a page: shown quietly.
    """

    by: date
    text: str
    action: str
    href: str
    otherwise: Sequence[tuple[str, str]] = ()


def due_words(due_on: date, today: date) -> str:
    """`due on Tue 30 June`, or `due today`."""
    if today == due_on:
        return "due today"
    return f"due on {day(due_on)}"
