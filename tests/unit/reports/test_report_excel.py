"""The workbook of a report, opened again."""

import zipfile
from dataclasses import replace
from datetime import UTC, datetime
from io import BytesIO

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qa_app.reports.blocks import HIDDEN, Cell, Section, Sentences, Table
from qa_app.reports.documents.excel import excel, read_number
from qa_app.reports.documents.facts import Facts
from qa_app.reports.documents.sheets import number_format, sheet_names, shown_number
from tests.unit.reports.examples import CONTENT, FACTS, NARRATIVES
from tests.unit.reports.test_report_word import SIGNS, every_part, with_texts


@pytest.fixture(scope="module")
def book():
    return openpyxl.load_workbook(BytesIO(excel(CONTENT, NARRATIVES, FACTS)))


def rows(sheet):
    return [tuple(value for value in row if value not in (None, "")) for row in sheet.iter_rows(values_only=True)]


def test_a_summary_and_a_sheet_a_section(book):
    assert book.sheetnames == ["Summary", "Completion", "Grades before after moderation,", "Completion (2)"]
    said = [row[0] for row in rows(book["Summary"]) if row]
    assert said == [
        "Monthly report: June 2026",
        "Safeguarding & support",
        "Published 14 July 2026",
        "For leadership",
        "Figures as they were on Fri 10 July 2026, 14:02",
        "Headlines",
        *CONTENT.headlines,
        "Sheets",
        *book.sheetnames[1:],
        "About these figures",
        *CONTENT.about,
    ]
    about = book.properties
    assert (about.title, about.creator) == ("Monthly report: June 2026", "Case audits")
    assert about.created.replace(tzinfo=UTC) == datetime(2026, 7, 10, 13, 2, tzinfo=UTC)


def test_numbers_are_numbers_and_text_is_text(book):
    found = rows(book["Completion"])
    assert found[5:11] == [
        ("Audits done, by service",),
        ("Service", "Expected", "Done", "Share"),
        ("First Response", 1204, 61, 0.05),
        ("Fostering & <adoption>", 4, HIDDEN, HIDDEN),
        ("All", 1208, HIDDEN, 0.052),
        ("[c]: hidden, so that nobody can be recognised.",),
    ]
    first = book["Completion"][8]
    assert [cell.data_type for cell in first] == ["s", "n", "n", "n"]
    assert [cell.number_format for cell in first[1:]] == ["#,##0", "#,##0", "0%"]
    assert book["Completion"]["D10"].number_format == "0.0%"
    assert [cell.alignment.horizontal for cell in book["Completion"][9][1:]] == ["right"] * 3


def test_a_number_is_no_more_exact_than_its_page():
    assert shown_number(Cell("5%", 61 / 1204, is_share=True)) == 0.05
    assert shown_number(Cell("13%", 0.125, is_share=True)) == 0.13  # halves up, as core.format.share
    assert shown_number(Cell("0.62", 0.6189)) == 0.62
    assert shown_number(Cell("1,204", 1204)) == 1204
    assert number_format(Cell("1,204.5", 1204.5)) == "#,##0.0"
    assert number_format(Cell("many", 3)) == "#,##0"


def test_a_picture_comes_as_its_table(book):
    found = rows(book["Grades before after moderation,"])
    assert ("Inadequate, by month",) in found
    assert ("Feb 26", "20 of 50 (40%)", "28% to 54%", 0.18, 0.02, 0.34, "above the upper limit") in found
    assert ("One month is above its limits.",) in found
    assert ("First Response", 1, 18, 122, 6) in found


@pytest.mark.parametrize(
    ("text", "value", "is_share"),
    [("1,204", 1204, False), ("24%", 0.24, True), ("-3.5", -3.5, False), ("4 of 5", None, False), ("", None, False)],
)
def test_what_is_a_number_and_nothing_else_is_read_as_one(text, value, is_share):
    assert read_number(text) == Cell(text, value, is_share)


def test_nothing_is_a_formula_or_a_link(book):
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
    assert [cell.coordinate for cell in cells if cell.data_type == "f" or cell.hyperlink] == []
    assert "=1+1" in [cell.value for cell in cells]
    assert "=Two teams & <one> unit" in [cell.value for cell in cells]
    parts = every_part(excel(CONTENT, NARRATIVES, FACTS))
    assert "/audits?service" not in parts
    assert "<f>" not in parts
    assert "External" not in parts


def test_it_is_ready_to_be_read_and_printed(book):
    for sheet in book:
        assert sheet.freeze_panes == "A2"
        assert sheet.page_setup.orientation == "landscape"
        assert sheet.page_setup.fitToHeight == 0
        assert sheet.oddHeader.right.text == "Published 14 July 2026"
        assert sheet.column_dimensions["A"].width > 40
        assert not sheet.merged_cells.ranges


def test_sheets_have_names_that_excel_accepts():
    names = sheet_names(["Summary", "history", "A/B: [c]?", "", "'quoted'", "x" * 40, "X" * 40, "😀" * 40])
    assert names == [
        "Summary (2)",
        "history (2)",
        "A B c",
        "Section",
        "quoted",
        "x" * 31,
        "X" * 27 + " (2)",
        "😀" * 15,
    ]


@given(st.lists(SIGNS, max_size=8))
@settings(max_examples=50, deadline=None)
def test_names_are_valid_and_unique(titles):
    names = sheet_names(titles)
    assert len({name.casefold() for name in [*names, "Summary", "History"]}) == len(titles) + 2
    assert all(0 < len(name.encode("utf-16-le")) <= 62 and not set(name) & set("[]:*?/\\'") for name in names)


def test_a_long_text_takes_the_rows_that_it_needs():
    long = "words of the team " * 5000
    rows_ = [[Cell("x"), Cell("y" * 40_000)]]
    content = replace(CONTENT, sections=[Section("s", "S", [Sentences([long]), Table("T", ("A", "B"), rows_)])])
    sheet = openpyxl.load_workbook(BytesIO(excel(content, {}, FACTS)))["S"]
    parts = [row[0] for row in rows(sheet) if row and "words of" in row[0]]
    assert " ".join(parts) == long.strip()
    assert max(len(part) for part in parts) < 1000
    assert all((dimension.height or 0) <= 409 for dimension in sheet.row_dimensions.values())


@given(SIGNS, SIGNS)
@settings(max_examples=25, deadline=None)
def test_no_text_breaks_it(one, two):
    file = excel(with_texts(one, two), {"n": two}, Facts("Draft", one, FACTS.built_at, None, one, two))
    with zipfile.ZipFile(BytesIO(file)) as archive:
        assert archive.testzip() is None
    book = openpyxl.load_workbook(BytesIO(file))
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
    assert [cell for cell in cells if cell.data_type == "f" or cell.hyperlink] == []
