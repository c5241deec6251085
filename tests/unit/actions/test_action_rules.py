"""References, and the clock of an action: when it is chased and when it goes to the Head of Service."""

from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa_app.actions.presenters.words import due_words, left_words, near_day, state_tag
from qa_app.actions.rules import CHASED_EVERY, Clock, id_of, is_to_chase, is_to_escalate, reference_of
from qa_app.core.clock import is_working_day, working_days_between

FRIDAY = date(2026, 6, 12)
DAYS = st.dates(date(2026, 1, 1), date(2027, 12, 31))


@given(st.integers(1, 999_999_999))
def test_a_reference_means_its_id(number: int) -> None:
    assert id_of(reference_of(number)) == number


@given(st.text(max_size=14))
def test_what_is_no_reference_means_nothing(text: str) -> None:
    found = id_of(text)
    assert found is None or reference_of(found) == text


def clock(due_on: date = FRIDAY, **values: object) -> Clock:
    return Clock(due_on, **{"is_immediate": False, "opened_on": FRIDAY - timedelta(days=10)} | values)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("today", "chased"),
    [
        (date(2026, 6, 12), False),  # the due date itself
        (date(2026, 6, 13), False),  # a Saturday
        (date(2026, 6, 15), True),  # its next working day
        (date(2026, 6, 18), True),  # nothing ran on the days between
    ],
)
def test_an_overdue_action_is_chased_from_the_next_working_day(today: date, chased: bool) -> None:
    assert is_to_chase(clock(), today) is chased


def test_then_weekly() -> None:
    first = date(2026, 6, 15)
    days = [first + timedelta(days=n) for n in range(1, 15)]
    again = [day for day in days if is_to_chase(clock(chased_on=first), day)]
    assert again[0] == date(2026, 6, 22)


def test_a_new_date_that_passes_is_chased_anew() -> None:
    later = clock(date(2026, 6, 16), chased_on=date(2026, 6, 15))
    assert not is_to_chase(later, date(2026, 6, 16))
    assert is_to_chase(later, date(2026, 6, 17))


def test_an_immediate_one_is_chased_on_each_working_day_before_its_date_too() -> None:
    urgent = clock(date(2026, 6, 30), is_immediate=True, opened_on=date(2026, 6, 17))
    days = [date(2026, 6, 17) + timedelta(days=n) for n in range(8)]
    assert [day.day for day in days if is_to_chase(urgent, day)] == [18, 19, 22, 23, 24]


@given(due_on=DAYS, opened_on=DAYS, immediate=st.booleans(), start=DAYS)
def test_however_the_days_fall_it_is_chased_once_a_day_and_never_longer_than_a_week_apart(
    due_on: date, opened_on: date, immediate: bool, start: date
) -> None:
    chased: list[date] = []
    for n in range(60):
        today = start + timedelta(days=n)
        last = chased[-1] if chased else None
        state = Clock(due_on, immediate, opened_on, last)
        if is_to_chase(state, today):
            assert is_working_day(today)
            assert due_on < today or immediate
            assert not is_to_chase(Clock(due_on, immediate, opened_on, today), today)
            chased.append(today)
    gaps = [working_days_between(one, other) for one, other in pairwise(chased)]
    assert all(gap == (1 if immediate else CHASED_EVERY) for gap in gaps)


@given(due_on=DAYS, days=st.integers(1, 30), start=DAYS)
def test_it_goes_to_the_head_of_service_once_after_so_many_working_days(due_on: date, days: int, start: date) -> None:
    told: list[date] = []
    for n in range(90):
        today = start + timedelta(days=n)
        if is_to_escalate(clock(due_on, escalated=bool(told)), days, today):
            assert working_days_between(due_on, today) >= days
            told.append(today)
    assert len(told) <= 1


def test_an_action_says_how_late_it_is() -> None:
    today = date(2026, 6, 17)
    assert left_words(date(2026, 6, 19), today) == "2 working days left"
    assert left_words(today, today) == "due today"
    assert left_words(date(2026, 6, 15), today) == "2 working days late"
    assert left_words(date(2026, 2, 1), today) == "4 months late"
    assert due_words(date(2026, 6, 15), today, "verified") == "Mon 15 June"
    assert near_day(date(2025, 12, 1), today) == "1 December 2025"
    assert state_tag("open", date(2026, 6, 16), today) == ("Overdue", "red")
    assert state_tag("done", date(2026, 6, 16), today) == ("Done, to verify", "yellow")
