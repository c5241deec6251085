"""What people leave behind: whose open actions are to be given to somebody else."""

from collections.abc import Collection, Sequence
from datetime import date
from typing import NamedTuple

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from qa_app.access.permissions import Permission
from qa_app.access.viewer import Viewer
from qa_app.actions.models import Action
from qa_app.actions.queries.one import visible
from qa_app.actions.queries.waiting import of_leavers, within
from qa_app.actions.states import ActionState
from qa_app.core.database import db, plain_rows
from qa_app.people.models import Person

MOST = 200
"""Actions of one person that are given to others at once."""


class Leaver(NamedTuple):
    """Somebody who has left, and how many open actions they have left behind."""

    person_id: int
    name: str
    last_day: date
    actions: int


def leavers(viewer: Viewer, today: date) -> list[Leaver]:
    """People who have left open actions that the viewer may give to others, by name."""
    rows = plain_rows(
        select(Person.id, Person.name, Person.leaves_on, func.count(Action.id))
        .join(Action, Action.owner_id == Person.id)
        .where(of_leavers(viewer, today))
        .group_by(Person.id, Person.name, Person.leaves_on)
        .order_by(Person.name, Person.id)
    )
    return [Leaver._make(row) for row in rows]


def to_reassign(viewer: Viewer, owner_id: int, chosen: Collection[int] | None = None) -> Sequence[Action]:
    """Open actions of one owner that the viewer may give to others, the soonest due first."""
    found = select(Action).where(
        Action.owner_id == owner_id,
        Action.state == ActionState.OPEN,
        within(viewer.scope(Permission.ACTION_REASSIGN)),
        visible(viewer),
    )
    if chosen is not None:
        found = found.where(Action.id.in_(chosen))
    return db.session.scalars(
        found.order_by(Action.due_on, Action.id).limit(MOST).options(joinedload(Action.owner), joinedload(Action.team))
    ).all()
