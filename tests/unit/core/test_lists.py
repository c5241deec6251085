"""What a list's address says, what the list makes of it, and what its export holds."""

from datetime import UTC, date, datetime
from decimal import Decimal
from io import BytesIO
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from markupsafe import Markup
from sqlalchemy import column

from qa_app.core.lists import Choice, Column, ListPage, Search
from qa_app.core.spreadsheet import download, workbook

COLUMNS: tuple[Column[dict[str, Any]], ...] = (
    Column("name", "Name", lambda row: row["name"], sort=column("name"), header=True),
    Column("due", "Due", lambda row: row["due"]),
    Column("count", "Expected", lambda row: row["count"], sort=(column("count"), column("name")), numeric=True),
)
FILTERS = (Choice("team", "Team", [("1", "Team 1"), ("2", "Team 2")]), Search("q", "Name"))


def page(**args: str) -> ListPage[dict[str, Any]]:
    return ListPage(COLUMNS, FILTERS, args, "/audits", "name")


def test_bare_address_is_the_default() -> None:
    bare = page()
    assert (bare.sort, bare.descending, bare.number, bare.filters) == ("name", False, 1, {})
    assert bare.address() == "/audits"
    assert [str(part) for part in bare.order_by] == ["name ASC"]


def test_sorting_by_several_columns_turns_all_round() -> None:
    assert [str(part) for part in page(sort="-count").order_by] == ["count DESC", "name DESC"]


def test_headings_turn_the_order_in_use_and_keep_filters() -> None:
    name, due, count = page(sort="count", team="2").headings
    assert (name.href, name.direction) == ("/audits?team=2", "")
    assert (due.href, due.direction) == ("", "")
    assert (count.href, count.direction) == ("/audits?team=2&sort=-count", "ascending")
    assert page(team="2").headings[0].href == "/audits?team=2&sort=-name"


@pytest.mark.parametrize(
    "args",
    [{"sort": "due"}, {"sort": "password"}, {"page": "0"}, {"page": "-1"}, {"page": "x"}, {"page": "²"}, {"team": "9"}],
)
def test_what_is_not_offered_is_as_if_absent(args: dict[str, str]) -> None:
    assert page(**args).address() == "/audits"
    assert page(**args).number == 1


def test_chosen_filters_can_be_taken_off_one_by_one() -> None:
    team, words = page(team="1", q="ali", sort="-count", page="3").chosen
    assert (team.text, team.without) == ("Team: Team 1", "/audits?q=ali&sort=-count")
    assert (words.text, words.without) == ("Name: ali", "/audits?team=1&sort=-count")


def test_pages_keep_filters_and_order() -> None:
    shown = page(team="1", page="5").fill([{}] * 50, 1000)
    assert (shown.limit, shown.offset, shown.pages) == (50, 200, 20)
    assert shown.showing == "Showing 201 to 250 of 1,000"
    assert [(link.number, link.href) for link in shown.links] == [
        (1, "/audits?team=1"),
        (None, ""),
        (4, "/audits?team=1&page=4"),
        (5, "/audits?team=1&page=5"),
        (6, "/audits?team=1&page=6"),
        (None, ""),
        (20, "/audits?team=1&page=20"),
    ]


def test_export_keeps_filter_and_order_of_all_pages() -> None:
    assert page(team="1", sort="-count", page="3").export_address("/export") == "/export?team=1&sort=-count"


@given(st.dictionaries(st.sampled_from(["sort", "page", "team", "q"]), st.text(max_size=30)))
def test_any_address_gives_a_list_whose_address_says_the_same(args: dict[str, str]) -> None:
    first = page(**args)
    again = page(**dict(parse_qsl(urlsplit(first.address(page=first.number)).query)))
    assert (again.sort, again.descending, again.filters) == (first.sort, first.descending, first.filters)
    assert again.number == first.number


def test_rows_escape_words_and_keep_markup() -> None:
    body = page().fill([{"name": "<b>", "due": None, "count": Markup("<strong>1</strong>")}], 1, ("Total", "", 1)).body
    assert "&lt;b&gt;</th>" in body
    assert 'data-label="Due"></td>' in body
    assert "<strong>1</strong></td>" in body


def test_totals_have_a_cell_for_each_column() -> None:
    with pytest.raises(ValueError, match="longer"):
        page().fill([], 0, ("Total",)).foot  # noqa: B018 - the property is what fails


@pytest.mark.parametrize(
    "text", ["=1+1", "+44 1234", "-2", "@SUM(A1)", "http://example.org", "0012", "{=1}", "x" * 40000]
)
def test_text_stays_text_in_the_export(text: str) -> None:
    cell = read([{"name": text, "due": None, "count": 1}])[1][0]
    assert cell.data_type == "s"
    assert cell.value == text[:32767]
    assert cell.hyperlink is None


def test_export_keeps_kinds_of_values() -> None:
    columns: list[Column[Any]] = [Column(str(n), f"C{n}", lambda row, n=n: row[n]) for n in range(5)]
    instant = datetime(2026, 6, 30, 13, 2, tzinfo=UTC)
    content = workbook("A/B: [list]", columns, [(date(2026, 6, 30), instant, 3, Decimal("1.5"), True)])
    sheet = openpyxl.load_workbook(BytesIO(content)).active
    assert sheet is not None
    assert sheet.title == "A B   list"
    found = [cell.value for cell in list(sheet.rows)[1]]
    assert found == [datetime(2026, 6, 30), datetime(2026, 6, 30, 14, 2), 3, 1.5, "Yes"]  # noqa: DTZ001 - as Excel has it


def test_download_is_a_file() -> None:
    response = download("audits-2026-06", b"x")
    assert response.headers["Content-Disposition"] == "attachment; filename=audits-2026-06.xlsx"


def read(rows: list[dict[str, Any]]) -> list[Any]:
    sheet = openpyxl.load_workbook(BytesIO(workbook("List", COLUMNS, rows))).active
    assert sheet is not None
    return list(sheet.rows)
