"""Lists as Excel files. Text stays text: nothing that a person typed can become a formula or a link."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from io import BytesIO
from typing import Any, Generic, TypeVar
from zoneinfo import ZoneInfo

from flask import Response
from markupsafe import Markup

from qa_app.core.lists import Column

Row = TypeVar("Row")

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
LONDON = ZoneInfo("Europe/London")
# Excel refuses longer texts in a cell.
LONGEST_TEXT = 32767
WIDEST = 60


@dataclass(frozen=True, slots=True)
class Sheet(Generic[Row]):
    """One sheet: its name (at most 31 characters), its columns, and rows that are written as they come."""

    title: str
    columns: Sequence[Column[Row]]
    rows: Iterable[Row]


def workbook(title: str, columns: Sequence[Column[Row]], rows: Iterable[Row]) -> bytes:
    """A workbook of one sheet named `title`, a heading row that stays in view, and the rows."""
    return workbook_of([Sheet(title, columns, rows)])


def workbook_of(sheets: Iterable[Sheet[Any]]) -> bytes:
    """A workbook of several sheets. Rows are written as they come and held on disk: memory does not grow with them."""
    import xlsxwriter  # noqa: PLC0415 - not every worker writes workbooks

    buffer = BytesIO()
    options = {
        "constant_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
        "default_date_format": "dd/mm/yyyy",
    }
    with xlsxwriter.Workbook(buffer, options) as book:
        heading = book.add_format({"bold": True, "text_wrap": True, "valign": "top", "bottom": 1})
        moment = book.add_format({"num_format": "dd/mm/yyyy hh:mm"})
        for sheet in sheets:
            _write_sheet(book.add_worksheet(_sheet_name(sheet.title)), sheet, heading, moment)
    return buffer.getvalue()


def _write_sheet(sheet: Any, wanted: Sheet[Any], heading: Any, moment: Any) -> None:
    columns = wanted.columns
    sheet.freeze_panes(1, 0)
    for number, column in enumerate(columns):
        sheet.set_column(number, number, min(WIDEST, max(12, len(column.heading) + 2)))
        sheet.write_string(0, number, column.heading, heading)
    for line, row in enumerate(wanted.rows, 1):
        for number, column in enumerate(columns):
            write_cell(sheet, line, number, column.export_value(row), moment)
    sheet.autofilter(0, 0, 0, max(0, len(columns) - 1))


def write_cell(sheet: Any, line: int, number: int, value: Any, moment: Any = None) -> None:
    """Write one value by its type. Instants are written in London time, since Excel knows no zones."""
    if value is None or value == "":
        return
    if isinstance(value, bool):
        sheet.write_string(line, number, "Yes" if value else "No")
    elif isinstance(value, (int, float, Decimal)):
        sheet.write_number(line, number, value)
    elif isinstance(value, datetime):
        aware = value if value.tzinfo else value.replace(tzinfo=UTC)
        sheet.write_datetime(line, number, aware.astimezone(LONDON).replace(tzinfo=None), moment)
    elif isinstance(value, date):
        sheet.write_datetime(line, number, value)
    else:
        text = value.striptags() if isinstance(value, Markup) else str(value)  # a link or tag is its words
        sheet.write_string(line, number, text[:LONGEST_TEXT])


def download(name: str, content: bytes) -> Response:
    """The workbook as a file to keep. `name` holds no case or person, since it stays in the browser's history."""
    response = Response(content, mimetype=MEDIA_TYPE)
    response.headers.set("Content-Disposition", "attachment", filename=f"{name}.xlsx")
    return response


def _sheet_name(title: str) -> str:
    # Excel forbids these in a sheet's name.
    return "".join(" " if sign in "[]:*?/\\'" else sign for sign in title)[:31].strip() or "List"
