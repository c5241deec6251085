"""When mails leave: dates checked by hand, and properties."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa_app.core.clock import is_working_day, london_day
from qa_app.outbox.rules import GAPS, leaves_at, may_leave, next_morning, retry_at

LONDON = ZoneInfo("Europe/London")


def at(text):
    return datetime.fromisoformat(text).replace(tzinfo=LONDON)


@pytest.mark.parametrize(
    ("written", "leaves"),
    [
        ("2026-06-17T10:30", "2026-06-17T10:30"),  # a Wednesday
        ("2026-06-17T08:00", "2026-06-17T08:00"),
        ("2026-06-17T07:59", "2026-06-17T08:00"),
        ("2026-06-17T23:59", "2026-06-17T23:59"),
        ("2026-06-20T12:00", "2026-06-22T08:00"),  # a Saturday
        ("2026-06-21T23:59", "2026-06-22T08:00"),
        ("2026-12-25T09:00", "2026-12-29T08:00"),  # Christmas: Monday 28 December stands in for Saturday 26
        ("2026-12-24T17:00", "2026-12-24T17:00"),
        ("2027-01-01T00:10", "2027-01-04T08:00"),
        ("2027-03-26T10:00", "2027-03-30T08:00"),  # Good Friday 2027, with Easter Monday on the 29th
        ("2026-10-24T23:30", "2026-10-26T08:00"),  # clocks go back on the 25th
        ("2027-03-28T03:00", "2027-03-30T08:00"),  # clocks go forward on Easter Sunday
        ("2026-05-04T09:00", "2026-05-05T08:00"),  # early May bank holiday
        ("2026-08-31T09:00", "2026-09-01T08:00"),  # a holiday in England, none in Scotland
    ],
)
def test_mails_leave_on_working_days_from_eight(written, leaves):
    assert leaves_at(at(written)) == at(leaves)
    assert may_leave(at(written)) is (written == leaves)


@pytest.mark.parametrize(
    ("now", "morning"),
    [
        ("2026-06-17T10:30", "2026-06-18T08:00"),
        ("2026-06-19T08:00", "2026-06-22T08:00"),
        ("2026-10-23T08:00", "2026-10-26T08:00"),
        ("2026-12-24T08:00", "2026-12-29T08:00"),
    ],
)
def test_what_comes_after_the_days_digest_waits_for_the_next_working_day(now, morning):
    assert next_morning(at(now)) == at(morning)


def test_attempts_are_spaced_and_end():
    now = at("2026-06-15T08:00")
    waits = [retry_at(attempts, now) - now for attempts in range(1, len(GAPS) + 1)]
    minutes = [int(wait.total_seconds() // 60) for wait in waits]
    assert minutes == [1, 5, 15, 60, 120, 240, 480, 24 * 60, 24 * 60]  # 16 hours later is midnight: in the morning
    assert retry_at(len(GAPS) + 1, now) is None


def test_another_attempt_waits_over_a_weekend():
    assert retry_at(5, at("2026-06-19T23:00")) == at("2026-06-22T08:00")


INSTANTS = st.datetimes(datetime(2025, 1, 1), datetime(2030, 12, 31), timezones=st.just(UTC))  # noqa: DTZ001 - made aware


@given(INSTANTS)
def test_never_earlier_never_on_a_day_off_and_settled_at_once(now):
    leaves = leaves_at(now)
    assert leaves >= now
    assert is_working_day(london_day(leaves))
    assert leaves.astimezone(LONDON).hour >= 8
    assert leaves_at(leaves) == leaves


@given(INSTANTS, st.integers(0, 10_000))
def test_what_is_written_later_never_leaves_earlier(now, minutes):
    assert leaves_at(now + timedelta(minutes=minutes)) >= leaves_at(now)
    assert next_morning(now + timedelta(minutes=minutes)) >= next_morning(now)
