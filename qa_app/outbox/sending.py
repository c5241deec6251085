"""Send the mails that are due (domain.md section 10): claim a batch, send each, note each in a transaction of its own.

A sender that is killed loses nothing: what it had in hand waits again after ten minutes. Only a kill between the mail
server's answer and our commit sends a mail twice, and both copies then have one Message-ID.
"""

import time
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import update
from sqlalchemy.exc import DBAPIError

from qa_app.core.database import db, is_out_of_reach, transaction
from qa_app.core.jobs import Done
from qa_app.outbox.claiming import Claim, Parcel, claim, take_back_lost
from qa_app.outbox.freshness import Reasons
from qa_app.outbox.letters import ConnectionLost, OutOfReach, Refused, Transport, TryLater
from qa_app.outbox.models import Mail, MailState
from qa_app.outbox.rules import leaves_at, may_leave, retry_at

LONGEST = 240
"""Seconds that a run may take; what is left waits for the next. Well under the age at which a claim is lost."""

TRIES_TO_NOTE = 5
LOST_IN_A_ROW = 2
"""Connections that break one after the other before a run gives up."""

NO_TRANSPORT = "No way to send mail is set up: see docs/configuration.md."


def send_due(now: datetime, transport: Transport | None, reasons: Reasons) -> Done:
    """Send what is due at an instant, and say what was done and why nothing was."""
    done = Done()
    if taken_back := take_back_lost(now):
        done.skip("Taken back from a sender that ended", taken_back)
    if not may_leave(now):
        done.skip(f"Mails leave on working days from 8:00, next at {leaves_at(now):%Y-%m-%d %H:%M} UTC", 0)
        return done
    if transport is None:
        done.skip(NO_TRANSPORT, 0)
        return done
    ends = time.monotonic() + LONGEST
    try:
        while time.monotonic() < ends:
            claimed = claim(now, reasons)
            _count(claimed, done)
            if not claimed.looked_at or not _send_all(claimed.parcels, transport, now, done, ends):
                break
    finally:
        transport.close()
    return done


def _count(claimed: Claim, done: Done) -> None:
    done.looked_at += claimed.looked_at
    if not claimed.is_on:
        done.skip("The master switch is off", 0)
    if claimed.dropped:
        done.skip("No longer wanted", claimed.dropped)
    if claimed.postponed:
        done.skip("Had a digest today", claimed.postponed)


def _send_all(parcels: Sequence[Parcel], transport: Transport, now: datetime, done: Done, ends: float) -> bool:
    """Send each; whether to go on with more. Whatever ends this, what was not tried waits again."""
    left = list(parcels)
    lost = 0
    try:
        while left and lost < LOST_IN_A_ROW and time.monotonic() < ends:
            parcel = left[0]
            try:
                transport.send(parcel.letter)
            except OutOfReach as error:
                left.pop(0)
                _later(parcel, str(error), now, done)
                return False
            except TryLater as error:
                left.pop(0)
                lost = lost + 1 if isinstance(error, ConnectionLost) else 0
                _later(parcel, str(error), now, done)
                continue
            except Refused as error:
                left.pop(0)
                _failed(parcel, str(error), now, done)
            else:
                left.pop(0)
                _note(parcel, now, {"state": MailState.SENT, "sent_at": now, "error": ""}, inside=True)
                done.sent += 1
            lost = 0
        return not left and lost < LOST_IN_A_ROW
    finally:
        if left:
            _release(left, now)


def _later(parcel: Parcel, why: str, now: datetime, done: Done) -> None:
    again = retry_at(parcel.attempts + 1, now)
    if again is None:
        _failed(parcel, why, now, done)
        return
    done.skip("To be tried again")
    _note(parcel, now, {"state": MailState.QUEUED, "send_at": again, "error": why})


def _failed(parcel: Parcel, why: str, now: datetime, done: Done) -> None:
    done.skip("Failed")
    _note(parcel, now, {"state": MailState.FAILED, "error": why}, inside=True)


def _note(parcel: Parcel, now: datetime, values: dict[str, Any], *, inside: bool = False) -> None:
    """Note what became of a mail in hand, and of those inside it."""

    def write() -> None:
        with transaction():
            mine = (Mail.id == parcel.mail_id, Mail.state == MailState.SENDING, Mail.claimed_at == now)
            found = values | {"attempts": parcel.attempts + 1, "claimed_at": None}
            _update(mine, found)
            if inside:
                _update((Mail.digest_id == parcel.mail_id, Mail.state == MailState.QUEUED), values)

    _persistently(write)


def _release(parcels: Sequence[Parcel], now: datetime) -> None:
    def write() -> None:
        with transaction():
            ids = [parcel.mail_id for parcel in parcels]
            mine = (Mail.id.in_(ids), Mail.state == MailState.SENDING, Mail.claimed_at == now)
            _update(mine, {"state": MailState.QUEUED, "claimed_at": None})

    _persistently(write)


def _update(where: tuple[Any, ...], values: dict[str, Any]) -> None:
    db.session.execute(update(Mail).where(*where).values(values).execution_options(synchronize_session=False))


def _persistently(write: Callable[[], None]) -> None:
    """A mail that has left must be noted: where another holds the database for long, wait for it more than once."""
    for attempt in range(TRIES_TO_NOTE):
        try:
            return write()
        except DBAPIError as error:
            if attempt == TRIES_TO_NOTE - 1 or not is_out_of_reach(error):
                raise
    return None
