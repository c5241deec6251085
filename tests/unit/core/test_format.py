"""How dates, counts and shares are written."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa_app.core import format as written


def test_days_read_like_days() -> None:
    assert written.day(date(2026, 6, 30)) == "Tue 30 June"
    assert written.long_day(date(2026, 6, 3)) == "3 June 2026"
    assert written.short_day(date(2026, 9, 3)) == "3 Sep 2026"
    assert written.month_name(date(2026, 6, 30)) == "June 2026"


def test_instants_are_written_in_london_time() -> None:
    late = datetime(2026, 6, 30, 23, 30, tzinfo=UTC)
    assert written.moment(late) == "Wed 1 July 2026, 00:30"
    assert written.day(late) == "Wed 1 July"
    assert written.clock_time(datetime(2026, 1, 1, 9, 5, tzinfo=UTC)) == "09:05"


@pytest.mark.parametrize("name", ["day", "long_day", "short_day", "clock_time", "moment", "month_name", "days_left"])
def test_nothing_is_written_as_nothing(name: str) -> None:
    assert written.FILTERS[name](None) == ""


@pytest.mark.parametrize(
    ("count", "words"),
    [(6, "6 working days left"), (1, "1 working day left"), (0, "due today"), (-2, "2 working days late")],
)
def test_days_left(count: int, words: str) -> None:
    assert written.days_left(count) == words


def test_plural() -> None:
    assert written.plural(1, "audit") == "1 audit"
    assert written.plural(0, "audit") == "0 audits"
    assert written.plural(1204, "person", "people") == "1,204 people"


@pytest.mark.parametrize(("part", "whole", "words"), [(84, 92, "91%"), (1, 8, "13%"), (1, 200, "1%"), (0, 0, "")])
def test_share_rounds_halves_up(part: int, whole: int, words: str) -> None:
    assert written.share(part, whole) == words


def test_initial_capital_keeps_names() -> None:
    assert written.initial_capital("the QA team") == "The QA team"


@given(st.dates(date(1990, 1, 1), date(2100, 1, 1)))
def test_days_agree_with_the_calendar(value: date) -> None:
    assert written.day(value) == f"{value:%a} {value.day} {value:%B}"
    assert written.day(value + timedelta(days=7))[:3] == written.day(value)[:3]
