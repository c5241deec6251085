"""Read the outbox."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, false, func, select
from sqlalchemy.orm import contains_eager

from qa_app.access.permissions import Permission
from qa_app.access.viewer import Viewer
from qa_app.core.database import db
from qa_app.core.errors import NotFound
from qa_app.outbox.models import Mail, MailState
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
    """One page of mails, how many there are with these filters, and how many wait in all."""

    mails: Sequence[Mail]
    total: int
    waiting: int


def mails(viewer: Viewer, filters: Mapping[str, str], order_by: Sequence[Any], limit: int, offset: int) -> Found:
    """Mails as the filters `state`, `message` and `q` (part of the reader's name) say; none without `mail:read`."""
    wanted = _matching(select(Mail).join(Mail.person), viewer, filters)
    total = db.session.scalar(_matching(select(func.count(Mail.id)).join(Mail.person), viewer, filters)) or 0
    waiting = _matching(select(func.count(Mail.id)).join(Mail.person), viewer, {"state": MailState.QUEUED})
    rows = db.session.scalars(
        wanted.options(contains_eager(Mail.person)).order_by(*order_by, Mail.id.desc()).limit(limit).offset(offset)
    ).all()
    return Found(rows, total, db.session.scalar(waiting) or 0)


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
