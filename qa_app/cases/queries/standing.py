"""What stands in the database before an import: teams, workers and cases, read in bulk."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from sqlalchemy import func, or_, select

from qa_app.cases.comparing import KnownCase
from qa_app.cases.models import Case, CaseImport, CaseImportState, ImportRow
from qa_app.cases.reading import TeamEntry, TeamLookup
from qa_app.cases.reading.teams import team_key
from qa_app.cases.reading.workers import name_key
from qa_app.core.database import db
from qa_app.people.models import Person, Service, Team

WorkerKey = tuple[int, str]
"""A team's id and a worker's name as `name_key` compares it."""


def own_teams(today: date) -> TeamLookup:
    """The app's own teams that are open, as a lookup of team, service and manager."""
    rows = db.session.execute(
        select(Team.name, Service.name, Person.name)
        .join(Service, Team.service_id == Service.id)
        .outerjoin(Person, Team.manager_id == Person.id)
        .where(or_(Team.ends_on.is_(None), Team.ends_on > today))
        .order_by(Team.id)
    )
    return TeamLookup(TeamEntry(team, service, manager) for team, service, manager in rows)


def teams_by_key() -> dict[str, tuple[int, str]]:
    """The id and service of every team, closed ones too, by its name as `team_key` compares it."""
    rows = db.session.execute(select(Team.id, Team.name, Service.name).join(Service, Team.service_id == Service.id))
    return {team_key(name): (team_id, service) for team_id, name, service in rows}


def services_by_key() -> dict[str, int]:
    """The id of every service by its name, compared as teams are."""
    rows = db.session.execute(select(Service.id, Service.name))
    return {team_key(name): service_id for service_id, name in rows}


def workers_by_team(today: date) -> dict[WorkerKey, int]:
    """Who a worker's name means in a team: people of that team, and whoever works on its cases already.

    Of several of one name, who works here comes before who has left, who signs in before who does not, and the one
    known longest before the others.
    """
    gone = Person.leaves_on < today
    own = select(Person.team_id, Person.name, Person.id, gone, Person.email.is_(None)).where(
        Person.team_id.is_not(None)
    )
    on_cases = (
        select(Case.team_id, Person.name, Person.id, gone, Person.email.is_(None))
        .join(Person, Case.caseworker_id == Person.id)
        .distinct()
    )
    people: list[Any] = [tuple(row) for statement in (own, on_cases) for row in db.session.execute(statement)]
    found: dict[WorkerKey, int] = {}
    for team_id, name, person_id, _, _ in sorted(people, key=lambda row: (bool(row[3]), bool(row[4]), row[2])):
        found.setdefault((team_id, name_key(name)), person_id)
    return found


def managers_by_name() -> dict[str, int]:
    """People who may be meant by a manager's name: members of staff whose name nobody else on the staff has."""
    manages = select(Team.manager_id).where(Team.manager_id.is_not(None))
    rows = db.session.execute(
        select(Person.name, Person.id).where(or_(Person.email.is_not(None), Person.id.in_(manages)))
    )
    found: dict[str, list[int]] = {}
    for name, person_id in rows:
        found.setdefault(name_key(name), []).append(person_id)
    return {key: ids[0] for key, ids in found.items() if len(ids) == 1}


def known_cases() -> dict[str, KnownCase]:
    """Every case by its reference."""
    rows = db.session.execute(
        select(
            Case.reference,
            Case.id,
            Case.case_type,
            Case.team_id,
            Team.name,
            Person.name,
            Case.opened_on,
            Case.closed_on,
        )
        .join(Team, Case.team_id == Team.id)
        .outerjoin(Person, Case.caseworker_id == Person.id)
        .order_by(Case.id)
    )
    return {row[0]: KnownCase(*row[1:]) for row in rows}


def newest_applied(but: int = 0) -> int:
    """The id of the import that was applied last, save one, or 0."""
    statement = (
        select(CaseImport.id)
        .where(CaseImport.state == CaseImportState.APPLIED, CaseImport.id != but)
        .order_by(CaseImport.applied_at.desc(), CaseImport.id.desc())
        .limit(1)
    )
    return db.session.scalar(statement) or 0


def open_case_count() -> int:
    """How many cases are open."""
    return db.session.scalar(select(func.count(Case.id)).where(Case.closed_on.is_(None))) or 0


def rows_to_apply(import_id: int, kind: str, size: int = 5000) -> Iterator[list[tuple[str, dict[str, Any]]]]:
    """The lines of one kind of a preview, as reference and values, in batches."""
    last = 0
    while True:
        rows = db.session.execute(
            select(ImportRow.id, ImportRow.reference, ImportRow.values)
            .where(ImportRow.case_import_id == import_id, ImportRow.kind == kind, ImportRow.id > last)
            .order_by(ImportRow.id)
            .limit(size)
        ).all()
        if not rows:
            return
        yield [(reference, values) for _, reference, values in rows]
        last = rows[-1][0]
