"""The window of a pack, what became better, and how sections add up through versions of a tool."""

from datetime import date

import pytest

from qa_app.core.errors import BadInput
from qa_app.inspection.content import Grades, Theme, themes
from qa_app.inspection.queries import ThemeCount
from qa_app.inspection.rules import MOST_MONTHS, change, window

SCALE = ["outstanding", "good", "requires_improvement", "inadequate"]


@pytest.mark.parametrize(
    ("first", "last", "months"),
    [
        (date(2026, 6, 1), date(2026, 6, 1), 1),
        (date(2025, 12, 1), date(2026, 1, 1), 2),
        (date(2023, 7, 1), date(2026, 6, 1), 36),
    ],
)
def test_a_window_counts_both_of_its_months(first, last, months):
    assert window(first, last).months == months


@pytest.mark.parametrize(
    ("first", "last", "words"),
    [
        (date(2026, 6, 1), date(2026, 5, 1), "Choose a last month that is not before the first"),
        (date(2023, 6, 1), date(2026, 6, 1), f"Choose at most {MOST_MONTHS} months"),
    ],
)
def test_a_window_that_makes_no_pack_is_refused_in_words(first, last, words):
    with pytest.raises(BadInput, match=words) as refused:
        window(first, last)
    assert list(refused.value.fields) == ["last"]


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ("inadequate", "good", "Better"),
        ("inadequate", "inadequate", "Same"),
        ("good", "inadequate", "Worse"),
        ("good", None, ""),
        (None, "good", ""),
        ("unknown", "good", ""),
    ],
)
def test_a_grade_became_better_worse_or_stayed(before, after, expected):
    assert change(before, after, SCALE) == expected


def test_sections_add_up_through_versions_and_those_most_often_inadequate_come_first():
    scale = [{"key": key, "label": key, "good_or_better": n < 2, "inadequate": n == 3} for n, key in enumerate(SCALE)]
    counted = [
        ThemeCount("Monthly", "risk", "Risk (old)", 2, 1, "inadequate", 2, 2, 1),
        ThemeCount("Monthly", "risk", "Risk", 2, 2, "good", 3, 1, 0),
        ThemeCount("Monthly", "plan", "Planning", 1, 2, "not_applicable", 4, 0, 0),
        ThemeCount("Monthly", "plan", "Planning", 1, 2, None, 1, 0, 0),
        ThemeCount("Dip sample", "risk", "Risk", 2, 2, "inadequate", 1, 1, 1),
    ]
    assert themes(counted, Grades({1: scale, 2: scale})) == [
        Theme("Dip sample", "Risk", 1, 0, 1, 1, 1),
        Theme("Monthly", "Risk", 5, 3, 2, 3, 1),
        Theme("Monthly", "Planning", 0, 0, 0, 0, 0),
    ]
