"""How far the grades of a calibration set are apart."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa_app.audits.content import read_scale
from qa_app.calibration.presenters import spread_words
from qa_app.calibration.rules import Spread, spread
from qa_app.settings.definitions import GRADE_SCALE

SCALE = read_scale(GRADE_SCALE)
KEYS = [grade.key for grade in SCALE]


@pytest.mark.parametrize(
    ("grades", "found", "words"),
    [
        ([], Spread(0), "Not graded"),
        ([None, "not_applicable"], Spread(0), "Not graded"),
        (["good", "good", None], Spread(2, "good", "good", 0, 2), "All the same"),
        (
            ["inadequate", "good", "good"],
            Spread(3, "good", "inadequate", 2, 2),
            "Good to Inadequate: 2 grades apart, 2 of 3 the same",
        ),
        (
            ["outstanding", "good"],
            Spread(2, "outstanding", "good", 1, 1),
            "Outstanding to Good: 1 grade apart, 1 of 2 the same",
        ),
    ],
)
def test_the_spread_and_its_words(grades: list[str | None], found: Spread, words: str) -> None:
    assert spread(grades, SCALE) == found
    assert spread_words(found, SCALE) == words


@given(st.lists(st.sampled_from([*KEYS, None, "not_applicable", "unknown"]), max_size=9))
def test_the_spread_is_that_of_the_places_on_the_scale(grades: list[str | None]) -> None:
    places = sorted(KEYS.index(grade) for grade in grades if grade in KEYS)
    found = spread(grades, SCALE)
    assert found.graded == len(places)
    if places:
        assert found.steps == places[-1] - places[0]
        assert found.commonest == max(places.count(place) for place in places)
        assert 1 <= found.commonest <= found.graded
    assert spread(grades[::-1], SCALE) == found
