"""Correct the record of the day-three meeting; what it said before stays readable (domain.md section 8)."""

from dataclasses import asdict, replace
from datetime import datetime
from typing import Any

from qa_app.access.viewer import Viewer
from qa_app.core.database import db
from qa_app.core.errors import IllegalMove
from qa_app.improvement.inputs import CorrectionInput
from qa_app.improvement.models import Correction, ImprovementProcess, Meeting, Stage
from qa_app.improvement.operations.recording import is_late, record_faults
from qa_app.improvement.operations.settling import check, stage_of
from qa_app.improvement.operations.turns import claim
from qa_app.improvement.permissions import check_can_lead
from qa_app.improvement.states import StageKind
from qa_app.trail import operations as trail

SAID = ("held_on", "present", "agreed", "next_step", "no_action_reason", "late_reason")


def correct_meeting(
    process: ImprovementProcess, given: CorrectionInput, viewer: Viewer, now: datetime, version: int | None = None
) -> Correction:
    """Put right what the record says, with a reason and one's name, as long as the process is open.

    The stages of the meeting and of its plan are done on the corrected day: whether they were in time follows from it.

    Raises:
        NotAllowed: the viewer is not the Practice Lead, nor covers.
        IllegalMove, Stale: nothing is recorded yet, or the process is closed or was changed meanwhile.
        BadInput: something is missing, no reason, or nothing would change.
    """
    who = check_can_lead(viewer, process)
    claim(process, version)
    meeting, stage = process.meeting, stage_of(process, StageKind.DAY_THREE_MEETING)
    if meeting is None or stage is None:
        raise IllegalMove("The meeting of this improvement process is not recorded yet.")
    given = _tidied(given, stage)
    check(_faults(process, meeting, stage, given, now))
    before = {name: getattr(meeting, name) for name in SAID}
    changed = [name for name in SAID if getattr(given, name) != before[name]]
    made = Correction(
        meeting_id=meeting.id, reason=given.reason, at=now, by_id=who.person_id, for_id=who.on_behalf_of, **before
    )
    for name in changed:
        setattr(meeting, name, getattr(given, name))
    _correct_stages(process, meeting)
    db.session.add(made)
    db.session.flush()
    db.session.expire(meeting, ["corrections"])
    detail = {"correction": made.id, "changed": changed, "before": before["held_on"], "after": meeting.held_on}
    trail.append("improvement:meeting-corrected", who, now, ("improvement", process.id), **detail)
    return made


def _tidied(given: CorrectionInput, stage: Stage) -> CorrectionInput:
    words: dict[str, Any] = {name: value.strip() for name, value in asdict(given).items() if isinstance(value, str)}
    tidy = replace(given, **words)
    return tidy if is_late(stage, tidy.held_on) else replace(tidy, late_reason="")


def _faults(
    process: ImprovementProcess, meeting: Meeting, stage: Stage, given: CorrectionInput, now: datetime
) -> dict[str, str]:
    faults = record_faults(process, stage, given, now)
    if meeting.no_action_reason and not given.no_action_reason:
        faults["no_action_reason"] = "Enter why the plan needs no action"
    if not given.reason:
        faults["reason"] = "Enter why you correct the record"
    elif all(getattr(given, name) == getattr(meeting, name) for name in SAID):
        faults["reason"] = "Nothing is different from the record. Change what is wrong, then save"
    return faults


def _correct_stages(process: ImprovementProcess, meeting: Meeting) -> None:
    """What was done with the record, the meeting and mostly its plan, was done on the corrected day."""
    notes = {
        StageKind.DAY_THREE_MEETING: meeting.late_reason,
        StageKind.IMPROVEMENT_PLAN: meeting.no_action_reason,
    }
    for stage in process.stages:
        if stage.kind in notes and stage.done_at == meeting.recorded_at:
            stage.done_on, stage.note = meeting.held_on, notes[StageKind(stage.kind)]
