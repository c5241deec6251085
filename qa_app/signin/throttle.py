"""What slows whoever tries tokens of calendars and feeds: failures count by network address, as those of signing in do.

A token cannot be guessed; this keeps the tries from costing anything. Somebody's real token never waits: the
programs of many people, some with tokens that were stopped, ask from one network address.
"""

from datetime import datetime

from qa_app.core.database import db, may_write, transaction
from qa_app.signin import queries
from qa_app.signin.models import FailedSignIn
from qa_app.signin.rules import Counted, may_try_at
from qa_app.signin.sessions import digest


def wait_until(address: str, now: datetime) -> datetime | None:
    """When the next try from an address is looked at, if it must wait."""
    until = may_try_at(queries.failures({Counted.ADDRESS: _key(address)}, now))
    return until if until and now < until else None


def count(address: str, now: datetime) -> None:
    """Count a try of what is nobody's token, in a transaction of its own: the request itself only reads."""
    db.session.rollback()
    writing = may_write.set(True)
    try:
        with transaction():
            db.session.add(FailedSignIn(key=_key(address), at=now))
    finally:
        may_write.reset(writing)


def _key(address: str) -> str:
    return digest(f"token|{address}")
