"""The mails that go by the clock: what is planned for now, queued in batches, each in a transaction of its own.

Killed in between, it leaves no slot and is run again; whoever has a mail already gets no second one.
"""

from collections.abc import Callable, Iterator, Sequence
from datetime import date, datetime

from sqlalchemy import func, select

from qa_app.core.clock import london_day
from qa_app.core.database import db, transaction
from qa_app.core.jobs import Done
from qa_app.jobs.models import JobRun
from qa_app.outbox.operations import BATCH, queue
from qa_app.reminders import planning
from qa_app.reminders.planning import PlannedMail

REMINDERS = "reminders"


def remind(now: datetime) -> Done:
    """Queue the reminders of today, and of the days since the run before where nothing ran."""
    return _queue_all(lambda: planning.plan_reminders(now, _day_before(now)), now)


def weekly_lists(now: datetime) -> Done:
    """Queue the week's lists of managers and Heads of Service."""
    return _queue_all(lambda: planning.plan_weekly(now), now)


def decisions_waiting(now: datetime) -> Done:
    """Queue the day's mail to the Director, where decisions wait."""
    return _queue_all(lambda: planning.plan_decisions(now), now)


def moderations_due(now: datetime) -> Done:
    """Queue the reminders to moderators."""
    return _queue_all(lambda: planning.plan_moderations(now), now)


def qa_daily(now: datetime) -> Done:
    """Queue the day's mail to the QA team, where something waits for them."""
    return _queue_all(lambda: planning.plan_qa_daily(now), now)


def _day_before(now: datetime) -> date | None:
    """The day for which reminders were queued last, before today."""
    today = london_day(now).isoformat()
    last = db.session.scalar(select(func.max(JobRun.slot)).where(JobRun.job == REMINDERS, JobRun.slot < today))
    return date.fromisoformat(last) if last else None


def _queue_all(plan: Callable[[], Sequence[PlannedMail]], now: datetime) -> Done:
    with transaction():
        planned = plan()
    done = Done(looked_at=sum(len(mail.person_ids) for mail in planned))
    for batch in _batches(planned):
        with transaction():
            for mail in batch:
                done.queued += queue(
                    mail.message,
                    mail.person_ids,
                    subject_key=mail.subject_key,
                    slot=mail.slot,
                    now=now,
                    variables=mail.variables,
                )
    if done.queued < done.looked_at:
        done.skip("has it already, has no email, or does not work here today", done.looked_at - done.queued)
    return done


def _batches(planned: Sequence[PlannedMail]) -> Iterator[list[PlannedMail]]:
    """The planned mails with at most `BATCH` people together, in order."""
    batch: list[PlannedMail] = []
    size = 0
    for mail in planned:
        for start in range(0, len(mail.person_ids), BATCH):
            people = mail.person_ids[start : start + BATCH]
            if batch and size + len(people) > BATCH:
                yield batch
                batch, size = [], 0
            batch.append(PlannedMail(mail.message, people, mail.subject_key, mail.slot, mail.variables))
            size += len(people)
    if batch:
        yield batch
