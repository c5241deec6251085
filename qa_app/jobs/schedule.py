"""What runs by the clock: one line a job. `tick` is all that the scheduler calls, and what people call by hand.

A job takes `now`, does what is due by then and has not been done, and says what it did; run again for the same time,
it finds nothing to do. A job with a slot leaves a row for it: in the transaction of all it does, where that is one;
else at its end, and what it does twice after a crash has a unique key (mails). So two schedulers, a restart or a day of
downtime do no harm.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, time
from typing import Any

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm.exc import StaleDataError

from qa_app.actions.operations import chase as chase_actions
from qa_app.core.clock import london_day
from qa_app.core.database import db, may_write, transaction
from qa_app.core.errors import Stale
from qa_app.core.jobs import Done
from qa_app.improvement import operations as improvement
from qa_app.jobs.close_rounds import close_due_rounds
from qa_app.jobs.forget_sign_ins import forget_old_sign_ins
from qa_app.jobs.models import Heartbeat, JobRun
from qa_app.jobs.remind import REMINDERS, decisions_waiting, moderations_due, qa_daily, remind, weekly_lists
from qa_app.jobs.send_mail import send_mail
from qa_app.jobs.slots import Daily, Weekly, When
from qa_app.logs import log
from qa_app.moderation.operations import give_waiting, settle_due
from qa_app.recommendations.operations import remind_owners
from qa_app.reminders.queries import is_quiet
from qa_app.slippage.operations import chase, predict

EIGHT = time(8, 0)


@dataclass(frozen=True, slots=True)
class Job:
    """One job: its name, what it does, and when; without a slot it looks at each tick whether there is something to do.

    `in_one_transaction`: it is an operation that commits nothing, and the tick commits it with its slot. Otherwise it
    has transactions of its own.
    """

    name: str
    run: Callable[[datetime], Done]
    when: When | None = None
    in_one_transaction: bool = False


JOBS: tuple[Job, ...] = (
    Job("close-rounds", close_due_rounds),
    Job("forget-sign-ins", forget_old_sign_ins),
    Job("settle-grades", settle_due, Daily(time(6, 30))),
    Job("give-moderations", give_waiting, Daily(time(6, 45))),
    Job("predict-slippage", predict, Daily(time(7, 0))),
    Job("chase-actions", chase_actions, Daily(time(7, 30), rests_on_quiet_days=True)),
    Job("chase-slippage", chase, Daily(time(7, 30), rests_on_quiet_days=True)),
    Job("cover-improvement", improvement.hand_over, Daily(time(7, 15))),
    Job("schedule-reaudits", improvement.schedule_due, Daily(time(7, 20))),
    Job("chase-improvement", improvement.chase, Daily(time(7, 30), rests_on_quiet_days=True)),
    Job(REMINDERS, remind, Daily(EIGHT, rests_on_quiet_days=True)),
    Job("weekly-lists", weekly_lists, Weekly(EIGHT, rests_on_quiet_days=True)),
    Job("decisions-waiting", decisions_waiting, Daily(EIGHT, rests_on_quiet_days=True)),
    Job("moderations-due", moderations_due, Daily(EIGHT, rests_on_quiet_days=True)),
    Job("qa-daily", qa_daily, Daily(EIGHT, rests_on_quiet_days=True)),
    Job("remind-owners", remind_owners, Daily(EIGHT, rests_on_quiet_days=True), in_one_transaction=True),
    Job("send-mail", send_mail),
)
"""In the order in which they run: what is decided comes before what is told, and sending comes last."""


def tick(now: datetime) -> dict[str, dict[str, Any]]:
    """Run every job for an instant and say what each did. One job's failure does not stop the next."""
    may_write.set(True)
    done: dict[str, dict[str, Any]] = {}
    for job in JOBS:
        try:
            done[job.name] = _run(job, now)
        except (Stale, StaleDataError):
            db.session.rollback()
            done[job.name] = _nothing("another process did it first")
        except Exception as error:
            db.session.rollback()
            log.error("job failed", job=job.name, error=type(error).__name__, exc_info=True)
            done[job.name] = {"failed": type(error).__name__}
    return done


def _run(job: Job, now: datetime) -> dict[str, Any]:
    if job.when is None:
        return job.run(now).as_dict()
    slot = job.when.slot(now)
    if slot is None:
        return _nothing("not due now")
    with transaction():
        over = db.session.get(JobRun, (job.name, slot)) is not None
        rests = not over and job.when.rests_on_quiet_days and is_quiet(london_day(now))
    if rests:
        return _nothing("today is a quiet day")
    if over:
        return _nothing(f"done for {slot} already")
    if job.in_one_transaction:
        with transaction():
            _keep(job, slot, now)
            return job.run(now).as_dict()
    done = job.run(now)
    with transaction():
        _keep(job, slot, now)
    return done.as_dict()


def _keep(job: Job, slot: str, now: datetime) -> None:
    db.session.add(JobRun(job=job.name, slot=slot, at=now))
    try:
        db.session.flush()
    except IntegrityError:
        raise Stale("Another process did this job first.") from None


def _nothing(note: str) -> dict[str, Any]:
    return Done().as_dict() | {"note": note}


def beat(now: datetime) -> None:
    """Say that the scheduler lives. Of two that do so for the first time at once, one is enough."""
    may_write.set(True)
    try:
        with transaction():
            db.session.merge(Heartbeat(name="scheduler", at=now))
    except (IntegrityError, StaleDataError):
        return
