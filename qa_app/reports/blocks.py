"""What a report is made of: sections of sentences, tables, pictures and places for the QA team's own words.

Values alone, and as JSON in the edition's row, so that a published report never changes. The page, the Word document
and the workbook are three renderings of the same blocks.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

HIDDEN = "[c]"
"""What stands for a number that is hidden so that nobody can be recognised (the Government Statistical Service's
shorthand for confidential)."""


LONGEST_NARRATIVE = 20_000
"""Characters in one place for the QA team's words."""


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell of a table. `value` is the number behind the text (a share from 0 to 1 where `is_share`), or None.

    `href` leads to what is counted, on a report's page alone. A hidden cell has no value and leads nowhere: raises
    ValueError for one that would give itself away in a rendering.
    """

    text: str
    value: int | float | None = None
    is_share: bool = False
    href: str = ""

    def __post_init__(self) -> None:
        if self.text == HIDDEN and (self.value is not None or self.href):
            raise ValueError("a hidden cell has no value and leads nowhere")


@dataclass(frozen=True, slots=True)
class Table:
    """A table: a heading a column, rows of as many cells. The first cell of a row is its heading.

    With `has_total` the last row is the total of those above it.
    """

    title: str
    header: Sequence[str]
    rows: Sequence[Sequence[Cell]]
    note: str = ""
    has_total: bool = False
    kind: str = "table"

    @property
    def numeric(self) -> list[bool]:
        """For each column, whether it holds numbers, shown or hidden: these stand to the right in every rendering."""
        counts = [
            any(cell.value is not None or cell.text == HIDDEN for cell in column)
            for column in zip(*self.rows, strict=True)
        ] or [False] * len(self.header)
        return [False, *counts[1:]]


@dataclass(frozen=True, slots=True)
class Sentences:
    """Sentences that say what the figures say, one a paragraph."""

    texts: Sequence[str]
    kind: str = "sentences"


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture, as the specification that `pictures.specs` reads; its title, words and table are in it."""

    spec: Mapping[str, Any]
    kind: str = "picture"


@dataclass(frozen=True, slots=True)
class Narrative:
    """A place for the QA team's own words, known by its key. What they wrote stands in a row of its own."""

    key: str
    prompt: str
    kind: str = "narrative"


Block = Table | Sentences | Picture | Narrative
_KINDS: dict[str, type[Any]] = {"sentences": Sentences, "picture": Picture, "narrative": Narrative}


@dataclass(frozen=True, slots=True)
class Section:
    """One part of a report, with its anchor and heading."""

    key: str
    title: str
    blocks: Sequence[Block]


@dataclass(frozen=True, slots=True)
class Content:
    """A whole report. `headlines` say it all in a few sentences; `about` says how the figures were made."""

    title: str
    subtitle: str
    headlines: Sequence[str]
    sections: Sequence[Section]
    about: Sequence[str] = field(default=())

    def as_json(self) -> dict[str, Any]:
        """For the edition's row."""
        return asdict(self)


def read_content(stored: Mapping[str, Any]) -> Content:
    """The content that an edition's row holds."""
    sections = [
        Section(one["key"], one["title"], [_read_block(block) for block in one["blocks"]]) for one in stored["sections"]
    ]
    return Content(stored["title"], stored["subtitle"], stored["headlines"], sections, stored["about"])


def _read_block(stored: Mapping[str, Any]) -> Block:
    if stored["kind"] == "table":
        rows = [[Cell(**cell) for cell in row] for row in stored["rows"]]
        return Table(stored["title"], stored["header"], rows, stored["note"], stored["has_total"])
    block: Block = _KINDS[stored["kind"]](**stored)
    return block
