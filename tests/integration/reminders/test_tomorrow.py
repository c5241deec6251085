"""Tomorrow's mails: who gets what, for administrators alone, and nothing is written."""

from datetime import UTC, date, datetime, timedelta

import pytest

from qa_app.core.errors import NotFound
from qa_app.jobs import schedule
from qa_app.jobs.schedule import beat, tick
from qa_app.outbox.models import Mail
from qa_app.outbox.operations import queue
from qa_app.people.models import Absence, Deputy
from qa_app.reminders.tomorrow import next_run, readers
from qa_app.settings.models import PolicySetting
from tests.factories.progress import round_in_flight
from tests.factories.rounds import viewer

MONDAY_EVENING = datetime(2026, 6, 22, 17, 0, tzinfo=UTC)
FIVE_BEFORE = datetime(2026, 6, 23, 7, 0, tzinfo=UTC)


@pytest.fixture
def scene(database, now):
    made = round_in_flight(database, now)
    database.commit()
    return made


@pytest.fixture
def page(scene, clock, sign_in):
    clock.now = MONDAY_EVENING
    client = sign_in(scene.council.administrator.id)
    return lambda query="": client.get(f"/mail/tomorrow{query}")


def quiet(database, first, last):
    value = [[first, last]]
    database.add(PolicySetting(name="quiet_days", value=value, from_date=date(2026, 6, 1), set_at=MONDAY_EVENING))
    database.commit()


@pytest.mark.parametrize(
    ("now", "then"),
    [
        ("2026-06-23T06:59", "2026-06-23T07:00"),
        ("2026-06-23T07:00", "2026-06-24T07:00"),
        ("2026-06-26T12:00", "2026-06-29T07:00"),
        ("2026-12-24T12:00", "2026-12-29T08:00"),
        ("2026-10-24T12:00", "2026-10-26T08:00"),  # in Greenwich time again
    ],
)
@pytest.mark.usefixtures("database")
def test_the_next_run_is_at_eight_on_a_working_day(now, then):
    assert next_run(datetime.fromisoformat(now).replace(tzinfo=UTC)).isoformat() == f"{then}:00+00:00"


def test_it_passes_over_quiet_days(database):
    quiet(database, "2026-06-23", "2026-06-24")
    assert next_run(MONDAY_EVENING) == datetime(2026, 6, 25, 7, 0, tzinfo=UTC)


def test_it_shows_who_is_reminded(scene, page):
    text = page().text
    assert "2 people get mail on Tue 23 June" in text or "3 people get mail on Tue 23 June" in text
    assert scene.council.auditor.name in text
    assert "Reminder: your June case audits, due Tue 30 June" in text


def test_what_it_shows_is_what_is_queued(scene, page, database, clock, monkeypatch):
    by_clock = ("reminders", "weekly-lists", "decisions-waiting", "qa-daily")
    monkeypatch.setattr(schedule, "JOBS", tuple(job for job in schedule.JOBS if job.name in by_clock))
    tick(datetime(2026, 6, 22, 7, 0, tzinfo=UTC))
    shown = {
        (one.person_id, mail.subject)
        for one in readers(viewer(scene.council.administrator, clock.now), FIVE_BEFORE, {})
        for mail in one.mails
    }
    before = database.query(Mail).count()
    page()
    assert database.query(Mail).count() == before
    tick(FIVE_BEFORE)
    queued = {(mail.person_id, mail.subject) for mail in database.query(Mail).filter(Mail.created_at == FIVE_BEFORE)}
    assert queued
    assert {pair for pair in queued if pair not in shown} == set()


def test_mails_that_wait_already_are_shown_once(scene, page, database):
    ids = [scene.council.auditor.id]
    said = {"month": "June", "due_on": date(2026, 6, 30), "path": "/my-audits"}
    queue("audit_given", ids, subject_key="audit:1", slot="version:2", now=MONDAY_EVENING, variables=said)
    database.commit()
    text = page("?message=audit_given").text
    assert "1 person gets mail" in text
    assert "waits already" in text


def test_it_narrows_by_name(scene, page):
    text = page("?q=Bryn").text
    assert scene.council.auditor_b.name in text
    assert scene.council.auditor.name not in text


def test_a_deputy_stands_there_in_place_of_whoever_is_away(scene, page, database):
    people, days = scene.council, {"starts_on": date(2026, 6, 22), "ends_on": date(2026, 6, 26)}
    database.add(Absence(person_id=people.auditor.id, **days))
    database.add(Deputy(person_id=people.auditor.id, deputy_id=people.moderator.id, **days))
    database.commit()
    text = page("?message=reminder_for_absent").text
    assert people.moderator.name in text
    assert f"While {people.auditor.name} is away" in text


def test_whoever_leaves_until_then_gets_nothing(scene, page, database):
    scene.council.auditor.leaves_on = MONDAY_EVENING.date()
    database.commit()
    assert scene.council.auditor.name not in page("?message=reminder").text


def test_a_year_of_quiet_days_is_said(page, database):
    quiet(database, "2026-06-01", "2028-06-01")
    assert "No reminders are to come" in page().text


def test_only_those_who_read_mail_see_it(scene, sign_in, now):
    for person in (scene.council.qa, scene.council.head_of_service, scene.council.auditor):
        assert sign_in(person.id).get("/mail/tomorrow").status_code == 404
    with pytest.raises(NotFound):
        readers(scene.qa, FIVE_BEFORE, {})


def test_a_scheduler_that_does_not_run_is_told_to_administrators(page, scene, sign_in, clock):
    assert "The scheduler has never run" in page().text
    beat(clock.now)
    assert "The scheduler" not in page().text
    clock.now += timedelta(minutes=6)
    found = sign_in(scene.council.administrator.id).get("/mail").text
    assert "The scheduler has not run since" in found
    assert "qa-app scheduler" in found
