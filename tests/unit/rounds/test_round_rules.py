"""The days of a round, checked by hand against the calendar."""

from datetime import UTC, date, datetime

import pytest

from qa_app.core.states import check_workflow
from qa_app.rounds.rules import (
    Deadlines,
    RoundDates,
    default_dates,
    first_working_day,
    is_over,
    reference_of,
    wrong_dates,
)
from qa_app.rounds.states import ROUND, RoundState

DEADLINES = Deadlines(moderation_days=7, report_days=12)


@pytest.mark.parametrize(
    ("month", "day"),
    [
        (date(2026, 6, 1), date(2026, 6, 1)),  # a Monday
        (date(2026, 8, 1), date(2026, 8, 3)),  # a Saturday
        (date(2026, 1, 1), date(2026, 1, 2)),  # New Year's Day
        (date(2027, 1, 15), date(2027, 1, 4)),  # New Year's Day on a Friday, then a weekend
        (date(2024, 4, 1), date(2024, 4, 2)),  # Easter Monday
        (date(2022, 1, 1), date(2022, 1, 4)),  # New Year's Day in lieu
    ],
)
def test_a_round_is_issued_on_the_first_working_day(month, day):
    assert first_working_day(month) == day


def test_due_on_the_last_day_and_the_rest_in_working_days():
    assert default_dates(date(2026, 6, 1), DEADLINES, None, None) == RoundDates(
        date(2026, 6, 1), date(2026, 6, 30), date(2026, 7, 9), date(2026, 7, 16)
    )


def test_over_christmas_working_days_pass_over_bank_holidays():
    dates = default_dates(date(2026, 12, 1), DEADLINES, None, date(2026, 12, 18))
    assert dates.moderation_due_on == date(2026, 12, 31)


def test_leap_day_is_the_last_day_of_february():
    assert default_dates(date(2028, 2, 1), DEADLINES, None, None).due_on == date(2028, 2, 29)


def test_chosen_days_are_kept():
    dates = default_dates(date(2026, 6, 1), DEADLINES, date(2026, 6, 3), date(2026, 6, 26))
    assert (dates.issue_on, dates.due_on) == (date(2026, 6, 3), date(2026, 6, 26))


@pytest.mark.parametrize(
    ("days", "field"),
    [((2, 1, 3, 4), "due_on"), ((1, 3, 2, 4), "moderation_due_on"), ((1, 2, 4, 3), "report_due_on")],
)
def test_days_out_of_order_say_which(days, field):
    assert set(wrong_dates(RoundDates(*(date(2026, 6, day) for day in days)))) == {field}


def test_days_in_order_are_fine():
    assert wrong_dates(RoundDates(*[date(2026, 6, 1)] * 4)) == {}


@pytest.mark.parametrize(
    ("instant", "over"),
    [
        (datetime(2026, 6, 30, 22, 59, 59, tzinfo=UTC), False),  # 23:59:59 in London
        (datetime(2026, 6, 30, 23, 0, tzinfo=UTC), True),  # midnight in London, in summer time
    ],
)
def test_a_round_is_over_at_midnight_in_london(instant, over):
    assert is_over(date(2026, 6, 30), instant) is over


def test_references():
    assert reference_of(date(2026, 6, 1), "monthly") == "2026-06"
    assert reference_of(date(2026, 6, 1), "dip") == "2026-06-dip"


def test_the_workflow_is_whole():
    assert check_workflow(ROUND, RoundState) == []
