"""London days, deadlines and working days, against dates checked by hand and by properties."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa_app.core import clock

days = st.dates(date(2024, 1, 1), date(2029, 12, 31))


@pytest.mark.parametrize(
    ("day", "works", "why"),
    [
        (date(2026, 12, 25), False, "Christmas Day"),
        (date(2026, 12, 28), False, "Boxing Day observed"),
        (date(2026, 12, 29), True, "after Christmas"),
        (date(2027, 1, 1), False, "New Year's Day"),
        (date(2027, 3, 26), False, "Good Friday"),
        (date(2027, 3, 29), False, "Easter Monday"),
        (date(2027, 3, 30), True, "after Easter"),
        (date(2026, 5, 4), False, "early May bank holiday"),
        (date(2026, 8, 31), False, "summer bank holiday"),
        (date(2026, 6, 27), False, "a Saturday"),
        (date(2027, 12, 27), False, "Christmas Day observed"),
        (date(2027, 12, 28), False, "Boxing Day observed"),
    ],
    ids=lambda v: v if isinstance(v, str) else None,
)
def test_working_days_of_england(day, works, why):
    assert clock.is_working_day(day) is works


@pytest.mark.parametrize(
    ("day", "ends"),
    [
        (date(2026, 6, 30), datetime(2026, 6, 30, 23, tzinfo=UTC)),
        (date(2026, 12, 31), datetime(2027, 1, 1, tzinfo=UTC)),
        (date(2026, 10, 25), datetime(2026, 10, 26, tzinfo=UTC)),
        (date(2027, 3, 28), datetime(2027, 3, 28, 23, tzinfo=UTC)),
        (date(2028, 2, 29), datetime(2028, 3, 1, tzinfo=UTC)),
    ],
    ids=["summer", "year end", "clocks go back", "clocks go forward", "leap day"],
)
def test_a_deadline_is_the_end_of_the_day_in_london(day, ends):
    assert clock.end_of_day(day) == ends
    assert clock.london_day(ends - timedelta(microseconds=1)) == day
    assert clock.london_day(ends) == day + timedelta(days=1)
    assert clock.start_of_day(day + timedelta(days=1)) == ends


@pytest.mark.parametrize(
    ("start", "count", "end"),
    [
        (date(2026, 12, 23), 3, date(2026, 12, 30)),
        (date(2027, 3, 24), 3, date(2027, 3, 31)),
        (date(2026, 6, 30), -5, date(2026, 6, 23)),
        (date(2026, 6, 27), 1, date(2026, 6, 29)),
        (date(2026, 6, 27), 0, date(2026, 6, 27)),
    ],
)
def test_add_working_days_by_hand(start, count, end):
    assert clock.add_working_days(start, count) == end


@given(days, st.integers(1, 60))
def test_adding_working_days_is_the_inverse_of_counting(day, count):
    end = clock.add_working_days(day, count)
    assert clock.is_working_day(end)
    assert clock.working_days_between(day, end) == count
    assert clock.working_days_between(end, day) == -count


@given(days, st.integers(0, 200))
def test_counting_is_monotone_and_additive(a, length):
    b = a + timedelta(days=length)
    middle = a + (b - a) // 2
    assert clock.working_days_between(a, b) == clock.working_days_between(a, middle) + clock.working_days_between(
        middle, b
    )


@pytest.mark.parametrize(
    ("day", "months", "before"),
    [
        (date(2026, 3, 31), 1, date(2026, 2, 28)),
        (date(2028, 3, 31), 1, date(2028, 2, 29)),
        (date(2026, 6, 17), 12, date(2025, 6, 17)),
        (date(2026, 1, 15), 1, date(2025, 12, 15)),
    ],
)
def test_months_before(day, months, before):
    assert clock.months_before(day, months) == before


@given(days)
def test_a_month_ends_the_day_before_the_next_begins(day):
    last = clock.last_day_of_month(day)
    assert last.month == day.month
    assert (last + timedelta(days=1)).day == 1
    assert clock.first_day_of_next_month(day) == last + timedelta(days=1)


@pytest.mark.parametrize(("year", "known"), [(2026, True), (2027, True), (2040, True), (2200, False)])
def test_whether_bank_holidays_are_known_is_told(year, known):
    assert clock.knows_bank_holidays(year) is known
