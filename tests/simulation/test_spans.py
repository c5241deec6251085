"""Months of an invented council, by the hour: every mail by the clock exactly once, on a working day, to the right
person, and none whose reason is gone."""

from collections import Counter
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select

from qa_app.jobs.schedule import tick
from qa_app.outbox.models import Mail, MailState
from qa_app.settings.models import PolicySetting
from tests.factories.mail import Post, switched_on
from tests.simulation.council import Span, moment
from tests.simulation.expected import LONDON, expected, works_on

BY_CLOCK = {
    "reminder", "audit_overdue", "reminder_for_absent", "reminder_copy",
    "team_outstanding", "service_slippage", "decisions_waiting", "moderation_due", "qa_daily",
}  # fmt: skip
HOURS = {0, 7, 8, 9, 13, 18}
"""When the clock ticks: at the turn of the day, before, at and after the hour of mail, and twice in the rest of the day.
In the weeks in which clocks change, every hour."""
CHANGES = {date(2026, 10, 25), date(2027, 3, 28)}
NUMBERS = {"audits", "people", "person", "notices", "requests", "declarations", "exempt_audits", "moderations"}


def autumn(database):
    """October to December 2026: the clock goes back, a quiet day, Christmas, the end of a year."""
    span = Span(database, date(2026, 10, 1), [date(2026, month, 1) for month in (10, 11, 12)], seed=1)
    people = span.people
    span.away(people.team_manager, people.team_manager_a2, date(2026, 10, 19), date(2026, 11, 6))
    span.away(people.head_of_service, people.service_manager, date(2026, 11, 2), date(2026, 11, 20))
    span.away(people.director, people.executive, date(2026, 12, 7), date(2026, 12, 18))
    span.leaves(span.auditors[-1], date(2026, 11, 18))
    return span, date(2026, 10, 1), date(2026, 12, 31), {date(2026, 11, 23)}, set()


def spring(database):
    """February to April 2027: the clock goes forward, Easter, a day on which nothing ran."""
    span = Span(database, date(2027, 2, 1), [date(2027, month, 1) for month in (2, 3, 4)], seed=2)
    people = span.people
    span.away(people.team_manager_b1, people.team_manager_b2, date(2027, 2, 15), date(2027, 3, 5))
    span.away(people.head_of_service_b, people.service_manager_b, date(2027, 3, 15), date(2027, 4, 9))
    span.leaves(span.auditors[-2], date(2027, 3, 24))
    return span, date(2027, 2, 1), date(2027, 4, 30), set(), {date(2027, 2, 22)}


@pytest.mark.parametrize("story", [autumn, spring])
def test_each_mail_by_the_clock_goes_once_to_the_right_person_while_its_reason_lasts(database, monkeypatch, story):
    span, first, last, quiet, down = story(database)
    post = Post()
    monkeypatch.setattr("qa_app.jobs.send_mail.transport_for", lambda *_: post)
    switched_on(database, moment(first, 0))
    spans = [[day.isoformat(), day.isoformat()] for day in sorted(quiet)]
    for name, value in (("quiet_days", spans), ("moderated_share", 60)):
        database.add(PolicySetting(name=name, value=value, from_date=first, set_at=moment(first, 0)))
    database.commit()
    wanted: Counter[tuple[date, object]] = Counter()
    hour, end = moment(first, 0).astimezone(UTC), moment(last + timedelta(days=1), 0).astimezone(UTC)
    while hour < end:
        span.at(hour - timedelta(minutes=1))
        local = hour.astimezone(LONDON)
        every_hour = any(abs(local.date() - day) <= timedelta(days=3) for day in CHANGES)
        if local.date() not in down and (every_hour or local.hour in HOURS):
            if local.hour == 8:
                missed = {day for day in down if day == local.date() - timedelta(days=1)}
                wanted.update((local.date(), told) for told in expected(database, hour, quiet, missed))
            done = tick(hour)
            assert not [job for job, said in done.items() if "failed" in said]
            again = tick(hour) if local.hour == 8 else {}
            assert not any(said["queued"] or said["sent"] for said in again.values())
        hour += timedelta(hours=1)
    assert told_by_clock(database) == wanted
    assert len({message for _, (message, *_) in wanted}) == len(BY_CLOCK)
    check_sending(database, post)


def told_by_clock(database):
    """What was queued by the clock, on which day, in the words of `expected`."""
    found: Counter[tuple[date, object]] = Counter()
    for mail in database.scalars(select(Mail).where(Mail.message.in_(BY_CLOCK))):
        numbers = tuple(sorted((name, value) for name, value in mail.variables.items() if name in NUMBERS))
        found[mail.created_at.astimezone(LONDON).date(), (mail.message, mail.person_id, mail.slot, numbers)] += 1
    return found


def check_sending(database, post):
    """All of it left on the morning for which it was written, inside a digest or alone, and never on a day off."""
    mails = {mail.id: mail for mail in database.scalars(select(Mail).execution_options(populate_existing=True))}
    for mail in mails.values():
        if mail.sent_at is not None:
            assert works_on(mail.sent_at.astimezone(LONDON).date())
        if mail.message in BY_CLOCK:
            assert mail.state == MailState.SENT, (mail.message, mail.state, mail.error)
            assert mail.sent_at == mail.created_at
    assert len({letter.key for letter in post.taken}) == len(post.taken)
    alone = [mail for mail in mails.values() if mail.state == MailState.SENT and mail.digest_id is None]
    assert len(alone) == len(post.taken)
    per_day = Counter(
        (mail.person_id, mail.sent_at.date()) for mail in alone if mail.message in BY_CLOCK or mail.message == "digest"
    )
    assert set(per_day.values()) == {1}


def test_the_list_of_expected_mails_knows_the_calendar_by_itself():
    assert not works_on(date(2027, 3, 29))
    assert datetime(2026, 10, 25, 1, tzinfo=UTC).astimezone(LONDON).hour == 1
