"""A sheet of a report's workbook, written from top to bottom, and what sheets may be called."""

import re
import textwrap
from collections.abc import Iterable, Sequence
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from qa_app.reports.blocks import Cell
from qa_app.reports.documents.facts import plain

SUMMARY = "Summary"
LONGEST_NAME = 31  # of a sheet: Excel refuses more
LONGEST_CELL = 16_000  # letters: Excel refuses 32,768 and counts those outside the basic plane twice
_FORBIDDEN = re.compile(r"[\[\]:*?/\\']")
_RESERVED = "history"  # Excel keeps it for itself
_COLUMN = 16  # characters
_HIGHEST = 409  # points of a row; a longer text takes several rows to be seen
_LINES_OF_ROW = 20
_LINE = 15  # points
_A4 = 9
_DECIMALS = re.compile(r"\d[\d,]*(?:\.(\d+))?")


def sheet_names(titles: Iterable[str]) -> list[str]:
    """A name for each section's sheet that Excel accepts and that no other sheet has, whatever its capitals."""
    names: list[str] = []
    taken = {SUMMARY.casefold(), _RESERVED}
    for title in titles:
        wanted = " ".join(_FORBIDDEN.sub(" ", plain(title)).split()) or "Section"
        name, count = _short(wanted, ""), 1
        while name.casefold() in taken:
            count += 1
            name = _short(wanted, f" ({count})")
        taken.add(name.casefold())
        names.append(name)
    return names


def _short(name: str, ending: str) -> str:
    """The beginning of a name that fits with its ending, by Excel's way of counting letters."""
    while len((name + ending).encode("utf-16-le")) > 2 * LONGEST_NAME:
        name = name[:-1]
    return name.rstrip() + ending


class Sheet:
    """A sheet with its title in the first row, which stays in view.

    No cells are merged, since screen readers lose their way in them.
    """

    def __init__(self, book: Any, name: str, title: str, status: str, width: int) -> None:
        self._book = book
        self._sheet = book.add_worksheet(name)
        self._looks: dict[tuple[tuple[str, Any], ...], Any] = {}
        self._line = 0
        self._lines = 1
        self._width = width
        self._sheet.set_column(0, 0, width)
        self._sheet.set_column(1, 40, _COLUMN)
        self._sheet.freeze_panes(1, 0)
        self._set_up_printing(status)
        self._text(0, title, bold=True, font_size=16)
        self._next()
        self._next()

    def _set_up_printing(self, status: str) -> None:
        self._sheet.set_landscape()
        self._sheet.set_paper(_A4)
        self._sheet.fit_to_pages(1, 0)
        self._sheet.repeat_rows(0)
        # An ampersand begins a code in heads and feet; two stand for one.
        self._sheet.set_header("&R" + plain(status).replace("&", "&&")[:200])
        self._sheet.set_footer("&L&A&RPage &P of &N")

    def heading(self, text: str) -> None:
        """A heading in the next row."""
        self._text(0, text, bold=True, font_size=13)
        self._next()

    def say(self, texts: Iterable[str]) -> None:
        """Texts, one a row, a long one in as many rows as it needs to be seen; and an empty row."""
        for text in texts:
            for line in plain(text).split("\n"):
                for part in textwrap.wrap(line, self._width * _LINES_OF_ROW):
                    self._text(0, part, text_wrap=True, valign="top")
                    self._next()
        self._next()

    def table(self, header: Sequence[str], rows: Sequence[Sequence[Cell]], right: Sequence[bool], total: bool) -> None:
        """Headings and rows: `right` says which columns stand to the right, `total` whether the last is one."""
        for column, heading in enumerate(header):
            self._text(column, heading, bold=True, bottom=1, text_wrap=True, valign="top", **_side(column, right))
        self._next()
        for at, row in enumerate(rows):
            look = {"bold": True, "top": 1} if total and at == len(rows) - 1 else {}
            for column, cell in enumerate(row):
                self._cell(column, cell, {"valign": "top", **look, **_side(column, right)})
            self._next()

    def _cell(self, column: int, cell: Cell, look: dict[str, Any]) -> None:
        if cell.value is None or not column:
            self._text(column, cell.text, text_wrap=True, **look)
        else:
            look = {**look, "num_format": number_format(cell)}
            self._sheet.write_number(self._line, column, shown_number(cell), self._look(look))

    def _text(self, column: int, text: str, **look: Any) -> None:
        text = plain(text)[:LONGEST_CELL]
        if look.get("text_wrap"):
            room = _COLUMN if column else self._width
            if look.get("bold"):  # wider than the letters in which a column's width is counted
                room = int(0.85 * room)
            lines = sum(len(textwrap.wrap(line, room)) or 1 for line in text.split("\n"))
            self._lines = max(self._lines, lines)
        self._sheet.write_string(self._line, column, text, self._look(look))

    def _next(self) -> None:
        """Go to the next row; this one becomes as high as its texts, since not every program sees to it by itself."""
        if self._lines > 1:
            self._sheet.set_row(self._line, min(_LINE * self._lines, _HIGHEST))
        self._line, self._lines = self._line + 1, 1

    def _look(self, look: dict[str, Any]) -> Any:
        key = tuple(sorted(look.items()))
        if key not in self._looks:
            self._looks[key] = self._book.add_format(look)
        return self._looks[key]


def _side(column: int, right: Sequence[bool]) -> dict[str, Any]:
    if right[column]:
        return {"align": "right"}
    return {"align": "left", "indent": 1} if column else {}  # clear of the number before it


def number_format(cell: Cell) -> str:
    """How Excel writes the cell's number: with the decimals that its text has, a share as a percentage."""
    decimals = "." + "0" * _decimals(cell.text) if _decimals(cell.text) else ""
    return f"0{decimals}%" if cell.is_share else f"#,##0{decimals}"


def shown_number(cell: Cell) -> float:
    """The cell's number as exactly as its text says it: more would give away the counts behind a share."""
    places = _decimals(cell.text) + (2 if cell.is_share else 0)
    exact = Decimal(str(cell.value))
    return float(exact.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP))


def _decimals(text: str) -> int:
    found = _DECIMALS.search(text)
    return len(found[1]) if found and found[1] else 0
