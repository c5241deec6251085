"""Whom an action concerns today: who acts for its owner, who manages it, whose Head of Service hears of it."""

from collections.abc import Collection, Sequence
from datetime import date

from sqlalchemy import ColumnElement, and_, or_, select

from qa_app.access.roles import Role
from qa_app.actions.models import Action
from qa_app.core.database import db
from qa_app.people.models import Person, RoleGrant, Team
from qa_app.people.queries import stand_ins, works


def who_acts(actions: Sequence[Action], today: date) -> dict[int, list[int]]:
    """Who is asked to do each action today, by its id: the owner, or their deputy while one is named.

    Where the owner has left, or has no email, whoever manages it: it must not wait for nobody.
    """
    owners = {action.owner_id for action in actions}
    reached = select(Person.id).where(Person.id.in_(owners), Person.email.is_not(None), works(today))
    found = stand_ins(list(db.session.scalars(reached)), today)
    return {
        action.id: [found[action.owner_id]]
        if action.owner_id in found
        else nearest_managers(action.team_id, action.service_id, today, {action.owner_id})
        for action in actions
    }


def nearest_managers(team_id: int | None, service_id: int | None, today: date, besides: Collection[int]) -> list[int]:
    """The managers nearest to an action of a team and service, or their deputies: of the first level that has any.

    Team manager, service manager, Head of Service, QA team. `besides` are people whom it concerns: neither they nor
    anybody in their place.
    """
    levels = (
        (Role.TEAM_MANAGER, _of_team(team_id)),
        (Role.SERVICE_MANAGER, RoleGrant.service_id == service_id),
        (Role.HEAD_OF_SERVICE, RoleGrant.service_id == service_id),
        (Role.QA_TEAM, None),
    )
    for role, where in levels:
        if found := _holders(role, where, today, besides):
            return found
    return []


def heads_of(service_id: int | None, today: date, besides: Collection[int]) -> list[int]:
    """The Heads of a service or their deputies; the QA team where there is no other."""
    found = _holders(Role.HEAD_OF_SERVICE, RoleGrant.service_id == service_id, today, besides)
    return found or _holders(Role.QA_TEAM, None, today, besides)


def _of_team(team_id: int | None) -> ColumnElement[bool]:
    own = and_(RoleGrant.team_id.is_(None), Person.team_id == team_id)
    return or_(RoleGrant.team_id == team_id, own)


def _holders(role: Role, where: ColumnElement[bool] | None, today: date, besides: Collection[int]) -> list[int]:
    held = select(RoleGrant.person_id).join(Person, Person.id == RoleGrant.person_id)
    held = held.where(RoleGrant.role == role, works(today), RoleGrant.person_id.not_in(besides))
    if where is not None:
        held = held.where(where)
    found = stand_ins(list(db.session.scalars(held.distinct())), today)
    return sorted({person_id for person_id in found.values() if person_id not in besides})


def possible_owners(team_id: int | None, service_id: int | None, today: date) -> list[tuple[int, str]]:
    """Who may be given an action of a team and service: its people and its managers, the team's first. Id and words."""
    named = select(RoleGrant.person_id).where(or_(RoleGrant.service_id == service_id, RoleGrant.team_id == team_id))
    found = select(Person.id, Person.name, Person.job_title).outerjoin(Team, Team.id == Person.team_id)
    if team_id is not None or service_id is not None:
        found = found.where(or_(Team.service_id == service_id, Person.team_id == team_id, Person.id.in_(named)))
    rows = db.session.execute(
        found.where(works(today)).order_by((Person.team_id == team_id).desc().nulls_last(), Person.name, Person.id)
    )
    return [(person_id, f"{name}, {title.lower()}" if title else name) for person_id, name, title in rows]
