"""Case lists that are one plain table: an authority's own headings, mapped to what the app needs."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from qa_app.cases.reading.case_list import Report
from qa_app.cases.reading.cells import EXCEL_EPOCH
from qa_app.cases.reading.layout import FRAME_LIST
from qa_app.cases.reading.list_rows import ListRow, RowReader
from qa_app.cases.states import Status
from qa_app.core.tables import Table, heading_key
from qa_app.core.workbooks import WrongFile

FIELD_LABELS = {
    "reference": "Case reference",
    "status": "Case status",
    "team": "Team",
    "worker": "Worker",
    "started": "Opened on",
    "ended": "Closed on",
    "seen": "Last seen on",
}
"""Each field that a column can be mapped to, with its name on the page."""

REQUIRED_FIELDS = ("reference", "status", "team")

LEAVER_WORDS = ("care leaver", "leaving care", "care leavers")
"""Outside Annex A, where List 9 has them, these words mean an open care leaver's case and not a closed episode."""

_GUESSES: dict[str, tuple[str, ...]] = {
    "reference": (
        "case reference",
        "reference",
        "case ref",
        "child unique id",
        "child id",
        "case id",
        "case number",
        "client id",
        "person id",
        "mosaic id",
        "lcs id",
        "id",
    ),
    "status": ("case status", "case type", "status", "type of case", "plan type", "category"),
    "team": ("allocated team", "team", "team name", "responsible team"),
    "worker": (
        "allocated worker",
        "worker",
        "social worker",
        "allocated social worker",
        "caseworker",
        "case worker",
        "worker name",
        "key worker",
    ),
    "started": (
        "cin start date",
        "opened on",
        "opened",
        "start date",
        "open date",
        "date opened",
        "episode start",
        "episode start date",
    ),
    "ended": (
        "cin closure date",
        "closed on",
        "closed",
        "end date",
        "close date",
        "date closed",
        "closure date",
        "episode end",
    ),
    "seen": (
        "date child was last seen",
        "last seen on",
        "last seen",
        "last visit",
        "date last seen",
        "last visit date",
    ),
}


@dataclass(frozen=True, slots=True)
class ColumnMapping:
    """Which of a file's headings holds each field of `FIELD_LABELS`, and what the file's own status words stand for.

    Headings match as `heading_key` compares them. `status_words` are compared in lower case.
    """

    headings: dict[str, str]
    status_words: dict[str, Status] = field(default_factory=dict)

    @property
    def missing(self) -> tuple[str, ...]:
        """The required fields that no heading is mapped to."""
        return tuple(name for name in REQUIRED_FIELDS if not self.headings.get(name))

    @property
    def aliases(self) -> dict[str, Status]:
        """The file's status words in lower case, and the words for care leavers."""
        own = {word.casefold(): status for word, status in self.status_words.items()}
        return {**dict.fromkeys(LEAVER_WORDS, Status.CARE_LEAVER), **own}


class MappingNeeded(WrongFile):
    """The table's headings are not known: a person must say which column is which. `guess` is what could be told."""

    def __init__(self, headings: tuple[str, ...], guess: ColumnMapping) -> None:
        names = ", ".join(FIELD_LABELS[name].lower() for name in guess.missing)
        super().__init__(f"No column was recognised for: {names}. Say which column holds each and read the file again.")
        self.headings = headings
        self.guess = guess


def guess_mapping(headings: Iterable[str]) -> ColumnMapping:
    """A first mapping from headings alone; fields that no usual heading fits are left out."""
    by_key: dict[str, str] = {}
    for heading in headings:
        by_key.setdefault(heading_key(heading), heading)
    found = {
        name: next((by_key[guess] for guess in guesses if guess in by_key), "") for name, guesses in _GUESSES.items()
    }
    return ColumnMapping({name: heading for name, heading in found.items() if heading})


def mapped_positions(table: Table, mapping: ColumnMapping) -> dict[str, int]:
    """The position of each mapped field. Raises MappingNeeded or WrongFile where the table lacks a mapped heading."""
    if mapping.missing:
        raise MappingNeeded(table.headings, mapping)
    positions = {}
    for name, heading in mapping.headings.items():
        position = table.column(heading)
        if position is None and name in FIELD_LABELS:
            raise WrongFile(
                f'The file has no column headed "{heading}", which the mapping uses for {FIELD_LABELS[name].lower()}. '
                "Change the mapping, or the heading, and read the file again."
            )
        if position is not None and name in FIELD_LABELS:
            positions[name] = position
    return positions


def mapped_rows(table: Table, positions: dict[str, int], report: Report) -> list[ListRow]:
    """The table's rows as rows of List 6.

    In CSV every reference is text, so one without a leading zero may have lost it.
    """
    headings = {name: table.headings[position] for name, position in positions.items()}
    reader = RowReader(FRAME_LIST, table.sheet or "CSV", positions, headings, EXCEL_EPOCH, report)
    rows = [row for row in (reader.read(each.number, each.cells) for each in table.rows) if row is not None]
    if not table.sheet and any(row.reference.isdecimal() and row.reference.startswith("0") for row in rows):
        for row in rows:
            if row.reference.isdecimal() and not row.reference.startswith("0") and len(row.reference) <= 15:
                row.number = int(row.reference)
    return rows
