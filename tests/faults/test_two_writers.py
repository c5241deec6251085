"""Two or more at the same moment: one effect, nothing lost, and who comes second is told."""

import random
from collections import Counter
from typing import Any

import pytest
from sqlalchemy import func, select

from qa_app.access.viewer import system
from qa_app.allocation.models import AllocationRun, Assignment
from qa_app.allocation.operations import allocate_round, swap_auditor
from qa_app.audits import operations as audits
from qa_app.audits.models import Audit, SectionAnswer, Submission
from qa_app.audits.operations import Changed, SectionInput
from qa_app.core.database import db
from qa_app.core.errors import IllegalMove, Refusal, Stale
from qa_app.core.states import StateChange
from qa_app.outbox.models import Mail
from qa_app.progress.operations import remind
from qa_app.rounds import operations as rounds
from qa_app.rounds.models import Round, RoundAuditor
from qa_app.trail import operations as trail
from qa_app.trail.models import TrailEntry
from tests.conftest import NOW
from tests.faults.killing import CRASHED, at_once
from tests.faults.stores import Store
from tests.faults.writers import Writers, audit_of, auditor_of, round_of, section_of, together

FILLED, UNTOUCHED = "2026-06/001", "2026-06/002"


def count(session: Any, model: Any, *where: Any) -> int:
    """How many rows."""
    return int(session.execute(select(func.count()).select_from(model).where(*where)).scalar_one())


def test_two_schedulers_close_a_round_once(store: Store) -> None:
    commands = [store.command("tick", "--at", "2026-07-10T00:05", name=name) for name in ("one", "two")]
    assert at_once(commands) == [0, 0], [command.output() for command in commands]
    with store.session() as session:
        assert count(session, StateChange, StateChange.move == "close") == 1
        assert count(session, TrailEntry, TrailEntry.event == "round:closed") == 1
        assert round_of("2026-06").state == "closed"
    store.check_whole()


def test_two_allocations_from_the_command_line_leave_one(store: Store) -> None:
    commands = [store.command("round", "allocate", "2026-08", name=name) for name in ("one", "two")]
    codes = at_once(commands)
    assert 0 in codes and CRASHED not in codes, [command.output() for command in commands]
    with store.session() as session:
        august = round_of("2026-08")
        made = session.scalars(select(Audit).where(Audit.round_id == august.id)).all()
        assert len({audit.case_id for audit in made}) == len(made) == 8
        assert count(session, Assignment, Assignment.audit_id.in_([audit.id for audit in made])) == 8
        assert count(session, AllocationRun, AllocationRun.round_id == august.id) == codes.count(0)
        expected = session.scalars(select(RoundAuditor.person_id).where(RoundAuditor.round_id == august.id)).all()
        assert len(set(expected)) == len(expected) > 0
    store.check_whole()


@pytest.mark.parametrize("number", [2, 8])
def test_an_audit_is_submitted_once(store: Store, number: int) -> None:
    def submit() -> int:
        audit = audit_of(FILLED)
        return audits.submit_audit(audit, auditor_of(audit), NOW).number

    results = together(store, [submit] * number)
    assert [result for result in results if isinstance(result, int)] == [1]
    assert all(isinstance(result, IllegalMove | Stale | int) for result in results)
    with store.session() as session:
        assert count(session, Submission) == 1
        assert count(session, TrailEntry, TrailEntry.event == "audit:submitted") == 1
        assert count(session, StateChange, StateChange.move == "submit") == 1
    store.check_whole()


@pytest.mark.parametrize("number", [2, 8])
def test_a_page_is_allocated_once_by_those_who_saw_the_same(store: Store, number: int) -> None:
    with store.session():
        version = round_of("2026-08").version

    def allocate() -> int:
        return allocate_round(round_of("2026-08"), system(), NOW, version=version).number

    results = together(store, [allocate] * number)
    assert [result for result in results if not isinstance(result, Stale)] == [1]
    with store.session() as session:
        assert count(session, Audit, Audit.round_id == round_of("2026-08").id) == 8
    store.check_whole()


def test_a_round_is_issued_once_and_each_auditor_told_once(store: Store) -> None:
    with store.session() as session:
        mails = count(session, Mail)

    results = together(store, [lambda: rounds.issue_round(round_of("2026-07"), system(), NOW)] * 4)
    assert Counter(type(result).__name__ for result in results)["NoneType"] == 1
    assert all(isinstance(result, IllegalMove | Stale | None) for result in results)
    with store.session() as session:
        july = round_of("2026-07")
        auditors = session.scalars(select(Audit.auditor_id).where(Audit.round_id == july.id).distinct()).all()
        assert count(session, Mail) - mails == len(auditors)
        assert count(session, TrailEntry, TrailEntry.event == "audit:issued", TrailEntry.subject_id == july.id) == 1
    store.check_whole()


def test_a_manager_is_reminded_once(store: Store) -> None:
    def press() -> int:
        june = round_of("2026-06")
        return remind(june, [audit_of(UNTOUCHED).auditor_id or 0], system(), NOW).new

    assert sorted(together(store, [press] * 4)) == [0, 0, 0, 1]
    with store.session() as session:
        assert count(session, Mail, Mail.message == "reminder") == 1
        assert count(session, TrailEntry, TrailEntry.event == "progress:reminded") == 1
    store.check_whole()


@pytest.mark.parametrize(("number", "times"), [(2, 200), (8, 25)])
def test_words_are_never_written_over_unseen_ones(store: Store, number: int, times: int) -> None:
    """All save the same section from the same version: one is kept, every other is told which version to look at."""
    chance = random.Random(number)

    def save(words: str, seen: int) -> int:
        audit = audit_of(UNTOUCHED)
        typed = SectionInput("good", words)
        return audits.save_section(audit, section_of(audit, 0).domain, typed, seen, auditor_of(audit), NOW)

    with Writers(store, number) as writers:
        for seen in range(times):
            words = [f"{seen}, {writer}: " + "seen alone " * chance.randint(0, 30) for writer in range(number)]
            results = writers.do([lambda text=text: save(text, seen) for text in words])  # type: ignore[misc]
            kept = [text for text, result in zip(words, results, strict=True) if result == seen + 1]
            told = [result for result in results if isinstance(result, Changed) and result.version == seen + 1]
            assert (len(kept), len(told)) == (1, number - 1), results
            with store.session() as session:
                audit = audit_of(UNTOUCHED)
                answers = session.scalars(select(SectionAnswer).where(SectionAnswer.audit_id == audit.id)).all()
                assert [(answer.strengths, answer.version) for answer in answers] == [(kept[0], seen + 1)]
    with store.session() as session:
        assert count(session, TrailEntry, TrailEntry.event == "audit:section-saved") >= times
        assert count(session, TrailEntry, TrailEntry.event == "audit:started", TrailEntry.subject_id == audit.id) == 1
    store.check_whole()


def test_sections_saved_at_once_are_all_kept_and_counted(store: Store) -> None:
    with store.session():
        total = audit_of(UNTOUCHED).sections_total

    def save(position: int) -> int:
        audit = audit_of(UNTOUCHED)
        typed = SectionInput("good", f"Section {position}")
        return audits.save_section(audit, section_of(audit, position).domain, typed, 0, auditor_of(audit), NOW)

    results = together(store, [lambda n=n: save(n) for n in range(total)])  # type: ignore[misc]
    assert results == [1] * total
    with store.session() as session:
        audit = audit_of(UNTOUCHED)
        assert (audit.sections_done, audit.state) == (total, "in_progress")
        assert count(session, SectionAnswer, SectionAnswer.audit_id == audit.id) == total
    store.check_whole()


def test_a_save_and_a_submission_come_one_after_the_other(store: Store) -> None:
    """What was saved before the submission is in it; what comes after is refused: nothing in between."""

    def save() -> int:
        audit = audit_of(FILLED)
        section = section_of(audit, 0)
        assert section.answer is not None
        typed = SectionInput("good", "Written at the last moment.")
        return audits.save_section(audit, section.domain, typed, section.answer.version, auditor_of(audit), NOW)

    def submit() -> int:
        audit = audit_of(FILLED)
        return audits.submit_audit(audit, auditor_of(audit), NOW).number

    saved, submitted = together(store, [save, submit])
    assert submitted == 1
    with store.session() as session:
        content = str(session.scalars(select(Submission.content)).one())
        assert ("Written at the last moment." in content) == (not isinstance(saved, Refusal))
        answer = section_of(audit_of(FILLED), 0).answer
        assert answer is not None and answer.strengths in content
    store.check_whole()


def test_changing_an_auditor_while_the_round_is_issued_does_one_after_the_other(store: Store) -> None:
    """Both take the round's audits and the trail: neither may wait for the other for ever."""
    for _ in range(5):
        with store.session():
            before = audit_of("2026-07/001")
            other = next(a.auditor_id for a in _audits_of("2026-07") if a.auditor_id not in (None, before.auditor_id))

        def swap(to: int = other or 0) -> None:
            swap_auditor(audit_of("2026-07/001"), to, "On leave from tomorrow", system(), NOW)

        def allocate() -> int:
            return allocate_round(round_of("2026-07"), system(), NOW).number

        results = together(store, [swap, allocate])
        assert all(not isinstance(result, Exception) or isinstance(result, Refusal) for result in results)
    results = together(store, [swap, lambda: rounds.issue_round(round_of("2026-07"), system(), NOW)])
    assert results[1] is None
    with store.session():
        made = _audits_of("2026-07")
        assert len(made) == 8
        assert all(audit.issued_at for audit in made if audit.auditor_id)
    store.check_whole()


def _audits_of(reference: str) -> list[Audit]:
    return list(
        db.session.scalars(select(Audit).join(Round).where(Round.reference == reference).order_by(Audit.number))
    )


def test_the_trail_is_one_chain_whoever_writes(store: Store) -> None:
    with store.session():
        before = trail.verify().entries

    def write(writer: int) -> None:
        trail.append("audit:viewed", system(), NOW, ("audit", writer), writer=writer)

    with Writers(store, 8) as writers:
        for _ in range(50):
            writers.do([lambda n=n: write(n) for n in range(8)])  # type: ignore[misc]
    with store.session() as session:
        verdict = trail.verify()
        assert (verdict.faults, verdict.entries) == ([], before + 400)
        written = session.scalars(select(TrailEntry.subject_id).where(TrailEntry.id > before)).all()
        assert Counter(written) == dict.fromkeys(range(8), 50)
