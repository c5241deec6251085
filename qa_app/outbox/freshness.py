"""Whether a mail is still wanted, asked again at the moment of sending (domain.md section 10).

A message's reason says of some mails which are still wanted, and with what variables: whoever has submitted since is
not reminded, and whoever has two audits left is not told of three.
"""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, timedelta

from sqlalchemy import update

from qa_app.core.clock import london_day
from qa_app.core.database import db
from qa_app.logs import log
from qa_app.outbox.catalogue import DIGEST, MESSAGES, Value, kept
from qa_app.outbox.models import Mail, MailState
from qa_app.outbox.rendering import render
from qa_app.outbox.rules import leaves_at
from qa_app.people.models import Person

Reason = Callable[[Sequence[Mail], datetime], Mapping[int, Mapping[str, Value]]]
"""Given mails of one message: the variables of those that are still wanted, by the mail's id."""

Reasons = Mapping[str, Reason]

PUT_OFF = timedelta(hours=1)

SETTLED = "What it asks for is settled."


def freshen(mails: Sequence[Mail], reasons: Reasons, now: datetime) -> list[Mail]:
    """The mails that are still wanted, written anew where what they say has changed; the others are dropped."""
    by_message: dict[str, list[Mail]] = defaultdict(list)
    for mail in mails:
        if why := _cannot_read(mail.person, london_day(now)):
            drop(mail, why)
        else:
            by_message[mail.message].append(mail)
    wanted: dict[int, Mail] = {}
    for message, group in by_message.items():
        reason = reasons.get(message)
        if reason is None or message not in MESSAGES:
            wanted.update((mail.id, mail) for mail in group)
            continue
        try:
            with db.session.begin_nested():
                wanted.update((mail.id, mail) for mail in _still_true(group, reason(group, now)))
        except Exception as error:
            log.error("reason failed", message=message, error=type(error).__name__)
            _put_off(group, f"Whether it is still wanted could not be found out: {type(error).__name__}.", now)
    return [mail for mail in mails if mail.id in wanted]


def _still_true(group: Sequence[Mail], found: Mapping[int, Mapping[str, Value]]) -> list[Mail]:
    for mail in group:
        if mail.id in found:
            _write_anew(mail, found[mail.id])
        else:
            drop(mail, SETTLED)
    return [mail for mail in group if mail.id in found]


def _put_off(group: Sequence[Mail], why: str, now: datetime) -> None:
    """A fault of ours in one kind of mail must not keep the others."""
    for mail in group:
        db.session.refresh(mail)
        mail.send_at, mail.error = leaves_at(now + PUT_OFF), why


def drop(mail: Mail, why: str) -> None:
    """A mail that is not wanted any more stays in the log, with why; and with a digest all that is in it."""
    mail.state, mail.error, mail.claimed_at = MailState.DROPPED, why, None
    if mail.message == DIGEST:
        inside = update(Mail).where(Mail.digest_id == mail.id, Mail.state == MailState.QUEUED)
        db.session.execute(inside.values(state=MailState.DROPPED, error=why))


def _cannot_read(person: Person, today: date) -> str:
    if not person.email:
        return "They have no email address. Add one, then send it again."
    return "" if person.works_on(today) else "They do not work here today."


def _write_anew(mail: Mail, variables: Mapping[str, Value]) -> None:
    if kept(variables) == mail.variables:
        return
    written = render(mail.message, variables).to(mail.person.name)
    mail.variables = kept(variables)
    mail.subject, mail.text, mail.html = written.subject, written.text, written.html
