"""Opening an uploaded file safely: what kind it is, whether it is safe to unpack, and its sheets.

Everything is judged from the file's content, never from its name. A workbook's zip directory is checked before anything
is unpacked, and its XML goes through defusedxml, which openpyxl uses when it is installed. Formulas are never
evaluated.
"""

from __future__ import annotations

import stat
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeGuard
from xml.etree.ElementTree import ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring

from qa_app.core.errors import Refusal

if TYPE_CHECKING:
    from openpyxl.workbook.workbook import Workbook
    from openpyxl.worksheet._read_only import ReadOnlyWorksheet

Cell = str | int | float | bool | date | datetime | time | timedelta | None

MAX_UNPACKED_BYTES = 400 * 1024 * 1024
"""A workbook of 100,000 open children unpacks to about 190 MB; a hostile one to far more."""
MAX_ENTRIES = 200
MAX_RATIO = 100
"""Real workbooks pack about ten to one; above a hundred to one it is a bomb."""
RATIO_MATTERS_ABOVE = 1024 * 1024
"""Small parts may pack better than `MAX_RATIO` and harm nobody."""
MAX_SHEET_ROWS = 1_048_576
"""What Excel itself can hold; a forged row number above it would be read for ever."""
MAX_COLUMNS = 512

_OLE_MAGIC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
UTF16_MARKS = (b"\xff\xfe", b"\xfe\xff")
_HEAD_BYTES = 64 * 1024
_SAVE_AS_XLSX = 'Open it in Excel, choose Save As, then "Excel Workbook (.xlsx)", and upload that file.'


class WrongFile(Refusal):
    """The file is not one that can be read. The message says what it is and what to do instead."""


def kind_of_file(path: Path) -> str:
    """Whether a file is a "workbook" (.xlsx), "xml" or "text".

    Raises WrongFile for anything else, saying what it is.
    """
    with path.open("rb") as file:
        head = file.read(_HEAD_BYTES)
    if not head:
        raise WrongFile("This file is empty. Export the list again and upload the new file.")
    if head.startswith(_OLE_MAGIC):
        raise WrongFile(_old_office(path))
    if head.startswith(b"PK"):
        return "workbook"
    if head.startswith(b"%PDF"):
        raise WrongFile("This is a PDF. Export the list as an Excel workbook (.xlsx) or CSV and upload that file.")
    start = head.decode("utf-8-sig", errors="replace").lstrip().lower()
    if start.startswith(("<!doctype html", "<html", "<table")):
        raise WrongFile(f"This is a web page saved under another name. {_SAVE_AS_XLSX}")
    if start.startswith("<?xml") or start.startswith("<"):
        return "xml"
    if b"\x00" in head and not head.startswith(UTF16_MARKS):
        raise WrongFile(
            "This is neither an Excel workbook nor a text file. Export the list as .xlsx or CSV (UTF-8) and upload "
            "that file."
        )
    return "text"


def _old_office(path: Path) -> str:
    content = path.read_bytes()[: 8 * 1024 * 1024]
    if "EncryptedPackage".encode("utf-16-le") in content:
        return (
            "This workbook is protected by a password. Open it in Excel, remove the password, save it and upload again."
        )
    if "Workbook".encode("utf-16-le") in content or "Book".encode("utf-16-le") in content:
        return f"This is a workbook in the old Excel format (.xls). {_SAVE_AS_XLSX}"
    return "This is an old Microsoft Office file, not an Excel workbook (.xlsx). Export the list as .xlsx or CSV."


def check_workbook(path: Path) -> None:
    """Check a workbook's zip directory before anything is unpacked.

    Raises WrongFile where it is no workbook or unsafe.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            entries = archive.infolist()
            _check_is_workbook(archive, {entry.filename for entry in entries})
    except (zipfile.BadZipFile, NotImplementedError, UnicodeDecodeError, OSError) as error:
        raise WrongFile(
            "This workbook is damaged or was cut short. Export it again and upload the new file."
        ) from error
    unsafe = "This workbook is not safe to open: {}. Export the list again straight from the case-management system."
    if len(entries) > MAX_ENTRIES:
        raise WrongFile(unsafe.format(f"it holds {len(entries)} parts where a case list has fewer than {MAX_ENTRIES}"))
    if sum(entry.file_size for entry in entries) > MAX_UNPACKED_BYTES:
        raise WrongFile(unsafe.format(f"it unpacks to more than {MAX_UNPACKED_BYTES // 1024**2} MB"))
    for entry in entries:
        if entry.file_size > RATIO_MATTERS_ABOVE and entry.file_size > MAX_RATIO * max(1, entry.compress_size):
            raise WrongFile(unsafe.format("a part of it unpacks to more than a hundred times its size"))
        if entry.filename.startswith(("/", "\\")) or ".." in entry.filename.replace("\\", "/").split("/"):
            raise WrongFile(unsafe.format("a part of it points outside the file"))
        if stat.S_ISLNK(entry.external_attr >> 16):
            raise WrongFile(unsafe.format("a part of it is a link"))
        if entry.flag_bits & 0x1:
            raise WrongFile("This file is protected by a password. Remove the password, save it and upload it again.")


def _check_is_workbook(archive: zipfile.ZipFile, names: set[str]) -> None:
    lower = {name.lower() for name in names}
    if "mimetype" in lower and b"opendocument" in archive.open("mimetype").read(200):
        raise WrongFile(f"This is an OpenDocument file (.ods). {_SAVE_AS_XLSX}")
    if any(name.startswith("word/") for name in lower):
        raise WrongFile(
            "This is a Word document. Export the list as an Excel workbook (.xlsx) or CSV and upload that file."
        )
    if any(name.endswith("vbaproject.bin") for name in lower):
        raise WrongFile(f"This workbook holds macros, which are not accepted. {_SAVE_AS_XLSX}")
    if "xl/workbook.bin" in lower:
        raise WrongFile(f"This is an Excel binary workbook (.xlsb). {_SAVE_AS_XLSX}")
    if "[content_types].xml" not in lower or not any(name.startswith("xl/") for name in lower):
        raise WrongFile(
            "This is a zip file, not an Excel workbook. Unzip it and upload the .xlsx or CSV file that it holds."
        )


@contextmanager
def open_workbook(path: Path) -> Iterator[Workbook]:
    """A checked workbook, opened for streaming; formulas come as their text.

    Raises WrongFile where it cannot be opened.
    """
    import openpyxl  # noqa: PLC0415 - it loads numpy too: a tenth of the start, for those alone who read a workbook

    if not openpyxl.DEFUSEDXML:
        raise ImportError("defusedxml must be installed: openpyxl does not guard against hostile XML without it")
    check_workbook(path)
    with path.open("rb") as file:  # not by its name, which openpyxl would judge
        try:
            book = openpyxl.load_workbook(file, read_only=True, data_only=False, keep_links=False)
        except MemoryError:
            raise
        except Exception as error:  # openpyxl and the XML guard raise many kinds for a damaged or hostile file
            raise WrongFile(
                "This workbook cannot be opened: it is damaged or holds something unexpected. "
                "Open it in Excel, save it as .xlsx and upload that file."
            ) from error
        try:
            yield book
        finally:
            book.close()


def sheet_names(path: Path) -> list[str]:
    """The names of a workbook's sheets, in order.

    Read without opening it, since openpyxl then reads every sheet that does not state its size to its end. Raises
    WrongFile where it cannot be opened.
    """
    check_workbook(path)
    try:
        with zipfile.ZipFile(path) as archive:
            root = fromstring(archive.read("xl/workbook.xml"))
    except (KeyError, ParseError, DefusedXmlException, zipfile.BadZipFile):
        with open_workbook(path) as book:
            return [sheet.title for sheet in sheets_of(book)]
    return [str(tag.get("name")) for tag in root.iter() if tag.tag.endswith("}sheet")]


def sheets_of(book: Workbook) -> list[ReadOnlyWorksheet]:
    """The workbook's sheets of cells, in order (chart sheets left out)."""
    from openpyxl.worksheet._read_only import ReadOnlyWorksheet  # noqa: PLC0415

    return [sheet for sheet in book.worksheets if isinstance(sheet, ReadOnlyWorksheet)]


def sheet_rows(
    sheet: ReadOnlyWorksheet, *, first: int = 1, last: int | None = None, columns: int = MAX_COLUMNS
) -> Iterator[tuple[int, tuple[Cell, ...]]]:
    """The rows of a sheet with their Excel row number, from `first`, each padded or cut to `columns` cells.

    The size that the sheet states is ignored: it is often wrong. Raises WrongFile where the sheet is damaged or
    endless.
    """
    sheet.reset_dimensions()
    number = first - 1
    try:
        reader: Any = sheet  # typed as a sheet that can be written, which it is not
        rows = reader.iter_rows(min_row=first, max_row=last, max_col=columns, values_only=True)
        for number, cells in enumerate(rows, start=first):
            if number > MAX_SHEET_ROWS:
                break
            yield number, cells
    except (GeneratorExit, MemoryError, WrongFile):
        raise
    except Exception as error:  # the XML guard and openpyxl raise many kinds
        raise WrongFile(
            f'The sheet "{sheet.title}" cannot be read after row {number}: the file is damaged or holds something '
            f"unexpected. "
            "Open it in Excel, save it as .xlsx and upload that file."
        ) from error
    if number > MAX_SHEET_ROWS:
        raise WrongFile(f'The sheet "{sheet.title}" claims more rows than Excel can hold. Export the list again.')


def is_formula(cell: object) -> TypeGuard[object]:
    """Whether a cell holds a formula: its text is kept for the report and its result is never used."""
    if isinstance(cell, str):
        return cell.startswith("=") and len(cell) > 1
    return cell is not None and not isinstance(cell, (int, float, date, time, timedelta))
