"""Read one: a viewer, a person with all that belongs to them, a team, a service."""

from datetime import date
from typing import TypeVar

from sqlalchemy import and_, bindparam, or_, select
from sqlalchemy.orm import joinedload, selectinload

from qa_app.access.roles import DEPUTISED, Role
from qa_app.access.viewer import Grant, Viewer
from qa_app.core.database import db
from qa_app.core.errors import NotFound
from qa_app.people.models import Absence, Auditor, Deputy, Person, RoleGrant, Service, Team

Thing = TypeVar("Thing")


def viewer_of(person: Person, today: date) -> Viewer:
    """The viewer that a person is on a day: own roles, and those of people whom they deputise for.

    Someone who has left, or has not begun, holds no role (domain.md section 2).
    """
    grants: list[Grant] = []
    if person.works_on(today):
        rows = db.session.execute(_GRANTS, {"person_id": person.id, "today": today})
        grants = [
            Grant(Role(role), service_id, team_id, None if of == person.id else of)
            for role, service_id, team_id, of in rows
        ]
    return Viewer(person.id, person.name, tuple(grants), person.team_id)


# Ready made, since every request asks it: own grants first, then those of people who named this person their deputy.
_DEPUTISED_BY = select(Deputy.person_id).where(
    Deputy.deputy_id == bindparam("person_id"),
    Deputy.starts_on <= bindparam("today"),
    Deputy.ends_on >= bindparam("today"),
)
_GRANTS = (
    select(RoleGrant.role, RoleGrant.service_id, RoleGrant.team_id, RoleGrant.person_id)
    .where(
        or_(
            RoleGrant.person_id == bindparam("person_id"),
            and_(RoleGrant.person_id.in_(_DEPUTISED_BY), RoleGrant.role.in_(DEPUTISED)),
        )
    )
    .order_by(RoleGrant.person_id != bindparam("person_id"), RoleGrant.id)
)


def service(service_id: int) -> Service:
    """One service. Raises NotFound."""
    return _found(db.session.get(Service, service_id))


def team(team_id: int) -> Team:
    """One team. Raises NotFound."""
    return _found(db.session.get(Team, team_id))


def person(person_id: int) -> Person:
    """One person. Raises NotFound."""
    return _found(db.session.get(Person, person_id))


def person_by_email(email: str) -> Person | None:
    """The person with a work email, however it is written, or None."""
    return db.session.scalar(select(Person).where(Person.email == email.strip().lower()))


def whole_person(person_id: int) -> Person:
    """One person with everything that their page shows. Raises NotFound."""
    return _found(
        db.session.scalar(
            select(Person)
            .where(Person.id == person_id)
            .options(
                joinedload(Person.team).joinedload(Team.service),
                joinedload(Person.line_manager),
                joinedload(Person.auditor).joinedload(Auditor.pool_service),
                selectinload(Person.role_grants).options(joinedload(RoleGrant.service), joinedload(RoleGrant.team)),
                selectinload(Person.absences),
                selectinload(Person.deputies).joinedload(Deputy.deputy),
            )
            .execution_options(populate_existing=True)
        )
    )


def role_grant(person_id: int, grant_id: int) -> RoleGrant:
    """One role of one person. Raises NotFound."""
    return _found(
        db.session.scalar(select(RoleGrant).where(RoleGrant.id == grant_id, RoleGrant.person_id == person_id))
    )


def absence(person_id: int, absence_id: int) -> Absence:
    """One absence of one person. Raises NotFound."""
    return _found(db.session.scalar(select(Absence).where(Absence.id == absence_id, Absence.person_id == person_id)))


def deputy(person_id: int, deputy_row_id: int) -> Deputy:
    """One time of standing in for one person. Raises NotFound."""
    return _found(db.session.scalar(select(Deputy).where(Deputy.id == deputy_row_id, Deputy.person_id == person_id)))


def roles_of(person_id: int) -> set[Role]:
    """The roles that a person holds of their own, whether or not they work today."""
    return {Role(role) for role in db.session.scalars(select(RoleGrant.role).where(RoleGrant.person_id == person_id))}


def teams_led_by(person_id: int) -> list[Team]:
    """Open teams that name a person as their manager or service manager."""
    return list(
        db.session.scalars(
            select(Team)
            .where(or_(Team.manager_id == person_id, Team.service_manager_id == person_id), Team.ends_on.is_(None))
            .order_by(Team.name)
        )
    )


def _found(thing: Thing | None) -> Thing:
    if thing is None:
        raise NotFound
    return thing
