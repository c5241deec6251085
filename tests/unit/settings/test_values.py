"""Every kind of value: what is kept, what is refused, what is shown."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa_app.core.errors import BadInput
from qa_app.settings.definitions import BY_NAME, DEFINITIONS, GRADE_SCALE, Definition, Kind
from qa_app.settings.forms import FORMS, typed_rows
from qa_app.settings.values import check_value, read_numbers, shown

NUMBER = BY_NAME["expectation"]
PERCENT = BY_NAME["moderated_share"]
CHOICE = BY_NAME["allocation_policy"]
CHOICES = BY_NAME["left_out_case_types"]
NUMBERS = BY_NAME["reminder_days"]
SIZE = BY_NAME["sample_size"]
SCALE = BY_NAME["grade_scale"]
TEXT = Definition("t", "G", "Name", "", Kind.TEXT, "x", most=5)
DAYS = Definition("d", "G", "Quiet", "", Kind.DAYS, [], most=5)


@pytest.mark.parametrize("definition", DEFINITIONS, ids=lambda d: d.name)
def test_every_default_is_a_value_of_its_own_kind_and_has_words(definition: Definition) -> None:
    assert check_value(definition, definition.default) == definition.default
    assert shown(definition, definition.default)


def test_every_kind_has_a_form() -> None:
    assert set(FORMS) == set(Kind)


@pytest.mark.parametrize(
    ("definition", "value", "kept", "words"),
    [
        (NUMBER, 0, 0, "0"),
        (PERCENT, 100, 100, "100%"),
        (CHOICE, "own_team", "own_team", dict(CHOICE.choices)["own_team"]),
        (CHOICES, ["care_leaver", "child_in_care"], ["child_in_care", "care_leaver"], "Child in care, Care leaver"),
        (CHOICES, [], [], "None"),
        (NUMBERS, "1, 5;10 \N{MINUS SIGN}1 5", [10, 5, 1, -1], "10, 5, 1, -1"),
        (SIZE, {"kind": "percent", "value": 5}, {"kind": "percent", "value": 5}, "5% of open cases"),
        (SIZE, {"kind": "per_team", "value": 2}, {"kind": "per_team", "value": 2}, "2 for each team"),
        (SIZE, {"kind": "number", "value": 1}, {"kind": "number", "value": 1}, "1 case"),
        (TEXT, " ab ", "ab", "ab"),
        (DAYS, "", [], "None"),
        (DAYS, [["2026-12-24", "2027-01-01"]], [["2026-12-24", "2027-01-01"]], "24 December 2026 to 1 January 2027"),
        (
            DAYS,
            "29/3/2027\n\n 24/12/2026 to 01/01/2027 ",
            [["2026-12-24", "2027-01-01"], ["2027-03-29", "2027-03-29"]],
            "24 December 2026 to 1 January 2027; 29 March 2027",
        ),
    ],
)
def test_what_is_kept_and_shown(definition: Definition, value: Any, kept: Any, words: str) -> None:
    assert check_value(definition, value) == kept
    assert shown(definition, kept) == words


@pytest.mark.parametrize(
    ("definition", "value", "message"),
    [
        (NUMBER, 21, "between 0 and 20"),
        (DAYS, "24 December", "one date or span a line"),
        (DAYS, "31/2/2027", "one date or span a line"),
        (DAYS, "2/1/2027 to 1/1/2027", "one date or span a line"),
        (DAYS, "\n".join(["1/1/2027"] * 6), "one date or span a line"),
        (NUMBER, -1, "between 0 and 20"),
        (NUMBER, None, "between 0 and 20"),
        (NUMBER, True, "between 0 and 20"),
        (CHOICE, "else", "Choose one"),
        (CHOICES, ["else"], "Choose from"),
        (NUMBERS, "1, two", "such as 10, 5, 1, 0"),
        (NUMBERS, "", "such as 10, 5, 1, 0"),
        (NUMBERS, "99", "between -5 and 30"),
        (SIZE, {"kind": None, "value": 5}, "how the size is given"),
        (SIZE, {"kind": "percent", "value": 101}, "between 1 and 100"),
        (SIZE, {"kind": "number", "value": None}, "between 1 and 10,000"),
        (TEXT, "", "between 1 and 5"),
        (TEXT, "abcdef", "between 1 and 5"),
    ],
)
def test_what_does_not_fit_is_refused_with_what_to_enter(definition: Definition, value: Any, message: str) -> None:
    with pytest.raises(BadInput, match=message):
        check_value(definition, value)


def grade(label: str, meaning: str = "", starts: bool = False) -> dict[str, Any]:
    return {
        "label": label,
        "good_or_better": meaning == "good",
        "inadequate": meaning == "inadequate",
        "starts_improvement": starts,
    }


@pytest.mark.parametrize(
    ("grades", "message"),
    [
        ([grade("Good", "good")], "between 2 and 8"),
        ([grade(str(n), "good") for n in range(9)], "between 2 and 8"),
        ([grade("Good", "good"), grade(" ", "inadequate")], "a name for every grade"),
        ([grade("Good", "good"), grade("x" * 61, "inadequate")], "at most 60"),
        ([grade("Good", "good"), grade("good", "inadequate")], "a different name"),
        ([grade("Good", "good", starts=True), grade("Bad", "inadequate")], "can neither be inadequate nor start"),
        ([grade("Fair"), grade("Bad", "inadequate")], "which grades are good or better"),
        ([grade("Good", "good"), grade("Fair")], "which grades are inadequate"),
        ([grade("Fair"), grade("Good", "good"), grade("Bad", "inadequate")], "best grade first"),
    ],
)
def test_a_scale_that_means_nothing_is_refused(grades: list[dict[str, Any]], message: str) -> None:
    with pytest.raises(BadInput, match=message):
        check_value(SCALE, grades)


def test_a_grade_keeps_its_key_and_a_new_one_gets_its_own() -> None:
    kept = check_value(
        SCALE,
        [
            {**GRADE_SCALE[1], "label": "Good practice"},
            grade("Good!", ""),
            grade("Bad", "inadequate", starts=True),
            grade("Ω", "inadequate"),
        ],
    )
    assert [one["key"] for one in kept] == ["good", "good_2", "bad", "grade"]
    assert kept[0]["label"] == "Good practice"
    assert check_value(SCALE, kept) == kept


@given(st.lists(st.integers(-5, 30), min_size=1))
def test_numbers_are_read_as_they_are_shown(numbers: list[int]) -> None:
    kept = check_value(NUMBERS, numbers)
    assert read_numbers(shown(NUMBERS, kept)) == kept == sorted(set(numbers), reverse=True)


def test_rows_of_the_scale_without_a_name_are_left_out() -> None:
    assert typed_rows({"label-1": " Good ", "good_or_better-1": "1", "order-1": "1", "key-2": "bad"}) == [
        {
            "key": "",
            "label": "Good",
            "order": "1",
            "good_or_better": True,
            "inadequate": False,
            "starts_improvement": False,
        }
    ]
