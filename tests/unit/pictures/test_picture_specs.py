"""A picture's values survive JSON, and its table says what the picture shows."""

import json

import pytest

from qa_app.pictures.specs import (
    Bar,
    Bars,
    Phase,
    Point,
    Progress,
    Stacked,
    StackedRow,
    Table,
    Trend,
    from_json,
    to_json,
)
from tests.unit.pictures.examples import EVERY_KIND


@pytest.mark.parametrize("picture", EVERY_KIND, ids=lambda picture: type(picture).__name__)
def test_a_picture_survives_json(picture):
    assert from_json(json.loads(json.dumps(to_json(picture)))) == picture


def test_a_kind_that_is_unknown_is_refused():
    with pytest.raises(KeyError):
        from_json({"kind": "pie", "title": "x"})


def test_bars_have_their_words_and_intervals_in_the_table():
    plain = Bars("t", "d", (Bar("North", 24, "12 of 50 (24%)"), Bar("South", None, "fewer than 5")), "Team", "Good")
    assert plain.table == Table(("Team", "Good"), (("North", "12 of 50 (24%)"), ("South", "fewer than 5")))
    with_interval = Bars("t", "d", (Bar("North", 24, "24%", 14, 37, "14% to 37%"),), "Team", "Good")
    assert with_interval.table == Table(("Team", "Good", "Interval (95%)"), (("North", "24%", "14% to 37%"),))


def test_stacked_bars_have_every_count_in_the_table():
    picture = Stacked("t", "d", ("Good", "Inadequate"), (StackedRow("North", (1204, None)),), "Team", "fewer than 5")
    assert picture.table == Table(("Team", "Good", "Inadequate"), (("North", "1,204", "fewer than 5"),))


def test_a_trend_has_only_the_columns_that_say_something():
    points = (Point("Jan 26", 24, "24%", centre=20.04), Point("Feb 26", None, "no audits"))
    plain = Trend("t", "d", points, measure="Good", unit="%")
    assert plain.table == Table(("Month", "Good", "Average"), (("Jan 26", "24%", "20%"), ("Feb 26", "no audits", "")))
    point = Point("Jan 26", 3, "3 days", 1, 5, "1 to 5", 3.14, 0.0, 6, "above the upper limit")
    full = Trend("t", "d", (point,), measure="Time", unit=" days", centre_words="Median", phases=(Phase(0, "why"),))
    assert full.table == Table(
        ("Month", "Time", "Interval (95%)", "Median", "Lower limit", "Upper limit", "What the rules say"),
        (("Jan 26", "3 days", "1 to 5", "3.1 days", "0 days", "6 days", "above the upper limit"),),
    )


def test_progress_says_what_would_be_done_by_now():
    assert Progress("t", "d", 1, 2, "1 of 2 done").table == Table(("Done",), (("1 of 2 done",),))
    expected = Progress("t", "d", 1, 2, "1 of 2 done", 2, "2 expected by today")
    assert expected.table == Table(("Done", "Expected"), (("1 of 2 done", "2 expected by today"),))
