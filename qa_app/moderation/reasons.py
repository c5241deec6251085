"""Whether what a mail on a moderation says is still so, as it is about to be sent (domain.md section 10).

What settles a moderation takes back its mails; this catches one that a sender had in hand meanwhile.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from qa_app.access.roles import Role
from qa_app.core.clock import london_day
from qa_app.core.database import db
from qa_app.moderation.models import Moderation
from qa_app.moderation.states import GRADING, ModerationState
from qa_app.outbox.catalogue import Value
from qa_app.outbox.models import Mail
from qa_app.people.queries import deciders, stand_ins

Found = Mapping[int, Mapping[str, Value]]


def still_to_moderate(mails: Sequence[Mail], now: datetime) -> Found:
    """Moderations that are not done, to whoever has them now: their moderator, or who stands in for a Head."""
    found = _moderations(mails)
    heads = [one.moderator_id for one in found.values() if one.by_head and one.moderator_id is not None]
    readers = stand_ins(heads, london_day(now))

    def wanted(mail: Mail, one: Moderation) -> bool:
        reader = (
            readers.get(one.moderator_id, one.moderator_id) if one.by_head and one.moderator_id else one.moderator_id
        )
        return one.state in GRADING and reader == mail.person_id

    return _wanted(mails, found, wanted)


def still_unread(mails: Sequence[Mail], now: datetime) -> Found:
    """Feedback that its auditor has neither accepted nor disputed."""
    return _wanted(
        mails,
        _moderations(mails),
        lambda mail, one: (
            one.state == ModerationState.MODERATED
            and one.acknowledged_at is None
            and one.audit.auditor_id == mail.person_id
        ),
    )


def still_open_to_dispute(mails: Sequence[Mail], now: datetime) -> Found:
    """Changed grades that can still be disputed."""
    return _wanted(mails, _moderations(mails), lambda mail, one: one.state == ModerationState.MODERATED)


def still_disputed(mails: Sequence[Mail], now: datetime) -> Found:
    """Disputes that the panel has not decided, to whoever is of the QA team now."""
    team = set(deciders(Role.QA_TEAM, london_day(now)))
    return _wanted(
        mails,
        _moderations(mails),
        lambda mail, one: one.state == ModerationState.DISPUTED and mail.person_id in team,
    )


def _moderations(mails: Sequence[Mail]) -> dict[int, Moderation]:
    ids = {_id(mail) for mail in mails}
    rows = select(Moderation).where(Moderation.id.in_(ids)).options(joinedload(Moderation.audit))
    return {one.id: one for one in db.session.scalars(rows)}


def _wanted(
    mails: Sequence[Mail], found: Mapping[int, Moderation], wanted: Callable[[Mail, Moderation], bool]
) -> Found:
    known = ((mail, found.get(_id(mail))) for mail in mails)
    return {mail.id: mail.variables for mail, one in known if one is not None and wanted(mail, one)}


def _id(mail: Mail) -> int:
    return int(mail.subject_key.partition(":")[2])
