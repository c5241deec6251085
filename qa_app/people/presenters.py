"""What the pages about people say."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from flask import url_for
from markupsafe import Markup

from qa_app.access.roles import ROLE_LABELS, Role
from qa_app.core.format import long_day, plural
from qa_app.core.lists import Choice, Column, Search
from qa_app.people.models import Absence, Auditor, Deputy, Person, RoleGrant, Service, Team
from qa_app.people.queries import SORTS, PersonRow, TrailLine
from qa_app.people.states import TRAINING_LABELS, TrainingStatus

EVENTS = {
    "person:added": "Added",
    "person:changed": "Details changed",
    "person:leaving": "Last day recorded",
    "person:staying": "Last day taken away",
    "person:role-given": "Role given",
    "person:role-taken": "Role taken away",
    "person:auditing-changed": "Auditing changed",
    "person:auditing-ended": "No longer an auditor",
    "person:absence-added": "Absence added",
    "person:absence-removed": "Absence removed",
    "person:deputy-named": "Deputy named",
    "person:deputy-ended": "Deputy's time ended",
}


def person_link(person_id: int, name: str) -> Markup:
    """A person's name that opens their page."""
    return Markup('<a class="govuk-link" href="{}">{}</a>').format(url_for("people.person", person_id=person_id), name)


def auditing(status: str | None, expectation: int | None) -> str:
    """How a person audits, in a few words."""
    if status is None:
        return ""
    own = "" if expectation is None else f", {expectation} a month"
    return TRAINING_LABELS[TrainingStatus(status)] + own


def _name(row: PersonRow) -> Markup:
    return person_link(row.id, row.name)


def columns(today: date) -> tuple[Column[PersonRow], ...]:
    """The list of people."""
    return (
        Column("name", "Name", _name, sort=SORTS["name"], header=True, value=lambda row: row.name),
        Column("title", "Job title", lambda row: row.job_title, sort=SORTS["title"]),
        Column("team", "Team", lambda row: row.team, sort=SORTS["team"]),
        Column("service", "Service", lambda row: row.service, sort=SORTS["service"]),
        Column("roles", "Roles", lambda row: row.roles),
        Column("auditing", "Auditing", lambda row: auditing(row.training_status, row.expectation)),
        Column("works", "Works here", lambda row: works(row.starts_on, row.leaves_on, today)),
    )


def export_columns(today: date) -> tuple[Column[PersonRow], ...]:
    """The same list as a spreadsheet, where there is room for the email."""
    shown = columns(today)
    return (shown[0], Column("email", "Work email", lambda row: row.email), *shown[1:])


def works(starts_on: date | None, leaves_on: date | None, today: date) -> str:
    """Since when, or until when, where that needs saying."""
    if leaves_on is not None:
        return f"Left {long_day(leaves_on)}" if leaves_on < today else f"Until {long_day(leaves_on)}"
    return f"From {long_day(starts_on)}" if starts_on and starts_on > today else "Yes"


def filters(services: Sequence[Service], teams: Sequence[Team]) -> tuple[Any, ...]:
    """What the list of people can be narrowed by."""
    return (
        Search("q", "Name or email"),
        Choice("service", "Service", [(str(service.id), service.name) for service in services]),
        Choice("team", "Team", [(str(team.id), team.name) for team in teams]),
        Choice("role", "Role", [(role.value, ROLE_LABELS[role]) for role in Role]),
        Choice("working", "Works here", [("now", "Now"), ("left", "Left")]),
    )


@dataclass(frozen=True, slots=True)
class Moment:
    """One line of a timeline."""

    title: str
    at: datetime
    by: str
    text: str


def history(lines: Sequence[TrailLine]) -> list[Moment]:
    """A person's history in sentences. An event of another area is named by what its key says."""
    return [
        Moment(EVENTS.get(line.event) or _from_key(line.event), line.at, line.by or "the system", _told(line.detail))
        for line in lines
    ]


def _from_key(event: str) -> str:
    words = event.replace(":", " ").replace("-", " ")
    return words[:1].upper() + words[1:]


def _told(detail: dict[str, Any]) -> str:
    if changes := detail.get("changes"):
        return "\n".join(f"{name}: {change(before, after)}" for name, (before, after) in changes.items())
    words = [str(detail[key]) for key in ("role", "deputy") if detail.get(key)]
    if detail.get("of"):
        words.append(str(detail["of"]))
    if detail.get("starts_on"):
        words.append(f"{_day(detail['starts_on'])} to {_day(detail['ends_on'])}")
    return ", ".join(words)


def change(before: str, after: str) -> str:
    """What was, and what is, in one line."""
    return after if before == "none" else f"{before}, now {after}"


def _day(text: str) -> str:
    return long_day(date.fromisoformat(text))


def role_in_words(grant: RoleGrant) -> str:
    """A role and what it is limited to."""
    limit = grant.service or grant.team
    return ROLE_LABELS[Role(grant.role)] + (f", {limit.name}" if limit else "")


def dates(row: Absence | Deputy) -> str:
    """From when to when."""
    return (
        long_day(row.starts_on)
        if row.starts_on == row.ends_on
        else f"{long_day(row.starts_on)} to {long_day(row.ends_on)}"
    )


def details_rows(person: Person) -> list[dict[str, Any]]:
    """A person's details for a summary list."""
    team = person.team
    return [
        {"name": "Work email", "value": person.email or "None: does not sign in"},
        {"name": "Job title", "value": person.job_title or "Not given"},
        {"name": "Team", "value": f"{team.name}, {team.service.name}" if team else "None"},
        {
            "name": "Line manager",
            "value": person_link(person.line_manager.id, person.line_manager.name) if person.line_manager else "None",
        },
        {"name": "First day", "value": long_day(person.starts_on) or "Not given"},
    ]


def auditor_rows(auditor: Auditor, default_expectation: int) -> list[dict[str, Any]]:
    """How a person audits, for a summary list."""
    own = auditor.expectation
    return [
        {"name": "Training", "value": TRAINING_LABELS[TrainingStatus(auditor.training_status)]},
        {"name": "Trained on", "value": long_day(auditor.trained_on) or "Not given"},
        {
            "name": "Audits a month",
            "value": f"{default_expectation} (the council's number)" if own is None else str(own),
        },
        {"name": "Moderates", "value": "Yes" if auditor.is_moderator else "No"},
        {"name": "Pool", "value": auditor.pool_service.name if auditor.pool_service else "None"},
    ]


def leader_warning(person: Person, teams: Sequence[Team], today: date) -> str:
    """What a leaver still leads, as a sentence with what to do; nothing for everybody else."""
    if person.leaves_on is None or not teams:
        return ""
    verb = "led" if person.leaves_on < today else "leads"
    names = ", ".join(team.name for team in teams)
    return (
        f"{person.name} {verb} {plural(len(teams), 'team')}: {names}. Choose another manager under Services and teams."
    )


IMPORT_COLUMNS = (
    ("Name", "Needed."),
    ("Work email", "Needed. People are recognised by it."),
    ("Job title", ""),
    ("Team", "A team that is not known is added where Service is filled in."),
    ("Service", "Added where it is not known."),
    ("Line manager email", "Of somebody in the list or known already."),
    ("Start", "First day of work, such as 27/03/2026."),
    ("Leaving", "Last day of work."),
    (
        "Roles",
        "All roles that the person shall have, with ; between and their service or team after a colon: "
        "Head of Service: Children in Care; QA team",
    ),
    ("Trained", "yes, no, in training or lapsed. Makes the person an auditor."),
    ("Moderator", "yes or no."),
    ("Expectation", "Audits a month, where it is not the council's number."),
)
"""Each column of a staff list, and what it holds."""


def template_columns(headings: Iterable[str]) -> tuple[Column[Any], ...]:
    """Columns of an empty list."""
    return tuple(Column(heading, heading, lambda _row: "") for heading in headings)


def error_columns(headings: Sequence[str]) -> tuple[Column[Any], ...]:
    """The list's own columns, with the reason first, so that it can be mended and uploaded again."""
    own = tuple(Column(f"c{n}", heading, _cell(n)) for n, heading in enumerate(headings, 1))
    return (
        Column("reason", "What to mend", lambda pair: ". ".join(pair[1])),
        Column("row", "Row", lambda pair: pair[0][0]),
        *own,
    )


def _cell(number: int) -> Callable[[Any], Any]:
    return lambda pair: pair[0][number]


def changes_in_words(changes: Mapping[str, tuple[str, str]]) -> str:
    """What a row of an import changes, in one line."""
    told = [
        (name, change(before, after)) for name, (before, after) in changes.items() if before != "none" or name != "Name"
    ]
    return "; ".join(f"{name}: {words}" for name, words in told)
