"""Days, deadlines and working days in England (domain.md section 11).

Deadlines are dates in Europe/London; instants are aware and in UTC. Nothing here reads the clock except
`utc_now`, which only the edges (a view, a job, a command) may call.
"""

from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

LONDON = ZoneInfo("Europe/London")


def utc_now() -> datetime:
    """The present instant, in UTC. For the edges only; everything else takes `now`."""
    return datetime.now(UTC)


def london_day(now: datetime) -> date:
    """The date in London at an instant."""
    return now.astimezone(LONDON).date()


def end_of_day(day: date) -> datetime:
    """The first instant that is no longer `day` in London, in UTC: a deadline is met strictly before it."""
    return datetime.combine(day + timedelta(days=1), time.min, tzinfo=LONDON).astimezone(UTC)


def start_of_day(day: date) -> datetime:
    """The first instant of `day` in London, in UTC."""
    return datetime.combine(day, time.min, tzinfo=LONDON).astimezone(UTC)


def last_day_of_month(day: date) -> date:
    """The last date of the month that holds `day`."""
    return first_day_of_next_month(day) - timedelta(days=1)


def first_day_of_next_month(day: date) -> date:
    """The first date of the month after the one that holds `day`."""
    return (day.replace(day=1) + timedelta(days=32)).replace(day=1)


def months_before(day: date, months: int) -> date:
    """The same day of the month `months` earlier, or that month's last day where it is shorter."""
    index = day.year * 12 + day.month - 1 - months
    first = date(index // 12, index % 12 + 1, 1)
    return first.replace(day=min(day.day, last_day_of_month(first).day))


@lru_cache(maxsize=64)
def _bank_holidays(year: int) -> frozenset[date]:
    import holidays  # noqa: PLC0415 - every country's, which the first page that counts working days waits for

    return frozenset(holidays.country_holidays("GB", subdiv="ENG", years=year))


def knows_bank_holidays(year: int) -> bool:
    """Whether England's bank holidays of a year are known. A year has eight or more: fewer means data that ended."""
    return len(_bank_holidays(year)) >= 8


def is_working_day(day: date) -> bool:
    """Whether `day` is neither a weekend nor a bank holiday in England."""
    return day.weekday() < 5 and day not in _bank_holidays(day.year)


def add_working_days(day: date, count: int) -> date:
    """The date `count` working days after `day` (before it, where negative); `day` itself is not counted."""
    step = timedelta(days=1 if count > 0 else -1)
    remaining = abs(count)
    while remaining:
        day += step
        remaining -= is_working_day(day)
    return day


@lru_cache(maxsize=8192)
def working_days_between(start: date, end: date) -> int:
    """How many working days follow `start` up to and including `end`; negative where `end` comes first."""
    if end < start:
        return -working_days_between(end, start)
    return sum(is_working_day(start + timedelta(days=n)) for n in range(1, (end - start).days + 1))
