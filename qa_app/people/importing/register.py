"""What is known before a staff import, read with one query a table."""

from collections.abc import Iterable

from sqlalchemy import select
from sqlalchemy.orm import aliased

from qa_app.access.roles import Role
from qa_app.core.database import db
from qa_app.people.importing.comparing import Known, Register
from qa_app.people.importing.reading import RoleWanted
from qa_app.people.models import Auditor, Person, RoleGrant, Service, Team
from qa_app.people.rules import HELD_BY_AUDITORS
from qa_app.people.states import TrainingStatus


def read_register() -> Register:
    """People, and the teams and services that are open for good."""
    people = _people()
    without: dict[tuple[str, str], list[Known]] = {}
    for one in people:
        if not one.email:
            without.setdefault((one.name.casefold(), one.team.casefold()), []).append(one)
    teams = db.session.execute(
        select(Team.name, Service.name).join(Service, Service.id == Team.service_id).where(Team.ends_on.is_(None))
    )
    services = db.session.scalars(select(Service.name).where(Service.ends_on.is_(None)))
    return Register(
        people={one.email: one for one in people if one.email},
        without_email={key: ones[0] for key, ones in without.items() if len(ones) == 1},
        teams={team.casefold(): (team, service) for team, service in teams},
        services={service.casefold(): service for service in services},
    )


def _people() -> list[Known]:
    manager = aliased(Person)
    roles = _roles()
    rows: Iterable[tuple[Person, str | None, str | None, Auditor | None]] = db.session.execute(
        select(Person, Team.name, manager.email, Auditor)
        .outerjoin(Team, Team.id == Person.team_id)
        .outerjoin(manager, manager.id == Person.line_manager_id)
        .outerjoin(Auditor, Auditor.person_id == Person.id)
        .order_by(Person.id)
    ).all()
    return [
        Known(
            id=person.id,
            name=person.name,
            email=person.email or "",
            job_title=person.job_title,
            team=team or "",
            line_manager=manager_email or "",
            starts_on=person.starts_on,
            leaves_on=person.leaves_on,
            roles=frozenset(roles.get(person.id, ())),
            training=TrainingStatus(auditor.training_status) if auditor else None,
            moderator=bool(auditor and auditor.is_moderator),
            expectation=auditor.expectation if auditor else None,
        )
        for person, team, manager_email, auditor in rows
    ]


def _roles() -> dict[int, list[RoleWanted]]:
    found: dict[int, list[RoleWanted]] = {}
    rows = db.session.execute(
        select(RoleGrant.person_id, RoleGrant.role, Service.name, Team.name)
        .outerjoin(Service, Service.id == RoleGrant.service_id)
        .outerjoin(Team, Team.id == RoleGrant.team_id)
        .where(RoleGrant.role.not_in(HELD_BY_AUDITORS))
        .order_by(RoleGrant.id)
    )
    for person_id, role, service, team in rows:
        found.setdefault(person_id, []).append(RoleWanted(Role(role), service or team or ""))
    return found
