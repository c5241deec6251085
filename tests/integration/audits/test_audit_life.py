"""The life of an audit through its operations."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import delete, func, select, update

from qa_app.actions.inputs import ActionInput
from qa_app.audits import operations, queries
from qa_app.audits.inputs import Outcome
from qa_app.audits.models import Audit, ConversationWith, Submission
from qa_app.audits.operations import Changed, SectionInput, rows
from qa_app.audits.rules import sections_done
from qa_app.audits.states import AuditState
from qa_app.cases.models import Case
from qa_app.core.errors import BadInput, IllegalMove, NotAllowed, Stale
from qa_app.core.states import StateChange
from qa_app.trail.models import TrailEntry
from tests.factories.audits import act, allocated_round, audit_at, fill, issued_round


def test_allocating_again_replaces_all_that_is_not_issued(database: Any, now: datetime) -> None:
    scene = allocated_round(database, now)
    cases = [(audit_case, None) for audit_case in [database.get_one(Case, a.case_id) for a in scene.audits]]
    again = operations.allocate_audits(scene.round, cases[:3], scene.qa, now)
    assert [a.reference for a in again] == ["2026-06/001", "2026-06/002", "2026-06/003"]
    assert {a.state for a in again} == {AuditState.ALLOCATED}
    assert database.scalar(select(func.count(Audit.id))) == 3


def test_only_audits_with_an_auditor_are_issued_and_the_rest_on_reassignment(database: Any, now: datetime) -> None:
    scene = allocated_round(database, now)
    scene.audit.auditor_id = None
    database.flush()
    assert operations.issue_audits(scene.round, scene.qa, now) == len(scene.audits) - 1
    assert operations.issue_audits(scene.round, scene.qa, now) == 0
    scene.round.issued_at = now
    database.refresh(scene.audit)
    operations.reassign_audit(scene.audit, scene.council.moderator.id, "", scene.qa, now)
    assert scene.audit.issued_at == now
    with pytest.raises(IllegalMove, match="one by one"):
        operations.allocate_audits(scene.round, [], scene.qa, now)


def test_saving_partially_starts_the_audit_and_counts_sections(database: Any, now: datetime) -> None:
    scene = issued_round(database, now)
    audit, who = scene.audit, scene.auditor
    first, second = queries.sections_of(audit)[:2]
    assert operations.save_section(audit, first.domain, SectionInput(), 0, who, now) == 0
    assert audit.state == AuditState.ALLOCATED
    assert operations.save_section(audit, first.domain, SectionInput(strengths="Clear."), 0, who, now) == 1
    assert (audit.state, audit.started_at, audit.sections_done) == (AuditState.IN_PROGRESS, now, 0)
    assert operations.save_section(audit, first.domain, SectionInput("good", "Clear."), 1, who, now) == 2
    assert audit.sections_done == 1
    weak = SectionInput("inadequate", "", "Not seen.", True)
    operations.save_section(audit, second.domain, weak, 0, who, now)
    assert audit.sections_done == 1
    action = act(audit, second.domain, who, now)
    assert audit.sections_done == 2
    _assert_count_is_kept(audit)
    operations.remove_action(audit, second.domain, action, who, now)
    operations.save_section(audit, first.domain, SectionInput(None, "Clear."), 2, who, now)
    assert audit.sections_done == 0
    _assert_count_is_kept(audit)


def _assert_count_is_kept(audit: Audit) -> None:
    facts = queries.draft_content(audit).facts()
    assert audit.sections_done == sections_done(facts.sections, facts.scale)


def test_a_second_tab_never_overwrites(database: Any, now: datetime) -> None:
    scene = issued_round(database, now)
    audit, who = scene.audit, scene.auditor
    section = queries.sections_of(audit)[0]
    operations.save_section(audit, section.domain, SectionInput(strengths="One"), 0, who, now)
    for seen in (0, 7):
        with pytest.raises(Changed) as stale:
            operations.save_section(audit, section.domain, SectionInput(strengths="Two"), seen, who, now)
        assert stale.value.version == 1
    assert operations.save_section(audit, section.domain, SectionInput(strengths="One"), 0, who, now) == 1
    kept = queries.section_of(audit, section.domain.key).answer
    assert kept is not None
    assert kept.strengths == "One"
    operations.save_overall(audit, operations.OverallInput("good", "x"), 0, who, now)
    with pytest.raises(Changed):
        operations.save_overall(audit, operations.OverallInput("good", "y"), 0, who, now)


def test_words_that_stay_the_same_are_no_change(database: Any, now: datetime) -> None:
    scene = audit_at(database, "in_progress", now)
    audit, who = scene.audit, scene.auditor
    fill(audit, who, now)
    talk = operations.ConversationInput(True, "", "Much.")
    talks = dict.fromkeys(ConversationWith, talk)
    overall = operations.OverallInput("good", "She is safer.")
    version = operations.save_conversations(audit, talks, 1, who, now)
    overall_version = operations.save_overall(audit, overall, 1, who, now)
    written = database.scalar(select(func.count(TrailEntry.id)))
    for seen in (version, 0):
        assert operations.save_conversations(audit, talks, seen, who, now) == version
        assert operations.save_overall(audit, overall, seen, who, now) == overall_version
    assert database.scalar(select(func.count(TrailEntry.id))) == written


def test_nothing_said_yet_is_no_conversation(database: Any, now: datetime) -> None:
    scene = issued_round(database, now)
    assert operations.save_conversations(scene.audit, {}, 0, scene.auditor, now) == 0
    assert queries.conversations_of(scene.audit) == {}
    assert scene.audit.state == AuditState.ALLOCATED


@pytest.mark.parametrize("grade", ["splendid", "not_applicable"])
def test_a_grade_that_the_tool_does_not_have_is_refused(database: Any, now: datetime, grade: str) -> None:
    scene = issued_round(database, now)
    section = next(s for s in queries.sections_of(scene.audit) if not s.domain.may_be_not_applicable)
    overall = operations.OverallInput(grade, "x")
    for save in (
        lambda: operations.save_section(scene.audit, section.domain, SectionInput(grade), 0, scene.auditor, now),
        lambda: operations.save_overall(scene.audit, overall, 0, scene.auditor, now),
    ):
        with pytest.raises(BadInput) as refusal:
            save()
        assert refusal.value.fields == {"grade": "Choose one of the grades in the list"}
    assert (scene.audit.state, scene.audit.overall_grade) == (AuditState.ALLOCATED, None)


@pytest.mark.parametrize(
    ("values", "refusal"),
    [({"auditor_id": None}, NotAllowed), ({"state": AuditState.WITHDRAWN}, IllegalMove)],
    ids=["taken away", "withdrawn"],
)
def test_an_audit_that_somebody_took_away_meanwhile_is_not_written_in(
    database: Any, now: datetime, values: dict[str, Any], refusal: type[Exception]
) -> None:
    scene = issued_round(database, now)
    domain = queries.sections_of(scene.audit)[0].domain
    elsewhere = update(Audit).where(Audit.id == scene.audit.id).values(**values)
    database.execute(elsewhere.execution_options(synchronize_session=False))
    with pytest.raises(refusal):
        operations.save_section(scene.audit, domain, SectionInput("good"), 0, scene.auditor, now)
    assert queries.section_of(scene.audit, domain.key).answer is None


def test_an_audit_that_was_taken_away_and_came_back_is_looked_at_again_first(
    database: Any, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    scene = issued_round(database, now)
    domain = queries.sections_of(scene.audit)[0].domain
    monkeypatch.setattr(rows, "take", lambda *_: None)  # as it was found; when looked at again it is back
    with pytest.raises(Stale, match="Look at it again"):
        operations.save_section(scene.audit, domain, SectionInput("good"), 0, scene.auditor, now)
    assert queries.section_of(scene.audit, domain.key).answer is None


def test_words_saved_between_reading_and_writing_are_not_overwritten(
    database: Any, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    scene = issued_round(database, now)
    audit, who = scene.audit, scene.auditor
    domain = queries.sections_of(audit)[0].domain
    operations.save_section(audit, domain, SectionInput(strengths="One"), 0, who, now)
    read = rows.find_answer(audit.id, domain.id)
    operations.save_section(audit, domain, SectionInput(strengths="Two"), 1, who, now)
    monkeypatch.setattr(rows, "find_answer", lambda *_: read)
    with pytest.raises(Changed):
        operations.save_section(audit, domain, SectionInput(strengths="Three"), 1, who, now)
    monkeypatch.undo()
    assert rows.find_answer(audit.id, domain.id).strengths == "Two"


def test_submitting_needs_everything_and_freezes_it(database: Any, now: datetime) -> None:
    scene = audit_at(database, "in_progress", now)
    with pytest.raises(BadInput, match="what is missing"):
        operations.submit_audit(scene.audit, scene.auditor, now)
    fill(scene.audit, scene.auditor, now, "inadequate")
    submission = operations.submit_audit(scene.audit, scene.auditor, now)
    assert (scene.audit.state, submission.number) == (AuditState.SUBMITTED, 1)
    assert submission.content["sections"][0]["actions"][0]["what"] == "See the father this week"
    assert submission.content["overall_label"] == "Inadequate"
    section = queries.sections_of(scene.audit)[0]
    with pytest.raises(IllegalMove, match="fixed"):
        operations.save_section(scene.audit, section.domain, SectionInput("good"), 2, scene.auditor, now)
    with pytest.raises(IllegalMove):
        operations.submit_audit(scene.audit, scene.auditor, now)
    assert database.scalar(select(func.count(Submission.id))) == 1


@pytest.mark.parametrize(
    ("at", "late"),
    [
        (datetime(2026, 6, 30, 22, 59, 59, tzinfo=UTC), False),
        (datetime(2026, 6, 30, 23, 0, tzinfo=UTC), True),
    ],
)
def test_late_begins_at_midnight_in_london(database: Any, now: datetime, at: datetime, late: bool) -> None:
    scene = issued_round(database, now)
    assert scene.audit.due_on == date(2026, 6, 30)
    fill(scene.audit, scene.auditor, now)
    operations.submit_audit(scene.audit, scene.auditor, at)
    assert scene.audit.is_late is late


def test_a_return_keeps_the_version_and_does_not_make_it_late(database: Any, now: datetime) -> None:
    scene = audit_at(database, "submitted", now)
    with pytest.raises(BadInput):
        operations.return_audit(scene.audit, " ", scene.qa, now)
    operations.return_audit(scene.audit, "Say more on risk.", scene.qa, now)
    section = queries.section_of(scene.audit, "risk")
    operations.save_section(
        scene.audit, section.domain, SectionInput("requires_improvement", "", "Cousin", False), 1, scene.auditor, now
    )
    operations.submit_audit(scene.audit, scene.auditor, now + timedelta(days=40))
    versions = queries.submissions_of(scene.audit)
    assert [v.number for v in versions] == [1, 2]
    assert versions[0].return_comment == "Say more on risk."
    assert versions[0].content["sections"][1]["grade"] == "good"
    assert versions[1].content["sections"][1]["grade"] == "requires_improvement"
    assert scene.audit.is_late is False


def test_reassigning_keeps_the_audit_and_its_text(database: Any, now: datetime) -> None:
    scene = audit_at(database, "in_progress", now)
    with pytest.raises(BadInput):
        operations.reassign_audit(scene.audit, scene.council.moderator.id, "", scene.qa, now)
    with pytest.raises(BadInput):
        operations.reassign_audit(scene.audit, scene.council.auditor.id, "Ill", scene.qa, now)
    operations.reassign_audit(scene.audit, scene.council.moderator.id, "Ill", scene.qa, now)
    assert (scene.audit.state, scene.audit.sections_done) == (AuditState.ALLOCATED, 1)
    new = scene.viewer(scene.council.moderator)
    with pytest.raises(NotAllowed):
        fill(scene.audit, scene.auditor, now)
    fill(scene.audit, new, now)
    operations.submit_audit(scene.audit, new, now)
    _assert_count_is_kept(scene.audit)


def test_a_new_auditor_may_submit_what_was_complete_as_their_own(database: Any, now: datetime) -> None:
    scene = audit_at(database, "in_progress", now)
    fill(scene.audit, scene.auditor, now)
    operations.reassign_audit(scene.audit, scene.council.moderator.id, "Ill", scene.qa, now)
    assert scene.audit.state == AuditState.ALLOCATED
    later = now + timedelta(days=1)
    submission = operations.submit_audit(scene.audit, scene.viewer(scene.council.moderator), later)
    assert (scene.audit.state, scene.audit.started_at) == (AuditState.SUBMITTED, now)
    assert submission.submitted_by_id == scene.council.moderator.id
    assert [change.move for change, _ in queries.history_of(scene.audit)] == ["submit", "start", "reassign", "start"]


def test_a_case_that_the_round_audits_already_replaces_none(database: Any, now: datetime) -> None:
    scene = audit_at(database, "in_progress", now)
    for other in scene.audits[:2]:
        case = database.get_one(Case, other.case_id)
        with pytest.raises(BadInput, match="an audit of that case already"):
            operations.replace_case(scene.audit, case, "Closed", scene.qa, now)
    assert scene.audit.state == AuditState.IN_PROGRESS
    assert database.scalar(select(func.count(Audit.id))) == len(scene.audits)


def test_an_audit_that_an_allocation_replaced_meanwhile_is_not_changed(database: Any, now: datetime) -> None:
    scene = allocated_round(database, now)
    away = delete(Audit).where(Audit.id == scene.audit.id).execution_options(synchronize_session=False)
    case = database.scalar(select(Case).where(Case.id.not_in([a.case_id for a in scene.audits])).limit(1))
    moderator = scene.council.moderator.id
    assert scene.audit.round is scene.round
    database.execute(away)
    for change in (
        lambda: operations.withdraw_audit(scene.audit, "Moved", scene.qa, now),
        lambda: operations.reassign_audit(scene.audit, moderator, "Ill", scene.qa, now),
        lambda: operations.replace_case(scene.audit, case, "Closed", scene.qa, now),
    ):
        with pytest.raises(Stale, match="Look at the round again"):
            change()


def test_replacing_a_case_withdraws_and_gives_a_new_audit(database: Any, now: datetime) -> None:
    scene = audit_at(database, "in_progress", now)
    case = database.scalar(select(Case).where(Case.id.not_in([a.case_id for a in scene.audits])).limit(1))
    new = operations.replace_case(scene.audit, case, "Closed", scene.qa, now)
    assert (scene.audit.state, scene.audit.sections_done) == (AuditState.WITHDRAWN, 1)
    assert (new.number, new.state, new.sections_done) == (len(scene.audits) + 1, AuditState.ALLOCATED, 0)
    assert (new.auditor_id, new.issued_at, new.case_id) == (scene.council.auditor.id, now, case.id)


def test_a_declaration_is_made_once_and_answered_once(database: Any, now: datetime) -> None:
    scene = audit_at(database, "in_progress", now)
    made = operations.declare(scene.audit, "conflict", "My neighbour.", scene.auditor, now)
    with pytest.raises(IllegalMove, match="already"):
        operations.declare(scene.audit, "conflict", "My neighbour.", scene.auditor, now)
    assert list(queries.open_declarations()) == [made]
    answer = operations.Answer(operations.Outcome.REASSIGNED, "Understood.", scene.council.moderator.id)
    operations.answer_declaration(made, answer, scene.qa, now)
    assert scene.audit.auditor_id == scene.council.moderator.id
    assert list(queries.open_declarations()) == []
    with pytest.raises(Stale):
        operations.answer_declaration(made, answer, scene.qa, now)


def test_a_declaration_needs_its_reason(database: Any, now: datetime) -> None:
    scene = audit_at(database, "in_progress", now)
    with pytest.raises(BadInput) as refusal:
        operations.declare(scene.audit, "conflict", " \n", scene.auditor, now)
    assert refusal.value.fields == {"reason": "Enter why you can't audit this case"}
    assert list(queries.open_declarations()) == []


@pytest.mark.parametrize(
    ("outcome", "note", "field", "sentence"),
    [
        (Outcome.KEPT, " ", "note", "Enter a sentence for the auditor"),
        (Outcome.REASSIGNED, "Yes", "auditor", "Choose the new auditor"),
        (Outcome.REPLACED, "Yes", "outcome", "No reserve of this service is left"),
    ],
)
def test_an_answer_is_whole_or_the_declaration_stays_open(
    database: Any, now: datetime, outcome: Outcome, note: str, field: str, sentence: str
) -> None:
    scene = audit_at(database, "in_progress", now)
    made = operations.declare(scene.audit, "conflict", "My neighbour.", scene.auditor, now)
    with pytest.raises(BadInput) as refusal:
        operations.answer_declaration(made, operations.Answer(outcome, note), scene.qa, now)
    assert list(refusal.value.fields) == [field]
    assert sentence in refusal.value.fields[field]
    assert list(queries.open_declarations()) == [made]
    assert (scene.audit.state, scene.audit.auditor_id) == (AuditState.IN_PROGRESS, scene.council.auditor.id)


def test_every_move_leaves_a_state_row(database: Any, now: datetime) -> None:
    scene = audit_at(database, "returned", now)
    moves = database.scalars(
        select(StateChange.move).where(StateChange.subject_type == "audit").order_by(StateChange.id)
    ).all()
    assert moves == ["start", "submit", "return"]
    assert [change.move for change, _ in queries.history_of(scene.audit)] == ["return", "submit", "start"]


def test_an_action_needs_words_and_a_day_to_come(database: Any, now: datetime) -> None:
    scene = issued_round(database, now)
    domain = queries.sections_of(scene.audit)[0].domain
    wanted = ActionInput(" ", scene.council.caseworker.id, date(2026, 6, 16))
    with pytest.raises(BadInput) as refusal:
        operations.add_action(scene.audit, domain, wanted, scene.auditor, now)
    assert set(refusal.value.fields) == {"what", "due_on"}


def test_cases_know_whether_they_are_under_audit(database: Any, now: datetime) -> None:
    scene = audit_at(database, "submitted", now)
    done, other = (database.get_one(Case, a.case_id) for a in scene.audits[:2])
    database.refresh(done)
    database.refresh(other)
    assert (done.being_audited, done.last_audited_on) == (False, date(2026, 6, 17))
    assert (other.being_audited, other.last_audited_on) == (True, None)
    operations.withdraw_audit(scene.audits[1], "Moved", scene.qa, now)
    database.refresh(other)
    assert other.being_audited is False
