"""Improvement processes in any state, walked there by the operations."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any

from qa_app.audits.operations import submit_audit
from qa_app.core.clock import add_working_days, london_day
from qa_app.improvement import operations
from qa_app.improvement.inputs import CaseloadInput, MeetingInput, PlannedAction, ReviewInput
from qa_app.improvement.models import ImprovementProcess, Stage
from qa_app.improvement.queries import process_of
from qa_app.improvement.states import StageKind
from tests.factories.audits import Scene, fill, issued_round

WHAT = "Visit this week and see the father"


def started(database: Any, now: datetime, grade: str = "inadequate") -> tuple[Scene, ImprovementProcess]:
    """A round whose first audit was just submitted with a grade that starts a process."""
    scene = issued_round(database, now)
    return scene, submitted(scene, 0, now, grade)


def submitted(scene: Scene, index: int, now: datetime, grade: str = "inadequate") -> ImprovementProcess:
    """One audit of the scene submitted, and its process."""
    audit = scene.audits[index]
    who = scene.viewer(audit.auditor)
    fill(audit, who, now, grade)
    submit_audit(audit, who, now)
    found = process_of(audit.id)
    assert found is not None
    return found


def stage(process: ImprovementProcess, kind: StageKind) -> Stage:
    """The newest stage of a kind."""
    return max((one for one in process.stages if one.kind == kind), key=lambda one: one.number)


def action(scene: Scene, now: datetime, row: int = 1, what: str = WHAT) -> PlannedAction:
    """An action of the team manager's, due in a week."""
    return PlannedAction(row, what, scene.council.team_manager.id, london_day(now) + timedelta(days=7))


def record(scene: Scene, now: datetime, actions: Sequence[PlannedAction] | None = None, **changed: Any) -> MeetingInput:
    """The record of a meeting held today."""
    given: dict[str, Any] = {
        "held_on": london_day(now),
        "present": "Sol Venables, Eleri Sandhu and Morag Dunstan",
        "agreed": "The risk assessment is done again with both parents.",
        "actions": [action(scene, now)] if actions is None else actions,
        "next_step": "Supervision on Monday",
    }
    return MeetingInput(**given | changed)


def meet(scene: Scene, process: ImprovementProcess, now: datetime, **changed: Any) -> None:
    """The Practice Lead holds and records the meeting."""
    lead = scene.viewer(scene.council.practice_lead)
    operations.record_meeting(process, record(scene, now, **changed), lead, now)


def review(scene: Scene, process: ImprovementProcess, now: datetime, again_on: date | None = None) -> None:
    """The service manager finds it effective; or not yet, with the day of a further review."""
    manager = scene.viewer(scene.council.service_manager)
    given = ReviewInput(again_on is None, "Looked at the case and spoke to the worker.", again_on)
    operations.record_review(process, given, manager, now)


def hold_caseload_review(scene: Scene, process: ImprovementProcess, now: datetime) -> None:
    """The whole caseload review is held."""
    given = CaseloadInput(True, "Eleven cases read, two need more.", london_day(now), "Imani Thorne")
    operations.record_caseload_review(process, given, scene.viewer(scene.council.practice_lead), now)


def waive_caseload_review(scene: Scene, process: ImprovementProcess, now: datetime) -> None:
    """The whole caseload review is not required, which the Head of Service authorised."""
    given = CaseloadInput(False, "She has left the team.", authorised_by_id=scene.council.head_of_service.id)
    operations.record_caseload_review(process, given, scene.viewer(scene.council.practice_lead), now)


def schedule(scene: Scene, process: ImprovementProcess, now: datetime, auditor: Any = None) -> Any:
    """The Practice Lead gives the re-audit to somebody: the auditor of the other service."""
    who = auditor or scene.council.auditor_b
    return operations.schedule_reaudit(process, who.id, scene.viewer(scene.council.practice_lead), now)


def reaudit(scene: Scene, process: ImprovementProcess, now: datetime, grade: str = "good") -> None:
    """The re-audit's auditor submits it."""
    audit = process.reaudit
    assert audit is not None
    who = scene.viewer(audit.auditor)
    fill(audit, who, now, grade)
    submit_audit(audit, who, now)


def later(now: datetime, working_days: int) -> datetime:
    """The same time of day, so many working days later."""
    return now + (add_working_days(london_day(now), working_days) - london_day(now))
