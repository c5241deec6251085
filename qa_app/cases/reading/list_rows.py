"""Streams the rows of the lists into small records, reporting each cell whose content had to be put right."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date

from qa_app.cases.reading.case_list import Problem, Report
from qa_app.cases.reading.cells import (
    MAX_TEXT,
    TextRead,
    blank_or_nobody,
    describe,
    read_date,
    read_text,
    show_day,
)
from qa_app.cases.reading.layout import ASSESSMENT_LIST, ListSheet
from qa_app.cases.reading.sentences import Kind
from qa_app.core.tables import tidy
from qa_app.core.workbooks import Cell, sheet_rows

_FOOTERS = frozenset(("total", "totals", "grand total", "count", "row count", "end"))
_SAYS_A_CASE = ("status", "team", "worker")
_PROGRESS_EVERY = 500
MAX_REFERENCE = 64
_LARGEST_EXACT_NUMBER = 10**15


@dataclass(slots=True)
class ListRow:
    """One child's row on one list. `number` is set where the reference was stored as a number and may have lost zeros.

    `team_written`, `worker_written` say what stood there where it names nobody. `reason` is None without such a column.
    """

    list_number: int
    sheet: str
    row: int
    reference: str
    number: int | None = None
    born: date | None = None
    started: date | None = None
    seen: date | None = None
    ended: date | None = None
    ended_unreadable: bool = False
    reason: bool | None = None
    status: str = ""
    team: str = ""
    worker: str = ""
    team_written: str = ""
    worker_written: str = ""

    @property
    def is_open(self) -> bool:
        """Whether the row has no end date."""
        return self.ended is None and not self.ended_unreadable


class RowReader:
    """Reads rows given the position of each field; used for the lists of Annex A and for mapped tables alike."""

    def __init__(
        self,
        list_number: int,
        sheet: str,
        positions: dict[str, int],
        headings: dict[str, str],
        epoch: date,
        report: Report,
    ) -> None:
        self._list_number = list_number
        self._sheet = sheet
        self._at = positions
        self._headings = headings
        self._epoch = epoch
        self._report = report
        self._texts: dict[Cell, TextRead] = {}
        self._days = [(field, positions[field]) for field in ("born", "started", "seen", "ended") if field in positions]

    def read(self, number: int, cells: tuple[Cell, ...]) -> ListRow | None:
        """The row as a record; None for a blank row, a footer, or one that cannot be used (which is reported)."""
        cell = cells[self._at["reference"]]
        text = "" if cell is None else tidy(str(cell)).casefold()
        if (not text and self._blank(cells, *self._at)) or (text in _FOOTERS and self._blank(cells, *_SAYS_A_CASE)):
            return None
        row = self._with_reference(number, cell)
        if row is None:
            return None
        for field, position in self._days:
            if cells[position] is not None:
                self._read_day(row, field, cells[position])
        if self._list_number == ASSESSMENT_LIST and not row.is_open:
            return row
        self._read_texts(row, cells)
        return row

    def _blank(self, cells: tuple[Cell, ...], *fields: str) -> bool:
        found = (cells[self._at[field]] for field in fields if field in self._at)
        return all(cell is None or (isinstance(cell, str) and not cell.strip()) for cell in found)

    def problem(self, kind: Kind, row: ListRow, field: str, written: str = "", used: str = "") -> Problem:
        """A problem at a field of a row."""
        return Problem(kind, row.sheet, row.row, self._headings.get(field, ""), row.reference, written, used)

    def _with_reference(self, number: int, cell: Cell) -> ListRow | None:
        row = ListRow(self._list_number, self._sheet, number, "")
        if isinstance(cell, float) and cell.is_integer():
            cell = int(cell)
        if isinstance(cell, int) and not isinstance(cell, bool) and 0 <= cell < _LARGEST_EXACT_NUMBER:
            row.reference, row.number = str(cell), cell
            return row
        text, kind = read_text(cell) if isinstance(cell, str) else TextRead("")
        row.reference = text[:MAX_REFERENCE]
        if not text:
            self._report.unusable.append(self.problem(Kind.NO_REFERENCE, row, "reference", describe(cell)))
            return None
        if len(text) > MAX_REFERENCE:
            self._report.unusable.append(self.problem(Kind.LONG_TEXT, row, "reference", text[:80], str(MAX_REFERENCE)))
            return None
        if kind:
            self._report.repaired.append(self.problem(kind, row, "reference", str(cell), text))
        return row

    def _read_day(self, row: ListRow, field: str, cell: Cell) -> None:
        day, kind = read_date(cell, self._epoch)
        setattr(row, field, day)
        if kind:
            self._report.repaired.append(
                self.problem(kind, row, field, tidy(str(cell))[:80], show_day(day) if day else "")
            )
            if field == "ended" and day is None and kind in (Kind.UNREADABLE_DATE, Kind.FORMULA):
                row.ended_unreadable = True

    def _read_texts(self, row: ListRow, cells: tuple[Cell, ...]) -> None:
        at = self._at
        if "team" in at:
            row.team = blank_or_nobody(self._text(row, "team", cells[at["team"]]))
            row.team_written = "" if row.team else describe(cells[at["team"]])
        if "worker" in at:
            row.worker = blank_or_nobody(self._text(row, "worker", cells[at["worker"]]))
            row.worker_written = "" if row.worker else describe(cells[at["worker"]])
        if "status" in at:
            row.status = self._text(row, "status", cells[at["status"]])
        if "reason" in at:
            row.reason = bool(self._text(row, "reason", cells[at["reason"]]))

    def _text(self, row: ListRow, field: str, cell: Cell) -> str:
        read = self._texts.get(cell) if isinstance(cell, str) else read_text(cell)
        if read is None:
            read = self._texts[cell] = read_text(cell)
        if read.kind:
            self._report.repaired.append(self.problem(read.kind, row, field, str(cell)[:80], read.text[:80]))
        return read.text[:MAX_TEXT]


def read_rows(
    lists: dict[int, ListSheet], report: Report, progress: Callable[[int, int], None] | None
) -> dict[int, list[ListRow]]:
    """All rows of children, by list. `progress` is called with rows done and rows expected (0 where no sheet says)."""
    expected = sum(found.sheet.max_row or 0 for found in lists.values())
    done = 0
    rows: dict[int, list[ListRow]] = {}
    for number, found in lists.items():
        kept = rows[number] = []
        for row in _rows_of(found, report):
            done += 1
            if row is not None:
                kept.append(row)
            if progress and done % _PROGRESS_EVERY == 0:
                progress(done, max(done, expected) if expected else 0)
    if progress:
        progress(done, done)
    return rows


def _rows_of(found: ListSheet, report: Report) -> Iterator[ListRow | None]:
    headings = {field: found.heading(field) for field in found.positions}
    reader = RowReader(found.number, found.title, found.positions, headings, found.epoch, report)
    columns = max(found.positions.values()) + 1
    for number, cells in sheet_rows(found.sheet, first=found.heading_row + 1, columns=columns):
        yield reader.read(number, cells)
