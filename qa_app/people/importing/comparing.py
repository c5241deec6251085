"""Compare a staff list with the people, teams and services that are known, without a database."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any

from qa_app.access.roles import NEEDS_SERVICE, NEEDS_TEAM, ROLE_LABELS, Role
from qa_app.people.importing.reading import RoleWanted, StaffRow
from qa_app.people.rules import employment_fault
from qa_app.people.states import TRAINING_LABELS, TrainingStatus


class Kind(StrEnum):
    """What applying would do with a row."""

    NEW = "new"
    CHANGED = "changed"
    UNCHANGED = "unchanged"
    ERROR = "error"


@dataclass(frozen=True, slots=True)
class Known:
    """A person as known before the import. Names stand for teams and services; roles are pairs of role and reach."""

    id: int
    name: str
    email: str
    job_title: str
    team: str
    line_manager: str
    starts_on: date | None
    leaves_on: date | None
    roles: frozenset[RoleWanted]
    training: TrainingStatus | None
    moderator: bool
    expectation: int | None


@dataclass(frozen=True, slots=True)
class Register:
    """What is known: people by email, open teams with their services, open services. Keys are case-folded names."""

    people: Mapping[str, Known]
    without_email: Mapping[tuple[str, str], Known]
    teams: Mapping[str, tuple[str, str]]
    services: Mapping[str, str]


@dataclass(slots=True)
class Compared:
    """A row, what would be done with it, and what changes in words: column -> before, after."""

    row: StaffRow
    kind: Kind
    known: Known | None = None
    changes: dict[str, tuple[str, str]] = field(default_factory=dict)


@dataclass(slots=True)
class Preview:
    """What applying a list would do."""

    rows: list[Compared]
    new_services: list[str]
    new_teams: list[tuple[str, str]]
    not_in_list: int

    def of(self, kind: Kind) -> list[Compared]:
        """The rows of a kind."""
        return [one for one in self.rows if one.kind is kind]


def compare(rows: Sequence[StaffRow], register: Register) -> Preview:
    """Compare every row; errors that only the register shows are added to the rows."""
    services = dict(register.services)
    teams = dict(register.teams)
    new_services = _new_services(rows, services)
    new_teams = _new_teams(rows, teams, services)
    emails = set(register.people) | {row.email for row in rows}
    for row in rows:
        _check_references(row, teams, services, emails)
    compared = [_compare_row(row, register) for row in rows]
    _check_administrators(compared, register)
    found = {one.known.id for one in compared if one.known}
    known = {one.id for one in (*register.people.values(), *register.without_email.values())}
    return Preview(compared, new_services, new_teams, len(known - found))


def _new_services(rows: Sequence[StaffRow], services: dict[str, str]) -> list[str]:
    new = {
        row.service.casefold(): row.service for row in rows if row.service and row.service.casefold() not in services
    }
    services.update(new)
    return list(new.values())


def _new_teams(
    rows: Sequence[StaffRow], teams: dict[str, tuple[str, str]], services: dict[str, str]
) -> list[tuple[str, str]]:
    new = {}
    for row in rows:
        key = row.team.casefold()
        if row.team and key not in teams and row.service:
            new[key] = teams[key] = (row.team, services[row.service.casefold()])
    return list(new.values())


def _check_references(
    row: StaffRow, teams: dict[str, tuple[str, str]], services: dict[str, str], emails: set[str]
) -> None:
    team = teams.get(row.team.casefold())
    if row.team and team is None:
        row.errors.append(f"Team is not known: {row.team}. Name its service in the column Service to have it added")
    elif team and row.service and team[1].casefold() != row.service.casefold():
        row.errors.append(f"Team {team[0]} belongs to {team[1]}, not to {row.service}")
    if row.line_manager and row.line_manager not in emails:
        row.errors.append(f"Line manager email is nobody's, here or in the list: {row.line_manager}")
    for one in row.roles:
        if one.role in NEEDS_SERVICE and one.of and one.of.casefold() not in services:
            row.errors.append(f"{ROLE_LABELS[one.role]} is of a service that is not known: {one.of}")
        if one.role in NEEDS_TEAM and one.of and one.of.casefold() not in teams:
            row.errors.append(f"{ROLE_LABELS[one.role]} is of a team that is not known: {one.of}")


def known_as(row: StaffRow, register: Register) -> Known | None:
    """Who a row is: by email, else the one colleague of that name and team who came with a case list, without email."""
    by_name = register.without_email.get((row.name.casefold(), row.team.casefold()))
    return register.people.get(row.email) or by_name


def _compare_row(row: StaffRow, register: Register) -> Compared:
    known = known_as(row, register)
    if known and employment_fault(row.starts_on or known.starts_on, row.leaves_on or known.leaves_on):
        row.errors.append("Leaving is before the first day of work that is known")
    _check_moderator(row, known)
    if row.errors:
        return Compared(row, Kind.ERROR, known)
    changes = _changes(row, known)
    kind = Kind.NEW if known is None else Kind.CHANGED if changes else Kind.UNCHANGED
    return Compared(row, kind, known, changes)


def training_after(row: StaffRow, known: Known | None) -> TrainingStatus | None:
    """The training that a person has once the row is applied; None: no auditor."""
    before = known.training if known else None
    if row.not_trained:
        return TrainingStatus.IN_TRAINING if before is TrainingStatus.TRAINED else before
    return row.trained or before


def _check_moderator(row: StaffRow, known: Known | None) -> None:
    training = training_after(row, known)
    moderates = (known.moderator if known else False) if row.moderator is None else row.moderator
    if moderates and training is not TrainingStatus.TRAINED:
        row.errors.append("Moderator is yes, but only a trained auditor can moderate: change Trained or Moderator")
    if row.expectation is not None and training is None:
        row.errors.append("Expectation is only for auditors: fill in Trained, or leave Expectation empty")


def _changes(row: StaffRow, known: Known | None) -> dict[str, tuple[str, str]]:
    before: dict[str, Any] = {} if known is None else _facts_before(known)
    after = {
        "Name": row.name,
        "Work email": row.email,
        "Job title": row.job_title,
        "Team": row.team,
        "Line manager": row.line_manager,
        "Start": row.starts_on,
        "Leaving": row.leaves_on,
        "Training": _training_words(training_after(row, known)),
        "Moderator": None if row.moderator is None else ("yes" if row.moderator else "no"),
        "Expectation": None if row.expectation is None else str(row.expectation),
    }
    changes = {
        name: (_words(before.get(name)), _words(value))
        for name, value in after.items()
        if value not in (None, "") and not _same(name, before.get(name), value)
    }
    held = known.roles if known else frozenset()
    if row.roles and _keys(row.roles) != _keys(held):
        changes["Roles"] = (_role_words(held), _role_words(row.roles))
    return changes


def _facts_before(known: Known) -> dict[str, Any]:
    return {
        "Name": known.name,
        "Work email": known.email,
        "Job title": known.job_title,
        "Team": known.team,
        "Line manager": known.line_manager,
        "Start": known.starts_on,
        "Leaving": known.leaves_on,
        "Training": _training_words(known.training),
        "Moderator": "yes" if known.moderator else "no",
        "Expectation": None if known.expectation is None else str(known.expectation),
    }


def _same(column: str, before: Any, after: Any) -> bool:
    """Whether nothing changes: a team in whatever letters, and a moderator that never was one."""
    if column == "Team" and before:
        return bool(before.casefold() == after.casefold())
    return bool(before == after or (column == "Moderator" and before is None and after == "no"))


def _training_words(training: TrainingStatus | None) -> str:
    return TRAINING_LABELS[training] if training else ""


def _words(value: Any) -> str:
    if isinstance(value, date):
        return f"{value:%d/%m/%Y}"
    return str(value or "none")


def _keys(roles: Any) -> set[tuple[Role, str]]:
    return {(one.role, one.of.casefold()) for one in roles}


def _role_words(roles: Any) -> str:
    words = sorted(ROLE_LABELS[one.role] + (f": {one.of}" if one.of else "") for one in roles)
    return "; ".join(words) or "none"


def _check_administrators(compared: Sequence[Compared], register: Register) -> None:
    """An import may not take away the last administrator."""
    held = {one.id for one in register.people.values() if _administers(one.roles) and one.leaves_on is None}
    lost = [one for one in compared if one.known and one.known.id in held and _loses_administrator(one.row)]
    gained = any(
        _administers(one.row.roles) and one.row.leaves_on is None for one in compared if one.kind is not Kind.ERROR
    )
    if held and not gained and held <= {one.known.id for one in lost if one.known}:
        for one in lost:
            one.kind = Kind.ERROR
            one.row.errors.append("This would take away the last administrator: make somebody else one first")


def _administers(roles: Any) -> bool:
    return any(one.role is Role.ADMINISTRATOR for one in roles)


def _loses_administrator(row: StaffRow) -> bool:
    return row.leaves_on is not None or (bool(row.roles) and not _administers(row.roles))
