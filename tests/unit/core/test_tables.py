"""Reading a plain table from CSV or XLSX."""

import csv
import io
from datetime import datetime
from pathlib import Path

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from qa_app.core.tables import read_table, text_of
from qa_app.core.workbooks import WrongFile

WORDS = st.text(st.characters(codec="utf-8", exclude_categories=("C", "Z")), min_size=1, max_size=12)


def written(path: Path, content: bytes) -> Path:
    path.write_bytes(content)
    return path


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
@pytest.mark.parametrize("mark", [",", ";", "\t", "|"])
def test_csv_in_any_usual_encoding_and_with_any_usual_separator(tmp_path: Path, encoding: str, mark: str) -> None:
    text = (
        mark.join(["Name", "Team"]) + "\r\n" + mark.join(["Siân", "North"]) + "\r\n\r\n" + mark.join(["Zoë"]) + "\r\n"
    )
    table = read_table(written(tmp_path / "a.csv", text.encode(encoding)))
    assert (table.sheet, table.headings) == ("", ("Name", "Team"))
    assert [(row.number, row.cells) for row in table.rows] == [(2, ("Siân", "North")), (4, ("Zoë", None))]


def test_a_workbook_is_read_from_its_first_filled_sheet_under_its_heading_row(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.create_sheet("Staff")
    for row in (["Staff list"], ["Name", " work \n email ", None], ["Ann", "a@x", "beyond"], [None, " "], ["Bo", None]):
        sheet.append(row)
    book.save(tmp_path / "a.xlsx")
    table = read_table(tmp_path / "a.xlsx")
    assert (table.sheet, table.headings) == ("Staff", ("Name", "work email"))
    assert [(row.number, row.cells) for row in table.rows] == [(3, ("Ann", "a@x")), (5, ("Bo", None))]
    assert (table.column("e-mail", "Work Email"), table.column("phone")) == (1, None)


def test_quoted_line_breaks_and_separators_stay_in_their_cell(tmp_path: Path) -> None:
    table = read_table(written(tmp_path / "a.csv", b'a,b\n"one\ntwo","x,y"\n'))
    assert table.rows[0].cells == ("one\ntwo", "x,y")


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "empty"),
        (b"<?xml version='1.0'?><a/>", "XML"),
        (b"a\nb\n", "No heading row"),
        (b"a,b\n" + b"x" * 200_000, "as CSV"),
    ],
)
def test_what_is_no_table_is_refused(tmp_path: Path, content: bytes, says: str) -> None:
    with pytest.raises(WrongFile, match=says):
        read_table(written(tmp_path / "a.csv", content))


def test_an_empty_workbook_is_refused(tmp_path: Path) -> None:
    openpyxl.Workbook().save(tmp_path / "a.xlsx")
    with pytest.raises(WrongFile, match="empty"):
        read_table(tmp_path / "a.xlsx")


def test_cells_as_text() -> None:
    day = datetime(2025, 4, 3)  # noqa: DTZ001 - as a spreadsheet has it
    assert [text_of(cell) for cell in (None, " a  b", 3.0, 3.5, day, True)] == [
        "",
        "a b",
        "3",
        "3.5",
        "03/04/2025",
        "True",
    ]


@given(st.lists(st.tuples(WORDS, WORDS), min_size=1, max_size=8))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=50, deadline=None)
def test_what_was_written_is_read(tmp_path: Path, rows: list[tuple[str, str]]) -> None:
    text = io.StringIO()
    csv.writer(text).writerows([("name", "team"), *rows])
    table = read_table(written(tmp_path / "a.csv", text.getvalue().encode()))
    assert [row.cells for row in table.rows] == rows
