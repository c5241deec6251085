"""Whether what a mail on an action says is still so, as it is about to be sent (domain.md section 10).

What settles an action takes back its mails; this catches one that a sender had in hand, and names the days anew.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from qa_app.actions.messages import variables_of
from qa_app.actions.models import Action
from qa_app.actions.queries.people import who_acts
from qa_app.actions.rules import is_overdue
from qa_app.actions.states import ActionState
from qa_app.core.clock import london_day, working_days_between
from qa_app.core.database import db
from qa_app.outbox.catalogue import Value
from qa_app.outbox.models import Mail

Found = Mapping[int, Mapping[str, Value]]


def still_theirs(mails: Sequence[Mail], now: datetime) -> Found:
    """Open actions that are still their reader's to do, or of somebody whom the reader stands in for."""
    return _theirs(mails, now, days=False)


def still_to_do(mails: Sequence[Mail], now: datetime) -> Found:
    """The same, with the working days that are left, or that it is late, today."""
    return _theirs(mails, now, days=True)


def still_overdue(mails: Sequence[Mail], now: datetime) -> Found:
    """Open actions whose due date has passed."""
    today = london_day(now)
    return {
        mail.id: _with_days(action, now, person=action.owner.name)
        for mail, action in _pairs(mails, ActionState.OPEN)
        if is_overdue(action.due_on, today)
    }


def still_open(mails: Sequence[Mail], now: datetime) -> Found:
    """Open actions, whoever has them now."""
    return _with_owner(mails, ActionState.OPEN)


def still_to_verify(mails: Sequence[Mail], now: datetime) -> Found:
    """Actions that are said to be done and that nobody has verified."""
    return _with_owner(mails, ActionState.DONE)


def still_not_done(mails: Sequence[Mail], now: datetime) -> Found:
    """Actions that were reported as not done and that nobody has opened again."""
    return _with_owner(mails, ActionState.NOT_DONE)


def _theirs(mails: Sequence[Mail], now: datetime, *, days: bool) -> Found:
    pairs = _pairs(mails, ActionState.OPEN)
    acting = who_acts([action for _, action in pairs], london_day(now))
    return {
        mail.id: _with_days(action, now) if days else variables_of(action)
        for mail, action in pairs
        if mail.person_id in acting[action.id]
    }


def _with_owner(mails: Sequence[Mail], state: ActionState) -> Found:
    return {mail.id: variables_of(action, person=action.owner.name) for mail, action in _pairs(mails, state)}


def _with_days(action: Action, now: datetime, **further: Value) -> dict[str, Value]:
    days = working_days_between(london_day(now), action.due_on)
    return variables_of(action, working_days=days, **further)


def _pairs(mails: Sequence[Mail], state: ActionState) -> list[tuple[Mail, Action]]:
    """The mails with their actions, of those in a state."""
    ids = {_id(mail) for mail in mails}
    rows = db.session.scalars(
        select(Action).where(Action.id.in_(ids), Action.state == state).options(joinedload(Action.owner))
    )
    actions = {action.id: action for action in rows}
    return [(mail, actions[_id(mail)]) for mail in mails if _id(mail) in actions]


def _id(mail: Mail) -> int:
    return int(mail.subject_key.partition(":")[2])
