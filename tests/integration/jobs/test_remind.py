"""The jobs that queue what the clock asks for: once, in batches, caught up after a day without a scheduler."""

from collections import Counter
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select

from qa_app.jobs import remind as jobs
from qa_app.jobs import schedule
from qa_app.jobs.models import JobRun
from qa_app.jobs.schedule import tick
from qa_app.outbox.catalogue import MESSAGES, gathered
from qa_app.outbox.models import Mail, MailState
from qa_app.reasons import REASONS
from qa_app.reminders import reasons
from qa_app.reminders.planning import PlannedMail
from tests.factories.people import person
from tests.factories.progress import round_in_flight, submit

FIVE_BEFORE = datetime(2026, 6, 23, 7, 0, tzinfo=UTC)
ON_THE_DAY = datetime(2026, 6, 30, 7, 0, tzinfo=UTC)
NAMES = ("reminders", "weekly-lists", "decisions-waiting", "qa-daily")


@pytest.fixture
def scene(database, now, monkeypatch):
    """A round in flight, and a clock that runs only the jobs that remind."""
    monkeypatch.setattr(schedule, "JOBS", tuple(job for job in schedule.JOBS if job.name in NAMES))
    made = round_in_flight(database, now)
    database.commit()
    return made


def mails(database, message="reminder"):
    found = database.scalars(select(Mail).where(Mail.message == message).order_by(Mail.id))
    return [(mail.person_id, mail.slot) for mail in found]


def test_each_is_queued_once_however_often_the_clock_ticks(scene, database):
    first = tick(FIVE_BEFORE)
    assert (first["reminders"]["looked_at"], first["reminders"]["queued"]) == (2, 2)
    again = tick(FIVE_BEFORE)
    assert all(
        (done["looked_at"], done["queued"], done["sent"], done["skipped"]) == (0, 0, 0, 0) for done in again.values()
    )
    assert Counter(mails(database)) == {
        (scene.council.auditor.id, "before:5"): 1,
        (scene.council.auditor_b.id, "before:5"): 1,
    }


def test_before_eight_and_at_weekends_nothing_is(scene, database):
    for now in (FIVE_BEFORE - timedelta(minutes=1), datetime(2026, 6, 20, 9, tzinfo=UTC)):
        assert {done.get("note") for done in tick(now).values()} == {"not due now"}
    assert mails(database) == []


def test_a_run_that_ended_half_way_is_done_again_and_doubles_nothing(scene, database, monkeypatch):
    with monkeypatch.context() as broken:
        broken.setattr(jobs, "BATCH", 1)
        calls = iter([jobs.queue])

        def once(*args, **further):
            return next(calls)(*args, **further)

        broken.setattr(jobs, "queue", once)
        assert tick(FIVE_BEFORE)["reminders"] == {"failed": "StopIteration"}
        assert len(mails(database)) == 1
    done = tick(FIVE_BEFORE + timedelta(hours=1))["reminders"]
    assert (done["looked_at"], done["queued"], done["skipped"]) == (2, 1, 1)
    assert len(mails(database)) == 2


def test_days_without_a_scheduler_are_caught_up_with_the_latest_reminder(scene, database):
    tick(datetime(2026, 6, 22, 8, tzinfo=UTC))
    tick(datetime(2026, 6, 29, 8, tzinfo=UTC))  # from the 23rd to the 26th nothing ran
    assert {slot for _, slot in mails(database)} == {"before:1"}
    tick(datetime(2026, 6, 30, 8, tzinfo=UTC))
    assert {slot for _, slot in mails(database)} == {"before:1", "due"}


def test_a_run_for_another_day_does_not_shift_the_days_to_catch_up(scene, database):
    database.add(JobRun(job="reminders", slot="2027-01-04", at=FIVE_BEFORE))
    database.commit()
    assert tick(FIVE_BEFORE)["reminders"]["queued"] == 2


def test_who_has_no_email_is_said(scene, database):
    scene.council.auditor.email = None
    database.commit()
    done = tick(FIVE_BEFORE)["reminders"]
    assert (done["queued"], done["why"]) == (1, {"has it already, has no email, or does not work here today": 1})


def test_many_are_queued_in_batches_of_their_own(scene, database, now, monkeypatch):
    ids = [person(database, now, f"Person {number}", account=False).id for number in range(7)]
    database.commit()
    said = {"requests": 1, "since": date(2026, 6, 1), "path": "/decisions"}
    planned = [PlannedMail("decisions_waiting", ids[:5], "decisions", "x", said),
               PlannedMail("decisions_waiting", ids[5:], "decisions", "x", said)]  # fmt: skip
    monkeypatch.setattr(jobs, "BATCH", 3)
    batches = [[len(mail.person_ids) for mail in batch] for batch in jobs._batches(planned)]
    assert batches == [[3], [2], [2]]
    monkeypatch.setattr(jobs.planning, "plan_decisions", lambda _now: planned)
    assert jobs.decisions_waiting(now).queued == 7


def reason(database, message, now):
    found = database.scalars(select(Mail).where(Mail.message == message).order_by(Mail.id)).all()
    return found, REASONS[message](found, now)


def test_what_was_submitted_meanwhile_is_not_reminded_of(scene, database):
    tick(ON_THE_DAY)
    later = ON_THE_DAY + timedelta(hours=2)
    for index in (1, 2):
        submit(scene, index, later)
    found, wanted = reason(database, "reminder", later)
    assert {mail.person_id: wanted[mail.id]["audits"] for mail in found} == {
        scene.council.auditor.id: 1,
        scene.council.auditor_b.id: 3,
    }
    submit(scene, 3, later)
    found, wanted = reason(database, "reminder", later)
    assert {mail.person_id for mail in found if mail.id in wanted} == {scene.council.auditor_b.id}
    found, wanted = reason(database, "reminder_copy", later)
    assert {mail.person_id for mail in found if mail.id in wanted} == {scene.council.team_manager_b1.id}


@pytest.mark.parametrize("message", ["reminder", "reminder_copy", "team_outstanding", "service_slippage", "qa_daily"])
def test_what_is_true_when_it_is_queued_is_true_when_it_is_sent_at_once(scene, database, message):
    tick(datetime(2026, 6, 29, 7, tzinfo=UTC))
    tick(ON_THE_DAY)
    found, wanted = reason(database, message, ON_THE_DAY)
    assert found
    assert set(wanted) == {mail.id for mail in found}
    today = [mail for mail in found if mail.created_at == ON_THE_DAY]
    for mail in today:
        kept = {name: str(value) if isinstance(value, date) else value for name, value in wanted[mail.id].items()}
        assert kept == mail.variables


def test_every_mail_by_the_clock_has_a_reason_and_waits_for_the_digest():
    assert set(reasons.REASONS) <= set(MESSAGES)
    assert set(reasons.REASONS) <= gathered()
    assert set(reasons.REASONS) <= set(REASONS)


def test_mails_wait_for_the_sender(scene, database):
    tick(FIVE_BEFORE)
    assert set(database.scalars(select(Mail.state))) == {MailState.QUEUED}
