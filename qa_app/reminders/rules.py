"""When a reminder goes, and what somebody still owes (domain.md section 10). Pure: days and numbers in and out."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from qa_app.core.clock import add_working_days, is_working_day


@dataclass(frozen=True, slots=True)
class Span:
    """Days from one to another, both included."""

    first: date
    last: date


QuietDays = Sequence[Span]


def read_quiet_days(value: Iterable[Sequence[str]]) -> QuietDays:
    """Quiet days as the setting keeps them."""
    return [Span(date.fromisoformat(first), date.fromisoformat(last)) for first, last in value]


def is_quiet(day: date, quiet: QuietDays) -> bool:
    """Whether the council wants no reminders on a day."""
    return any(span.first <= day <= span.last for span in quiet)


def is_mail_day(day: date, quiet: QuietDays) -> bool:
    """Whether reminders may go on a day: on working days that are not quiet."""
    return is_working_day(day) and not is_quiet(day, quiet)


LONGEST_QUIET = 400
"""Days after which no mail day is looked for any more: quiet for a year is quiet."""


def next_mail_day(day: date, quiet: QuietDays) -> date | None:
    """The first mail day from `day` on, itself included; None where quiet days never end."""
    days = (day + timedelta(days=count) for count in range(LONGEST_QUIET))
    return next((one for one in days if is_mail_day(one, quiet)), None)


def monday_of(day: date) -> date:
    """The Monday of a day's week, by which the week's lists are known."""
    return day - timedelta(days=day.weekday())


@dataclass(frozen=True, slots=True)
class Point:
    """One reminder of a round: so many working days before the due date (negative: after it), and the day it goes."""

    before: int
    goes_on: date

    @property
    def slot(self) -> str:
        """What keeps a person from getting it twice."""
        if self.before == 0:
            return "due"
        return f"before:{self.before}" if self.before > 0 else f"after:{-self.before}"


def points(due_on: date, reminder_days: Iterable[int], quiet: QuietDays = ()) -> list[Point]:
    """The reminders of a due date, in order. One that would fall on a quiet day goes on the next mail day.

    A due date at a weekend or on a bank holiday has its own reminder on the last working day before it.
    """
    found = []
    for before in sorted(set(reminder_days), reverse=True):
        day = due_on if before == 0 and is_working_day(due_on) else add_working_days(due_on, -(before or 1))
        goes_on = next_mail_day(day, quiet)
        if goes_on is not None:
            found.append(Point(before, goes_on))
    return found


def point_for(points: Iterable[Point], since: date, today: date) -> Point | None:
    """The reminder that goes today: the latest of those after `since`, so that a missed day is caught up once.

    `since` is the day of the run before, or of the issue where that was later: nobody is reminded for a time when they
    had no audit yet.
    """
    passed = [point for point in points if since < point.goes_on <= today]
    return max(passed, key=lambda point: (point.goes_on, -point.before), default=None)


MODERATION_DAYS = (2, 0, -1)
"""Working days before a moderation is due when its moderator is reminded."""


def moderation_point(due_on: date, quiet: QuietDays, today: date) -> Point | None:
    """The reminder of a moderation's due date that goes today, if one does; of two, the later."""
    found = [point for point in points(due_on, MODERATION_DAYS, quiet) if point.goes_on == today]
    return found[-1] if found else None


def owed(outstanding: int, live: int, expected: int, exempted: int) -> int:
    """How many outstanding audits somebody still has to do.

    An exempted audit that is not withdrawn or reassigned yet waits for the QA team, and its auditor is left in peace.
    """
    if expected and exempted >= expected:
        return 0
    waiting = min(exempted, max(0, live - (expected - exempted)))
    return max(0, outstanding - waiting)


def copies_manager(setting: str, point: Point) -> bool:
    """Whether the line manager hears too, as the setting `reminder_copies` says."""
    return point.before <= {"due": 0, "one_day": 1}.get(setting, -1000)
