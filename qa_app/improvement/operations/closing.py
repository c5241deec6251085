"""Skip a stage with a reason and a name, close a process, end one whose grade has changed (domain.md section 8)."""

from datetime import datetime
from typing import Any

from qa_app.access.viewer import Viewer
from qa_app.core.clock import add_working_days, london_day
from qa_app.core.database import db
from qa_app.core.errors import BadInput, IllegalMove, Stale
from qa_app.core.states import move
from qa_app.improvement import messages
from qa_app.improvement.models import ImprovementProcess
from qa_app.improvement.operations.settling import check, date_closing, open_stage_of, settle, stage_of, unsettled
from qa_app.improvement.operations.starting import end
from qa_app.improvement.operations.turns import claim, give_turns, hold, retime
from qa_app.improvement.permissions import check_can_lead
from qa_app.improvement.queries.covers import covers
from qa_app.improvement.rules import NEVER_SKIPPED
from qa_app.improvement.states import (
    PROCESS,
    STAGE_LABELS,
    CloseOutcome,
    Mark,
    Outcome,
    ProcessState,
    StageKind,
)
from qa_app.settings.queries import value_at
from qa_app.trail import operations as trail


def skip_stage(
    process: ImprovementProcess, kind: StageKind, reason: str, viewer: Viewer, now: datetime, version: int | None = None
) -> None:
    """Leave a stage out, with a reason and one's name; the Head of Service hears of it.

    Raises:
        NotAllowed: the viewer is not the Practice Lead, nor covers.
        IllegalMove, Stale: it is settled already, or was changed meanwhile.
        BadInput: no reason, a stage that is never skipped, or a re-audit that its auditor has.
    """
    who, today = check_can_lead(viewer, process), london_day(now)
    claim(process, version)
    check({} if reason.strip() else {"reason": "Enter why this step is skipped"})
    if kind in NEVER_SKIPPED:
        label = STAGE_LABELS[kind]
        raise BadInput(f"{label} can't be skipped.", {"stage": f"{label} can't be skipped. Choose another step"})
    stage = open_stage_of(process, kind)
    if kind is StageKind.REAUDIT and process.reaudit_id is not None:
        sentence = "An auditor has the re-audit. Ask the QA team to withdraw it first"
        raise BadInput(f"{sentence}.", {"stage": sentence})
    settle(process, stage, Outcome.SKIPPED, who, now, note=reason, reason=reason.strip())
    if kind is StageKind.REAUDIT:
        date_closing(process, add_working_days(today, value_at("closing_days", today)))
    messages.tell_of_skipped(process, stage, who, now)
    give_turns(process, covers(today), who, now)


def close_obstacles(process: ImprovementProcess) -> list[str]:
    """Why a process can't be closed yet, in sentences; none when it can."""
    found = [
        f"{STAGE_LABELS[StageKind(stage.kind)]} is open." for stage in unsettled(process, besides=[StageKind.CLOSING])
    ]
    open_concerns = sum(concern.answered_at is None for concern in process.concerns)
    if open_concerns:
        found.append("A concern about another professional is not answered.")
    return found


def close_process(
    process: ImprovementProcess, note: str, viewer: Viewer, now: datetime, version: int | None = None
) -> None:
    """The Practice Lead closes a process of which every stage is done, or skipped with a reason.

    Raises:
        NotAllowed: the viewer is not the Practice Lead, nor covers.
        IllegalMove, Stale: something is open, it is closed already, or was changed meanwhile.
        BadInput: no closing words.
    """
    who = check_can_lead(viewer, process)
    _hold_seen(process, version)
    if process.state != ProcessState.OPEN:
        raise IllegalMove("This improvement process is closed already.")
    check({} if note.strip() else {"note": "Enter what has changed, and what goes on"})
    if obstacles := close_obstacles(process):
        raise IllegalMove(f"{' '.join(obstacles)} Settle that first, then close the process.")
    settle(process, open_stage_of(process, StageKind.CLOSING), Outcome.DONE, who, now, note=note)
    reaudit = stage_of(process, StageKind.REAUDIT)
    checked = reaudit is not None and reaudit.outcome == Outcome.DONE
    outcome = CloseOutcome.IMPROVED if checked else CloseOutcome.WITHOUT_REAUDIT
    values: dict[str, Any] = {
        "closed_at": now,
        "closed_by_id": who.person_id,
        "closed_for_id": who.on_behalf_of,
        "close_outcome": outcome,
        "close_note": note.strip(),
    }
    move(process, PROCESS, "close", now=now, person_id=who.person_id, reason=note.strip(), **values)
    retime(process)
    messages.settle_all(process)
    trail.append("improvement:closed", who, now, ("improvement", process.id), outcome=outcome)


def end_process(
    process: ImprovementProcess, reason: str, viewer: Viewer, now: datetime, version: int | None = None
) -> None:
    """The Practice Lead ends a process whose audit has a grade now that starts none. Nothing else ends one early.

    Raises:
        NotAllowed: the viewer is not the Practice Lead, nor covers.
        IllegalMove, Stale: the grade still starts a process, or it was changed meanwhile. BadInput: no reason.
    """
    who = check_can_lead(viewer, process)
    _hold_seen(process, version)
    check({} if reason.strip() else {"reason": "Enter why the process ends"})
    if process.mark != Mark.BETTER:
        raise IllegalMove("The grade of this audit still starts the improvement process, so it goes on.")
    if process.reaudit_id is not None:
        raise IllegalMove("An auditor has the re-audit. Ask the QA team to withdraw it first.")
    end(process, CloseOutcome.GRADE_CHANGED, reason.strip(), who, now)


def go_on(process: ImprovementProcess, viewer: Viewer, now: datetime, version: int | None = None) -> None:
    """The Practice Lead lets a process go on though the grade has changed.

    Raises:
        NotAllowed: the viewer is not the Practice Lead, nor covers.
        Stale: it is closed, or was changed meanwhile.
    """
    who = check_can_lead(viewer, process)
    claim(process, version)
    if process.mark:
        process.mark, process.marked_at = "", None
        db.session.flush()
        trail.append("improvement:goes-on", who, now, ("improvement", process.id))


def _hold_seen(process: ImprovementProcess, version: int | None) -> None:
    hold(process)
    if version is not None and process.version != version:
        raise Stale("This improvement process was changed by somebody else. Look at it again before you go on.")
