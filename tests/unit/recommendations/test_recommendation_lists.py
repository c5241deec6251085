"""Reading a list of recommendations: what each row means, and every fault named beside its row."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa_app.core.errors import BadInput
from qa_app.recommendations.importing import (
    LARGEST_NUMBER,
    fingerprint,
    positions,
    read_rows,
    unused_headings,
)

HEADINGS = ("Number", "Recommendation", "Owner email", "Due")
OWNERS = {"eleri.sandhu@council.example": (7, "Eleri Sandhu")}


def read(*cells, headings=HEADINGS, taken=()):
    return read_rows(headings, list(enumerate(cells, 2)), OWNERS, taken)


def test_a_row_is_a_recommendation_with_its_owner_and_date():
    (row,) = read(("3.", "Report each quarter", "Eleri.Sandhu@council.example", "27/03/2027"))
    assert row.errors == []
    assert (row.number, row.text, row.owner_id, row.owner_name, row.due_on) == (
        3, "Report each quarter", 7, "Eleri Sandhu", date(2027, 3, 27),
    )  # fmt: skip


def test_only_the_recommendation_is_needed_and_numbers_follow_on():
    rows = read(("First",), ("Second",), headings=("RECOMMENDATION:",), taken={1, 4})
    assert [(row.number, row.text, row.owner_id, row.due_on) for row in rows] == [
        (5, "First", None, None), (6, "Second", None, None),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("cells", "error"),
    [
        (("1", "", "", ""), "Recommendation is empty"),
        (("0", "x", "", ""), f"Number is no whole number from 1 to {LARGEST_NUMBER}: 0"),
        (("1a", "x", "", ""), f"Number is no whole number from 1 to {LARGEST_NUMBER}: 1a"),
        (("99999", "x", "", ""), f"Number is no whole number from 1 to {LARGEST_NUMBER}: 99999"),
        (("1", "x", "nobody@council.example", ""), "Owner email is of nobody who can sign in and own"),
        (("1", "x", "", "31/02/2027"), "Due is no date: 31/02/2027. Write it as 27/03/2027"),
        (("1", "x", "", "01/01/0027"), "Due is no date"),
        (("4", "x", "", ""), "The report has a recommendation 4 already"),
        (("1", "x" * 4001, "", ""), "Recommendation is longer than 4,000 characters"),
    ],
)
def test_each_fault_is_named_beside_its_row(cells, error):
    (row,) = read(cells, taken={4})
    assert len(row.errors) == 1
    assert row.errors[0].startswith(error)


def test_a_number_or_a_text_that_stands_twice_is_named_in_both_rows():
    rows = read(("1", "One", "", ""), ("1", "Two", "", ""), ("2", "one", "", ""))
    assert [row.errors for row in rows] == [
        ["Number 1 is also in row 3"], ["Number 1 is also in row 2"], ["The same recommendation is in row 2"],
    ]  # fmt: skip


def test_headings_are_checked():
    with pytest.raises(BadInput, match="no column Recommendation"):
        positions(("Number", "Text"))
    with pytest.raises(BadInput, match="Due is there 2 times"):
        positions(("Recommendation", "Due", "due"))
    assert unused_headings(("Number", "Recommendation", "Theme", "")) == ["Theme"]


def test_the_fingerprint_is_of_what_was_seen():
    one = read(("1", "One", "", ""))
    assert fingerprint(one) == fingerprint(read(("1", "One", "", "")))
    assert fingerprint(one) != fingerprint(read(("1", "One", "eleri.sandhu@council.example", "")))
    assert fingerprint(one) != fingerprint(read(("1", "One", "", ""), taken={1}))


TEXTS = st.text(st.characters(codec="ascii", categories=("L", "N", "P", "Zs")), max_size=12)
ROWS = st.lists(st.tuples(TEXTS, TEXTS, TEXTS, TEXTS), max_size=12)


@given(ROWS, st.sets(st.integers(1, 30), max_size=10))
def test_whatever_is_typed_a_row_has_errors_or_can_be_added(rows, taken):
    found = read(*rows, taken=taken)
    assert [row.line for row in found] == list(range(2, len(rows) + 2))
    usable = [row for row in found if not row.errors]
    numbers = [row.number for row in usable]
    assert len(set(numbers)) == len(numbers)
    assert not set(numbers) & taken
    for row in usable:
        assert row.number is not None
        assert row.number > 0
        assert row.text
        assert bool(row.owner) is (row.owner_id is not None)
