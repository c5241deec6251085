"""Add people, change their details, and record that they leave."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select

from qa_app.access.viewer import Viewer
from qa_app.core import events
from qa_app.core.clock import london_day
from qa_app.core.database import db
from qa_app.core.errors import BadInput
from qa_app.people.events import PersonLeft
from qa_app.people.models import Person
from qa_app.people.operations.changes import (
    check_administrator_remains,
    claim,
    differences,
    name_of_person,
    name_of_team,
)
from qa_app.people.permissions import check_can_manage_people
from qa_app.people.rules import employment_fault
from qa_app.trail import operations as trail


@dataclass(frozen=True, slots=True)
class PersonDetails:
    """What is known of a person, apart from roles and auditing."""

    name: str
    email: str | None
    job_title: str = ""
    team_id: int | None = None
    line_manager_id: int | None = None
    starts_on: date | None = None


def add_person(details: PersonDetails, viewer: Viewer, now: datetime) -> Person:
    """Add a person.

    Raises NotAllowed, or BadInput with what to mend by field.
    """
    check_can_manage_people(viewer)
    person = Person(name="", version=1, leaves_on=None)
    _check(person, details)
    _write(person, details)
    db.session.add(person)
    db.session.flush()
    trail.append("person:added", viewer, now, ("person", person.id), changes=differences({}, _in_words(person)))
    return person


def change_person(person: Person, details: PersonDetails, version: int | None, viewer: Viewer, now: datetime) -> bool:
    """Change a person's details; whether anything was different. `version` is the one that the editor saw.

    Raises NotAllowed, Stale, or BadInput with what to mend by field.
    """
    check_can_manage_people(viewer)
    _check(person, details)
    claim(person, version)
    before = _in_words(person)
    _write(person, details)
    db.session.flush()
    changes = differences(before, _in_words(person))
    if changes:
        trail.append("person:changed", viewer, now, ("person", person.id), changes=changes)
    return bool(changes)


def set_last_day(person: Person, last_day: date | None, version: int | None, viewer: Viewer, now: datetime) -> None:
    """Record a person's last day of work, or that they stay. They lose access when that day is over.

    Raises NotAllowed, Stale, or BadInput (dates in the wrong order; the last administrator).
    """
    check_can_manage_people(viewer)
    if fault := employment_fault(person.starts_on, last_day):
        raise BadInput(fault, {"last_day": fault})
    today = london_day(now)
    if last_day is not None:
        check_administrator_remains(person.id, today)
    claim(person, version)
    before, person.leaves_on = person.leaves_on, last_day
    db.session.flush()
    if before == last_day:
        return
    trail.append(
        "person:leaving" if last_day else "person:staying",
        viewer,
        now,
        ("person", person.id),
        changes=differences({"Last day": before}, {"Last day": last_day}),
    )
    if last_day is not None and last_day < today:
        events.record(PersonLeft(person.id, now))


def _check(person: Person, details: PersonDetails) -> None:
    faults: dict[str, str] = {}
    email = _email(details.email)
    if not details.name.strip():
        faults["name"] = "Enter the person's name"
    if email:
        other = db.session.scalar(select(Person).where(Person.email == email, Person.id != (person.id or 0)))
        if other:
            faults["email"] = f"Enter another email address: this one belongs to {other.name}"
    if person.id is not None and details.line_manager_id == person.id:
        faults["line_manager_id"] = "Choose somebody other than the person themselves"
    if employment_fault(details.starts_on, person.leaves_on):
        faults["starts_on"] = "Enter a first day of work that is not after the last one"
    if faults:
        raise BadInput(next(iter(faults.values())), faults)


def _email(email: str | None) -> str | None:
    return email.strip().lower() or None if email else None


def _write(person: Person, details: PersonDetails) -> None:
    person.name = details.name.strip()
    person.email = _email(details.email)
    person.job_title = details.job_title.strip()
    person.team_id = details.team_id
    person.line_manager_id = details.line_manager_id
    person.starts_on = details.starts_on


def _in_words(person: Person) -> dict[str, object]:
    return {
        "Name": person.name,
        "Work email": person.email,
        "Job title": person.job_title or None,
        "Team": name_of_team(person.team_id),
        "Line manager": name_of_person(person.line_manager_id),
        "First day": person.starts_on,
    }
