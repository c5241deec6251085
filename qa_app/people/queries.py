"""Read people and the organisation."""

from datetime import date

from sqlalchemy import select

from qa_app.access.roles import DEPUTISED, Role
from qa_app.access.viewer import Grant, Viewer
from qa_app.core.database import db
from qa_app.people.models import Deputy, Person, RoleGrant


def viewer_of(person: Person, today: date) -> Viewer:
    """The viewer that a person is on a day: own roles, and those of people whom they deputise for.

    Someone who has left, or has not begun, holds no role (domain.md section 2).
    """
    grants: list[Grant] = []
    if person.works_on(today):
        rows = db.session.execute(
            select(RoleGrant.role, RoleGrant.service_id, RoleGrant.team_id)
            .where(RoleGrant.person_id == person.id)
            .order_by(RoleGrant.id)
        )
        grants = [Grant(Role(role), service_id, team_id) for role, service_id, team_id in rows]
        grants += _deputised_grants(person.id, today)
    return Viewer(person.id, person.name, tuple(grants), person.team_id)


def _deputised_grants(person_id: int, today: date) -> list[Grant]:
    rows = db.session.execute(
        select(RoleGrant.role, RoleGrant.service_id, RoleGrant.team_id, RoleGrant.person_id)
        .join(Deputy, Deputy.person_id == RoleGrant.person_id)
        .where(
            Deputy.deputy_id == person_id,
            Deputy.starts_on <= today,
            Deputy.ends_on >= today,
            RoleGrant.role.in_(DEPUTISED),
        )
        .order_by(RoleGrant.id)
    )
    return [Grant(Role(role), service_id, team_id, of) for role, service_id, team_id, of in rows]
