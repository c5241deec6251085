"""Read a staff list row by row, without a database. Nothing is guessed: what cannot be read is an error of its row."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from qa_app.access.roles import NEEDS_SERVICE, NEEDS_TEAM, ROLE_LABELS, Role
from qa_app.core.errors import BadInput
from qa_app.core.tables import heading_key
from qa_app.people.rules import HELD_BY_AUDITORS, LARGEST_EXPECTATION, employment_fault, looks_like_email
from qa_app.people.states import TrainingStatus

COLUMNS = {
    "name": "Name",
    "email": "Work email",
    "job_title": "Job title",
    "team": "Team",
    "service": "Service",
    "line_manager": "Line manager email",
    "starts_on": "Start",
    "leaves_on": "Leaving",
    "roles": "Roles",
    "trained": "Trained",
    "moderator": "Moderator",
    "expectation": "Expectation",
}
"""The template's columns, in order. Only the first two must be there; a blank cell leaves what is known as it is."""

NEEDED = ("name", "email")
TRAINED = {
    "yes": TrainingStatus.TRAINED,
    "in training": TrainingStatus.IN_TRAINING,
    "lapsed": TrainingStatus.LAPSED,
}
YES_OR_NO = {"yes": True, "no": False, "y": True, "n": False}
_ROLES = {label.casefold(): role for role, label in ROLE_LABELS.items()}
_ROLE_NAMES = ", ".join(label for role, label in ROLE_LABELS.items() if role not in HELD_BY_AUDITORS)
_DAY_FORMATS = ("%d/%m/%Y", "%Y-%m-%d", "%d %B %Y", "%d %b %Y", "%d.%m.%Y", "%d-%m-%Y")


@dataclass(frozen=True, slots=True)
class RoleWanted:
    """A role as the list writes it, with the name of the service or team that limits it."""

    role: Role
    of: str = ""


@dataclass(slots=True)
class StaffRow:
    """One row as read. None and "" mean that the list says nothing of it."""

    number: int
    name: str = ""
    email: str = ""
    job_title: str = ""
    team: str = ""
    service: str = ""
    line_manager: str = ""
    starts_on: date | None = None
    leaves_on: date | None = None
    roles: tuple[RoleWanted, ...] = ()
    trained: TrainingStatus | None = None
    not_trained: bool = False
    moderator: bool | None = None
    expectation: int | None = None
    errors: list[str] = field(default_factory=list)


def positions(headings: Sequence[str]) -> dict[str, int]:
    """Which column holds what.

    Raises BadInput where a needed column is missing, or one is there twice.
    """
    keys = [heading_key(heading) for heading in headings]
    found = {}
    for name, heading in COLUMNS.items():
        times = keys.count(heading_key(heading))
        if times > 1:
            raise BadInput(f"The column {heading} is there {times} times. Keep one of them and upload the list again.")
        if times:
            found[name] = keys.index(heading_key(heading))
    missing = [COLUMNS[name] for name in NEEDED if name not in found]
    if missing:
        raise BadInput(
            f"The list has no column {' and no column '.join(missing)}. Start from the template, or mend its headings."
        )
    return found


def read_row(number: int, cells: Sequence[str], where: dict[str, int]) -> StaffRow:
    """One row of the list; what is wrong with it stands in its errors."""
    text = {name: cells[position] for name, position in where.items()}
    row = StaffRow(number)
    row.name, row.email = text.get("name", ""), text.get("email", "").lower()
    row.job_title, row.team, row.service = (text.get(name, "") for name in ("job_title", "team", "service"))
    row.line_manager = text.get("line_manager", "").lower()
    _check_names(row)
    row.starts_on = _day(row, "starts_on", text.get("starts_on", ""))
    row.leaves_on = _day(row, "leaves_on", text.get("leaves_on", ""))
    if employment_fault(row.starts_on, row.leaves_on):
        row.errors.append("Leaving is before Start")
    row.roles = _roles(row, text.get("roles", ""))
    _read_auditing(row, text)
    return row


def _check_names(row: StaffRow) -> None:
    if not row.name:
        row.errors.append("Name is empty")
    if not row.email:
        row.errors.append("Work email is empty")
    elif not looks_like_email(row.email):
        row.errors.append(f"Work email is no email address: {row.email}")
    if row.line_manager and row.line_manager == row.email:
        row.errors.append("Line manager email is the person's own")


def _day(row: StaffRow, name: str, text: str) -> date | None:
    if not text:
        return None
    for form in _DAY_FORMATS:
        try:
            return datetime.strptime(text, form).date()  # noqa: DTZ007 - a date has no zone
        except ValueError:
            continue
    row.errors.append(f"{COLUMNS[name]} is no date: {text}. Write it as 27/03/2026")
    return None


def _roles(row: StaffRow, text: str) -> tuple[RoleWanted, ...]:
    wanted = []
    for part in filter(None, (part.strip() for part in text.split(";"))):
        label, _, of = (piece.strip() for piece in part.partition(":"))
        role = _ROLES.get(label.casefold())
        if role is None:
            row.errors.append(
                f"Roles names a role that there is not: {label}. Use one of: {', '.join(ROLE_LABELS.values())}"
            )
        elif role in HELD_BY_AUDITORS:
            row.errors.append(f"Roles names {label}: use the columns Trained and Moderator for it")
        else:
            wanted.append(RoleWanted(role, of or _own_reach(row, role)))
    for one in wanted:
        if not one.of and one.role in NEEDS_SERVICE | NEEDS_TEAM:
            what = "service" if one.role in NEEDS_SERVICE else "team"
            label = ROLE_LABELS[one.role]
            row.errors.append(f"Roles does not say of which {what}: write {label}: name of the {what}")
    return tuple(dict.fromkeys(wanted))


def _own_reach(row: StaffRow, role: Role) -> str:
    """A role that says no service or team is for the row's own."""
    return row.service if role in NEEDS_SERVICE else row.team if role in NEEDS_TEAM else ""


def _read_auditing(row: StaffRow, text: dict[str, str]) -> None:
    trained = text.get("trained", "").casefold()
    row.trained, row.not_trained = TRAINED.get("yes" if trained == "y" else trained), trained in ("no", "n")
    if trained and row.trained is None and not row.not_trained:
        row.errors.append(f"Trained is {text['trained']}. Write yes, no, in training or lapsed")
    moderator = text.get("moderator", "").casefold()
    row.moderator = YES_OR_NO.get(moderator)
    if moderator and row.moderator is None:
        row.errors.append(f"Moderator is {text['moderator']}. Write yes or no")
    expectation = text.get("expectation", "")
    number = int(expectation) if expectation.isascii() and expectation.isdigit() and len(expectation) < 5 else -1
    if expectation and not 0 <= number <= LARGEST_EXPECTATION:
        row.errors.append(f"Expectation is {expectation}. Write a whole number between 0 and {LARGEST_EXPECTATION}")
    elif expectation:
        row.expectation = number


def read_rows(headings: Sequence[str], rows: Sequence[tuple[int, Sequence[str]]]) -> list[StaffRow]:
    """The whole list: row numbers as the file shows them, and cells as text. Raises BadInput as `positions` does."""
    where = positions(headings)
    read = [read_row(number, cells, where) for number, cells in rows]
    errors_between(read)
    return read


def unused_headings(headings: Sequence[str]) -> list[str]:
    """Columns that the import does not use, to be told and not passed over in silence."""
    known = {heading_key(heading) for heading in COLUMNS.values()}
    return [heading for heading in headings if heading and heading_key(heading) not in known]


def errors_between(rows: Sequence[StaffRow]) -> None:
    """Add to each row what is wrong between rows: the same email twice."""
    first: dict[str, StaffRow] = {}
    for row in rows:
        if row.email and row.email in first:
            row.errors.append(f"Work email is on row {first[row.email].number} too: {row.email}")
        first.setdefault(row.email, row)
