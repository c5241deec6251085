"""Write mails into the outbox, in the transaction of what they tell of (domain.md section 10).

What administrators do with them afterwards is in `outbox.administration`.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Date, Table, bindparam, delete, select
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert

from qa_app.core.clock import london_day
from qa_app.core.database import db, plain_rows
from qa_app.outbox.catalogue import Value, kept
from qa_app.outbox.models import Mail, MailState
from qa_app.outbox.rendering import Rendered, render
from qa_app.outbox.rules import leaves_at
from qa_app.people.models import Person

Variables = Mapping[str, Value]

BATCH = 500


def queue(
    message: str,
    person_ids: Sequence[int],
    *,
    subject_key: str,
    slot: str,
    now: datetime,
    variables: Variables | Callable[[int], Variables],
) -> int:
    """Queue a mail to each person and return how many are new.

    A person has at most one mail of a message, subject and slot, however often this runs. People without an email
    and people who do not work here today get none. `variables` are those of the message in the catalogue: one set
    for everybody, or made for a person's id.

    Raises:
        KeyError, ValueError: the message or its variables are not in the catalogue.
    """
    wanted = list(dict.fromkeys(person_ids))
    made: dict[tuple[tuple[str, Value], ...], Rendered] = {}
    send_at = leaves_at(now)
    new = 0
    for start in range(0, len(wanted), BATCH):
        rows: list[dict[str, Any]] = []
        for person_id, name in _to_be_mailed(wanted[start : start + BATCH], message, subject_key, slot, now):
            values = variables(person_id) if callable(variables) else variables
            key = tuple(sorted(values.items()))
            if key not in made:
                made[key] = render(message, values)
            mail = made[key].to(name)
            rows.append(
                {
                    "message": message,
                    "person_id": person_id,
                    "subject_key": subject_key,
                    "slot": slot,
                    "subject": mail.subject,
                    "text": mail.text,
                    "html": mail.html,
                    "variables": kept(values),
                    "state": MailState.QUEUED,
                    "created_at": now,
                    "send_at": send_at,
                }
            )
        new += _insert_new(rows)
    return new


def take_back(subject_key: str, messages: Collection[str] | None = None) -> int:
    """Delete the mails about a subject that are not sent yet, of some messages or of all; how many.

    For what a mail asks and is settled before the mail has gone.
    """
    waiting = delete(Mail).where(Mail.subject_key == subject_key, Mail.state == MailState.QUEUED)
    if messages is not None:
        waiting = waiting.where(Mail.message.in_(messages))
    result = db.session.execute(waiting.execution_options(synchronize_session=False))
    return int(result.rowcount)  # type: ignore[attr-defined]


def _to_be_mailed(
    person_ids: Sequence[int], message: str, subject_key: str, slot: str, now: datetime
) -> list[tuple[int, str]]:
    """Ids and names of those with an email, at work, and without this mail yet."""
    asked = {"message": message, "subject_key": subject_key, "slot": slot}
    people = plain_rows(_WITHOUT_IT, asked | {"person_ids": person_ids, "today": london_day(now)})
    return [(person_id, name) for person_id, name in people]


_TODAY: Any = bindparam("today", type_=Date)
_WITHOUT_IT = (
    select(Person.id, Person.name)
    .where(
        Person.id.in_(bindparam("person_ids", expanding=True)),
        Person.email.is_not(None),
        Person.starts_on.is_(None) | (Person.starts_on <= _TODAY),
        Person.leaves_on.is_(None) | (Person.leaves_on >= _TODAY),
        Person.id.not_in(
            select(Mail.person_id).where(
                Mail.message == bindparam("message"),
                Mail.subject_key == bindparam("subject_key"),
                Mail.slot == bindparam("slot"),
            )
        ),
    )
    .order_by(Person.id)
)
"""Put together once: every mail asks it."""


def _insert_new(rows: list[dict[str, Any]]) -> int:
    """Insert the rows that are new. The unique key decides, so two processes at once cannot double a mail."""
    if not rows:
        return 0
    table = Mail.__table__
    assert isinstance(table, Table)
    on_sqlite = db.session.get_bind().dialect.name == "sqlite"
    statement = (
        sqlite_insert(table).on_conflict_do_nothing()
        if on_sqlite
        else postgresql_insert(table).on_conflict_do_nothing()
    )
    # Counted by what came back: psycopg has no row count for many rows at once.
    return len(db.session.execute(statement.returning(table.c.id), rows).all())
