"""Whom an action concerns today: who acts for its owner, who manages it, whose Head of Service hears of it."""

from collections.abc import Collection, Sequence
from datetime import date

from sqlalchemy import and_, bindparam, func, or_, select

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
    return _first(LEVELS, team_id, service_id, today, besides)


def heads_of(service_id: int | None, today: date, besides: Collection[int]) -> list[int]:
    """The Heads of a service or their deputies; the QA team where there is no other."""
    return _first((Role.HEAD_OF_SERVICE, Role.QA_TEAM), None, service_id, today, besides)


LEVELS = (Role.TEAM_MANAGER, Role.SERVICE_MANAGER, Role.HEAD_OF_SERVICE, Role.QA_TEAM)

_MANAGERS = (
    select(RoleGrant.role, RoleGrant.person_id)
    .join(Person, Person.id == RoleGrant.person_id)
    .where(
        or_(
            RoleGrant.role == Role.QA_TEAM,
            and_(
                RoleGrant.role.in_((Role.SERVICE_MANAGER, Role.HEAD_OF_SERVICE)),
                RoleGrant.service_id == bindparam("service_id"),
            ),
            and_(
                RoleGrant.role == Role.TEAM_MANAGER,
                func.coalesce(RoleGrant.team_id, Person.team_id) == bindparam("team_id"),
            ),
        ),
        or_(Person.starts_on.is_(None), Person.starts_on <= bindparam("today")),
        or_(Person.leaves_on.is_(None), Person.leaves_on >= bindparam("today")),
    )
    .distinct()
)
"""Everybody at work whose role reaches an action of a team and service: one question, since every mail asks it."""


def _first(
    levels: Sequence[Role], team_id: int | None, service_id: int | None, today: date, besides: Collection[int]
) -> list[int]:
    held: dict[str, list[int]] = {}
    for role, person_id in db.session.execute(
        _MANAGERS, {"team_id": team_id, "service_id": service_id, "today": today}
    ):
        held.setdefault(role, []).append(person_id)
    for role in levels:
        able = [person_id for person_id in held.get(role, ()) if person_id not in besides]
        found = set(stand_ins(able, today).values()) - set(besides) if able else set()
        if found:
            return sorted(found)
    return []


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
