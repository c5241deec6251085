"""The life of a process: it starts on submission, goes through its stages, and closes only when all are settled."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from qa_app.actions.queries import actions_of
from qa_app.allocation.model import Rule
from qa_app.allocation.operations import verdicts_on
from qa_app.audits.operations import return_audit, submit_audit, withdraw_audit
from qa_app.audits.queries import possible_auditors
from qa_app.core.clock import add_working_days, london_day
from qa_app.core.errors import BadInput, IllegalMove, NotAllowed, Stale
from qa_app.improvement import operations
from qa_app.improvement.models import ImprovementProcess
from qa_app.improvement.operations.recording import SOURCE
from qa_app.improvement.operations.turns import next_stage
from qa_app.improvement.queries import process_of
from qa_app.improvement.states import CloseOutcome, ConcernAbout, Mark, Outcome, ProcessState, StageKind
from qa_app.outbox.models import Mail
from tests.factories import improvement as made
from tests.factories.audits import audit_at, fill

K = StageKind


def told(database: Any, message: str) -> list[str]:
    """Whom a message is queued for, by name."""
    rows = database.scalars(select(Mail).where(Mail.message == message).order_by(Mail.id))
    return sorted(mail.person.name for mail in rows)


def check_kept(process: ImprovementProcess) -> None:
    """What the row keeps of its next stage is what its stages say."""
    following = next_stage(process) if process.state == ProcessState.OPEN else None
    expected = (following.kind, following.due_on, following.turn_id) if following else ("", None, None)
    assert (process.next_kind, process.next_due_on, process.turn_id) == expected


@pytest.mark.parametrize("grade", ["inadequate", "inadequate_critical"])
def test_a_grade_that_starts_it_starts_it_at_once(database: Any, now: datetime, grade: str) -> None:
    scene, process = made.started(database, now, grade)
    assert (process.state, process.grade, process.lead_id) == (
        ProcessState.OPEN,
        grade,
        scene.council.practice_lead.id,
    )
    # Wednesday 17 June 2026 and no bank holiday until the end of August.
    assert {one.kind: one.due_on for one in process.stages} == {
        K.NOTIFIED: date(2026, 6, 17),
        K.DAY_THREE_MEETING: date(2026, 6, 22),
        K.IMPROVEMENT_PLAN: date(2026, 6, 22),
        K.SERVICE_MANAGER_REVIEW: date(2026, 7, 1),
        K.REAUDIT: date(2026, 9, 9),
        K.CLOSING: None,
    }
    assert made.stage(process, K.SERVICE_MANAGER_REVIEW).owner_id == scene.council.service_manager.id
    assert told(database, "improvement_started") == [
        "Eleri Sandhu",
        "Imani Thorne",
        "Kavita Rowntree",
        "Morag Dunstan",
    ]
    notified = made.stage(process, K.NOTIFIED)
    assert notified.note == (
        "Team manager: Eleri Sandhu. Service manager: Imani Thorne. Practice Lead: Morag Dunstan. "
        "Head of Service: Kavita Rowntree."
    )
    check_kept(process)


@pytest.mark.parametrize("grade", ["outstanding", "good", "requires_improvement"])
def test_no_other_grade_starts_one_and_neither_does_a_section(database: Any, now: datetime, grade: str) -> None:
    scene = audit_at(database, "in_progress", now)
    fill(scene.audit, scene.auditor, now, "inadequate", overall=grade)
    submit_audit(scene.audit, scene.auditor, now)
    assert process_of(scene.audit.id) is None


def test_submitted_again_there_is_still_one_and_a_better_grade_is_for_the_lead_to_decide(
    database: Any, now: datetime
) -> None:
    scene, process = made.started(database, now)
    return_audit(scene.audit, "Say more about risk.", scene.qa, now)
    assert process.mark == Mark.RETURNED
    submit_audit(scene.audit, scene.auditor, now)
    assert (process.mark, process.state) == ("", ProcessState.OPEN)
    return_audit(scene.audit, "Look at the grade.", scene.qa, now)
    fill(scene.audit, scene.auditor, now, "good")
    submit_audit(scene.audit, scene.auditor, now)
    assert (process.mark, process.state) == (Mark.BETTER, ProcessState.OPEN)
    assert told(database, "improvement_decide") == ["Morag Dunstan"]
    assert len(database.scalars(select(ImprovementProcess)).all()) == 1
    lead = scene.viewer(scene.council.practice_lead)
    with pytest.raises(BadInput):
        operations.end_process(process, " ", lead, now)
    operations.end_process(process, "The grade was a slip of the pen.", lead, now)
    assert (process.state, process.close_outcome) == (ProcessState.ENDED, CloseOutcome.GRADE_CHANGED)
    assert {one.outcome for one in process.stages} == {Outcome.DONE, Outcome.SKIPPED}
    check_kept(process)


def test_a_process_whose_re_audit_somebody_has_can_not_be_ended(database: Any, now: datetime) -> None:
    scene, process = made.started(database, now)
    made.meet(scene, process, now)
    made.schedule(scene, process, now)
    return_audit(scene.audit, "Look at the grade.", scene.qa, now)
    fill(scene.audit, scene.auditor, now, "good")
    submit_audit(scene.audit, scene.auditor, now)
    with pytest.raises(IllegalMove, match="withdraw it first"):
        operations.end_process(process, "A slip.", scene.viewer(scene.council.practice_lead), now)
    assert process.state == ProcessState.OPEN


def test_a_process_whose_grade_stands_can_not_be_ended(database: Any, now: datetime) -> None:
    scene, process = made.started(database, now)
    with pytest.raises(IllegalMove):
        operations.end_process(process, "No time.", scene.viewer(scene.council.practice_lead), now)
    assert process.state == ProcessState.OPEN


def test_let_go_on_it_goes_on(database: Any, now: datetime) -> None:
    scene, process = made.started(database, now)
    operations.follow_grade(scene.audit, "good", scene.qa, now)
    assert process.mark == Mark.BETTER
    operations.go_on(process, scene.viewer(scene.council.practice_lead), now)
    assert (process.mark, process.state) == ("", ProcessState.OPEN)


def test_an_audit_that_is_withdrawn_ends_its_process_with_that_reason(database: Any, now: datetime) -> None:
    scene, process = made.started(database, now)
    return_audit(scene.audit, "The wrong case.", scene.qa, now)
    withdraw_audit(scene.audit, "The wrong case.", scene.qa, now)
    assert (process.state, process.close_outcome) == (ProcessState.ENDED, CloseOutcome.AUDIT_WITHDRAWN)
    assert process.close_note.startswith("The audit was withdrawn")


def test_the_meeting_is_recorded_with_its_plan_actions_and_a_concern(database: Any, now: datetime) -> None:
    scene, process = made.started(database, now)
    about = {"concern_about": ConcernAbout.INDEPENDENT_REVIEWING_OFFICER, "concern": "Two reviews were not held."}
    two = [made.action(scene, now, 1), made.action(scene, now, 3, "Complete the chronology")]
    made.meet(scene, process, now, actions=two, **about)
    meeting, plan = made.stage(process, K.DAY_THREE_MEETING), made.stage(process, K.IMPROVEMENT_PLAN)
    assert (meeting.outcome, plan.outcome, meeting.done_on) == (Outcome.DONE, Outcome.DONE, london_day(now))
    assert [one.what for one in actions_of(SOURCE, process.id)] == [made.WHAT, "Complete the chronology"]
    assert [one.what for one in process.concerns] == ["Two reviews were not held."]
    assert told(database, "improvement_concern") == ["Kavita Rowntree"]
    assert process.next_kind == K.SERVICE_MANAGER_REVIEW
    assert told(database, "improvement_started"), "only what is not sent yet is taken back, and only of a stage"
    check_kept(process)


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"held_on": None}, "held_on"),
        ({"held_on": date(2026, 6, 18)}, "held_on"),
        ({"held_on": date(2026, 6, 16)}, "held_on"),
        ({"present": " "}, "present"),
        ({"agreed": ""}, "agreed"),
        ({"actions": []}, "no_action_reason"),
        ({"concern_about": ConcernAbout.TEAM_MANAGER}, "concern"),
    ],
)
def test_what_is_missing_from_a_record_is_named(
    database: Any, now: datetime, changed: dict[str, Any], field: str
) -> None:
    scene, process = made.started(database, now)
    with pytest.raises(BadInput) as refusal:
        made.meet(scene, process, now, **changed)
    assert list(refusal.value.fields) == [field]


def test_a_row_of_the_plan_that_is_half_filled_is_named(database: Any, now: datetime) -> None:
    scene, process = made.started(database, now)
    half = [made.PlannedAction(2, "", None, london_day(now) - timedelta(days=1))]
    with pytest.raises(BadInput) as refusal:
        made.meet(scene, process, now, actions=half)
    assert set(refusal.value.fields) == {"what_2", "owner_2", "due_on_2"}


def test_a_meeting_after_its_date_needs_a_reason_and_counts_as_late(database: Any, now: datetime) -> None:
    scene, process = made.started(database, now)
    after = made.later(now, 5)
    with pytest.raises(BadInput) as refusal:
        made.meet(scene, process, after)
    assert list(refusal.value.fields) == ["late_reason"]
    made.meet(scene, process, after, late_reason="The worker was in court.")
    assert made.stage(process, K.DAY_THREE_MEETING).note == "The worker was in court."


def test_a_meeting_held_in_time_and_recorded_later_was_in_time(database: Any, now: datetime) -> None:
    scene, process = made.started(database, now)
    made.meet(scene, process, made.later(now, 5), held_on=date(2026, 6, 22))
    meeting = made.stage(process, K.DAY_THREE_MEETING)
    assert (meeting.done_on, london_day(meeting.done_at)) == (date(2026, 6, 22), date(2026, 6, 24))
    assert meeting.note == ""


def test_a_plan_without_actions_needs_a_reason(database: Any, now: datetime) -> None:
    scene, process = made.started(database, now)
    made.meet(scene, process, now, actions=[], no_action_reason="Everything was put right on the day.")
    assert made.stage(process, K.IMPROVEMENT_PLAN).note == "Everything was put right on the day."


def test_recorded_twice_it_is_there_once(database: Any, now: datetime) -> None:
    scene, process = made.started(database, now)
    made.meet(scene, process, now)
    with pytest.raises(IllegalMove):
        made.meet(scene, process, now)
    assert len(actions_of(SOURCE, process.id)) == 1


def test_whoever_saw_an_older_version_is_told(database: Any, now: datetime) -> None:
    scene, process = made.started(database, now)
    seen = process.version
    made.meet(scene, process, now)
    lead = scene.viewer(scene.council.practice_lead)
    with pytest.raises(Stale):
        operations.skip_stage(process, K.SERVICE_MANAGER_REVIEW, "No need.", lead, now, seen)


def test_not_effective_yet_sets_a_further_review(database: Any, now: datetime) -> None:
    scene, process = made.started(database, now)
    made.meet(scene, process, now)
    again = add_working_days(london_day(now), 15)
    made.review(scene, process, made.later(now, 8), again_on=again)
    further = made.stage(process, K.SERVICE_MANAGER_REVIEW)
    assert (further.number, further.due_on, further.outcome) == (2, again, None)
    assert process.next_due_on == again
    assert told(database, "improvement_review_again") == ["Kavita Rowntree", "Morag Dunstan"]
    made.review(scene, process, made.later(now, 15))
    assert process.next_kind == K.REAUDIT
    check_kept(process)


def test_a_further_review_needs_a_date_and_every_review_words(database: Any, now: datetime) -> None:
    scene, process = made.started(database, now)
    manager = scene.viewer(scene.council.service_manager)
    with pytest.raises(BadInput) as refusal:
        operations.record_review(process, made.ReviewInput(False, " ", london_day(now)), manager, now)
    assert set(refusal.value.fields) == {"note", "again_on"}


def test_the_second_inadequate_of_a_worker_brings_a_caseload_review(database: Any, now: datetime) -> None:
    scene, first = made.started(database, now)
    assert first.caseload_basis.startswith("Not considered: the first inadequate grade")
    second = made.submitted(scene, 1, made.later(now, 3))
    assert second.caseload_basis == (
        "Considered: another inadequate grade within 12 months (IP-0001, 17 June 2026)."
    ).replace("IP-0001", first.reference)
    review = made.stage(second, K.CASELOAD_REVIEW)
    assert review.due_on == add_working_days(london_day(now), 13)
    lead = scene.viewer(scene.council.practice_lead)
    with pytest.raises(BadInput):
        operations.skip_stage(second, K.CASELOAD_REVIEW, "Not now.", lead, now)
    made.waive_caseload_review(scene, second, now)
    assert (review.outcome, review.authorised_by_id) == (Outcome.WAIVED, scene.council.head_of_service.id)
    assert told(database, "improvement_authorised") == ["Kavita Rowntree"]


def test_a_case_without_a_worker_says_that_nothing_can_be_counted(database: Any, now: datetime) -> None:
    scene = audit_at(database, "in_progress", now)
    scene.audit.caseworker_id = None
    fill(scene.audit, scene.auditor, now, "inadequate")
    submit_audit(scene.audit, scene.auditor, now)
    process = process_of(scene.audit.id)
    assert process is not None
    assert process.caseload_basis.startswith("No social worker is recorded")


def test_after_the_months_the_first_counts_no_more(database: Any, now: datetime) -> None:
    scene, _ = made.started(database, now)
    second = made.submitted(scene, 1, now + timedelta(days=366))
    assert second.caseload_basis.startswith("Not considered")


@pytest.mark.parametrize("who", ["practice_lead", "service_manager", "head_of_service_b"])
def test_only_another_head_or_director_authorises(database: Any, now: datetime, who: str) -> None:
    scene, _ = made.started(database, now)
    second = made.submitted(scene, 1, now)
    given = made.CaseloadInput(False, "She has left.", authorised_by_id=getattr(scene.council, who).id)
    with pytest.raises(BadInput) as refusal:
        operations.record_caseload_review(second, given, scene.viewer(scene.council.practice_lead), now)
    assert list(refusal.value.fields) == ["authorised_by"]


def test_a_caseload_review_that_was_held_says_by_whom(database: Any, now: datetime) -> None:
    scene, _ = made.started(database, now)
    second = made.submitted(scene, 1, now)
    made.hold_caseload_review(scene, second, now)
    assert made.stage(second, K.CASELOAD_REVIEW).note == "By Imani Thorne. Eleven cases read, two need more."


def test_the_reaudit_goes_to_a_different_auditor_in_the_round_of_its_month(database: Any, now: datetime) -> None:
    scene, process = made.started(database, now)
    with pytest.raises(BadInput, match="did the audit that is being checked again"):
        made.schedule(scene, process, now, scene.council.auditor)
    with pytest.raises(BadInput, match="manages the team"):
        made.schedule(scene, process, now, scene.council.team_manager)
    audit = made.schedule(scene, process, now)
    assert (audit.reference, audit.due_on) == ("2026-09-re-audit/001", date(2026, 9, 9))
    assert (audit.case_id, audit.reaudit_of_id) == (scene.audit.case_id, scene.audit.id)
    assert audit.round.audit_type.counts_toward_expectation is False
    assert made.stage(process, K.REAUDIT).owner_id == scene.council.auditor_b.id
    assert told(database, "reaudit_given") == ["Bryn Pritchard"]
    with pytest.raises(IllegalMove):
        made.schedule(scene, process, now, scene.council.lead_auditor)
    check_kept(process)


def test_nobody_offers_the_reaudit_to_who_did_the_first(database: Any, now: datetime) -> None:
    scene, process = made.started(database, now)
    audit = made.schedule(scene, process, now)
    first = scene.council.auditor.id
    assert first not in {person_id for person_id, _ in possible_auditors(audit, london_day(now))}
    assert [one.rule for one in verdicts_on(audit, first)] == [Rule.FIRST_AUDITOR]


def test_a_better_reaudit_lets_the_lead_close(database: Any, now: datetime) -> None:
    scene, process = made.started(database, now)
    lead = scene.viewer(scene.council.practice_lead)
    made.meet(scene, process, now, concern_about=ConcernAbout.TEAM_MANAGER, concern="No supervision for two months.")
    made.schedule(scene, process, now)
    then = made.later(now, 40)
    made.reaudit(scene, process, then)
    assert made.stage(process, K.CLOSING).due_on == add_working_days(london_day(then), 5)
    with pytest.raises(IllegalMove, match=r"Service manager review is open\. A concern"):
        operations.close_process(process, "Better.", lead, then)
    made.review(scene, process, then)
    operations.answer_concern(process, process.concerns[0].id, "Supervision is monthly again.", lead, then)
    with pytest.raises(BadInput):
        operations.close_process(process, " ", lead, then)
    operations.close_process(process, "The plan holds.", lead, then)
    assert (process.state, process.close_outcome) == (ProcessState.CLOSED, CloseOutcome.IMPROVED)
    with pytest.raises(IllegalMove):
        operations.close_process(process, "Again.", lead, then)
    check_kept(process)


def test_inadequate_again_closes_the_first_and_starts_a_linked_one(database: Any, now: datetime) -> None:
    scene, first = made.started(database, now)
    made.meet(scene, first, now)
    made.schedule(scene, first, now)
    made.reaudit(scene, first, made.later(now, 40), "inadequate")
    assert first.reaudit_id is not None
    second = process_of(first.reaudit_id)
    assert second is not None
    assert (first.state, first.close_outcome) == (ProcessState.CLOSED, CloseOutcome.REPEAT_INADEQUATE)
    assert (second.previous_id, second.is_repeat, second.state) == (first.id, True, ProcessState.OPEN)
    assert made.stage(first, K.SERVICE_MANAGER_REVIEW).note.endswith(f"goes on in {second.reference}.")
    assert made.stage(second, K.CASELOAD_REVIEW).outcome is None
    assert told(database, "improvement_repeat") == ["Kavita Rowntree", "Oren Hathersage"]
    check_kept(first)
    check_kept(second)


def test_a_reaudit_given_back_is_to_do_again_and_a_withdrawn_one_to_schedule(database: Any, now: datetime) -> None:
    scene, process = made.started(database, now)
    audit = made.schedule(scene, process, now)
    made.reaudit(scene, process, now)
    return_audit(audit, "Say more.", scene.qa, now)
    assert made.stage(process, K.REAUDIT).outcome is None
    assert made.stage(process, K.CLOSING).due_on is None
    withdraw_audit(audit, "The auditor is ill.", scene.qa, now)
    assert process.reaudit_id is None
    assert made.stage(process, K.REAUDIT).owner_id == scene.council.practice_lead.id
    check_kept(process)


def test_a_step_is_skipped_with_a_reason_a_name_and_word_to_the_head(database: Any, now: datetime) -> None:
    scene, process = made.started(database, now)
    lead = scene.viewer(scene.council.practice_lead)
    with pytest.raises(BadInput):
        operations.skip_stage(process, K.REAUDIT, " ", lead, now)
    operations.skip_stage(process, K.REAUDIT, "The case is closed.", lead, now)
    skipped = made.stage(process, K.REAUDIT)
    assert (skipped.outcome, skipped.note, skipped.done_by_id) == (
        Outcome.SKIPPED,
        "The case is closed.",
        scene.council.practice_lead.id,
    )
    assert made.stage(process, K.CLOSING).due_on == add_working_days(london_day(now), 5)
    assert told(database, "improvement_skipped") == ["Kavita Rowntree"]


@pytest.mark.parametrize("who", ["qa", "service_manager", "team_manager", "head_of_service", "director", "auditor"])
def test_only_the_lead_records_skips_and_closes(database: Any, now: datetime, who: str) -> None:
    scene, process = made.started(database, now)
    viewer = scene.viewer(getattr(scene.council, who))
    for act in (
        lambda: operations.record_meeting(process, made.record(scene, now), viewer, now),
        lambda: operations.skip_stage(process, K.REAUDIT, "No.", viewer, now),
        lambda: operations.close_process(process, "Done.", viewer, now),
    ):
        with pytest.raises(NotAllowed):
            act()


@pytest.mark.parametrize("who", ["practice_lead", "qa", "team_manager", "service_manager_b", "director"])
def test_only_the_service_manager_or_head_reviews(database: Any, now: datetime, who: str) -> None:
    scene, process = made.started(database, now)
    viewer = scene.viewer(getattr(scene.council, who))
    with pytest.raises(NotAllowed):
        operations.record_review(process, made.ReviewInput(True, "Fine."), viewer, now)


@pytest.mark.parametrize("who", ["service_manager", "team_manager", "head_of_service", "director"])
def test_only_the_qa_team_and_the_lead_schedule(database: Any, now: datetime, who: str) -> None:
    scene, process = made.started(database, now)
    viewer = scene.viewer(getattr(scene.council, who))
    with pytest.raises(NotAllowed):
        operations.schedule_reaudit(process, scene.council.auditor_b.id, viewer, now)
