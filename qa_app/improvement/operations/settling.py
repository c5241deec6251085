"""Settle one stage: what every operation on a stage shares."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from qa_app.access.viewer import Viewer
from qa_app.core.clock import london_day
from qa_app.core.database import db
from qa_app.core.errors import BadInput, IllegalMove
from qa_app.improvement import messages
from qa_app.improvement.models import ImprovementProcess, Stage
from qa_app.improvement.states import STAGE_LABELS, Outcome, StageKind
from qa_app.trail import operations as trail


def stage_of(process: ImprovementProcess, kind: StageKind) -> Stage | None:
    """The newest stage of a kind, settled or not."""
    return max((one for one in process.stages if one.kind == kind), key=lambda one: one.number, default=None)


def open_stage_of(process: ImprovementProcess, kind: StageKind) -> Stage:
    """The open stage of a kind.

    Raises:
        IllegalMove: the process has none, or it is settled already.
    """
    stage = stage_of(process, kind)
    if stage is None or stage.outcome is not None:
        raise IllegalMove(f"The {STAGE_LABELS[kind].lower()} of this improvement process is settled already.")
    return stage


def settle(  # noqa: PLR0913 - the facts of how a stage was settled
    process: ImprovementProcess,
    stage: Stage,
    outcome: Outcome,
    who: Viewer,
    now: datetime,
    *,
    done_on: date | None = None,
    note: str = "",
    authorised_by_id: int | None = None,
    **detail: Any,
) -> None:
    """Write how a stage was settled, on the row and in the trail, and take back what asked for it."""
    stage.outcome, stage.done_on, stage.done_at = outcome, done_on or london_day(now), now
    stage.done_by_id, stage.done_for_id = who.person_id, who.on_behalf_of
    stage.note, stage.authorised_by_id = note.strip(), authorised_by_id
    stage.uncovered_since = None
    db.session.flush()
    messages.settle(process, stage)
    facts = {"stage": stage.kind, "outcome": outcome, "on": stage.done_on, **detail}
    trail.append("improvement:stage-settled", who, now, ("improvement", process.id), **facts)


def check(faults: dict[str, str]) -> None:
    """Refuse what was typed where something is missing, naming each field."""
    if faults:
        raise BadInput("Check what you entered.", faults)


def day_fault(day: date | None, first: date, today: date, what: str) -> str:
    """What is wrong with the day on which something is said to have happened; empty when nothing is."""
    if day is None:
        return f"Enter the date of {what}"
    if day > today:
        return f"The date of {what} must be today or in the past"
    return f"The date of {what} must be on or after the day when the process started" if day < first else ""


def date_closing(process: ImprovementProcess, due_on: date) -> None:
    """Closing is due from now on: its re-audit is settled."""
    stage = stage_of(process, StageKind.CLOSING)
    if stage is not None and stage.outcome is None and stage.due_on is None:
        stage.due_on = due_on


def unsettled(process: ImprovementProcess, *, besides: Sequence[StageKind] = ()) -> list[Stage]:
    """The stages that are open, some kinds left out."""
    return [one for one in process.stages if one.outcome is None and one.kind not in besides]
