"""By the clock: absence handed to cover before a step is missed, reminders, chasing, escalation, re-audits by itself."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from qa_app.access.roles import Role
from qa_app.cases.models import Case
from qa_app.core.clock import add_working_days, london_day
from qa_app.improvement import operations
from qa_app.improvement.operations import chasing, turns
from qa_app.improvement.states import Outcome, StageKind
from qa_app.outbox.models import Mail, MailState
from qa_app.people.models import Absence, Auditor, Deputy
from qa_app.reasons import REASONS
from qa_app.trail.models import TrailEntry
from tests.factories import improvement as made
from tests.factories.people import person
from tests.integration.improvement.test_improvement_life import check_kept

K = StageKind


def told(database: Any, message: str) -> list[str]:
    rows = database.scalars(select(Mail).where(Mail.message == message).order_by(Mail.id))
    return [mail.person.name for mail in rows]


def away(database: Any, person: Any, now: datetime, days: int) -> Absence:
    absence = Absence(person_id=person.id, starts_on=london_day(now), ends_on=london_day(now) + timedelta(days=days))
    database.add(absence)
    database.flush()
    return absence


def deputy(database: Any, person: Any, other: Any, now: datetime, days: int) -> None:
    last = london_day(now) + timedelta(days=days)
    database.add(Deputy(person_id=person.id, deputy_id=other.id, starts_on=london_day(now), ends_on=last))
    database.flush()


def test_away_through_the_date_the_deputy_has_it_at_once_and_hears(database: Any, now: datetime) -> None:
    scene, process = made.started(database, now)
    people = scene.council
    away(database, people.practice_lead, now, 14)
    deputy(database, people.practice_lead, people.lead_auditor, now, 14)
    done = operations.hand_over(now)
    meeting = made.stage(process, K.DAY_THREE_MEETING)
    assert (meeting.turn_id, meeting.cover_id) == (people.lead_auditor.id, people.lead_auditor.id)
    assert meeting.turn_reason == "Morag Dunstan is away until Thu 2 July."
    assert told(database, "improvement_covered") == ["Dele Marchetti"]
    assert done.queued == 1
    check_kept(process)
    assert operations.hand_over(now).queued == 0, "once"
    made_by = scene.viewer(people.lead_auditor)
    operations.record_meeting(process, made.record(scene, now), made_by, now)
    assert (meeting.done_by_id, meeting.done_for_id) == (people.lead_auditor.id, people.practice_lead.id)


def test_naming_a_deputy_is_being_away(database: Any, now: datetime) -> None:
    scene, process = made.started(database, now)
    deputy(database, scene.council.practice_lead, scene.council.lead_auditor, now, 14)
    operations.hand_over(now)
    assert process.turn_id == scene.council.lead_auditor.id


def test_back_in_time_it_is_the_leads_again(database: Any, now: datetime) -> None:
    scene, process = made.started(database, now)
    people = scene.council
    absence = away(database, people.practice_lead, now, 14)
    operations.hand_over(now)
    assert process.turn_id is None
    assert made.stage(process, K.DAY_THREE_MEETING).uncovered_since is not None
    database.delete(absence)
    database.flush()
    operations.hand_over(now)
    assert process.turn_id == people.practice_lead.id
    assert made.stage(process, K.DAY_THREE_MEETING).turn_reason == ""
    check_kept(process)


def test_started_while_the_lead_is_away_it_is_covered_from_the_start(database: Any, now: datetime) -> None:
    scene = made.issued_round(database, now)
    people = scene.council
    away(database, people.practice_lead, now, 14)
    deputy(database, people.practice_lead, people.lead_auditor, now, 14)
    process = made.submitted(scene, 0, now)
    assert process.turn_id == people.lead_auditor.id
    started = set(told(database, "improvement_started"))
    assert "Dele Marchetti" in started, "the deputy reads what the lead would"
    assert "Practice Lead: Dele Marchetti, for Morag Dunstan" in made.stage(process, K.NOTIFIED).note


def test_nobody_covers_and_those_who_can_change_it_hear_once(database: Any, now: datetime) -> None:
    scene, process = made.started(database, now)
    away(database, scene.council.practice_lead, now, 14)
    operations.hand_over(now)
    operations.hand_over(now)
    assert sorted(told(database, "improvement_uncovered")) == ["Kavita Rowntree", "Nia Fairclough"]
    events = database.scalars(select(TrailEntry.event).where(TrailEntry.event == "improvement:not-covered")).all()
    assert len(events) == 2, "the meeting, and the plan that goes with it"
    check_kept(process)


def test_the_head_of_service_covers_the_service_manager(database: Any, now: datetime) -> None:
    scene, process = made.started(database, now)
    away(database, scene.council.service_manager, now, 40)
    operations.hand_over(now)
    review = made.stage(process, K.SERVICE_MANAGER_REVIEW)
    assert review.turn_id == scene.council.head_of_service.id
    given = made.ReviewInput(True, "Looked at the case.")
    operations.record_review(process, given, scene.viewer(scene.council.head_of_service), now)
    assert review.outcome == Outcome.DONE


def test_nobody_covers_for_an_auditor_so_it_is_said(database: Any, now: datetime) -> None:
    scene, process = made.started(database, now)
    made.schedule(scene, process, now)
    database.add(Absence(person_id=scene.council.auditor_b.id, starts_on=date(2026, 8, 17), ends_on=date(2026, 9, 30)))
    database.flush()
    operations.hand_over(made.later(now, 30))
    assert made.stage(process, K.REAUDIT).uncovered_since is None, "they are there for weeks"
    operations.hand_over(datetime(2026, 8, 17, 7, tzinfo=now.tzinfo))
    assert made.stage(process, K.REAUDIT).turn_id is None


def test_a_second_practice_lead_covers_and_takes_turns(database: Any, now: datetime) -> None:
    scene, first = made.started(database, now)
    other = made_lead(database, scene, now)
    second = made.submitted(scene, 1, now)
    assert second.lead_id == other.id, "who has fewer open"
    operations.hand_over(now)
    assert made.stage(first, K.DAY_THREE_MEETING).cover_id == other.id
    away(database, scene.council.practice_lead, now, 14)
    operations.hand_over(now)
    assert first.turn_id == other.id


def made_lead(database: Any, scene: Any, now: datetime) -> Any:
    return person(database, now, "Ulla Penrose", role=Role.PRACTICE_LEAD, job_title="Practice Lead")


def test_reminded_chased_and_escalated_once_each(database: Any, now: datetime) -> None:
    _scene, process = made.started(database, now)
    # Due on Monday 22 June; Friday is the working day before.
    told_on: dict[str, list[date]] = {}
    before: set[int] = set()
    for n in range(12):
        then = now + timedelta(days=n)
        operations.chase(then)
        operations.chase(then)
        for mail in database.scalars(select(Mail).where(Mail.message.like("improvement_step_%"))):
            if mail.id not in before:
                before.add(mail.id)
                told_on.setdefault(f"{mail.message} {mail.person.name}", []).append(london_day(then))
    assert told_on == {
        "improvement_step_due Morag Dunstan": [date(2026, 6, 19), date(2026, 6, 22)],
        "improvement_step_late Morag Dunstan": [date(2026, 6, 23)],
        "improvement_step_escalated Kavita Rowntree": [date(2026, 6, 24)],
    }
    assert process.next_due_on == date(2026, 6, 22)


def test_a_settled_step_takes_back_what_was_asked(database: Any, now: datetime) -> None:
    scene, process = made.started(database, now)
    operations.chase(made.later(now, 5))
    assert told(database, "improvement_step_late")
    made.meet(scene, process, made.later(now, 5), late_reason="In court.")
    assert told(database, "improvement_step_late") == []
    assert told(database, "improvement_step_escalated") == []


def test_a_reaudit_that_nobody_schedules_is_scheduled_and_said(database: Any, now: datetime) -> None:
    scene, process = made.started(database, now)
    made.meet(scene, process, now)
    early, day = datetime(2026, 8, 17, 7, tzinfo=now.tzinfo), datetime(2026, 8, 18, 7, tzinfo=now.tzinfo)
    assert operations.schedule_due(early).did == {}
    assert operations.schedule_due(day).did == {f"scheduled {process.reference}": 1}
    assert operations.schedule_due(day).looked_at == 0
    assert process.reaudit is not None
    assert process.reaudit.auditor_id != scene.audit.auditor_id
    assert sorted(told(database, "improvement_reaudit_scheduled")) == ["Morag Dunstan", "Nia Fairclough"]
    check_kept(process)


def test_a_reaudit_that_nobody_can_do_is_said_once_a_week(database: Any, now: datetime) -> None:
    _scene, process = made.started(database, now)
    for auditor in database.scalars(select(Auditor)):
        auditor.expectation = 0
    day = datetime(2026, 8, 18, 7, tzinfo=now.tzinfo)
    for n in range(3):
        done = operations.schedule_due(day + timedelta(days=n))
        assert done.why == {"nobody can take it": 1}
    assert sorted(told(database, "improvement_reaudit_needed")) == [
        "Kavita Rowntree",
        "Morag Dunstan",
        "Nia Fairclough",
    ]
    operations.schedule_due(day + timedelta(days=7))
    assert len(told(database, "improvement_reaudit_needed")) == 6
    assert process.reaudit_id is None


def test_a_closed_case_is_not_audited_again_and_that_is_said(database: Any, now: datetime) -> None:
    scene, _process = made.started(database, now)
    database.get(Case, scene.audit.case_id).closed_on = date(2026, 7, 1)
    assert operations.schedule_due(datetime(2026, 8, 18, 7, tzinfo=now.tzinfo)).why == {"the case is closed": 1}
    assert told(database, "improvement_reaudit_needed")


def test_two_reaudits_of_a_month_share_its_round(database: Any, now: datetime) -> None:
    scene, first = made.started(database, now)
    second = made.submitted(scene, 1, now)
    one = made.schedule(scene, first, now)
    two = made.schedule(scene, second, now, scene.council.lead_auditor)
    assert (one.reference, two.reference) == ("2026-09-re-audit/001", "2026-09-re-audit/002")
    assert one.round_id == two.round_id


def test_scheduled_late_it_is_in_this_months_round_with_a_week(database: Any, now: datetime) -> None:
    scene, process = made.started(database, now)
    late = datetime(2026, 10, 5, 9, tzinfo=now.tzinfo)
    audit = made.schedule(scene, process, late)
    assert (audit.round.reference, audit.due_on) == ("2026-10-re-audit", add_working_days(date(2026, 10, 5), 5))


@pytest.mark.parametrize("job", [operations.hand_over, operations.schedule_due, operations.chase])
def test_on_a_sunday_nothing_is_told(database: Any, now: datetime, job: Any) -> None:
    made.started(database, now)
    assert job(datetime(2026, 6, 28, 8, tzinfo=now.tzinfo)).queued == 0


def test_what_closes_meanwhile_is_left(database: Any, now: datetime, monkeypatch: Any) -> None:
    scene, process = made.started(database, now)
    stages = turns.open_stages()
    away(database, scene.council.practice_lead, now, 14)
    operations.follow_grade(scene.audit, "good", scene.qa, now)
    operations.end_process(process, "A slip.", scene.viewer(scene.council.practice_lead), now)
    monkeypatch.setattr(turns, "open_stages", lambda: stages)
    monkeypatch.setattr(chasing, "open_stages", lambda: stages)
    assert operations.hand_over(now).why["changed meanwhile"] == 1
    assert operations.chase(made.later(now, 5)).why["changed meanwhile"] == 1


MESSAGES = {
    # message: what makes it no longer wanted
    "improvement_started": "ended",
    "improvement_step_due": "met",
    "improvement_step_late": "met",
    "improvement_step_escalated": "met",
    "improvement_covered": "back",
    "improvement_uncovered": "back",
    "improvement_decide": "decided",
}


@pytest.mark.parametrize("message", MESSAGES)
@pytest.mark.parametrize("settled", [False, True])
def test_a_mail_is_sent_while_what_it_asks_is_to_do(database: Any, now: datetime, message: str, settled: bool) -> None:
    scene, process = made.started(database, now)
    lead, covers = scene.council.practice_lead, message == "improvement_covered"
    absence = None
    if MESSAGES[message] == "back":
        absence = away(database, lead, now, 14)
        if covers:
            made_lead(database, scene, now)
        operations.hand_over(now)
    meeting, reader = made.stage(process, K.DAY_THREE_MEETING), lead
    if covers:
        reader = meeting.cover
    if message == "improvement_decide":
        operations.follow_grade(scene.audit, "good", scene.qa, now)
    whole = message in ("improvement_started", "improvement_decide")
    mail = Mail(
        message=message, person_id=reader.id, slot="x", variables={"reference": "IP-0001"}, subject="", text="",
        subject_key=f"improvement:{process.id}" + ("" if whole else f":{meeting.id}"), html="",
        state=MailState.SENDING, created_at=now, send_at=now,
    )  # fmt: skip
    database.add(mail)
    if settled:
        viewer = scene.viewer(lead)
        if MESSAGES[message] == "met":
            made.meet(scene, process, now)
        elif absence is not None:
            database.delete(absence)
            database.flush()
            operations.hand_over(now)
        elif message == "improvement_decide":
            operations.go_on(process, viewer, now)
        else:
            operations.follow_grade(scene.audit, "good", scene.qa, now)
            operations.end_process(process, "A slip.", viewer, now)
    database.flush()
    found = REASONS[message]([mail], now)
    assert found == ({} if settled else {mail.id: mail.variables})


def test_no_mail_of_a_whole_process_names_the_case_the_worker_or_the_grade(database: Any, now: datetime) -> None:
    scene, process = made.started(database, now)
    away(database, scene.council.practice_lead, now, 3)
    operations.hand_over(now)
    operations.chase(made.later(now, 5))
    made.meet(scene, process, made.later(now, 6), late_reason="In court.")
    made.review(scene, process, made.later(now, 8), again_on=date(2026, 7, 10))
    made.schedule(scene, process, now)
    made.reaudit(scene, process, made.later(now, 20), "inadequate")
    mails = database.scalars(select(Mail).where(Mail.message.like("improvement_%") | (Mail.message == "reaudit_given")))
    texts = [f"{mail.subject} {mail.text} {mail.html}" for mail in mails]
    assert texts
    for text in texts:
        for secret in (scene.audit.case_reference, "Sol Venables", "nadequate", scene.audit.reference):
            assert secret not in text
