"""Who is told what by the clock, and who is left in peace."""

from datetime import UTC, date, datetime, timedelta

import pytest

from qa_app.access.viewer import system
from qa_app.audits import operations as audits
from qa_app.exemptions.models import ExemptionRequest
from qa_app.exemptions.states import ExemptionState
from qa_app.people.models import Deputy
from qa_app.reminders.planning import plan, plan_reminders, plan_weekly
from qa_app.rounds.models import RoundAuditor
from qa_app.settings.models import PolicySetting
from qa_app.slippage.models import SlippageNotice
from qa_app.slippage.states import SlippageState
from tests.factories.progress import round_in_flight, submit

DUE = date(2026, 6, 30)


def eight(day):
    """Eight in the morning in London, in summer."""
    return datetime(day.year, day.month, day.day, 7, 0, tzinfo=UTC)


FIVE_BEFORE = eight(date(2026, 6, 23))
ON_THE_DAY = eight(DUE)
DAY_AFTER = eight(date(2026, 7, 1))


@pytest.fixture
def scene(database, now):
    """Auditor: three of four outstanding. Auditor B: four outstanding, of which one is exempted and undecided."""
    return round_in_flight(database, now)


def told(planned):
    """Message, person, slot and number of audits of each."""
    return sorted(
        (mail.message, person_id, mail.slot, mail.variables["audits"])
        for mail in planned
        for person_id in mail.person_ids
    )


def stand_in(database, person, deputy, day=date(2026, 6, 23)):
    database.add(Deputy(person_id=person.id, deputy_id=deputy.id, starts_on=day, ends_on=day + timedelta(days=30)))
    database.flush()


def test_whoever_owes_an_audit_is_reminded_of_how_many(scene):
    people = scene.council
    assert told(plan_reminders(FIVE_BEFORE)) == [
        ("reminder", people.auditor.id, "before:5", 3),
        ("reminder", people.auditor_b.id, "before:5", 3),
    ]


def test_on_a_day_without_a_reminder_nobody_is(scene):
    assert plan_reminders(eight(date(2026, 6, 24))) == []


def test_a_missed_day_is_caught_up_with_the_latest_reminder_alone(scene):
    found = plan_reminders(eight(date(2026, 6, 29)), since=date(2026, 6, 15))
    assert {mail.slot for mail in found} == {"before:1"}
    late = plan_reminders(eight(date(2026, 6, 24)), since=date(2026, 6, 22))
    assert {(mail.slot, mail.variables["working_days"]) for mail in late} == {("before:5", 4)}


def test_nobody_is_reminded_for_a_day_before_the_issue(scene):
    """Ten working days before the due date is the day before this round was issued."""
    assert plan_reminders(eight(date(2026, 6, 18)), since=date(2026, 6, 12)) == []


def test_whoever_has_submitted_is_left_in_peace(scene, now):
    for index in (1, 2, 3):
        submit(scene, index, now)
    assert {row[1] for row in told(plan_reminders(FIVE_BEFORE))} == {scene.council.auditor_b.id}


def test_an_exempt_auditor_is_left_in_peace_while_the_qa_team_chooses(scene, database):
    people = scene.council
    row = database.query(RoundAuditor).filter_by(person_id=people.auditor_b.id).one()
    row.expected = row.exempted = 4
    database.flush()
    assert {row[1] for row in told(plan_reminders(FIVE_BEFORE))} == {people.auditor.id}


def test_on_the_due_date_and_after_it_the_line_manager_hears_too(scene):
    people = scene.council
    assert told(plan_reminders(ON_THE_DAY)) == [
        ("reminder", people.auditor.id, "due", 3),
        ("reminder", people.auditor_b.id, "due", 3),
        ("reminder_copy", people.team_manager.id, "due", 3),
        ("reminder_copy", people.team_manager_b1.id, "due", 3),
    ]
    after = told(plan_reminders(DAY_AFTER))
    assert {row[0] for row in after} == {"audit_overdue", "reminder_copy"}
    assert {row[2] for row in after} == {"after:1"}


@pytest.mark.parametrize(("value", "day", "copies"), [("nobody", DUE, 0), ("one_day", date(2026, 6, 29), 2)])
def test_who_is_copied_is_a_setting(scene, database, now, value, day, copies):
    database.add(PolicySetting(name="reminder_copies", value=value, from_date=date(2026, 6, 1), set_at=now))
    database.flush()
    assert len([mail for mail in plan_reminders(eight(day)) if mail.message == "reminder_copy"]) == copies


def test_the_days_in_force_at_the_issue_hold_for_the_round(scene, database, now):
    later = (now + timedelta(days=1)).date()
    database.add(PolicySetting(name="reminder_days", value=[3], from_date=later, set_at=now))
    database.flush()
    assert plan_reminders(FIVE_BEFORE)
    assert plan_reminders(eight(date(2026, 6, 25))) == []


def test_a_deputy_hears_in_place_of_whoever_is_away(scene, database):
    people = scene.council
    stand_in(database, people.auditor, people.team_manager)
    stand_in(database, people.team_manager_b1, people.team_manager_b2)
    found = told(plan_reminders(ON_THE_DAY))
    assert ("reminder_for_absent", people.team_manager.id, "due", 3) in found
    assert ("reminder_copy", people.team_manager_b2.id, "due", 3) in found
    assert not [row for row in found if row[1] in (people.auditor.id, people.team_manager_b1.id)]


def test_a_deputy_whose_time_is_over_hears_nothing(scene, database):
    stand_in(database, scene.council.auditor, scene.council.team_manager, date(2026, 5, 1))
    assert {row[0] for row in told(plan_reminders(FIVE_BEFORE))} == {"reminder"}


def test_without_a_line_manager_at_work_the_next_above_hears(scene, database):
    people = scene.council
    people.team_manager.leaves_on = date(2026, 6, 20)
    database.flush()
    copied = [row[1] for row in told(plan_reminders(ON_THE_DAY)) if row[0] == "reminder_copy"]
    assert copied == sorted([people.service_manager.id, people.team_manager_b1.id])


def test_the_week_for_managers_and_heads_of_service(scene, database, now):
    people = scene.council
    head = people.head_of_service
    stand_in(database, head, people.service_manager)
    notice = SlippageNotice(
        audit_id=scene.audits[1].id, person_id=people.auditor.id, service_id=people.service_a.id, source="auditor",
        raised_at=now, state=SlippageState.RAISED, could_be_done_on=None, outcome=None,
    )  # fmt: skip
    database.add(notice)
    database.flush()
    found = plan_weekly(FIVE_BEFORE)
    assert {mail.slot for mail in found} == {"2026-06-22"}
    assert told(found) == [
        ("service_slippage", people.service_manager.id, "2026-06-22", 3),
        ("service_slippage", people.head_of_service_b.id, "2026-06-22", 3),
        ("team_outstanding", people.team_manager.id, "2026-06-22", 3),
        ("team_outstanding", people.team_manager_b1.id, "2026-06-22", 3),
    ]
    of_a = next(mail for mail in found if mail.variables.get("service") == people.service_a.name)
    assert (of_a.variables["notices"], of_a.variables["requests"]) == (1, 0)


def ask(database, people, now, state=ExemptionState.WITH_DIRECTOR, answered=None):
    made = ExemptionRequest(
        person_id=people.auditor.id, team_id=people.team_a1.id, service_id=people.service_a.id,
        first_month=date(2026, 6, 1), last_month=date(2026, 6, 1), category="other", statement="Two final hearings.",
        timing="after_issue", state=state, asked_at=now, head_answered_at=answered, decided_at=None, withdrawn_at=None,
    )  # fmt: skip
    database.add(made)
    database.flush()
    return made


def decisions(now):
    return [mail for mail in plan(now) if mail.message == "decisions_waiting"]


def test_the_director_hears_once_something_has_waited_a_working_day(scene, database):
    people = scene.council
    friday = datetime(2026, 6, 19, 15, tzinfo=UTC)
    request = ask(database, people, friday - timedelta(days=3), answered=friday)
    assert decisions(eight(friday.date())) == []
    [mail] = decisions(eight(date(2026, 6, 22)))
    assert (list(mail.person_ids), mail.slot) == ([people.director.id], "2026-06-22")
    assert mail.variables == {"requests": 1, "since": friday.date(), "path": "/decisions"}
    assert [mail.slot for mail in decisions(eight(date(2026, 6, 24)))] == ["2026-06-24"]
    request.state = ExemptionState.APPROVED
    database.flush()
    assert decisions(eight(date(2026, 6, 24))) == []


def test_a_request_with_the_head_of_service_is_not_the_directors_yet(scene, database, now):
    ask(database, scene.council, now, ExemptionState.WITH_HEAD_OF_SERVICE)
    assert decisions(FIVE_BEFORE) == []


def qa_mails(now):
    return [mail for mail in plan(now) if mail.message == "qa_daily"]


def test_the_qa_team_hears_what_waits_for_it(scene, database):
    people = scene.council
    row = database.query(RoundAuditor).filter_by(person_id=people.auditor_b.id).one()
    row.exempted = 0
    database.flush()
    assert qa_mails(FIVE_BEFORE) == []
    row.expected = row.exempted = 4
    database.flush()
    [mail] = qa_mails(FIVE_BEFORE)
    assert list(mail.person_ids) == [people.qa.id]
    assert mail.variables == {
        "declarations": 0, "notices": 0, "exempt_audits": 4, "unallocated": 0, "moderations": 0, "disputes": 0, "audits": 3,
        "path": "/",
    }  # fmt: skip


def test_a_plan_holds_the_week_on_its_first_day_alone(scene):
    assert [mail for mail in plan(eight(date(2026, 6, 22))) if mail.message == "team_outstanding"]
    assert not [mail for mail in plan(FIVE_BEFORE) if mail.message == "team_outstanding"]


def test_nothing_is_planned_at_a_weekend_or_on_a_quiet_day(scene, database, now):
    assert plan(eight(date(2026, 6, 27))) == []
    quiet = [["2026-06-23", "2026-06-23"]]
    database.add(PolicySetting(name="quiet_days", value=quiet, from_date=date(2026, 6, 1), set_at=now))
    database.flush()
    assert plan(FIVE_BEFORE) == []
    assert "before:5" in {mail.slot for mail in plan(eight(date(2026, 6, 24)))}


def test_a_withdrawn_audit_is_nobodys_to_do(scene, now):
    for audit in scene.audits[1:4]:
        audits.withdraw_audit(audit, "The case closed.", system(), now)
    assert {row[1] for row in told(plan_reminders(FIVE_BEFORE))} == {scene.council.auditor_b.id}
