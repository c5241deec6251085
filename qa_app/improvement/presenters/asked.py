"""What a process asks of this reader now."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from qa_app.access.viewer import Viewer
from qa_app.core.format import day
from qa_app.improvement.models import ImprovementProcess
from qa_app.improvement.permissions import can_lead, can_review, can_schedule
from qa_app.improvement.presenters.words import left_in_words
from qa_app.improvement.states import StageKind


@dataclass(frozen=True, slots=True)
class Asked:
    """One thing that this reader may do now; `theirs` where it is their turn."""

    text: str
    action: str
    href: str
    theirs: bool


def asked_of(process: ImprovementProcess, viewer: Viewer, today: date, obstacles: Sequence[str]) -> list[Asked]:
    """The stages that this reader may do, the earliest date first."""
    asked = []
    for stage in sorted(process.stages, key=lambda one: (one.due_on is None, one.due_on or today, one.position)):
        kind = StageKind(stage.kind)
        if stage.outcome is None and kind in _DOING and _may(process, kind, viewer, obstacles):
            words, action, page = _DOING[kind]
            theirs = stage.turn_id == viewer.person_id
            due = f" by {day(stage.due_on)}, {left_in_words(stage.due_on, today)}" if stage.due_on else ""
            asked.append(Asked(f"{words}{due}.", action, f"/improvement/{process.reference}/{page}", theirs))
    return asked


_DOING = {
    StageKind.DAY_THREE_MEETING: ("Hold the day-three meeting", "Record the meeting", "meeting"),
    StageKind.SERVICE_MANAGER_REVIEW: (
        "Confirm that remedial actions are happening and effective",
        "Give the review",
        "review",
    ),
    StageKind.CASELOAD_REVIEW: (
        "Decide on the whole caseload review",
        "Record the caseload review",
        "caseload-review",
    ),
    StageKind.REAUDIT: ("See that the case is audited again", "Schedule the re-audit", "re-audit"),
    StageKind.CLOSING: ("Close the process", "Close it", "close"),
}


def _may(process: ImprovementProcess, kind: StageKind, viewer: Viewer, obstacles: Sequence[str]) -> bool:
    if kind is StageKind.SERVICE_MANAGER_REVIEW:
        return can_review(viewer, process)
    if kind is StageKind.REAUDIT:
        return can_schedule(viewer, process) and process.reaudit_id is None
    if kind is StageKind.CLOSING:
        return can_lead(viewer, process) and not obstacles
    return can_lead(viewer, process)
