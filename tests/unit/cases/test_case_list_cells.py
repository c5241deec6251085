"""Reading single cells: dates in every form that occurs, text with its mess."""

from datetime import date, datetime, time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa_app.cases.reading.cells import EXCEL_EPOCH, DateRead, TextRead, blank_or_nobody, read_date, read_text
from qa_app.cases.reading.sentences import SENTENCES, Kind
from qa_app.core.tables import heading_key, tidy

DAYS = st.dates(date(1969, 1, 1), date(2068, 12, 31))
MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
FORMS = (
    "{d.day:02d}/{d.month:02d}/{d.year}",
    "{d.day}/{d.month}/{d.year}",
    "{d.year}-{d.month:02d}-{d.day:02d}",
    "{d.year}-{d.month:02d}-{d.day:02d} 00:00:00",
    "{d.year}-{d.month:02d}-{d.day:02d}T00:00:00Z",
    "{d.day} {m} {d.year}",
    "{d.day:02d}-{m}-{y:02d}",
    "{d.day:02d}.{d.month:02d}.{d.year}",
    "{d.day:02d}/{d.month:02d}/{y:02d}",
    "{d.day:02d}/{d.month:02d}/{d.year} 00:00",
    "  {d.day:02d}/{d.month:02d}/{d.year}\u00a0",
    "{d:%d %B %Y}",
)


@given(DAYS, st.sampled_from(FORMS))
def test_every_written_form_of_a_day_is_read_day_first(day: date, form: str) -> None:
    text = form.format(d=day, m=MONTHS[day.month - 1], y=day.year % 100)
    assert read_date(text) == DateRead(day, Kind.TEXT_DATE)


@given(DAYS)
def test_real_dates_and_day_numbers(day: date) -> None:
    assert read_date(day) == DateRead(day)
    assert read_date(datetime.combine(day, time(9))) == DateRead(day)
    serial = (day - EXCEL_EPOCH).days
    assert read_date(serial) == read_date(float(serial)) == read_date(str(serial)) == DateRead(day, Kind.SERIAL_DATE)


@given(st.text(max_size=30) | st.floats(allow_nan=False) | st.integers() | st.booleans() | st.none())
def test_any_cell_can_be_read_as_a_date(cell: str | float | bool | None) -> None:
    day, kind = read_date(cell)
    assert kind is not None or day is None


@pytest.mark.parametrize("text", ["31/02/2025", "01/13/2025", "tbc", "1/2", "3 Foo 2025", "123456", "0", "01/01/1850"])
def test_what_is_no_date_is_not_guessed(text: str) -> None:
    assert read_date(text) == DateRead(None, Kind.UNREADABLE_DATE)


def test_blank_errors_and_formulas_in_a_date_column() -> None:
    assert read_date(None) == read_date("  ") == DateRead(None)
    assert read_date("#N/A") == DateRead(None, Kind.ERROR_CELL)
    assert read_date("=TODAY()") == DateRead(None, Kind.FORMULA)
    assert read_date(object()).kind is Kind.FORMULA  # type: ignore[arg-type]
    assert read_date("3 Sept 2025").day == date(2025, 9, 3)
    assert read_date(True).kind is Kind.UNREADABLE_DATE


@given(st.text(max_size=40))
def test_tidy_text_has_only_single_spaces_and_stays_as_it_is(text: str) -> None:
    once = tidy(text)
    assert once == " ".join(once.split()) == tidy(once)


@pytest.mark.parametrize(
    ("cell", "text", "kind"),
    [
        ("North", "North", None),
        (" North\u00a0 Team\u200b", "North Team", Kind.SPACES),
        ("   ", "", None),
        (None, "", None),
        ("#REF!", "", Kind.ERROR_CELL),
        ("=A1", "", Kind.FORMULA),
        (12.0, "12", None),
        (12, "12", None),
        (object(), "", Kind.FORMULA),
    ],
)
def test_text_cells(cell: object, text: str, kind: Kind | None) -> None:
    assert read_text(cell) == TextRead(text, kind)  # type: ignore[arg-type]


def test_words_for_nobody() -> None:
    assert [blank_or_nobody(text) for text in ("Unallocated", "N/A", "Ann Lee")] == ["", "", "Ann Lee"]


@pytest.mark.parametrize("heading", ["Child Unique ID", "Child\u2019s Category of Need", "Date of Birth"])
def test_headings_match_whatever_their_case_spaces_line_breaks_and_quotes(heading: str) -> None:
    for noisy in (heading.lower(), heading.upper(), f" {heading} ", heading.replace(" ", "\n", 1), heading + "?"):
        assert heading_key(noisy) == heading_key(heading)
    assert heading_key(heading.replace(" ", "  ").replace("\u2019", "'")) == heading_key(heading)


def test_every_kind_has_its_two_sentences() -> None:
    assert set(SENTENCES) == set(Kind)
    for why, done in SENTENCES.values():
        for word in ("please", "successfully", "invalid"):
            assert word not in (why + done).lower()
