"""Forget failed tries and sessions that are long over: once a day, since age is counted from midnight."""

from collections import Counter
from datetime import datetime

from qa_app.core.clock import london_day, start_of_day
from qa_app.core.database import transaction
from qa_app.core.jobs import Done
from qa_app.signin.operations import forget_old
from qa_app.signin.queries import is_anything_old


def forget_old_sign_ins(now: datetime) -> Done:
    """Delete what was old when the day began in London, and say how many rows. Later that day nothing is left to do."""
    midnight = start_of_day(london_day(now))
    with transaction():
        forgotten = forget_old(midnight) if is_anything_old(midnight) else 0
    return Done(looked_at=forgotten, did=Counter({"forgotten": forgotten} if forgotten else {}))
