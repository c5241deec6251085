"""Running what is due: slots, failures, two at once, and the command."""

import json
from datetime import UTC, datetime, time, timedelta

import pytest

from qa_app.core.errors import Stale
from qa_app.core.jobs import Done
from qa_app.jobs import commands, schedule
from qa_app.jobs.models import Heartbeat, JobRun
from qa_app.jobs.schedule import Job, beat, tick
from qa_app.jobs.slots import Daily
from qa_app.settings.models import PolicySetting

MONDAY = datetime(2026, 6, 29, 8, 0, tzinfo=UTC)  # nine in London
NOTHING = Done().as_dict()


@pytest.fixture
def runs(database, monkeypatch):
    """The instants at which the one job, daily at nine, did its work."""
    seen: list[datetime] = []

    def run(now):
        seen.append(now)
        return Done(looked_at=3, queued=2)

    for_jobs(monkeypatch, Job("look", run, Daily(time(9, 0), rests_on_quiet_days=True)))
    return seen


def for_jobs(monkeypatch, *jobs):
    monkeypatch.setattr(schedule, "JOBS", jobs)


def slots(database):
    return sorted((row.job, row.slot) for row in database.query(JobRun))


def test_a_job_is_done_once_for_its_slot(database, runs):
    assert tick(MONDAY - timedelta(minutes=1))["look"] == NOTHING | {"note": "not due now"}
    assert tick(MONDAY)["look"] == Done(looked_at=3, queued=2).as_dict()
    for later in (MONDAY, MONDAY + timedelta(hours=8)):
        assert tick(later)["look"] == NOTHING | {"note": "done for 2026-06-29 already"}
    assert runs == [MONDAY]
    tick(MONDAY + timedelta(days=1))
    assert slots(database) == [("look", "2026-06-29"), ("look", "2026-06-30")]


def test_days_without_a_scheduler_are_caught_up_once(database, runs):
    tick(MONDAY)
    tick(MONDAY + timedelta(days=3, hours=5))
    assert len(runs) == 2


def test_on_a_quiet_day_it_waits(database, runs):
    quiet = [["2026-06-29", "2026-06-30"]]
    database.add(PolicySetting(name="quiet_days", value=quiet, from_date=MONDAY.date(), set_at=MONDAY))
    database.commit()
    for days in range(2):
        assert tick(MONDAY + timedelta(days=days))["look"] == NOTHING | {"note": "today is a quiet day"}
    tick(MONDAY + timedelta(days=2))
    assert runs == [MONDAY + timedelta(days=2)]


@pytest.mark.parametrize("in_one_transaction", [True, False])
def test_a_job_that_fails_keeps_no_slot_and_does_not_stop_the_next(database, monkeypatch, in_one_transaction):
    def fail(now):
        database.add(Heartbeat(name="half done", at=now))
        database.flush()
        raise RuntimeError

    after = Job("after", lambda now: Done(looked_at=1))
    for_jobs(monkeypatch, Job("bad", fail, Daily(time(9, 0)), in_one_transaction), after)
    assert tick(MONDAY) == {"bad": {"failed": "RuntimeError"}, "after": Done(looked_at=1).as_dict()}
    assert slots(database) == []
    assert database.get(Heartbeat, "half done") is None


def test_an_operation_is_kept_with_its_slot(database, monkeypatch):
    def operate(now):
        database.add(Heartbeat(name="operated", at=now))
        return Done(looked_at=1)

    for_jobs(monkeypatch, Job("operate", operate, Daily(time(9, 0)), in_one_transaction=True))
    tick(MONDAY)
    database.rollback()
    assert slots(database) == [("operate", "2026-06-29")]
    assert database.get(Heartbeat, "operated") is not None


def test_of_two_schedulers_the_second_keeps_nothing(database, monkeypatch):
    def overtaken(now):
        database.add(JobRun(job="look", slot="2026-06-29", at=now))
        database.commit()
        return Done(looked_at=1, queued=1)

    for_jobs(monkeypatch, Job("look", overtaken, Daily(time(9, 0))))
    assert tick(MONDAY)["look"] == NOTHING | {"note": "another process did it first"}
    assert slots(database) == [("look", "2026-06-29")]


def test_what_another_changed_first_is_said(database, monkeypatch):
    def overtaken(now):
        raise Stale("Somebody was faster.")

    for_jobs(monkeypatch, Job("look", overtaken))
    assert tick(MONDAY)["look"] == NOTHING | {"note": "another process did it first"}


def test_the_command_prints_what_each_job_did(app, database, runs):
    run = app.test_cli_runner().invoke
    first = run(commands.tick_command, ["--at", "2026-06-29T09:00", "--json"])
    assert json.loads(first.output) == {"look": Done(looked_at=3, queued=2).as_dict()}
    again = run(commands.tick_command, ["--at", "2026-06-29T09:00"])
    assert again.output == "look: done for 2026-06-29 already\n"
    assert database.get(Heartbeat, "scheduler") is None
    assert run(commands.tick_command, ["--at", "Monday"]).exit_code != 0


def test_a_failed_job_makes_the_command_fail(app, database, monkeypatch):
    def fail(now):
        raise RuntimeError

    for_jobs(monkeypatch, Job("bad", fail))
    result = app.test_cli_runner().invoke(commands.tick_command, ["--at", "2026-06-29T09:00"])
    assert result.exit_code != 0
    assert "bad: failed (RuntimeError)" in result.output


def test_the_heartbeat_is_the_last_one(database, client):
    beat(MONDAY)
    beat(MONDAY + timedelta(minutes=1))
    assert database.get(Heartbeat, "scheduler").at == MONDAY + timedelta(minutes=1)
