"""Whether what a mail on a slippage notice asks is still to be done, as it is about to be sent (domain.md section 10).

What settles a notice takes back its mails; this catches one that a sender had in hand meanwhile.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import datetime

from sqlalchemy import select

from qa_app.core.database import db
from qa_app.outbox.catalogue import Value
from qa_app.outbox.models import Mail
from qa_app.slippage.models import SlippageNotice
from qa_app.slippage.rules import Stage
from qa_app.slippage.states import OPEN_STATES, SlippageState

Found = Mapping[int, Mapping[str, Value]]

WITH_HEAD = frozenset({SlippageState.RAISED, SlippageState.WITH_HEAD_OF_SERVICE})
WITH_QA_TEAM = frozenset({SlippageState.WITH_QA_TEAM})


def still_unseen(mails: Sequence[Mail], now: datetime) -> Found:
    """Notices that no Head of Service has acted on."""
    return _wanted(mails, lambda mail: WITH_HEAD)


def still_to_answer(mails: Sequence[Mail], now: datetime) -> Found:
    """Notices that the QA team has not answered."""
    return _wanted(mails, lambda mail: WITH_QA_TEAM)


def still_with_whom_it_was(mails: Sequence[Mail], now: datetime) -> Found:
    """Notices that wait for the same as when they were chased, or escalated: the mail's slot says for whom."""
    return _wanted(mails, lambda mail: WITH_QA_TEAM if mail.slot == Stage.QA_TEAM else WITH_HEAD)


def still_unsaid(mails: Sequence[Mail], now: datetime) -> Found:
    """Open notices of which their auditor has said nothing."""
    silent = _wanted(mails, lambda mail: OPEN_STATES)
    said = select(SlippageNotice.id).where(SlippageNotice.id.in_({_id(mail) for mail in mails}))
    spoken = set(db.session.scalars(said.where(SlippageNotice.reason != "")))
    return {mail.id: mail.variables for mail in mails if mail.id in silent and _id(mail) not in spoken}


def _wanted(mails: Sequence[Mail], states_of: Callable[[Mail], Collection[SlippageState]]) -> Found:
    rows = select(SlippageNotice.id, SlippageNotice.state).where(SlippageNotice.id.in_({_id(mail) for mail in mails}))
    states = {notice_id: SlippageState(state) for notice_id, state in db.session.execute(rows)}
    return {mail.id: mail.variables for mail in mails if states.get(_id(mail)) in states_of(mail)}


def _id(mail: Mail) -> int:
    return int(mail.subject_key.partition(":")[2])
