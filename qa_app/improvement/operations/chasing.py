"""Tell whoever's turn a stage is that it is due, chase it the day after, escalate it once (domain.md section 8)."""

from collections.abc import Sequence
from datetime import datetime

from qa_app.core.clock import is_working_day, london_day
from qa_app.core.database import db, transaction
from qa_app.core.jobs import Done
from qa_app.improvement import messages
from qa_app.improvement.models import Stage
from qa_app.improvement.queries.clock import OpenStage, open_stages, told_already
from qa_app.improvement.rules import Step, steps_due
from qa_app.improvement.states import ProcessState, StageKind
from qa_app.settings.queries import value_at

TELL = {Step.DUE_SOON: messages.remind, Step.LATE: messages.chase, Step.ESCALATE: messages.escalate}
_ONCE = {Step.LATE: "improvement_step_late", Step.ESCALATE: "improvement_step_escalated"}


def chase(now: datetime) -> Done:
    """Remind, chase and escalate every open stage by its date, each stage in a transaction of its own.

    A plan goes with its meeting, so of the two only the meeting is told of while both are open.
    """
    done, today = Done(), london_day(now)
    if not is_working_day(today):
        done.skip("no working day")
        return done
    with transaction():
        limit = value_at("improvement_escalate_days", today)
        stages, already = open_stages(), told_already()
    meets = {one.process_id for one in stages if one.kind is StageKind.DAY_THREE_MEETING}
    for one in stages:
        if one.kind is StageKind.IMPROVEMENT_PLAN and one.process_id in meets:
            continue
        done.looked_at += 1
        subject = f"improvement:{one.process_id}:{one.stage_id}"
        steps = [
            step
            for step in steps_due(one.kind, one.due_on, limit, today)
            if (subject, _ONCE.get(step, "")) not in already
        ]
        if not steps:
            done.skip("nothing to tell today, or told already")
            continue
        with transaction():
            _tell(one, steps, now, done)
    return done


def _tell(one: OpenStage, steps: Sequence[Step], now: datetime, done: Done) -> None:
    stage = db.session.get(Stage, one.stage_id, populate_existing=True)
    if stage is None or stage.outcome is not None or stage.process.state != ProcessState.OPEN:
        done.skip("changed meanwhile")
        return
    for step in steps:
        done.queued += TELL[step](stage.process, stage, now)
