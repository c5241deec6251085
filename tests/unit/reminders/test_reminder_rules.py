"""When reminders go, and what somebody still owes."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa_app.core.clock import add_working_days, is_working_day, working_days_between
from qa_app.reminders.rules import (
    Point,
    Span,
    copies_manager,
    is_mail_day,
    next_mail_day,
    owed,
    point_for,
    points,
    read_quiet_days,
)

DAYS = [10, 5, 2, 1, 0, -1]
JUNE = date(2026, 6, 30)


def days_of(due_on, quiet=()):
    return {point.slot: point.goes_on.isoformat() for point in points(due_on, DAYS, quiet)}


def test_the_reminders_of_a_due_date_in_the_week():
    assert days_of(JUNE) == {
        "before:10": "2026-06-16",
        "before:5": "2026-06-23",
        "before:2": "2026-06-26",
        "before:1": "2026-06-29",
        "due": "2026-06-30",
        "after:1": "2026-07-01",
    }


def test_a_due_date_at_a_weekend_has_its_reminder_on_the_last_working_day_before():
    found = days_of(date(2026, 10, 31))  # a Saturday
    assert (found["before:1"], found["due"], found["after:1"]) == ("2026-10-30", "2026-10-30", "2026-11-02")


def test_bank_holidays_are_left_out():
    found = days_of(date(2026, 12, 31))
    assert found["before:5"] == "2026-12-22"  # Christmas Day, and the Monday in place of Boxing Day
    assert found["after:1"] == "2027-01-04"  # New Year's Day is a Friday


def test_what_falls_on_a_quiet_day_goes_on_the_next_working_day():
    quiet = read_quiet_days([["2026-06-23", "2026-06-25"], ["2026-06-29", "2026-06-29"]])
    found = days_of(JUNE, quiet)
    assert (found["before:5"], found["before:1"], found["due"]) == ("2026-06-26", "2026-06-30", "2026-06-30")
    assert found["before:2"] == "2026-06-26"


def test_quiet_days_without_an_end_silence_everything():
    for_ever = [Span(date(2026, 1, 1), date(2036, 1, 1))]
    assert next_mail_day(JUNE, for_ever) is None
    assert points(JUNE, DAYS, for_ever) == []


@pytest.mark.parametrize(
    ("since", "today", "slot"),
    [
        ("2026-06-22", "2026-06-23", "before:5"),
        ("2026-06-23", "2026-06-24", None),
        ("2026-06-15", "2026-06-24", "before:5"),  # two missed: the latest alone
        ("2026-06-22", "2026-07-01", "after:1"),
        ("2026-07-01", "2026-07-02", None),
    ],
)
def test_the_latest_reminder_since_the_run_before_goes(since, today, slot):
    found = point_for(points(JUNE, DAYS), date.fromisoformat(since), date.fromisoformat(today))
    assert (found and found.slot) == slot


def test_two_on_one_day_are_one():
    on_friday = date(2026, 10, 30)
    found = point_for(points(date(2026, 10, 31), DAYS), on_friday - timedelta(days=1), on_friday)
    assert found == Point(0, on_friday)


@pytest.mark.parametrize(
    ("outstanding", "live", "expected", "exempted", "still"),
    [
        (2, 2, 2, 0, 2),
        (1, 2, 2, 0, 1),
        (1, 1, 1, 1, 0),  # exempt: it waits for the QA team
        (2, 2, 1, 1, 0),  # exempt from all, whatever was given on top
        (2, 2, 2, 1, 1),
        (1, 2, 2, 1, 0),  # the other one is done
        (1, 1, 2, 1, 1),  # the exempted one was withdrawn
        (3, 3, 1, 0, 3),  # given more than expected
        (1, 1, 0, 0, 1),
    ],
)
def test_what_is_owed(outstanding, live, expected, exempted, still):
    assert owed(outstanding, live, expected, exempted) == still


@pytest.mark.parametrize(
    ("setting", "copied"), [("nobody", set()), ("due", {0, -1}), ("one_day", {1, 0, -1}), ("unknown", set())]
)
def test_who_is_copied(setting, copied):
    assert {before for before in DAYS if copies_manager(setting, Point(before, JUNE))} == copied


spans = st.lists(
    st.tuples(st.dates(date(2026, 1, 1), date(2027, 12, 31)), st.integers(0, 12)).map(
        lambda made: Span(made[0], made[0] + timedelta(days=made[1]))
    ),
    max_size=4,
)


@given(st.dates(date(2026, 2, 1), date(2027, 11, 30)), spans, st.sets(st.integers(-5, 20), min_size=1, max_size=8))
def test_day_by_day_each_reminder_goes_once_on_a_mail_day_unless_a_later_one_goes_the_same_day(due_on, quiet, days):
    made = points(due_on, days, quiet)
    gone = []
    day = due_on - timedelta(days=60)
    while day < due_on + timedelta(days=60):
        if is_mail_day(day, quiet) and (found := point_for(made, day - timedelta(days=1), day)):
            gone.append(found)
        day += timedelta(days=1)
    assert len({point.slot for point in gone}) == len(gone)
    assert all(is_working_day(point.goes_on) for point in gone)
    assert {point.goes_on for point in made} == {point.goes_on for point in gone}
    assert [point.before for point in gone] == sorted((point.before for point in gone), reverse=True)


@given(st.dates(date(2026, 2, 1), date(2027, 11, 30)), st.integers(1, 20))
def test_a_reminder_goes_so_many_working_days_before(due_on, before):
    [point] = points(due_on, [before])
    assert working_days_between(point.goes_on, add_working_days(due_on, -1)) == before - 1
