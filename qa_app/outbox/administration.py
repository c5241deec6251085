"""What administrators do with mail: the master switch, sending again, a test (domain.md section 10)."""

from datetime import datetime
from typing import Any

from sqlalchemy import update

from qa_app.access.permissions import Permission
from qa_app.access.viewer import Viewer
from qa_app.core.clock import london_day, start_of_day
from qa_app.core.database import db
from qa_app.core.errors import IllegalMove, NotAllowed, Stale
from qa_app.outbox.catalogue import TEST
from qa_app.outbox.letters import Letter
from qa_app.outbox.models import Mail, MailState, MailSwitch
from qa_app.outbox.rendering import render
from qa_app.outbox.rules import leaves_at
from qa_app.trail import operations as trail

WRITTEN_BEFORE = "It was written before mail was switched on."
ENDED = (MailState.FAILED, MailState.DROPPED)


def switch_on(viewer: Viewer, now: datetime, *, send_old: bool) -> int:
    """Let mail leave from now on. Mails written before today go too, or are dropped; how many were.

    Raises:
        NotAllowed: the viewer does not manage mail.
        Stale: it is on already.
    """
    _check(viewer)
    _turn(True, viewer, now)
    dropped = 0
    if not send_old:
        old = (Mail.state == MailState.QUEUED, Mail.created_at < start_of_day(london_day(now)))
        dropped = _update(old, {"state": MailState.DROPPED, "error": WRITTEN_BEFORE})
    trail.append("mail:switched-on", viewer, now, ("mail", None), dropped=dropped)
    return dropped


def switch_off(viewer: Viewer, now: datetime) -> None:
    """Let nothing leave: what is written waits.

    Raises:
        NotAllowed: the viewer does not manage mail.
        Stale: it is off already.
    """
    _check(viewer)
    _turn(False, viewer, now)
    trail.append("mail:switched-off", viewer, now, ("mail", None))


def send_again(mail: Mail, viewer: Viewer, now: datetime) -> None:
    """Queue a mail that failed or was dropped once more, with what was in it. Whether it is wanted is asked again.

    Raises:
        NotAllowed: the viewer does not manage mail.
        IllegalMove: it waits, is in hand or was sent.
    """
    _check(viewer)
    again = _waiting_anew(now)
    ended = Mail.state.in_(ENDED)
    if mail.digest_id is not None or not _update((Mail.id == mail.id, ended), again):
        raise IllegalMove("Only a mail that failed or was dropped can be sent again. Reload the page to see how it is.")
    _update((Mail.digest_id == mail.id, ended), again)
    trail.append("mail:sent-again", viewer, now, ("mail", mail.id))


def send_failed_again(viewer: Viewer, now: datetime) -> int:
    """Queue every mail that failed once more; how many.

    Raises:
        NotAllowed: the viewer does not manage mail.
    """
    _check(viewer)
    again = _waiting_anew(now)
    _update((Mail.state == MailState.FAILED, Mail.digest_id.is_not(None)), again)
    count = _update((Mail.state == MailState.FAILED,), again)
    if count:
        trail.append("mail:sent-again", viewer, now, ("mail", None), mails=count)
    return count


def trial_letter(viewer: Viewer, email: str, now: datetime) -> Letter:
    """A mail to oneself, which stands in no outbox and goes whatever the switch says."""
    written = render(TEST, {"path": "/mail"}).to(viewer.name)
    key = f"test.{viewer.person_id}.{now:%Y%m%d%H%M%S%f}"
    return Letter(key, viewer.name, email, written.subject, written.text, written.html, now)


def note_test(viewer: Viewer, now: datetime, problem: str) -> None:
    """Record that a test mail was sent, and what went wrong."""
    trail.append("mail:tested", viewer, now, ("mail", None), problem=problem)


def _check(viewer: Viewer) -> None:
    if not viewer.scope(Permission.MAIL_MANAGE).everything:
        raise NotAllowed("Only an administrator may do this.")


def _turn(on: bool, viewer: Viewer, now: datetime) -> None:
    row = db.session.get(MailSwitch, 1, with_for_update=True, populate_existing=True)
    if row is None:
        row = MailSwitch(id=1, is_on=False)
        db.session.add(row)
    if row.is_on == on:
        raise Stale(f"Mail is {'on' if on else 'off'} already. Reload the page to see since when.")
    row.is_on, row.changed_at, row.changed_by_id = on, now, viewer.person_id
    db.session.flush()


def _waiting_anew(now: datetime) -> dict[str, Any]:
    return {"state": MailState.QUEUED, "send_at": leaves_at(now), "attempts": 0, "error": ""}


def _update(where: tuple[Any, ...], values: dict[str, Any]) -> int:
    statement = update(Mail).where(*where).values(values).execution_options(synchronize_session="fetch")
    return int(db.session.execute(statement).rowcount)  # type: ignore[attr-defined]
