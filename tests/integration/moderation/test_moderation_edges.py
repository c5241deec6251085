"""What is rare: tools without an overall grade, deputies whom a rule bars, and others who were faster."""

import random
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import update

from qa_app.audits import operations as audits
from qa_app.audits.operations import Changed
from qa_app.core.errors import BadInput, IllegalMove, NotAllowed, Stale
from qa_app.demo.agenda import Agenda
from qa_app.demo.moderation import Moderators
from qa_app.moderation import operations, queries
from qa_app.moderation.inputs import GradesInput, SectionInput
from qa_app.moderation.models import Moderation
from qa_app.moderation.operations import giving, settling
from qa_app.moderation.states import ModerationState, Reason
from qa_app.people.models import Deputy
from tests.factories.audits import Scene, fill, issued_round
from tests.factories.moderation import LONG_AGO, Moderated, decision, moderation_at, own_grades, setting, submitted

S = ModerationState


def without_overall_grade(database: Any, now: datetime, grade: str) -> Scene:
    """A round whose tool asks for no overall grade, and its first audit submitted with one grade everywhere."""
    scene = issued_round(database, now)
    scene.round.tool_version.has_overall_grade = False
    database.flush()
    fill(scene.audit, scene.auditor, now, grade)
    scene.audit.overall_grade, scene.audit.overall_reasons = None, ""
    database.flush()
    audits.submit_audit(scene.audit, scene.auditor, now)
    return scene


def test_a_tool_without_an_overall_grade_is_moderated_by_its_sections(database: Any, now: datetime) -> None:
    scene = without_overall_grade(database, now, "inadequate")
    moderation = queries.moderation_of(scene.audit.id)
    assert moderation is not None
    assert moderation.reason == Reason.INADEQUATE
    who = scene.viewer(scene.council.moderator)
    plain = own_grades(moderation, "good")
    operations.save_grades(moderation, GradesInput(plain.sections, None, "Sound.", "Well."), 0, who, now)
    operations.lock_grades(moderation, who, now)
    operations.complete(moderation, None, who, now)
    assert (moderation.moderated_grade, scene.audit.final_grade) == (None, None)
    operations.dispute(moderation, "No.", scene.auditor, now)
    made = Moderated(scene, moderation, scene.council.moderator)
    operations.decide(moderation, decision(made, grade=None), scene.qa, now)
    assert (scene.audit.state, scene.audit.final_grade) == ("final", None)


def test_its_pages_ask_for_none_either(database: Any, now: datetime, sign_in: Callable[[int], Any]) -> None:
    scene = without_overall_grade(database, now, "outstanding")
    database.commit()
    client = sign_in(scene.council.moderator.id)
    path = scene.path.replace("/audits/", "/moderation/")
    assert "Your overall grade" not in client.get(path).text
    assert client.get(f"{path}/check").status_code == 200


def test_nothing_that_is_said_twice_is_a_conflict(database: Any, now: datetime) -> None:
    made = moderation_at(database, S.IN_PROGRESS, now)
    same = own_grades(made.moderation)
    assert operations.save_grades(made.moderation, same, 0, made.who, now) == 1
    with pytest.raises(Changed):
        operations.save_grades(made.moderation, own_grades(made.moderation, "good"), 0, made.who, now)


def test_a_grade_that_the_tool_does_not_have_is_refused(database: Any, now: datetime) -> None:
    made = moderation_at(database, S.WAITING, now)
    for typed in (
        GradesInput({"risk": SectionInput("splendid")}),
        GradesInput({"risk": SectionInput("not_applicable")}),
        GradesInput(overall="splendid"),
    ):
        with pytest.raises(BadInput):
            operations.save_grades(made.moderation, typed, 0, made.who, now)
    with pytest.raises(BadInput):
        operations.lock_grades(made.moderation, made.who, now)


def test_what_need_not_apply_may_be_said_not_to(database: Any, now: datetime) -> None:
    made = moderation_at(database, S.IN_PROGRESS, now)
    free = next(one for one in made.moderation.audit.round.tool_version.domains if one.may_be_not_applicable)
    typed = GradesInput({free.key: SectionInput("not_applicable", "No plan is due yet.")})
    assert operations.save_grades(made.moderation, typed, made.moderation.grades_version, made.who, now) > 0


def test_blind_grades_are_locked_before_the_end_and_only_once(database: Any, now: datetime) -> None:
    made = moderation_at(database, S.IN_PROGRESS, now)
    with pytest.raises(IllegalMove):
        operations.complete(made.moderation, "good", made.who, now)
    operations.lock_grades(made.moderation, made.who, now)
    with pytest.raises(IllegalMove):
        operations.lock_grades(made.moderation, made.who, now)


def test_a_deputy_named_later_is_asked_the_same_rules(database: Any, now: datetime) -> None:
    scene = issued_round(database, now)
    setting("moderation_rule", "inadequate_to_head", now)
    moderation = submitted(scene)
    people = scene.council
    span = {"starts_on": now.date(), "ends_on": now.date() + timedelta(days=9)}
    database.add(Deputy(person_id=people.head_of_service.id, deputy_id=people.team_manager.id, **span))
    database.flush()
    who = scene.viewer(people.team_manager)
    operations.save_grades(moderation, own_grades(moderation), 0, who, now)
    with pytest.raises(NotAllowed, match=r"Eleri Sandhu .*\. Somebody else has to moderate this audit"):
        operations.complete(moderation, "good", who, now)
    head = scene.viewer(people.head_of_service)
    operations.complete(moderation, "good", head, now)
    assert moderation.moderated_for_id is None


def test_neither_a_deputy_who_moderated_nor_whom_they_stood_in_for_disputes_it(database: Any, now: datetime) -> None:
    scene = issued_round(database, now)
    setting("moderation_rule", "inadequate_to_head", now)
    moderation = submitted(scene)
    people = scene.council
    span = {"starts_on": now.date(), "ends_on": now.date() + timedelta(days=9)}
    database.add(Deputy(person_id=people.head_of_service.id, deputy_id=people.head_of_service_b.id, **span))
    database.flush()
    deputy, head = scene.viewer(people.head_of_service_b), scene.viewer(people.head_of_service)
    operations.save_grades(moderation, own_grades(moderation), 0, deputy, now)
    if moderation.is_blind:
        operations.lock_grades(moderation, deputy, now)
    operations.complete(moderation, "good", deputy, now)
    assert (moderation.moderated_by_id, moderation.moderated_for_id) == (
        people.head_of_service_b.id,
        people.head_of_service.id,
    )
    for who in (deputy, head):
        with pytest.raises(NotAllowed, match="can dispute"):
            operations.dispute(moderation, "It should be inadequate.", who, now)
    operations.dispute(moderation, "It should be inadequate.", scene.auditor, now)


def test_its_moderator_is_no_other_moderator(database: Any, now: datetime) -> None:
    made = moderation_at(database, S.WAITING, now)
    for person_id in (made.moderation.moderator_id, made.scene.council.director.id):
        with pytest.raises(BadInput):
            operations.reassign(made.moderation, person_id or 0, "", made.scene.qa, now)
    with pytest.raises(BadInput):
        operations.dispute(moderation_done(made), " ", made.scene.auditor, now)


def moderation_done(made: Moderated) -> Moderation:
    operations.save_grades(made.moderation, own_grades(made.moderation), 0, made.who, made.now)
    operations.lock_grades(made.moderation, made.who, made.now)
    operations.complete(made.moderation, "good", made.who, made.now)
    return made.moderation


def test_what_another_process_did_first_is_left(database: Any, now: datetime, monkeypatch: pytest.MonkeyPatch) -> None:
    made = moderation_at(database, S.MODERATED, now)
    waiting = submitted(made.scene, audit=made.scene.audits[1])
    moderation_ids = [made.moderation.id, waiting.id]
    later = datetime(2026, 7, 20, 7, tzinfo=now.tzinfo)
    monkeypatch.setattr(settling, "undisputed_ids", lambda _today: [waiting.id])
    monkeypatch.setattr(settling, "_unmoderated_due", lambda _now: [made.scene.audits[2].id])
    assert operations.settle_due(later).why == {"changed meanwhile": 2}
    monkeypatch.setattr(giving, "waiting_ids", lambda _today: moderation_ids)
    monkeypatch.setattr(giving, "give", _faster)
    assert operations.give_waiting(later).why == {"changed meanwhile": 1}
    assert operations.give_waiting(datetime(2026, 7, 19, 7, tzinfo=now.tzinfo)).why == {"no working day": 1}


def _faster(*_: Any) -> bool:
    raise Stale("Somebody was faster.")


def test_a_choice_of_somebody_else_meanwhile_is_not_overwritten(database: Any, now: datetime) -> None:
    made = moderation_at(database, S.WAITING, now)
    made.moderation.moderator_id = None
    database.flush()
    database.execute(update(Moderation).values(version=99).execution_options(synchronize_session=False))
    with pytest.raises(Stale):
        operations.give(made.moderation, made.scene.qa, now)


def test_a_choice_that_stays_nobody_is_written_once(database: Any, now: datetime) -> None:
    scene = issued_round(database, now)
    scene.council.moderator.leaves_on = now.date() - timedelta(days=1)
    database.flush()
    moderation = submitted(scene)
    version = moderation.version
    assert operations.give_waiting(now).looked_at == 1
    assert moderation.version == version


def test_rounds_of_one_day_are_asked_for_their_setting_once(database: Any, now: datetime) -> None:
    scene = issued_round(database, now)
    setting("moderated_share", 0, now)
    for audit in scene.audits[:2]:
        fill(audit, scene.viewer(audit.auditor), now)
        audits.submit_audit(audit, scene.viewer(audit.auditor), now)
    scene.round.closed_at = now
    database.flush()
    assert operations.settle_due(datetime(2026, 6, 25, 7, tzinfo=now.tzinfo)).did["final"] == 2
    assert now.date() > LONG_AGO


def test_a_returned_audit_that_nobody_moderates_is_withdrawn_without_more(database: Any, now: datetime) -> None:
    scene = issued_round(database, now)
    setting("moderated_share", 0, now)
    fill(scene.audit, scene.auditor, now)
    audits.submit_audit(scene.audit, scene.auditor, now)
    audits.return_audit(scene.audit, "Look again.", scene.qa, now)
    audits.withdraw_audit(scene.audit, "The child moved.", scene.qa, now)
    assert queries.moderation_of(scene.audit.id) is None


def test_own_grades_may_be_saved_before_the_overall_one_is_known(database: Any, now: datetime) -> None:
    made = moderation_at(database, S.WAITING, now)
    typed = replace(own_grades(made.moderation), overall=None)
    operations.save_grades(made.moderation, typed, 0, made.who, now)
    assert made.moderation.own_grade is None
    assert made.moderation.state == S.IN_PROGRESS


def test_the_demonstration_can_be_built_on_a_day_on_which_no_clock_runs(database: Any, now: datetime) -> None:
    """A grade whose time to dispute it ended on Friday is not settled before Monday, and nobody disputes it on Saturday."""
    made = moderation_at(database, S.MODERATED, now)
    last = made.moderation.dispute_until
    assert last is not None
    saturday = now + (last - now.date()) + timedelta(days=1)
    people = Moderators(random.Random(1), Agenda(), (), lambda _: made.scene.auditor, made.scene.qa)
    people.present(saturday)
    assert made.moderation.state == S.MODERATED
    people.present(now)
    assert made.moderation.state == S.DISPUTED
