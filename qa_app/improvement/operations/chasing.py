"""Tell whoever's turn a stage is that it is due, chase it the day after, escalate it once (domain.md section 8)."""

from datetime import date, datetime

from sqlalchemy import select

from qa_app.core.clock import is_working_day, london_day
from qa_app.core.database import db, transaction
from qa_app.core.errors import NotFound
from qa_app.core.jobs import Done
from qa_app.improvement import messages
from qa_app.improvement.models import ImprovementProcess, Stage
from qa_app.improvement.queries.one import open_ids
from qa_app.improvement.rules import Step, steps_due
from qa_app.improvement.states import ProcessState, StageKind
from qa_app.settings.queries import value_at

TELL = {Step.DUE_SOON: messages.remind, Step.LATE: messages.chase, Step.ESCALATE: messages.escalate}


def chase(now: datetime) -> Done:
    """Remind, chase and escalate every open stage by its date, each process in a transaction of its own.

    A plan goes with its meeting, so of the two only the meeting is told of while both are open.
    """
    done, today = Done(), london_day(now)
    if not is_working_day(today):
        done.skip("no working day")
        return done
    with transaction():
        limit = value_at("improvement_escalate_days", today)
        ids = open_ids()
    for process_id in ids:
        try:
            with transaction():
                _chase_one(process_id, limit, today, now, done)
        except NotFound:
            done.skip("changed meanwhile")
    return done


def _chase_one(process_id: int, limit: int, today: date, now: datetime, done: Done) -> None:
    process = db.session.get_one(ImprovementProcess, process_id, populate_existing=True)
    if process.state != ProcessState.OPEN:
        done.skip("closed meanwhile")
        return
    open_ = db.session.scalars(
        select(Stage)
        .where(Stage.process_id == process_id, Stage.outcome.is_(None), Stage.due_on.is_not(None))
        .order_by(Stage.position, Stage.id)
        .execution_options(populate_existing=True)
    ).all()
    meets = any(stage.kind == StageKind.DAY_THREE_MEETING for stage in open_)
    for stage in open_:
        if stage.kind == StageKind.IMPROVEMENT_PLAN and meets:
            continue
        done.looked_at += 1
        assert stage.due_on is not None
        for step in steps_due(StageKind(stage.kind), stage.due_on, limit, today):
            done.queued += TELL[step](process, stage, now)
