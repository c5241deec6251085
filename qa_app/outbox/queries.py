"""Read the outbox."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Select, false, func, select
from sqlalchemy.orm import contains_eager

from qa_app.access.permissions import Permission
from qa_app.access.viewer import Viewer
from qa_app.core.clock import start_of_day
from qa_app.core.database import db
from qa_app.core.errors import NotFound
from qa_app.outbox.models import Mail, MailState, MailSwitch
from qa_app.people.models import Person

SORTS = {"to": Person.name, "subject": Mail.subject, "state": Mail.state, "at": Mail.created_at}
"""What the list of mails can be sorted by."""

STATE_LABELS: dict[str, str] = {
    MailState.QUEUED: "Waiting",
    MailState.SENDING: "In hand",
    MailState.SENT: "Sent",
    MailState.FAILED: "Failed",
    MailState.DROPPED: "Dropped",
}


@dataclass(frozen=True)
class Found:
    """One page of mails, how many there are with these filters, and how many wait and have failed in all.

    What waits inside a digest is the digest's, and is not counted beside it.
    """

    mails: Sequence[Mail]
    total: int
    waiting: int
    failed: int


def mails(viewer: Viewer, filters: Mapping[str, str], order_by: Sequence[Any], limit: int | None, offset: int) -> Found:
    """Mails as the filters `state`, `message` and `q` (part of the reader's name) say; none without `mail:read`."""
    wanted = _matching(select(Mail).join(Mail.person), viewer, filters)
    total = db.session.scalar(_matching(select(func.count(Mail.id)).join(Mail.person), viewer, filters)) or 0
    counts: Any = select(Mail.state, func.count()).join(Mail.person)
    counts = (
        _matching(counts, viewer, {})
        .where(Mail.state.in_((MailState.QUEUED, MailState.FAILED)), Mail.digest_id.is_(None))
        .group_by(Mail.state)
    )
    counted: dict[str, int] = {state: count for state, count in db.session.execute(counts)}
    rows = db.session.scalars(
        wanted.options(contains_eager(Mail.person)).order_by(*order_by, Mail.id.desc()).limit(limit).offset(offset)
    ).all()
    return Found(rows, total, counted.get(MailState.QUEUED, 0), counted.get(MailState.FAILED, 0))


@dataclass(frozen=True)
class Switch:
    """The master switch: since when it is as it is, and by whom it was changed. It begins off."""

    is_on: bool = False
    changed_at: datetime | None = None
    changed_by: str = ""


def switch() -> Switch:
    """Whether mail leaves at all."""
    row = db.session.execute(
        select(MailSwitch.is_on, MailSwitch.changed_at, Person.name).outerjoin(
            Person, Person.id == MailSwitch.changed_by_id
        )
    ).one_or_none()
    return Switch(row[0], row[1], row[2] or "") if row else Switch()


def waiting_since_before(day: date) -> tuple[int, int]:
    """How many mails wait that were written before a day in London, and how many later ones."""
    before, later = db.session.execute(
        select(
            func.count().filter(Mail.created_at < start_of_day(day)),
            func.count().filter(Mail.created_at >= start_of_day(day)),
        ).where(Mail.state == MailState.QUEUED)
    ).one()
    return before, later


def oldest_overdue(now: datetime) -> datetime | None:
    """Since when the mail that should have left first waits, if one does."""
    return db.session.scalar(
        select(func.min(Mail.send_at)).where(
            Mail.state == MailState.QUEUED, Mail.send_at <= now, Mail.digest_id.is_(None)
        )
    )


def inside(mail_id: int) -> Sequence[Mail]:
    """What a digest holds."""
    return db.session.scalars(select(Mail).where(Mail.digest_id == mail_id).order_by(Mail.id)).all()


def address_of(viewer: Viewer) -> str | None:
    """The viewer's own email address."""
    return db.session.scalar(select(Person.email).where(Person.id == viewer.person_id))


def _matching(statement: Select[Any], viewer: Viewer, filters: Mapping[str, str]) -> Select[Any]:
    if not viewer.scope(Permission.MAIL_READ).everything:
        return statement.where(false())
    if state := filters.get("state"):
        statement = statement.where(Mail.state == state)
    if message := filters.get("message"):
        statement = statement.where(Mail.message == message)
    if name := filters.get("q"):
        statement = statement.where(Person.name.icontains(name, autoescape=True))
    return statement


def mail(mail_id: int, viewer: Viewer) -> Mail:
    """One mail with its reader.

    Raises:
        NotFound: there is none, or the viewer may not read mails.
    """
    statement = _matching(select(Mail).join(Mail.person), viewer, {}).where(Mail.id == mail_id)
    found: Mail | None = db.session.scalars(statement.options(contains_eager(Mail.person))).one_or_none()
    if found is None:
        raise NotFound
    return found
