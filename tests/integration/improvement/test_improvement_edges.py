"""What comes too late, twice, to nothing, or from somebody whom it concerns."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import delete, select

from qa_app.access.roles import Role
from qa_app.audits.operations import add_audit
from qa_app.core.errors import BadInput, IllegalMove, NotAllowed, NotFound, Stale
from qa_app.improvement import operations
from qa_app.improvement.inputs import CaseloadInput, ReviewInput
from qa_app.improvement.models import ImprovementProcess
from qa_app.improvement.operations import reauditing
from qa_app.improvement.operations.turns import hold
from qa_app.improvement.permissions import can_lead, can_review
from qa_app.improvement.queries import case_of, possible_authorisers
from qa_app.improvement.states import ConcernAbout, Outcome, ProcessState, StageKind
from qa_app.people.models import Absence, Deputy, RoleGrant
from qa_app.trail.models import TrailEntry
from tests.factories import improvement as made
from tests.factories.audits import Scene

K = StageKind


def faults(do: Any) -> dict[str, str]:
    with pytest.raises(BadInput) as refused:
        do()
    return dict(refused.value.fields)


def test_nobody_leads_or_reviews_the_process_of_their_own_case(database: Any, now: datetime) -> None:
    scene, process = made.started(database, now)
    people = scene.council
    lead, manager = scene.viewer(people.practice_lead), scene.viewer(people.service_manager)
    assert can_lead(lead, process)
    assert can_review(manager, process)
    process.caseworker_id = people.practice_lead.id
    assert not can_lead(lead, process)
    with pytest.raises(NotAllowed, match="own case"):
        operations.record_meeting(process, made.record(scene, now), lead, now)
    process.caseworker_id = people.service_manager.id
    assert not can_review(manager, process)
    with pytest.raises(NotAllowed, match="own case"):
        operations.record_review(process, ReviewInput(True, "Seen."), manager, now)


def second_of_worker(database: Any, now: datetime) -> tuple[Scene, ImprovementProcess]:
    scene, _ = made.started(database, now)
    return scene, made.submitted(scene, 1, now)


def test_nobody_authorises_what_they_record_themselves_nor_whom_they_stand_in_for(database: Any, now: datetime) -> None:
    scene, process = second_of_worker(database, now)
    people, today = scene.council, now.date()
    lead = people.practice_lead
    database.add(RoleGrant(person_id=lead.id, role=Role.DIRECTOR, granted_at=now))
    span = {"starts_on": today, "ends_on": today}
    database.add(Deputy(person_id=people.head_of_service.id, deputy_id=lead.id, **span))
    database.flush()
    who = scene.viewer(lead)
    assert {one for one, _ in possible_authorisers(process, who, today)} == {people.director.id}
    for one in (lead, people.head_of_service, people.head_of_service_b, people.qa):
        given = CaseloadInput(False, "She has left.", authorised_by_id=one.id)
        found = faults(lambda given=given: operations.record_caseload_review(process, given, who, now))
        assert list(found) == ["authorised_by"], one.name
    process.caseworker_id = people.director.id
    assert possible_authorisers(process, who, today) == []


def test_a_caseload_review_says_what_is_missing(database: Any, now: datetime) -> None:
    scene, process = second_of_worker(database, now)
    who, today = scene.viewer(scene.council.practice_lead), now.date()

    def found(given: CaseloadInput) -> set[str]:
        return set(faults(lambda: operations.record_caseload_review(process, given, who, now)))

    assert found(CaseloadInput(True, " ")) == {"note", "held_on", "held_by"}
    assert found(CaseloadInput(True, "Read.", today - timedelta(days=1), "Imani")) == {"held_on"}
    assert found(CaseloadInput(True, "Read.", today + timedelta(days=1), "Imani")) == {"held_on"}
    assert found(CaseloadInput(False, "")) == {"note", "authorised_by"}


def test_an_action_of_the_plan_needs_a_date(database: Any, now: datetime) -> None:
    scene, process = made.started(database, now)
    action = replace(made.action(scene, now), due_on=None)
    assert list(faults(lambda: made.meet(scene, process, now, actions=[action]))) == ["due_on_1"]


def test_a_concern_is_answered_once(database: Any, now: datetime) -> None:
    scene, process = made.started(database, now)
    made.meet(scene, process, now, concern_about=ConcernAbout.TEAM_MANAGER, concern="No supervision.")
    lead, concern = scene.viewer(scene.council.practice_lead), process.concerns[0]
    operations.answer_concern(process, concern.id, "It is monthly now.", lead, now)
    with pytest.raises(IllegalMove, match="answered already"):
        operations.answer_concern(process, concern.id, "Again.", lead, now)
    assert concern.answer == "It is monthly now."


def test_a_reaudit_is_scheduled_once_and_to_an_auditor(database: Any, now: datetime) -> None:
    scene, process = made.started(database, now)
    assert list(faults(lambda: made.schedule(scene, process, now, scene.council.caseworker_b))) == ["auditor"]
    audit = made.schedule(scene, process, now)
    with pytest.raises(IllegalMove, match="scheduled already"):
        made.schedule(scene, process, now, scene.council.moderator)
    assert process.reaudit_id == audit.id


def test_a_closed_case_is_not_audited_again(database: Any, now: datetime) -> None:
    scene, process = made.started(database, now)
    case_of(process).closed_on = now.date()
    with pytest.raises(BadInput, match="The case is closed"):
        made.schedule(scene, process, now)
    assert process.reaudit_id is None


def test_a_round_that_somebody_else_is_just_making_is_waited_for(
    database: Any, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    scene, process = made.started(database, now)

    def taken(*_: Any, **__: Any) -> None:
        raise BadInput("There is such a round.")

    monkeypatch.setattr(reauditing, "create_round", taken)
    with pytest.raises(Stale, match="just now"):
        made.schedule(scene, process, now)


def test_what_was_settled_while_the_job_ran_is_left_alone(
    database: Any, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    scene, process = made.started(database, now)
    lead = scene.viewer(scene.council.practice_lead)
    operations.skip_stage(process, K.REAUDIT, "The case closed.", lead, now)
    database.commit()
    monkeypatch.setattr(reauditing, "to_schedule", lambda: [(process.id, now.date())])
    done = operations.schedule_due(now)
    assert (done.looked_at, done.why["changed meanwhile"]) == (1, 1)
    assert process.reaudit_id is None


def test_a_reaudit_that_is_moderated_settles_nothing_twice(
    database: Any, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    scene, process = made.started(database, now)
    audit = made.schedule(scene, process, now)
    operations.reopen_reaudit(audit, scene.qa, now)
    assert made.stage(process, K.REAUDIT).outcome is None, "not done, so not to be done again"
    made.reaudit(scene, process, now)
    before = made.stage(process, K.REAUDIT).done_at, made.stage(process, K.CLOSING).due_on
    operations.follow(audit, "good", scene.qa, made.later(now, 3))
    assert (made.stage(process, K.REAUDIT).done_at, made.stage(process, K.CLOSING).due_on) == before
    operations.reopen_reaudit(audit, scene.qa, now)
    assert (made.stage(process, K.REAUDIT).outcome, made.stage(process, K.CLOSING).due_on) == (None, None)
    monkeypatch.setattr(reauditing, "hold", lambda found: setattr(found, "state", ProcessState.CLOSED))
    operations.follow(audit, "good", scene.qa, now)
    assert made.stage(process, K.REAUDIT).outcome is None, "closed meanwhile"


def test_a_reaudit_that_changes_hands_is_the_other_auditor_s(database: Any, now: datetime) -> None:
    scene, process = made.started(database, now)
    audit, other = made.schedule(scene, process, now), scene.council.moderator
    audit.auditor_id = other.id
    operations.note_reauditor(audit, scene.qa, now)
    assert made.stage(process, K.REAUDIT).owner_id == other.id
    operations.note_reauditor(scene.audits[3], scene.qa, now)
    database.expire(audit)
    made.reaudit(scene, process, now)
    audit.auditor_id = scene.council.auditor_b.id
    operations.note_reauditor(audit, scene.qa, now)
    stage = made.stage(process, K.REAUDIT)
    assert (stage.owner_id, stage.outcome) == (other.id, Outcome.DONE), "it is done: who did it stands"
    operations.unschedule(audit, scene.qa, now)
    assert (stage.owner_id, process.reaudit_id) == (other.id, None)


def test_what_goes_on_goes_on_and_an_older_page_closes_nothing(database: Any, now: datetime) -> None:
    scene, process = made.started(database, now)
    lead = scene.viewer(scene.council.practice_lead)
    operations.go_on(process, lead, now)
    told = select(TrailEntry).where(TrailEntry.event == "improvement:goes-on")
    assert database.scalars(told).all() == []
    with pytest.raises(Stale, match="by somebody else"):
        operations.close_process(process, "It holds.", lead, now, process.version - 1)


def test_a_grade_of_what_is_over_changes_nothing(database: Any, now: datetime) -> None:
    scene, process = made.started(database, now)
    process.state, version = ProcessState.CLOSED, process.version
    assert operations.follow_grade(scene.audit, "good", scene.qa, now) is process
    assert (process.mark, process.version) == ("", version)
    operations.note_returned(scene.audits[3], scene.qa, now)
    operations.note_withdrawn(scene.audit, scene.qa, now)
    assert process.state == ProcessState.CLOSED


def test_what_is_gone_is_not_held(database: Any, now: datetime) -> None:
    made.started(database, now)
    with pytest.raises(NotFound):
        hold(ImprovementProcess(id=999_999, audit_id=999_999))


def test_without_a_practice_lead_it_says_so(database: Any, now: datetime) -> None:
    scene = made.issued_round(database, now)
    database.execute(delete(RoleGrant).where(RoleGrant.role == Role.PRACTICE_LEAD))
    process = made.submitted(scene, 0, now)
    stage = made.stage(process, K.DAY_THREE_MEETING)
    assert (stage.turn_id, stage.turn_reason) == (None, "Nobody holds this role.")


def test_of_a_lead_who_has_left_it_says_so(database: Any, now: datetime) -> None:
    scene, process = made.started(database, now)
    lead = scene.council.practice_lead
    lead.leaves_on = now.date() - timedelta(days=1)
    database.add(Absence(person_id=lead.id, starts_on=now.date(), ends_on=now.date()))
    database.commit()
    operations.hand_over(now)
    stage = made.stage(process, K.DAY_THREE_MEETING)
    assert (stage.turn_id, stage.turn_reason) == (None, "Morag Dunstan does not work here any more.")


def test_no_audit_is_added_to_a_round_that_does_not_run(database: Any, now: datetime) -> None:
    scene, process = made.started(database, now)
    scene.round.closed_at = now
    with pytest.raises(IllegalMove, match="not running"):
        add_audit(
            scene.round, case_of(process), scene.council.auditor_b.id, now.date(), scene.qa, now, reaudit_of=scene.audit
        )
