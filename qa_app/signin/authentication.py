"""Whether a password signs a person in, and what slows guessing. Reads only; the slow check holds no transaction.

Failures are counted by browser if this person has signed in with it before (it carries a signed cookie that says
so), else by email and address together, by address, and by email. So a stranger's guesses never make the person's own
browser wait (docs/decisions/0004-throttle-and-sessions-as-rows.md).
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

from qa_app.core.database import db, may_write
from qa_app.signin import queries
from qa_app.signin.passwords import is_outdated, is_right
from qa_app.signin.queries import KnownAccount
from qa_app.signin.rules import Counted, may_try_at
from qa_app.signin.sessions import digest


@dataclass(frozen=True)
class Origin:
    """Where a try comes from. `known_to` is whom the browser's cookie says it is known to, `mark` its own number."""

    address: str
    browser: str
    known_to: int | None = None
    mark: str = ""


@dataclass(frozen=True)
class Answer:
    """What became of a try: `account` if it was right; else when the next one is looked at, if it must wait."""

    keys: dict[Counted, str]
    account: KnownAccount | None = None
    claimed_id: int | None = None
    wait_until: datetime | None = None
    outdated: bool = False


@contextmanager
def only_reading() -> Iterator[None]:
    """A transaction that takes no write lock and is over before the slow part of a sign-in begins."""
    db.session.rollback()
    before = may_write.set(False)
    try:
        yield
    finally:
        db.session.rollback()
        may_write.reset(before)


def authenticate(email: str, password: str, origin: Origin, now: datetime) -> Answer:
    """Check an email and password. Unknown, disabled and wrong look alike and take as long."""
    with only_reading():
        account = queries.account_by_email(email, now)
        keys = _keys(email, account, origin)
        wait_until = may_try_at(queries.failures(keys, now))
    return _checked(account, password, keys, wait_until, now)


def confirm(account: KnownAccount, password: str, now: datetime) -> Answer:
    """Check the password of someone who is signed in already, before it is changed."""
    keys = {Counted.BROWSER: digest(f"confirm|{account.person_id}")}
    with only_reading():
        wait_until = may_try_at(queries.failures(keys, now))
    return _checked(account, password, keys, wait_until, now)


def _checked(
    account: KnownAccount | None, password: str, keys: dict[Counted, str], wait_until: datetime | None, now: datetime
) -> Answer:
    claimed_id = account.person_id if account else None
    if wait_until and now < wait_until:
        return Answer(keys, claimed_id=claimed_id, wait_until=wait_until)
    password_hash = account.password_hash if account else None
    if not is_right(password_hash, password) or account is None or not account.usable:
        return Answer(keys, claimed_id=claimed_id)
    return Answer(keys, account, claimed_id, outdated=is_outdated(password_hash or ""))


def _keys(email: str, account: KnownAccount | None, origin: Origin) -> dict[Counted, str]:
    if account and origin.known_to == account.person_id:
        return {Counted.BROWSER: digest(f"browser|{origin.mark}")}
    typed = email.strip().lower()
    return {
        Counted.PAIR: digest(f"pair|{typed}|{origin.address}"),
        Counted.ADDRESS: digest(f"address|{origin.address}"),
        Counted.EMAIL: digest(f"email|{typed}"),
    }
