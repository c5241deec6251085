"""When a mail leaves, and when it is tried again (domain.md section 10). Nothing here reads a table or the clock."""

from datetime import UTC, datetime, time, timedelta

from qa_app.core.clock import LONDON, add_working_days, is_working_day, london_day

OPENS = time(8)
"""From when on a working day mails leave, in London."""

GAPS = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 15, 60, 120, 240, 480, 960, 1440))
"""How long to wait after each attempt that failed for now. After one more it has failed for good."""

CLAIM_LASTS = timedelta(minutes=10)
"""A mail that is in a sender's hand for longer has lost its sender."""


def leaves_at(now: datetime) -> datetime:
    """The first instant from `now` on at which mails leave: that one on a working day from 8 o'clock, else the next."""
    today = london_day(now)
    if is_working_day(today):
        return max(now, _opening(now, 0))
    return _opening(now, 1)


def may_leave(now: datetime) -> bool:
    """Whether mails leave at this instant."""
    return leaves_at(now) == now


def next_morning(now: datetime) -> datetime:
    """When the next day's digests leave: 8 o'clock on the working day after this one."""
    return _opening(now, 1)


def retry_at(attempts: int, now: datetime) -> datetime | None:
    """When to try again after so many attempts, or None once that many are enough."""
    return leaves_at(now + GAPS[attempts - 1]) if attempts <= len(GAPS) else None


def _opening(now: datetime, working_days: int) -> datetime:
    day = add_working_days(london_day(now), working_days)
    return datetime.combine(day, OPENS, tzinfo=LONDON).astimezone(UTC)
