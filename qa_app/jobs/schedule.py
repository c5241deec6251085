"""What runs by the clock: one line a job. `tick` is all that the scheduler calls, and what people call by hand.

A job takes `now`, does what is due by then and has not been done, and says what it did; run again for the same time,
it finds nothing to do. So two schedulers, a restart or a day of downtime do no harm.
"""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm.exc import StaleDataError

from qa_app.core.database import db, may_write, transaction
from qa_app.core.errors import Stale
from qa_app.jobs.close_rounds import close_due_rounds
from qa_app.jobs.forget_sign_ins import forget_old_sign_ins
from qa_app.jobs.models import Heartbeat
from qa_app.logs import log

JOBS: dict[str, Callable[[datetime], dict[str, Any]]] = {
    "close-rounds": close_due_rounds,
    "forget-sign-ins": forget_old_sign_ins,
}


def tick(now: datetime) -> dict[str, dict[str, Any]]:
    """Run every job for an instant and say what each did. One job's failure does not stop the next."""
    may_write.set(True)
    done: dict[str, dict[str, Any]] = {}
    for name, job in JOBS.items():
        try:
            done[name] = job(now)
        except (Stale, StaleDataError):
            db.session.rollback()
            done[name] = {"skipped": "another process did it first"}
        except Exception as error:
            db.session.rollback()
            log.error("job failed", job=name, error=type(error).__name__, exc_info=True)
            done[name] = {"failed": type(error).__name__}
    _beat(now)
    return done


def _beat(now: datetime) -> None:
    """Say that the scheduler lives. Of two that do so for the first time at once, one is enough."""
    try:
        with transaction():
            db.session.merge(Heartbeat(name="scheduler", at=now))
    except (IntegrityError, StaleDataError):
        return
