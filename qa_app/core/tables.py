"""Reading a table (a heading row and rows under it) from a CSV file or the first sheet of a workbook, safely.

Used by the team lookup, by case lists with a column mapping, and by the import of staff.
"""

import csv
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from qa_app.core.workbooks import (
    MAX_COLUMNS,
    UTF16_MARKS,
    Cell,
    WrongFile,
    kind_of_file,
    open_workbook,
    sheet_rows,
    sheets_of,
)

MAX_TABLE_ROWS = 500_000
MAX_CELL_CHARACTERS = 32_767
"""What a cell of Excel can hold."""

_HEADING_ROWS = 20
_SNIFF_CHARACTERS = 64 * 1024
_DELIMITERS = ",;\t|"
_QUOTES = str.maketrans({"\u2018": "'", "\u2019": "'", "\u02bc": "'", "`": "'", "\u201c": '"', "\u201d": '"'})
_INVISIBLE = dict.fromkeys(map(ord, "\u200b\u200c\u200d\u2060\ufeff\u00ad"))


@dataclass(frozen=True, slots=True)
class TableRow:
    """One row under the headings: its number as a spreadsheet shows it, and a cell for each heading."""

    number: int
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """A table as read. `sheet` is the workbook's sheet, or "" for CSV; rows with nothing in them are left out."""

    sheet: str
    headings: tuple[str, ...]
    rows: tuple[TableRow, ...]

    def column(self, *names: str) -> int | None:
        """The position of the first heading that matches one of `names` (compared by `heading_key`), or None."""
        keys = [heading_key(heading) for heading in self.headings]
        return next((keys.index(key) for key in map(heading_key, names) if key in keys), None)


def tidy(text: str) -> str:
    """The text with every kind of space made one ordinary space, outer spaces and invisible characters taken away."""
    if text.isascii():
        return " ".join(text.split())
    return " ".join(unicodedata.normalize("NFC", text.translate(_INVISIBLE)).split())


def heading_key(heading: object) -> str:
    """A heading as it is compared.

    Without regard to case, spaces, line breaks, quote style, underscores or end marks.
    """
    text = tidy(str(heading if heading is not None else "")).translate(_QUOTES).replace("_", " ").casefold()
    return re.sub(r"\s*[?:*]+$", "", " ".join(text.split())).replace("))", ")")


def text_of(cell: Cell) -> str:
    """A cell as tidy text: whole numbers without a decimal point, dates as DD/MM/YYYY, nothing as ""."""
    if cell is None:
        return ""
    if isinstance(cell, str):
        return tidy(cell)
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    if isinstance(cell, date | datetime):
        return f"{cell:%d/%m/%Y}"
    return str(cell)


def read_table(path: Path) -> Table:
    """The table that a CSV or XLSX file holds. The heading row is the first with two or more filled cells.

    Raises WrongFile (a sentence that says what to do) for any other kind of file, an unsafe one, or one without
    headings.
    """
    kind = kind_of_file(path)
    if kind == "xml":
        raise WrongFile(
            "This is an XML file. Export the list as an Excel workbook (.xlsx) or CSV and upload that file."
        )
    if kind == "text":
        return _table("", _csv_rows(path))
    with open_workbook(path) as book:
        for sheet in sheets_of(book):
            if any(_filled(cells) for _, cells in sheet_rows(sheet, last=_HEADING_ROWS)):
                return _table(sheet.title, sheet_rows(sheet))
    raise WrongFile("This workbook is empty. Export the list again and upload the new file.")


def _filled(cells: tuple[Cell, ...]) -> int:
    return sum(1 for cell in cells if cell is not None and text_of(cell))


def _table(sheet: str, rows: Iterator[tuple[int, tuple[Cell, ...]]]) -> Table:
    headings: tuple[str, ...] = ()
    body: list[TableRow] = []
    for number, cells in rows:
        if headings:
            _keep(body, number, cells[: len(headings)])
        elif _filled(cells) >= 2:
            headings = _headings(cells)
        elif number >= _HEADING_ROWS:
            break
    if not headings:
        raise WrongFile(
            f"No heading row was found in the first {_HEADING_ROWS} rows. Put the column headings in the first row "
            f"and upload "
            "the file again."
        )
    width = len(headings)
    return Table(sheet, headings, tuple(_padded(row, width) for row in body))


def _keep(body: list[TableRow], number: int, cells: tuple[Cell, ...]) -> None:
    if len(body) >= MAX_TABLE_ROWS:
        raise WrongFile(f"This file has more than {MAX_TABLE_ROWS:,} rows. Split it into smaller files.")
    if any(cell is not None and cell != "" for cell in cells) and _filled(cells):
        body.append(TableRow(number, cells))


def _padded(row: TableRow, width: int) -> TableRow:
    return row if len(row.cells) == width else TableRow(row.number, row.cells + (None,) * (width - len(row.cells)))


def _headings(cells: tuple[Cell, ...]) -> tuple[str, ...]:
    headings = [text_of(cell) for cell in cells]
    while headings and not headings[-1]:
        headings.pop()
    return tuple(headings)


def read_text(path: Path) -> str:
    """A text file's content: UTF-8 with or without its mark, else the Windows code page that older systems export."""
    content = path.read_bytes()
    if content.startswith(UTF16_MARKS):
        return content.decode("utf-16", errors="replace")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1252", errors="replace")


def _csv_rows(path: Path) -> Iterator[tuple[int, tuple[Cell, ...]]]:
    text = read_text(path)
    reader = csv.reader(text.splitlines(keepends=True), delimiter=_delimiter(text[:_SNIFF_CHARACTERS]))
    number = 0
    try:
        for number, cells in enumerate(reader, start=1):
            yield number, tuple(cells[:MAX_COLUMNS])
    except csv.Error as error:
        raise WrongFile(
            f"The file cannot be read as CSV after row {number}. Export it again as CSV (UTF-8) or .xlsx and upload "
            f"that file."
        ) from error


def _delimiter(sample: str) -> str:
    """The separator that splits the first lines most and most evenly; a comma where nothing does."""
    lines = [line for line in sample.splitlines()[:_HEADING_ROWS] if line.strip()]
    best, score = ",", 0
    for mark in _DELIMITERS:
        counts = [len(row) - 1 for row in csv.reader(lines, delimiter=mark)]
        evenness = sum(1 for count in counts if count and count == max(counts))
        if max(counts, default=0) and evenness * max(counts) > score:
            best, score = mark, evenness * max(counts)
    return best
