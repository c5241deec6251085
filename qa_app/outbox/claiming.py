"""Take mails that are due in hand, so that no other sender does: read again whether each is wanted, make digests.

All of a claim is one transaction that holds the row of the master switch, so that of two senders one waits for the
other, and none goes on once mail is switched off.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import or_, select, update
from sqlalchemy.orm import joinedload

from qa_app.core.clock import london_day, start_of_day
from qa_app.core.database import db, transaction
from qa_app.outbox.catalogue import DIGEST, gathered
from qa_app.outbox.digests import envelope, write
from qa_app.outbox.freshness import SETTLED, Reasons, drop, freshen
from qa_app.outbox.letters import Letter
from qa_app.outbox.models import Mail, MailState, MailSwitch
from qa_app.outbox.rules import CLAIM_LASTS, next_morning

BATCH = 100


@dataclass(frozen=True, slots=True)
class Parcel:
    """One mail in hand: its row, how often it was tried before, and what goes out."""

    mail_id: int
    attempts: int
    letter: Letter


@dataclass
class Claim:
    """What one claim found. `is_on`: whether mail is switched on; `looked_at`: mails that were due."""

    is_on: bool
    looked_at: int = 0
    dropped: int = 0
    postponed: int = 0
    parcels: list[Parcel] = field(default_factory=list)


def take_back_lost(now: datetime) -> int:
    """Mails whose sender was killed wait again; how many."""
    with transaction():
        result = db.session.execute(
            update(Mail)
            .where(Mail.state == MailState.SENDING, Mail.claimed_at <= now - CLAIM_LASTS)
            .values(state=MailState.QUEUED, claimed_at=None)
            .execution_options(synchronize_session=False)
        )
    return int(result.rowcount)  # type: ignore[attr-defined]


def claim(now: datetime, reasons: Reasons) -> Claim:
    """Take the next mails that are due in hand."""
    with transaction():
        if not db.session.scalar(select(MailSwitch.is_on).with_for_update()):
            return Claim(is_on=False)
        due = _with_rest_of_digests(_due(now), now)
        found = Claim(is_on=True, looked_at=len(due))
        late = _had_digest({mail.person_id for mail in due if mail.message in gathered()}, now)
        today: list[Mail] = []
        for mail in due:
            if mail.message in gathered() and mail.person_id in late:
                mail.send_at = next_morning(now)
                found.postponed += 1
            else:
                today.append(mail)
        for mail in _gathered_up(_refreshed(today, reasons, now), now):
            mail.state, mail.claimed_at = MailState.SENDING, now
            found.parcels.append(Parcel(mail.id, mail.attempts, _letter(mail)))
        found.dropped = sum(mail.state == MailState.DROPPED for mail in today)
    return found


def _due(now: datetime) -> Sequence[Mail]:
    return db.session.scalars(
        select(Mail)
        .where(Mail.state == MailState.QUEUED, Mail.send_at <= now, Mail.digest_id.is_(None))
        .options(joinedload(Mail.person))
        .order_by(Mail.send_at, Mail.id)
        .limit(BATCH)
        .with_for_update(of=Mail)
        .execution_options(populate_existing=True)
    ).all()


def _with_rest_of_digests(due: Sequence[Mail], now: datetime) -> list[Mail]:
    """The mails, with all others that go into the same people's digests, so that a digest is never cut in two."""
    readers = {mail.person_id for mail in due if mail.message in gathered()}
    if not readers:
        return list(due)
    rest = db.session.scalars(
        select(Mail)
        .where(
            Mail.person_id.in_(readers),
            Mail.message.in_(gathered()),
            Mail.state == MailState.QUEUED,
            Mail.send_at <= now,
            Mail.digest_id.is_(None),
            Mail.id.not_in([mail.id for mail in due]),
        )
        .options(joinedload(Mail.person))
        .order_by(Mail.send_at, Mail.id)
        .with_for_update(of=Mail)
        .execution_options(populate_existing=True)
    )
    return [*due, *rest]


def _had_digest(person_ids: set[int], now: datetime) -> set[int]:
    """Which of these people had what there was for them today, or will have it with the next attempt."""
    if not person_ids:
        return set()
    today = london_day(now)
    rows = db.session.scalars(
        select(Mail.person_id).where(
            Mail.person_id.in_(person_ids),
            Mail.digest_id.is_(None),
            or_(
                (Mail.message == DIGEST) & (Mail.slot == today.isoformat()),
                Mail.message.in_(gathered()) & (Mail.state == MailState.SENT) & (Mail.sent_at >= start_of_day(today)),
                Mail.message.in_(gathered()) & (Mail.state == MailState.SENDING),
            ),
        )
    )
    return set(rows)


def _refreshed(mails: Sequence[Mail], reasons: Reasons, now: datetime) -> list[Mail]:
    """The mails that are still wanted; an envelope holds what is still wanted in it."""
    wanted: list[Mail] = []
    for mail in freshen(mails, reasons, now):
        if mail.message == DIGEST:
            inside = freshen(items_of(mail.id), reasons, now)
            if not inside:
                drop(mail, SETTLED)
                continue
            write(mail, inside)
        wanted.append(mail)
    return wanted


def items_of(mail_id: int) -> Sequence[Mail]:
    """What waits inside an envelope."""
    return db.session.scalars(
        select(Mail)
        .where(Mail.digest_id == mail_id, Mail.state == MailState.QUEUED)
        .options(joinedload(Mail.person))
        .order_by(Mail.id)
        .with_for_update(of=Mail)
        .execution_options(populate_existing=True)
    ).all()


def _gathered_up(mails: Sequence[Mail], now: datetime) -> list[Mail]:
    """The mails as they go out: of several for one person's digest, the envelope that holds them."""
    by_reader: dict[int, list[Mail]] = defaultdict(list)
    for mail in mails:
        if mail.message in gathered():
            by_reader[mail.person_id].append(mail)
    going = [mail for mail in mails if mail.message not in gathered()]
    envelopes: list[tuple[Mail, list[Mail]]] = []
    for items in by_reader.values():
        if len(items) == 1:
            going.append(items[0])
        else:
            envelopes.append((envelope(items[0].person, items, now), items))
    db.session.add_all(made for made, _ in envelopes)
    db.session.flush()
    for made, items in envelopes:
        for item in items:
            item.digest_id = made.id
        going.append(made)
    return going


def _letter(mail: Mail) -> Letter:
    return Letter(
        key=f"mail.{mail.id}.{mail.created_at:%Y%m%d%H%M%S}",
        name=mail.person.name,
        email=mail.person.email or "",
        subject=mail.subject,
        text=mail.text,
        html=mail.html,
        written_at=mail.created_at,
    )
