"""When a job is due."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa_app.core.clock import LONDON, is_working_day, london_day
from qa_app.jobs.slots import Daily, Weekly
from qa_app.reminders.rules import monday_of

EIGHT = time(8, 0)


def at(text):
    return datetime.fromisoformat(text).replace(tzinfo=LONDON)


@pytest.mark.parametrize(
    ("when", "slot"),
    [
        ("2026-06-29T07:59", None),
        ("2026-06-29T08:00", "2026-06-29"),
        ("2026-06-29T23:59", "2026-06-29"),
        ("2026-06-27T12:00", None),  # a Saturday
        ("2026-12-25T12:00", None),
        ("2026-12-28T12:00", None),  # Boxing Day is a Saturday: the Monday stands in for it
        ("2026-12-29T08:00", "2026-12-29"),
        ("2026-10-26T08:00", "2026-10-26"),  # the first working day in Greenwich time
        ("2027-03-29T09:00", None),  # Easter Monday
    ],
)
def test_a_daily_job_is_due_on_working_days_from_its_time_on(when, slot):
    assert Daily(EIGHT).slot(at(when)) == slot


@pytest.mark.parametrize(
    ("when", "slot"),
    [
        ("2026-06-29T08:00", "2026-06-29"),
        ("2026-07-01T08:00", "2026-06-29"),  # caught up in the same week
        ("2026-07-01T07:00", None),
        ("2027-03-29T09:00", None),  # Easter Monday: it goes on the Tuesday
        ("2027-03-30T08:00", "2027-03-29"),
    ],
)
def test_a_weekly_job_is_due_from_the_first_working_day_of_the_week(when, slot):
    assert Weekly(EIGHT).slot(at(when)) == slot


def test_the_hour_that_comes_twice_is_the_same_slot():
    once, again = datetime(2026, 10, 25, 0, 30, tzinfo=UTC), datetime(2026, 10, 25, 1, 30, tzinfo=UTC)
    assert once.astimezone(LONDON).time() == again.astimezone(LONDON).time()
    monday = [datetime(2026, 10, 26, hour, tzinfo=UTC) for hour in range(8, 24)]
    assert {Daily(time(1, 30)).slot(now) for now in monday} == {"2026-10-26"}


@given(st.dates(date(2026, 1, 1), date(2028, 12, 31)))
def test_hour_by_hour_each_working_day_has_one_slot_and_each_week_one(day):
    start = datetime.combine(monday_of(day), time(), tzinfo=LONDON).astimezone(UTC)
    hours = [start + timedelta(hours=count) for count in range(24 * 7)]
    days = {Daily(EIGHT).slot(now) for now in hours} - {None}
    assert days == {
        d.isoformat()
        for d in {london_day(now) for now in hours}
        if is_working_day(d) and monday_of(d) == monday_of(day)
    }
    weeks = {Weekly(EIGHT).slot(now) for now in hours} - {None}
    assert weeks == ({monday_of(day).isoformat()} if days else set())
