"""What leaves on the next working day: mails that wait, and those that the clock will ask for. Nothing is written."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from qa_app.access.permissions import Permission
from qa_app.access.viewer import Viewer
from qa_app.core.clock import LONDON, london_day
from qa_app.core.database import db
from qa_app.core.errors import NotFound
from qa_app.outbox.models import Mail, MailState
from qa_app.outbox.rendering import render
from qa_app.people.models import Person
from qa_app.people.queries import works
from qa_app.reminders.planning import PlannedMail, plan
from qa_app.reminders.queries import quiet_days
from qa_app.reminders.rules import next_mail_day

OPENS = time(8)


@dataclass(frozen=True, slots=True)
class Coming:
    """One mail to come: its kind, its subject, and whether it is written already."""

    message: str
    subject: str
    is_waiting: bool


@dataclass(frozen=True, slots=True)
class Reader:
    """Somebody and what they will get."""

    person_id: int
    name: str
    mails: Sequence[Coming]


def next_run(now: datetime) -> datetime | None:
    """When reminders are queued next: at eight on a mail day. None where the quiet days never end."""
    today = london_day(now)
    before_eight = now.astimezone(LONDON).time() < OPENS
    day = next_mail_day(today if before_eight else today + timedelta(days=1), quiet_days(today))
    return datetime.combine(day, OPENS, tzinfo=LONDON).astimezone(UTC) if day else None


def readers(viewer: Viewer, when: datetime, filters: Mapping[str, str]) -> list[Reader]:
    """Everybody who gets mail at an instant as things stand now, by name; `filters`: `q` (name), `message`.

    Raises:
        NotFound: the viewer may not read mails.
    """
    if not viewer.scope(Permission.MAIL_READ).everything:
        raise NotFound
    coming: dict[tuple[int, str], list[Coming]] = defaultdict(list)
    for person_id, name, mail in [*_waiting(when), *_planned(plan(when), when)]:
        if filters.get("message", mail.message) == mail.message and filters.get("q", "").casefold() in name.casefold():
            coming[person_id, name].append(mail)
    found = [Reader(person_id, name, mails) for (person_id, name), mails in coming.items()]
    return sorted(found, key=lambda reader: (reader.name.casefold(), reader.person_id))


def _waiting(when: datetime) -> Iterator[tuple[int, str, Coming]]:
    found = db.session.scalars(
        select(Mail)
        .join(Mail.person)
        .options(joinedload(Mail.person))
        .where(
            Mail.state == MailState.QUEUED,
            Mail.digest_id.is_(None),
            Mail.send_at <= when,
            Person.email.is_not(None),
            works(london_day(when)),
        )
        .order_by(Mail.id)
    )
    for mail in found:
        yield mail.person_id, mail.person.name, Coming(mail.message, mail.subject, is_waiting=True)


def _planned(planned: Sequence[PlannedMail], when: datetime) -> Iterator[tuple[int, str, Coming]]:
    wanted = {person_id for mail in planned for person_id in mail.person_ids}
    people = select(Person.id, Person.name).where(Person.email.is_not(None), works(london_day(when)))
    names = {key: name for key, name in db.session.execute(people) if key in wanted}
    written = {
        tuple(row)
        for row in db.session.execute(
            select(Mail.message, Mail.subject_key, Mail.slot, Mail.person_id).where(
                Mail.slot.in_({mail.slot for mail in planned}), Mail.message.in_({mail.message for mail in planned})
            )
        )
    }
    for mail in planned:
        subject = render(mail.message, mail.variables).subject
        for person_id in mail.person_ids:
            if person_id in names and (mail.message, mail.subject_key, mail.slot, person_id) not in written:
                yield person_id, names[person_id], Coming(mail.message, subject, is_waiting=False)
