"""Give and take roles."""

from datetime import datetime

from sqlalchemy import select

from qa_app.access.roles import ROLE_LABELS, Role
from qa_app.access.viewer import Viewer
from qa_app.core import events
from qa_app.core.clock import london_day
from qa_app.core.database import db
from qa_app.core.errors import BadInput
from qa_app.people.events import RoleLost
from qa_app.people.models import Person, RoleGrant, Team
from qa_app.people.operations.changes import check_administrator_remains, claim, name_of_service, name_of_team
from qa_app.people.permissions import check_can_manage_people
from qa_app.people.rules import HELD_BY_AUDITORS, scope_fault, scope_of
from qa_app.trail import operations as trail


def grant_role(
    person: Person,
    role: Role,
    viewer: Viewer,
    now: datetime,
    *,
    service_id: int | None = None,
    team_id: int | None = None,
) -> RoleGrant:
    """Give a person a role, limited to a service or team where the role is.

    A team without a manager gets its new team manager as such.

    Raises NotAllowed, or BadInput: the role needs a service or team, comes with auditing, or is held already.
    """
    check_can_manage_people(viewer)
    if faults := scope_fault(role, service_id, team_id):
        raise BadInput(next(iter(faults.values())), faults)
    service_id, team_id = scope_of(role, service_id, team_id)
    claim(person, None)
    if find_grant(person.id, role, service_id, team_id):
        message = f"{person.name} holds this role already"
        raise BadInput(message, {"role": message})
    grant = write_grant(person, role, viewer, now, service_id=service_id, team_id=team_id)
    if team_id is not None:
        team = db.session.get_one(Team, team_id)
        team.manager_id = team.manager_id or person.id
        db.session.flush()
    return grant


def revoke_role(grant: RoleGrant, viewer: Viewer, now: datetime) -> None:
    """Take a role from a person, whose sign-ins end at once.

    Raises NotAllowed, or BadInput: it comes with auditing, or it is the last administrator's.
    """
    check_can_manage_people(viewer)
    role = Role(grant.role)
    if role in HELD_BY_AUDITORS:
        raise BadInput(
            f"The role {ROLE_LABELS[role]} comes with auditing. Change it under Auditing on the person's page."
        )
    if role is Role.ADMINISTRATOR:
        check_administrator_remains(grant.person_id, london_day(now))
    if grant.team_id is not None:
        team = db.session.get_one(Team, grant.team_id)
        if team.manager_id == grant.person_id:
            team.manager_id = None
    remove_grant(grant, viewer, now)


def find_grant(person_id: int, role: Role, service_id: int | None, team_id: int | None) -> RoleGrant | None:
    """The grant of exactly this role and reach, or None."""
    return db.session.scalar(
        select(RoleGrant).where(
            RoleGrant.person_id == person_id,
            RoleGrant.role == role,
            RoleGrant.service_id.is_(None) if service_id is None else RoleGrant.service_id == service_id,
            RoleGrant.team_id.is_(None) if team_id is None else RoleGrant.team_id == team_id,
        )
    )


def write_grant(
    person: Person, role: Role, viewer: Viewer, now: datetime, *, service_id: int | None, team_id: int | None
) -> RoleGrant:
    """Write a role and its trail entry, for operations that have checked who may and what it needs."""
    grant = RoleGrant(person_id=person.id, role=role, service_id=service_id, team_id=team_id, granted_at=now)
    db.session.add(grant)
    db.session.flush()
    db.session.expire(person, ["role_grants"])
    trail.append("person:role-given", viewer, now, ("person", person.id), **_in_words(grant))
    return grant


def remove_grant(grant: RoleGrant, viewer: Viewer, now: datetime) -> None:
    """Delete a role, write its trail entry and end the person's sign-ins, for operations that have checked."""
    person = grant.person
    words = _in_words(grant)
    db.session.delete(grant)
    db.session.flush()
    db.session.expire(person, ["role_grants"])
    trail.append("person:role-taken", viewer, now, ("person", person.id), **words)
    events.record(RoleLost(person.id, now))


def _in_words(grant: RoleGrant) -> dict[str, str | None]:
    return {
        "role": ROLE_LABELS[Role(grant.role)],
        "of": name_of_service(grant.service_id) or name_of_team(grant.team_id),
    }
