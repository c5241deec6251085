"""Keep a staff list for its preview, and apply it as a whole or not at all."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from hashlib import sha256
from pathlib import Path

from sqlalchemy import delete, select

from qa_app.access.roles import Role
from qa_app.access.viewer import Viewer
from qa_app.core.database import db
from qa_app.core.errors import BadInput, NotFound, Stale
from qa_app.core.tables import read_table, text_of
from qa_app.people.importing.comparing import Compared, Kind, Preview, compare, training_after
from qa_app.people.importing.reading import RoleWanted, read_rows
from qa_app.people.importing.register import read_register
from qa_app.people.models import Person, PersonImport, Service, Team
from qa_app.people.operations.auditors import AuditorDetails, set_auditor
from qa_app.people.operations.organisation import TeamDetails, add_service, add_team
from qa_app.people.operations.roles import grant_role, revoke_role
from qa_app.people.operations.staff import PersonDetails, add_person, change_person, set_last_day
from qa_app.people.permissions import check_can_manage_people
from qa_app.people.rules import HELD_BY_AUDITORS
from qa_app.trail import operations as trail

MOST_ROWS = 20_000


def keep_list(path: Path, file_name: str, viewer: Viewer, now: datetime) -> PersonImport:
    """Read a staff list (CSV or XLSX) and keep it for its preview. Lists that were never applied are forgotten.

    Raises NotAllowed, WrongFile (not a file that can be read), or BadInput (columns missing, no rows, too many).
    """
    check_can_manage_people(viewer)
    table = read_table(path)
    rows = [[row.number, *(text_of(cell) for cell in row.cells)] for row in table.rows]
    if not rows:
        raise BadInput("The list has headings but no rows. Fill it in and upload it again.")
    if len(rows) > MOST_ROWS:
        raise BadInput(f"The list has more than {MOST_ROWS:,} rows. Split it and upload one part after the other.")
    read_rows(table.headings, [])
    db.session.execute(delete(PersonImport).where(PersonImport.applied_at.is_(None)))
    kept = PersonImport(
        file_name=file_name[:200],
        uploaded_at=now,
        uploaded_by_id=viewer.person_id,
        headings=list(table.headings),
        rows=rows,
    )
    db.session.add(kept)
    db.session.flush()
    return kept


def find_list(import_id: int) -> PersonImport:
    """A kept list that is not applied yet. Raises NotFound."""
    kept = db.session.get(PersonImport, import_id)
    if kept is None or kept.applied_at is not None:
        raise NotFound
    return kept


def preview(kept: PersonImport) -> Preview:
    """What applying a kept list would do, as things are now. Writes nothing."""
    return compare(read_rows(kept.headings, [(row[0], row[1:]) for row in kept.rows]), read_register())


def fingerprint(shown: Preview) -> str:
    """The same for the same preview: what a person saw, so that nothing else is applied than that."""
    seen = [(one.row.number, one.kind, sorted(one.changes.items()), one.row.errors) for one in shown.rows]
    return sha256(repr((seen, shown.new_services, shown.new_teams)).encode()).hexdigest()


def apply_list(kept: PersonImport, seen: str | None, viewer: Viewer, now: datetime) -> Preview:
    """Apply a kept list, compared anew; `seen` is the fingerprint of the preview that a person saw.

    Raises NotAllowed, BadInput (a row has an error: nothing is applied), or Stale (the preview is no longer true).
    """
    check_can_manage_people(viewer)
    found = preview(kept)
    if errors := found.of(Kind.ERROR):
        raise BadInput(f"Nothing was applied: mend {len(errors)} of {len(found.rows)} rows and upload the list again.")
    if seen is not None and seen != fingerprint(found):
        raise Stale("People or teams were changed since this preview was made. Look at the new preview, then apply it.")
    _Application(viewer, now).apply(found)
    kept.applied_at, kept.rows = now, []
    db.session.flush()
    counts = {str(kind): len(found.of(kind)) for kind in (Kind.NEW, Kind.CHANGED, Kind.UNCHANGED)}
    trail.append("person:list-imported", viewer, now, ("person_import", kept.id), **counts)
    return found


class _Application:
    """One run: who does it when, and the ids that names and emails stand for."""

    def __init__(self, viewer: Viewer, now: datetime) -> None:
        self.viewer, self.now = viewer, now
        self.services = {name.casefold(): i for i, name in db.session.execute(select(Service.id, Service.name))}
        self.teams = {name.casefold(): i for i, name in db.session.execute(select(Team.id, Team.name))}

    def apply(self, found: Preview) -> None:
        """Services, teams and people first; then what points at people; leaving last, when all roles stand."""
        for service in found.new_services:
            self.services[service.casefold()] = add_service(service, self.viewer, self.now).id
        for team, service in found.new_teams:
            details = TeamDetails(team, self.services[service.casefold()])
            self.teams[team.casefold()] = add_team(details, self.viewer, self.now).id
        due = [*found.of(Kind.NEW), *found.of(Kind.CHANGED)]
        pairs = [(one, self._person(one)) for one in due]
        for one, person in pairs:
            self._line_manager(one, person)
            self._auditing(one, person)
        # Given before taken, so that a list which hands over the last administrator's role goes through.
        for one, person in pairs:
            self._give_roles(one, person)
        for one, person in pairs:
            self._take_roles(one, person)
        for one, person in pairs:
            if one.row.leaves_on and one.row.leaves_on != person.leaves_on:
                set_last_day(person, one.row.leaves_on, None, self.viewer, self.now)

    def _person(self, one: Compared) -> Person:
        row = one.row
        team_id = self.teams[row.team.casefold()] if row.team else None
        if one.known is None:
            details = PersonDetails(row.name, row.email, row.job_title, team_id, None, row.starts_on)
            return add_person(details, self.viewer, self.now)
        person = db.session.get_one(Person, one.known.id)
        details = PersonDetails(
            row.name,
            row.email,
            row.job_title or person.job_title,
            team_id or person.team_id,
            person.line_manager_id,
            row.starts_on or person.starts_on,
        )
        change_person(person, details, None, self.viewer, self.now)
        return person

    def _line_manager(self, one: Compared, person: Person) -> None:
        if "Line manager" not in one.changes:
            return
        manager_id = db.session.scalars(select(Person.id).where(Person.email == one.row.line_manager)).one()
        details = PersonDetails(
            person.name, person.email, person.job_title, person.team_id, manager_id, person.starts_on
        )
        change_person(person, details, None, self.viewer, self.now)

    def _auditing(self, one: Compared, person: Person) -> None:
        if not one.changes.keys() & {"Training", "Moderator", "Expectation"}:
            return
        training = training_after(one.row, one.known)
        assert training is not None  # the comparison found an error in the row of whoever is no auditor
        before = person.auditor
        details = AuditorDetails(training)
        if before:
            details = AuditorDetails(
                training, before.trained_on, before.expectation, before.is_moderator, before.pool_service_id
            )
        if one.row.moderator is not None:
            details = replace(details, is_moderator=one.row.moderator)
        if one.row.expectation is not None:
            details = replace(details, expectation=one.row.expectation)
        set_auditor(person, details, None, self.viewer, self.now)

    def _give_roles(self, one: Compared, person: Person) -> None:
        if "Roles" not in one.changes:
            return
        held = {(grant.role, grant.service_id, grant.team_id) for grant in person.role_grants}
        for role, service_id, team_id in self._wanted(one.row.roles):
            if (role, service_id, team_id) not in held:
                grant_role(person, role, self.viewer, self.now, service_id=service_id, team_id=team_id)

    def _take_roles(self, one: Compared, person: Person) -> None:
        if "Roles" not in one.changes:
            return
        wanted = set(self._wanted(one.row.roles))
        for grant in list(person.role_grants):
            reach = (Role(grant.role), grant.service_id, grant.team_id)
            if grant.role not in HELD_BY_AUDITORS and reach not in wanted:
                revoke_role(grant, self.viewer, self.now)

    def _wanted(self, roles: Sequence[RoleWanted]) -> list[tuple[Role, int | None, int | None]]:
        found = []
        for one in roles:
            key = one.of.casefold()
            team = one.role is Role.TEAM_MANAGER
            service_id = None if team or not key else self.services.get(key)
            found.append((one.role, service_id, self.teams[key] if team else None))
        return found
