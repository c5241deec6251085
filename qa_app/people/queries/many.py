"""Read many: services, teams, people by filter, and one person's history."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Date, Select, and_, bindparam, func, or_, select
from sqlalchemy.orm import joinedload

from qa_app.access.roles import ROLE_LABELS, Role
from qa_app.core.database import db, plain_rows
from qa_app.people.models import Auditor, Deputy, Person, RoleGrant, Service, Team
from qa_app.trail.models import TrailDetail, TrailEntry


def services(today: date | None = None) -> list[Service]:
    """Every service by name, or only those that are open on a day."""
    found = select(Service).order_by(Service.name, Service.id)
    if today:
        found = found.where(or_(Service.ends_on.is_(None), Service.ends_on > today))
    return list(db.session.scalars(found))


def teams(today: date | None = None) -> list[Team]:
    """Every team with its service, by service and name, or only those that are open on a day."""
    found = select(Team).join(Team.service).order_by(Service.name, Team.name, Team.id).options(joinedload(Team.service))
    if today:
        found = found.where(or_(Team.ends_on.is_(None), Team.ends_on > today))
    return list(db.session.scalars(found))


def working_people(today: date) -> list[tuple[int, str, str]]:
    """Everyone who works on a day, as id, name and job title, by name: for choosing a manager."""
    rows = db.session.execute(
        select(Person.id, Person.name, Person.job_title).where(works(today)).order_by(Person.name, Person.id)
    )
    return [(person_id, name, title) for person_id, name, title in rows]


def holders_of(role: Role) -> list[int]:
    """Ids of everyone who holds a role of their own, at work or not."""
    return list(
        db.session.scalars(
            select(RoleGrant.person_id).where(RoleGrant.role == role).distinct().order_by(RoleGrant.person_id)
        )
    )


def deciders(role: Role, today: date, service_id: int | None = None, *, besides: int | None = None) -> list[int]:
    """Who receives what a role has to decide, today: its holders at work, or their deputies while these are named.

    With a service, the holders for that service and those for all. `besides` is somebody whom it concerns: they decide
    neither as holder nor as deputy, and nobody does in their place. Ids, in order.
    """
    holders = select(RoleGrant.person_id).join(Person, Person.id == RoleGrant.person_id)
    holders = holders.where(RoleGrant.role == role, works(today))
    if service_id is not None:
        holders = holders.where(or_(RoleGrant.service_id == service_id, RoleGrant.service_id.is_(None)))
    able = [person_id for person_id in db.session.scalars(holders.distinct()) if person_id != besides]
    found = stand_ins(able, today)
    return sorted({holder if stand_in == besides else stand_in for holder, stand_in in found.items()})


def stand_ins(person_ids: Sequence[int], today: date) -> dict[int, int]:
    """Who receives the mail of each of these people today: their deputy where one at work is named, or themselves."""
    found = {person_id: person_id for person_id in person_ids}
    if found:
        deputies = plain_rows(_STAND_INS, {"person_ids": list(found), "today": today})
        found.update({person_id: deputy_id for person_id, deputy_id in deputies})
    return found


def possible_deputies(person_id: int, today: date) -> list[tuple[int, str, str]]:
    """Who may stand in for a person: those who work and hold a role, save readers of published figures only."""
    holds = select(RoleGrant.person_id)
    rows = db.session.execute(
        select(Person.id, Person.name, Person.job_title)
        .where(
            works(today),
            Person.id != person_id,
            Person.id.in_(holds),
            Person.id.not_in(holds.where(RoleGrant.role == Role.SCRUTINY)),
        )
        .order_by(Person.name, Person.id)
    )
    return [(found_id, name, title) for found_id, name, title in rows]


def works(today: Any) -> ColumnElement[bool]:
    """The same as `Person.works_on`, in a query, on a day or a parameter that holds one."""
    return and_(
        or_(Person.starts_on.is_(None), Person.starts_on <= today),
        or_(Person.leaves_on.is_(None), Person.leaves_on >= today),
    )


_TODAY: Any = bindparam("today", type_=Date)
_STAND_INS = (
    select(Deputy.person_id, Deputy.deputy_id)
    .join(Person, Person.id == Deputy.deputy_id)
    .where(
        Deputy.person_id.in_(bindparam("person_ids", expanding=True)),
        Deputy.starts_on <= _TODAY,
        Deputy.ends_on >= _TODAY,
        works(_TODAY),
    )
    .order_by(Deputy.id)
)
"""Put together once: every mail asks it."""


@dataclass(frozen=True, slots=True)
class PersonRow:
    """One line of the list of people."""

    id: int
    name: str
    email: str | None
    job_title: str
    team: str | None
    service: str | None
    roles: str
    training_status: str | None
    expectation: int | None
    starts_on: date | None
    leaves_on: date | None


_LINE: tuple[Any, ...] = (
    Person.id,
    Person.name,
    Person.email,
    Person.job_title,
    Team.name.label("team"),
    Service.name.label("service"),
    Auditor.training_status,
    Auditor.expectation,
    Person.starts_on,
    Person.leaves_on,
)

SORTS: dict[str, Any] = {
    "name": Person.name,
    "title": [Person.job_title, Person.name],
    "team": [Team.name, Person.name],
    "service": [Service.name, Team.name, Person.name],
}


def find_people(
    filters: Mapping[str, str], order_by: Sequence[Any], today: date, *, limit: int | None = None, offset: int = 0
) -> tuple[list[PersonRow], int]:
    """The people that filters (q, service, team, role, working) leave, one page of them, and how many in all."""
    narrowed = _narrowed(filters, today)
    total = db.session.scalar(select(func.count()).select_from(narrowed.subquery())) or 0
    rows = db.session.execute(narrowed.order_by(*order_by, Person.id).limit(limit).offset(offset)).all()
    roles = _roles_in_words([row.id for row in rows])
    return [PersonRow(**row._mapping, roles=roles.get(row.id, "")) for row in rows], total


def _narrowed(filters: Mapping[str, str], today: date) -> Select[Any]:
    found = (
        select(*_LINE)
        .outerjoin(Team, Team.id == Person.team_id)
        .outerjoin(Service, Service.id == Team.service_id)
        .outerjoin(Auditor, Auditor.person_id == Person.id)
    )
    if text := filters.get("q"):
        found = found.where(
            or_(Person.name.icontains(text, autoescape=True), Person.email.icontains(text, autoescape=True))
        )
    if chosen := filters.get("service"):
        found = found.where(Team.service_id == int(chosen))
    if chosen := filters.get("team"):
        found = found.where(Person.team_id == int(chosen))
    if chosen := filters.get("role"):
        found = found.where(Person.id.in_(select(RoleGrant.person_id).where(RoleGrant.role == chosen)))
    if chosen := filters.get("working"):
        found = found.where(works(today) if chosen == "now" else Person.leaves_on < today)
    return found


def _roles_in_words(person_ids: Sequence[int]) -> dict[int, str]:
    words: dict[int, list[str]] = {}
    rows = db.session.execute(
        select(RoleGrant.person_id, RoleGrant.role)
        .where(RoleGrant.person_id.in_(person_ids))
        .distinct()
        .order_by(RoleGrant.person_id, RoleGrant.role)
    )
    for person_id, role in rows:
        words.setdefault(person_id, []).append(ROLE_LABELS[Role(role)])
    return {person_id: ", ".join(labels) for person_id, labels in words.items()}


@dataclass(frozen=True, slots=True)
class TrailLine:
    """One entry of a person's history."""

    at: datetime
    by: str | None
    event: str
    detail: dict[str, Any]


def history_of(person_id: int, limit: int = 50) -> list[TrailLine]:
    """What was changed about a person, newest first, from the trail."""
    rows = db.session.execute(
        select(TrailEntry.at, Person.name, TrailEntry.event, TrailDetail.detail)
        .outerjoin(TrailDetail, TrailDetail.entry_id == TrailEntry.id)
        .outerjoin(Person, Person.id == TrailEntry.person_id)
        .where(TrailEntry.subject_type == "person", TrailEntry.subject_id == person_id)
        .order_by(TrailEntry.id.desc())
        .limit(limit)
    )
    return [TrailLine(at, by, event, detail or {}) for at, by, event, detail in rows]


@dataclass(frozen=True, slots=True)
class TeamRow:
    """A team as the page of the organisation shows it."""

    team: Team
    people: int


def organisation(today: date) -> list[tuple[Service, list[TeamRow]]]:
    """Every service with its teams and how many people work in each; the open ones of each first."""
    rows = db.session.execute(
        select(Person.team_id, func.count()).where(works(today), Person.team_id.is_not(None)).group_by(Person.team_id)
    )
    counts = {team_id: number for team_id, number in rows}
    by_service: dict[int, list[TeamRow]] = {}
    found = (
        select(Team)
        .options(joinedload(Team.manager), joinedload(Team.service_manager))
        .order_by(Team.ends_on.is_not(None), Team.name, Team.id)
    )
    for one in db.session.scalars(found):
        by_service.setdefault(one.service_id, []).append(TeamRow(one, counts.get(one.id, 0)))
    in_order = sorted(services(), key=lambda one: one.ends_on is not None)
    return [(one, by_service.get(one.id, [])) for one in in_order]
