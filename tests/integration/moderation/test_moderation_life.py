"""What is selected and why, whose it is, what a return does to it, and how an audit becomes final."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest

from qa_app.access.roles import Role
from qa_app.access.viewer import system
from qa_app.audits import operations as audits
from qa_app.audits.models import Declaration, DeclarationKind
from qa_app.audits.states import AuditState
from qa_app.cases.models import Case
from qa_app.core.errors import BadInput, IllegalMove, NotAllowed, Stale
from qa_app.moderation import operations, queries
from qa_app.moderation.inputs import GradesInput, SectionInput
from qa_app.moderation.models import Moderation, ModerationSelection
from qa_app.moderation.rules import draw
from qa_app.moderation.states import ModerationState, Reason
from qa_app.people.models import Absence, Person
from qa_app.rounds import operations as rounds
from qa_app.settings.operations import set_value
from tests.factories.audits import Scene, fill, issued_round
from tests.factories.moderation import decision, moderation_at, own_grades, setting, submitted
from tests.factories.people import person

S = ModerationState


def submit(scene: Scene, audit: Any, grade: str) -> ModerationSelection:
    who = scene.viewer(audit.auditor)
    fill(audit, who, scene.now, grade)
    audits.submit_audit(audit, who, scene.now)
    found = queries.selection_of(audit.id)
    assert found is not None
    return found


def test_by_the_rule_in_force_each_selection_says_why_and_can_be_drawn_again(database: Any, now: datetime) -> None:
    scene = issued_round(database, now)
    grades = [
        "inadequate",
        "outstanding",
        "good",
        "good",
        "requires_improvement",
        "good",
        "good",
        "inadequate_critical",
    ]
    for audit, grade in zip(scene.audits, grades, strict=True):
        found = submit(scene, audit, grade)
        assert found.draw == draw("seed", audit.number)
        special = {"inadequate": "inadequate", "inadequate_critical": "inadequate", "outstanding": "outstanding"}
        chance = "share" if found.draw < 2000 else "not_selected"
        assert found.reason == special.get(grade, chance)
        assert (queries.moderation_of(audit.id) is not None) is (found.reason != "not_selected")
        assert (found.rule, found.share) == ("risk_and_share", 20)


def test_the_rule_of_the_day_of_issue_holds_whatever_is_set_later(database: Any, now: datetime) -> None:
    scene = issued_round(database, now)
    set_value("moderation_rule", "all", now.date() + timedelta(days=1), system(), now)
    scene.now = now + timedelta(days=5)
    assert submit(scene, scene.audit, "good").rule == "risk_and_share"


def test_all_are_moderated_where_that_is_the_rule(database: Any, now: datetime) -> None:
    scene = issued_round(database, now)
    setting("moderation_rule", "all", now)
    for audit, grade in zip(scene.audits[:2], ("good", "inadequate"), strict=True):
        assert submit(scene, audit, grade).reason == Reason.EVERY
        assert queries.moderation_of(audit.id) is not None


def test_submitted_again_it_is_not_drawn_anew_but_a_new_grade_selects_it(database: Any, now: datetime) -> None:
    scene = issued_round(database, now)
    setting("moderated_share", 0, now)
    first = submit(scene, scene.audit, "good")
    drawn = first.draw
    assert (first.reason, queries.moderation_of(scene.audit.id)) == (Reason.NOT_SELECTED, None)
    audits.return_audit(scene.audit, "Look again.", scene.qa, now)
    again = submit(scene, scene.audit, "inadequate")
    assert (again.reason, again.draw) == (Reason.INADEQUATE, drawn)
    moderation = queries.moderation_of(scene.audit.id)
    assert moderation is not None
    audits.return_audit(scene.audit, "Look again.", scene.qa, now)
    assert moderation.state == S.ON_HOLD
    third = submit(scene, scene.audit, "good")
    assert third.reason == Reason.INADEQUATE
    assert moderation.state == S.WAITING


def test_a_returned_audit_comes_back_to_its_moderator_who_is_blind_only_if_nothing_was_seen(
    database: Any, now: datetime
) -> None:
    made = moderation_at(database, S.IN_PROGRESS, now)
    scene, moderation = made.scene, made.moderation
    audits.return_audit(scene.audit, "Look again.", scene.qa, now)
    fill(scene.audit, scene.auditor, now, "inadequate")
    audits.submit_audit(scene.audit, scene.auditor, now)
    assert (moderation.state, moderation.is_blind, moderation.own_grade) == (S.WAITING, True, "requires_improvement")
    assert scene.audit.blind_for_id == made.who.person_id
    operations.save_grades(moderation, own_grades(moderation, "good"), moderation.grades_version, made.who, now)
    operations.lock_grades(moderation, made.who, now)
    audits.return_audit(scene.audit, "Once more.", scene.qa, now)
    fill(scene.audit, scene.auditor, now, "inadequate")
    audits.submit_audit(scene.audit, scene.auditor, now)
    assert (moderation.state, moderation.is_blind, moderation.locked_at) == (S.WAITING, False, None)
    assert scene.audit.blind_for_id is None


def test_what_was_returned_and_withdrawn_is_moderated_no_more(database: Any, now: datetime) -> None:
    made = moderation_at(database, S.CANCELLED, now)
    assert made.scene.audit.blind_for_id is None


def test_returned_and_given_to_its_moderator_as_auditor_somebody_else_moderates(database: Any, now: datetime) -> None:
    made = moderation_at(database, S.ON_HOLD, now)
    scene, moderator = made.scene, made.scene.council.moderator
    audits.reassign_audit(scene.audit, moderator.id, "The auditor is ill.", scene.qa, now)
    with pytest.raises(NotAllowed):
        operations.save_grades(made.moderation, own_grades(made.moderation), 0, scene.viewer(moderator), now)
    fill(scene.audit, scene.viewer(moderator), now, "inadequate")
    audits.submit_audit(scene.audit, scene.viewer(moderator), now)
    assert made.moderation.moderator_id == made.other.id
    assert "1 is the auditor" in made.moderation.why


def bar_conflict(database: Any, made: Scene, who: Person) -> None:
    database.add(
        Declaration(audit_id=made.audits[1].id, kind=DeclarationKind.CONFLICT, reason="Neighbour.", made_at=made.now,
                    made_by_id=who.id, outcome="kept")
    )  # fmt: skip
    made.audits[1].case_id = made.audit.case_id


@pytest.mark.parametrize("bar", ["works on it", "supervises", "manages the team", "conflict", "away", "gone", "leaves"])
def test_nobody_whom_a_rule_bars_is_given_it(database: Any, now: datetime, bar: str) -> None:
    scene = issued_round(database, now)
    who = scene.council.moderator
    if bar == "works on it":
        scene.audit.caseworker_id = who.id
        database.get(Case, scene.audit.case_id).caseworker_id = who.id
    elif bar == "supervises":
        scene.council.caseworker.line_manager_id = who.id
    elif bar == "manages the team":
        scene.audit.team.service_manager_id = who.id
    elif bar == "conflict":
        bar_conflict(database, scene, who)
    elif bar == "away":
        database.add(Absence(person_id=who.id, starts_on=now.date(), ends_on=date(2026, 7, 31)))
    else:
        who.leaves_on = now.date() - timedelta(days=1) if bar == "gone" else now.date()
    database.flush()
    moderation = submitted(scene)
    if bar == "leaves":
        assert moderation.moderator_id == who.id
        later = now + timedelta(days=1)
        other = person(database, now, "Uma Farrow", role=Role.MODERATOR, team=scene.council.team_b2, auditor=True)
        assert operations.give_waiting(later).did["given"] == 1
        assert moderation.moderator_id == other.id
        return
    assert moderation.moderator_id is None
    assert moderation.why.startswith("None of 1 moderator may" if bar != "gone" else "There is no moderator")
    other = person(database, now, "Uma Farrow", role=Role.MODERATOR, team=scene.council.team_b2, auditor=True)
    assert operations.give_waiting(now).did["given"] == 1
    assert moderation.moderator_id == other.id
    assert operations.give_waiting(now).looked_at == 0
    if bar in ("gone",):
        return
    reason = "They come in for it." if bar == "away" else "It must be them."
    moderation_reassigned(scene, moderation, who, reason, allowed=bar == "away")


def moderation_reassigned(scene: Scene, moderation: Moderation, who: Person, reason: str, *, allowed: bool) -> None:
    """The QA team may set aside that somebody is away, with a reason, and nothing else."""
    with pytest.raises(BadInput):
        operations.reassign(moderation, who.id, "", scene.qa, scene.now)
    if not allowed:
        with pytest.raises(BadInput):
            operations.reassign(moderation, who.id, reason, scene.qa, scene.now)
        assert moderation.moderator_id != who.id
        return
    operations.reassign(moderation, who.id, reason, scene.qa, scene.now)
    assert (moderation.moderator_id, moderation.override_reason) == (who.id, reason)


def test_the_load_is_shared(database: Any, now: datetime) -> None:
    made = moderation_at(database, S.WAITING, now)
    given = [made.moderation.moderator_id]
    given += [submitted(made.scene, audit=audit).moderator_id for audit in made.scene.audits[1:4]]
    assert sorted(given, key=str) == sorted([made.scene.council.moderator.id, made.other.id] * 2, key=str)


def test_a_restricted_case_waits_for_the_qa_team(database: Any, now: datetime) -> None:
    scene = issued_round(database, now)
    database.get(Case, scene.audit.case_id).restricted = True
    database.flush()
    moderation = submitted(scene)
    assert (moderation.moderator_id, moderation.why) == (None, "The case is restricted, so the QA team chooses.")


def test_inadequate_ones_go_to_the_head_of_service_and_to_another_where_that_one_may_not(
    database: Any, now: datetime
) -> None:
    scene = issued_round(database, now)
    setting("moderation_rule", "inadequate_to_head", now)
    people = scene.council
    first = submitted(scene)
    assert (first.moderator_id, first.why) == (people.head_of_service.id, "The Head of the case's service.")
    assert (first.by_head, first.is_blind) == (True, False)
    second = scene.audits[1]
    second.team.manager_id = people.head_of_service.id
    database.flush()
    assert submitted(scene, audit=second).moderator_id == people.head_of_service_b.id
    assert queries.moderation_of(scene.audits[1].id).by_head  # type: ignore[union-attr]
    submit(scene, scene.audits[2], "outstanding")
    assert queries.moderation_of(scene.audits[2].id) is None


def test_accepted_at_once_where_the_grade_was_kept_else_when_the_time_is_over(database: Any, now: datetime) -> None:
    kept = moderation_at(database, S.MODERATED, now, theirs="requires_improvement")
    operations.acknowledge(kept.moderation, kept.scene.auditor, now)
    assert (kept.moderation.state, kept.scene.audit.state) == (S.ACCEPTED, AuditState.FINAL)


def test_a_changed_grade_stays_open_to_the_head_of_service_until_the_last_day(database: Any, now: datetime) -> None:
    made = moderation_at(database, S.MODERATED, now)
    moderation, scene = made.moderation, made.scene
    assert moderation.dispute_until == date(2026, 6, 24)
    operations.acknowledge(moderation, scene.auditor, now)
    assert moderation.state == S.MODERATED
    with pytest.raises(NotAllowed):
        operations.dispute(moderation, "After all, no.", scene.auditor, now)
    last_day, after = datetime(2026, 6, 24, 22, 30, tzinfo=now.tzinfo), datetime(2026, 6, 24, 23, 30, tzinfo=now.tzinfo)
    assert operations.settle_due(last_day).did == {}
    head = scene.viewer(scene.council.head_of_service)
    point = database.begin_nested()
    operations.dispute(moderation, "No.", head, last_day)
    point.rollback()
    database.expire_all()
    with pytest.raises(IllegalMove):
        operations.dispute(moderation, "Too late.", head, after)
    assert operations.settle_due(datetime(2026, 6, 25, 6, tzinfo=now.tzinfo)).did["accepted"] == 1
    assert (moderation.state, scene.audit.state, scene.audit.final_grade) == (
        S.ACCEPTED,
        "final",
        "requires_improvement",
    )
    assert operations.settle_due(datetime(2026, 6, 25, 6, tzinfo=now.tzinfo)).did == {}


def test_what_nobody_moderates_is_final_some_days_after_its_round_closed(database: Any, now: datetime) -> None:
    scene = issued_round(database, now)
    setting("moderated_share", 0, now)
    submit(scene, scene.audit, "good")
    closed = datetime(2026, 7, 1, 6, tzinfo=now.tzinfo)
    assert operations.settle_due(closed).did == {}
    rounds.close_round(scene.round, system(), closed)
    assert operations.settle_due(datetime(2026, 7, 8, 6, tzinfo=now.tzinfo)).did == {}
    assert operations.settle_due(datetime(2026, 7, 11, 6, tzinfo=now.tzinfo)).why == {"no working day": 1}
    done = operations.settle_due(datetime(2026, 7, 9, 6, tzinfo=now.tzinfo))
    assert done.did["final"] == 1
    database.expire_all()
    assert (scene.audit.state, scene.audit.final_grade) == (AuditState.FINAL, "good")


def test_after_seeing_both_the_moderator_may_let_the_auditor_s_grade_stand(database: Any, now: datetime) -> None:
    made = moderation_at(database, S.IN_PROGRESS, now)
    operations.lock_grades(made.moderation, made.who, now)
    operations.complete(made.moderation, "inadequate", made.who, now)
    assert (made.moderation.own_grade, made.moderation.moderated_grade) == ("requires_improvement", "inadequate")
    assert made.scene.audit.final_grade == "inadequate"


def test_late_is_what_is_finished_after_its_day(database: Any, now: datetime) -> None:
    made = moderation_at(database, S.IN_PROGRESS, now)
    assert made.moderation.due_on == date(2026, 7, 9)
    operations.lock_grades(made.moderation, made.who, now)
    operations.complete(made.moderation, "good", made.who, datetime(2026, 7, 9, 23, 30, tzinfo=now.tzinfo))
    assert made.moderation.is_late


def test_a_reason_is_asked_only_where_the_two_are_seen_to_differ(database: Any, now: datetime) -> None:
    made = moderation_at(database, S.WAITING, now, theirs="good")
    moderation, who = made.moderation, made.who
    plain = own_grades(moderation, "good", "")
    mixed = GradesInput({**plain.sections, "risk": SectionInput("inadequate")}, "good", plain.reasons, plain.feedback)
    operations.save_grades(moderation, mixed, 0, who, now)
    operations.lock_grades(moderation, who, now)
    with pytest.raises(BadInput):
        operations.complete(moderation, "good", who, now)
    said = GradesInput({**plain.sections, "risk": SectionInput(None, "The plan is old.")}, None, plain.reasons, "Well.")
    operations.save_grades(moderation, said, 1, who, now)
    with pytest.raises(BadInput):
        operations.complete(moderation, None, who, now)
    operations.complete(moderation, "good", who, now)
    assert moderation.state == S.MODERATED


def test_a_decision_needs_its_people_a_date_a_grade_and_reasons(database: Any, now: datetime) -> None:
    made = moderation_at(database, S.DISPUTED, now)
    people = made.scene.council
    for changes in (
        {"on": None}, {"on": date(2026, 6, 18)}, {"on": date(2026, 6, 16)}, {"people": [people.qa.id]},
        {"people": [people.auditor.id, people.moderator.id]}, {"people": [99999, people.qa.id]},
        {"grade": None}, {"grade": "splendid"}, {"reasons": " "},
    ):  # fmt: skip
        with pytest.raises(BadInput):
            operations.decide(made.moderation, decision(made, **changes), made.scene.qa, now)
    assert made.moderation.state == S.DISPUTED


def test_a_page_that_is_out_of_date_changes_nothing(database: Any, now: datetime) -> None:
    made = moderation_at(database, S.IN_PROGRESS, now)
    with pytest.raises(Stale):
        operations.lock_grades(made.moderation, made.who, now, 0)
    with pytest.raises(Stale):
        operations.reassign(made.moderation, made.other.id, "", made.scene.qa, now, 1)
    operations.lock_grades(made.moderation, made.who, now, 1)
    operations.complete(made.moderation, "good", made.who, now, 1)
    with pytest.raises(Stale):
        operations.acknowledge(made.moderation, made.scene.auditor, now, 1)
    with pytest.raises(Stale):
        operations.dispute(made.moderation, "No.", made.scene.auditor, now, 1)
