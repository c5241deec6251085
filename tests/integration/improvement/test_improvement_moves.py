"""Every verb by every role in every state; and any order of acts, with days that pass, keeps a process whole."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from qa_app.access.viewer import Viewer
from qa_app.audits.operations import return_audit, submit_audit
from qa_app.core.clock import london_day
from qa_app.core.errors import BadInput, IllegalMove, NotAllowed, Stale
from qa_app.improvement import operations
from qa_app.improvement.inputs import CaseloadInput, ReviewInput
from qa_app.improvement.models import ImprovementProcess
from qa_app.improvement.operations.turns import next_stage
from qa_app.improvement.rules import NEVER_SKIPPED, is_away_through
from qa_app.improvement.states import CloseOutcome, Outcome, ProcessState, StageKind
from qa_app.people.models import Absence
from tests.databases import examples
from tests.factories import improvement as made
from tests.factories.audits import Scene

K = StageKind
ROLES = [
    "auditor", "auditor_b", "moderator", "lead_auditor", "team_manager", "service_manager", "service_manager_b",
    "head_of_service", "head_of_service_b", "practice_lead", "qa", "director", "executive", "scrutiny", "administrator",
]  # fmt: skip
LEAD, REVIEWERS = {"practice_lead"}, {"service_manager", "head_of_service"}
SCHEDULERS = {"practice_lead", "qa"}

Verb = Callable[[Scene, ImprovementProcess, Viewer, datetime], Any]


def _meet(scene: Scene, process: ImprovementProcess, who: Viewer, now: datetime) -> None:
    operations.record_meeting(process, made.record(scene, now, late_reason="Court."), who, now)


def _review(scene: Scene, process: ImprovementProcess, who: Viewer, now: datetime) -> None:
    operations.record_review(process, ReviewInput(True, "Seen."), who, now)


def _not_yet(scene: Scene, process: ImprovementProcess, who: Viewer, now: datetime) -> None:
    operations.record_review(process, ReviewInput(False, "No.", london_day(now) + timedelta(days=9)), who, now)


def _held(scene: Scene, process: ImprovementProcess, who: Viewer, now: datetime) -> None:
    operations.record_caseload_review(process, CaseloadInput(True, "Read.", london_day(now), "Both"), who, now)


def _waived(scene: Scene, process: ImprovementProcess, who: Viewer, now: datetime) -> None:
    authoriser = scene.council.director.id
    operations.record_caseload_review(process, CaseloadInput(False, "Left.", authorised_by_id=authoriser), who, now)


def _schedule(scene: Scene, process: ImprovementProcess, who: Viewer, now: datetime) -> None:
    operations.schedule_reaudit(process, scene.council.auditor_b.id, who, now)


def _skip(kind: StageKind) -> Verb:
    return lambda scene, process, who, now: operations.skip_stage(process, kind, "A reason.", who, now)


def _close(scene: Scene, process: ImprovementProcess, who: Viewer, now: datetime) -> None:
    operations.close_process(process, "The plan holds.", who, now)


def _end(scene: Scene, process: ImprovementProcess, who: Viewer, now: datetime) -> None:
    operations.end_process(process, "A slip.", who, now)


VERBS: dict[str, tuple[Verb, set[str]]] = {
    "meet": (_meet, LEAD),
    "review": (_review, REVIEWERS),
    "not yet": (_not_yet, REVIEWERS),
    "held": (_held, LEAD),
    "waived": (_waived, LEAD),
    "schedule": (_schedule, SCHEDULERS),
    **{f"skip {kind}": (_skip(kind), LEAD) for kind in K},
    "close": (_close, LEAD),
    "end": (_end, LEAD),
}

BEGUN = {"meet", "review", "not yet", "schedule", *(f"skip {kind}" for kind in set(K) - NEVER_SKIPPED)}
FITTING = {
    "begun": BEGUN,
    "met": BEGUN - {"meet", f"skip {K.DAY_THREE_MEETING}", f"skip {K.IMPROVEMENT_PLAN}"},
    "second of the worker": BEGUN | {"held", "waived"},
    "scheduled": BEGUN - {"schedule", f"skip {K.REAUDIT}"},
    "doubted": BEGUN | {"end"},
    "ready": {"close"},
    "closed": set(),
    "ended": set(),
}
"""What may be done in each situation, by whoever may do it."""


def in_situation(database: Any, now: datetime, name: str) -> tuple[Scene, ImprovementProcess]:
    """A process as it is in one situation."""
    scene, process = made.started(database, now)
    lead = scene.viewer(scene.council.practice_lead)
    if name == "second of the worker":
        return scene, made.submitted(scene, 1, now)
    if name == "scheduled":
        made.schedule(scene, process, now)
    if name in ("doubted", "ended"):
        operations.follow_grade(scene.audit, "good", scene.qa, now)
    if name == "ended":
        operations.end_process(process, "A slip.", lead, now)
    if name in ("met", "ready", "closed"):
        made.meet(scene, process, now)
    if name in ("ready", "closed"):
        made.review(scene, process, now)
        operations.skip_stage(process, K.REAUDIT, "The case closed.", lead, now)
    if name == "closed":
        operations.close_process(process, "Done.", lead, now)
    return scene, process


@pytest.mark.parametrize("situation", FITTING)
def test_every_verb_by_every_role(database: Any, now: datetime, situation: str) -> None:
    scene, process = in_situation(database, now, situation)
    for name, (verb, roles) in VERBS.items():
        for role in ROLES:
            who = scene.viewer(getattr(scene.council, role))
            point = database.begin_nested()
            try:
                if role not in roles:
                    with pytest.raises(NotAllowed):
                        verb(scene, process, who, now)
                elif name not in FITTING[situation]:
                    with pytest.raises((IllegalMove, Stale, BadInput)):
                        verb(scene, process, who, now)
                else:
                    verb(scene, process, who, now)
            except BaseException as error:
                error.add_note(f"{name} by {role}, {situation}")
                raise
            point.rollback()
            database.expire_all()


def check_whole(process: ImprovementProcess, absences: list[Absence], now: datetime) -> None:
    """What must hold of a process whatever was done."""
    today = london_day(now)
    for stage in process.stages:
        assert (stage.outcome is None) == (stage.done_at is None)
        if stage.outcome in (Outcome.SKIPPED, Outcome.WAIVED):
            assert stage.note, "a reason"
            assert stage.done_by_id or process.close_outcome == CloseOutcome.REPEAT_INADEQUATE, "and a name"
        if stage.outcome == Outcome.WAIVED:
            assert stage.kind == K.CASELOAD_REVIEW
            assert stage.authorised_by_id not in (None, stage.done_by_id)
        if stage.outcome is not None:
            assert stage.uncovered_since is None
    assert process.caseload_basis
    kinds = {stage.kind for stage in process.stages}
    assert (K.CASELOAD_REVIEW in kinds) == process.caseload_basis.startswith("Considered")
    if process.state == ProcessState.OPEN:
        following = next_stage(process)
        assert following is not None
        assert (process.next_kind, process.next_due_on, process.turn_id) == (
            following.kind, following.due_on, following.turn_id,
        )  # fmt: skip
        if following.due_on is not None and process.turn_id == process.lead_id:
            spans = [(one.starts_on, one.ends_on) for one in absences]
            assert not is_away_through(spans, today, following.due_on), "never with somebody who is away"
    else:
        assert all(stage.outcome for stage in process.stages)
        assert (process.next_kind, process.next_due_on, process.turn_id) == ("", None, None)
    if process.close_outcome == CloseOutcome.IMPROVED:
        assert next(one for one in process.stages if one.kind == K.REAUDIT).outcome == Outcome.DONE


WHO = [*["practice_lead"] * 8, *["service_manager"] * 4, *ROLES]
"""Mostly whoever may, so that processes go far."""

ACTS = st.sampled_from(
    [
        *VERBS,
        "a day",
        "a week",
        "six weeks",
        "leave",
        "returned",
        "submitted",
        "better",
        "re-audit good",
        "re-audit bad",
    ]
)


@settings(
    max_examples=examples(20),
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(acts=st.lists(st.tuples(ACTS, st.sampled_from(WHO)), min_size=4, max_size=22))
def test_any_order_of_acts_keeps_every_process_whole(database: Any, now: datetime, acts: list[tuple[str, str]]) -> None:
    database.remove()
    whole = database.get_bind().begin_nested()  # below the session, whose commits the jobs make
    try:
        _live(database, now, acts)
    finally:
        database.remove()
        whole.rollback()


PASSES = {"a day": 1, "a week": 7, "six weeks": 42}


def _live(database: Any, now: datetime, acts: list[tuple[str, str]]) -> None:
    scene, process = made.started(database, now)
    database.commit()
    absences: list[Absence] = []
    for name, role in acts:
        now += timedelta(days=PASSES.get(name, 0))
        scene.now = now
        try:
            if name in VERBS:
                VERBS[name][0](scene, process, scene.viewer(getattr(scene.council, role)), now)
            elif name not in PASSES:
                _happen(database, scene, process, name, now, absences)
            database.commit()
        except (NotAllowed, IllegalMove, Stale, BadInput):
            database.rollback()
        for job in (operations.hand_over, operations.schedule_due, operations.chase):
            job(now)
        database.expire_all()
        found = database.query(ImprovementProcess).order_by(ImprovementProcess.id).all()
        for one in found:
            check_whole(one, absences, now)
        process = found[-1]


def _happen(
    database: Any, scene: Scene, process: ImprovementProcess, name: str, now: datetime, absences: list[Absence]
) -> None:
    audit = process.audit
    if name == "leave":
        today = london_day(now)
        if not any(one.ends_on >= today for one in absences):
            lead = scene.council.practice_lead
            absences.append(Absence(person_id=lead.id, starts_on=today, ends_on=today + timedelta(days=10)))
            database.add(absences[-1])
            database.flush()
    elif name == "returned":
        return_audit(audit, "Say more.", scene.qa, now)
    elif name == "submitted":
        submit_audit(audit, scene.viewer(audit.auditor), now)
    elif name == "better":
        operations.follow(audit, "good", scene.qa, now)
    elif process.reaudit is not None and process.reaudit.submitted_at is None:
        made.reaudit(scene, process, now, "good" if name == "re-audit good" else "inadequate")
