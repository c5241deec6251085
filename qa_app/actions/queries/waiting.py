"""What of the actions waits for somebody: for home, and at the head of the list (`core/waiting.py`)."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from functools import lru_cache
from typing import Any

from sqlalchemy import ColumnElement, CompoundSelect, Select, and_, or_, select, true
from sqlalchemy.orm import aliased

from qa_app.access.permissions import Permission
from qa_app.access.viewer import Scope, Viewer
from qa_app.actions.models import Action
from qa_app.actions.queries.one import clear, own_of
from qa_app.actions.states import ActionState
from qa_app.core.clock import add_working_days, start_of_day
from qa_app.core.waiting import Waiting, answers, ask, together
from qa_app.people.models import Person

A = Action
Left = aliased(Person)
OWN_IMMEDIATE, OWN_OVERDUE, OWN_SOON = "actions immediate", "actions overdue", "actions soon"
TO_VERIFY, OF_LEAVERS = "actions to verify", "actions of leavers"

SOON = 5
"""Working days before its due date from which an owner's home page names an action."""

PATIENCE = 5
"""Working days that managers have before those who see the whole council hear that an action waits to be verified."""


def waiting_actions(viewer: Viewer, today: date) -> Iterator[Select[Any]]:
    """The viewer's own: immediate, overdue, due soon; what they may verify; what people who left have left behind."""
    own = select(A.id).where(own_of(viewer), A.state == ActionState.OPEN).order_by(A.due_on, A.id)
    immediate = own.where(A.is_immediate.is_(True))
    yield ask(OWN_IMMEDIATE, immediate, on=A.due_on, first=A.id)
    rest = own.where(A.is_immediate.is_(False))
    yield ask(OWN_OVERDUE, rest.where(A.due_on < today), on=A.due_on, first=A.id)
    soon = rest.where(A.due_on >= today, A.due_on <= add_working_days(today, SOON))
    yield ask(OWN_SOON, soon, on=A.due_on, first=A.id)
    if viewer.can(Permission.ACTION_VERIFY):
        done = select(A.id).where(A.state == ActionState.DONE, to_verify_by(viewer, today))
        yield ask(TO_VERIFY, done.order_by(A.reported_at, A.id), at=A.reported_at, first=A.id)
    if viewer.can(Permission.ACTION_REASSIGN):
        left = select(A.id).join(Person, Person.id == A.owner_id)
        left = left.where(of_leavers(viewer, today)).order_by(A.is_immediate.desc(), A.due_on, A.id)
        yield ask(OF_LEAVERS, left, on=A.due_on, first=A.owner_id, who=Person.name)


def waiting_for(viewer: Viewer, today: date) -> dict[str, Waiting]:
    """The same, answered: for the head of the list."""
    return answers(_together(viewer, today))


@lru_cache(maxsize=256)
def _together(viewer: Viewer, today: date) -> CompoundSelect[Any] | None:
    return together(waiting_actions(viewer, today))


def of_leavers(viewer: Viewer, today: date) -> ColumnElement[bool]:
    """Which open actions, that the viewer may give to others, are of people who have left. The query joins Person."""
    reach = within(viewer.scope(Permission.ACTION_REASSIGN))
    # Named by themselves, since they are few: so their actions are found by the owner, and not all open ones read.
    gone = select(Left.id).where(Left.leaves_on < today)
    return and_(A.owner_id.in_(gone), A.state == ActionState.OPEN, reach, clear(viewer))


def to_verify_by(viewer: Viewer, today: date) -> ColumnElement[bool]:
    """Which actions the viewer may verify, by what they hold for themselves and in the place of others.

    Whoever sees the whole council is asked only about those that nobody nearer has looked at in time.
    """
    ways: list[ColumnElement[bool]] = []
    for stands_for in {grant.on_behalf_of for grant in viewer.grants}:
        held = tuple(grant for grant in viewer.grants if grant.on_behalf_of == stands_for)
        scope = replace(viewer, grants=held).scope(Permission.ACTION_VERIFY)
        near = within(replace(scope, everything=False))
        reach = near
        if scope.everything:
            waited = A.reported_at < start_of_day(add_working_days(today, -PATIENCE))
            reach = or_(near, waited) if scope.service_ids or scope.team_ids else waited
        ways.append(reach if stands_for is None else and_(reach, _had_no_part(stands_for)))
    return and_(_had_no_part(viewer.person_id or 0), clear(viewer), or_(*ways))


def _had_no_part(person_id: int) -> ColumnElement[bool]:
    return and_(
        A.owner_id != person_id,
        A.reported_by_id != person_id,
        or_(A.reported_for_id.is_(None), A.reported_for_id != person_id),
    )


def within(scope: Scope) -> ColumnElement[bool]:
    """Which actions are of the services and teams of a scope."""
    if scope.everything:
        return true()
    return or_(A.service_id.in_(scope.service_ids), A.team_id.in_(scope.team_ids))
