"""Absences, and deputies for those who decide."""

from datetime import date, datetime, timedelta

from qa_app.access.viewer import Viewer
from qa_app.core.clock import london_day
from qa_app.core.database import db
from qa_app.core.errors import BadInput
from qa_app.core.format import long_day
from qa_app.people.models import Absence, Deputy, Person
from qa_app.people.operations.changes import claim
from qa_app.people.permissions import check_can_manage_auditors, check_can_name_deputy
from qa_app.people.queries import roles_of
from qa_app.people.rules import Span, may_be_deputy, may_have_deputy, span_fault
from qa_app.trail import operations as trail


def add_absence(person: Person, starts_on: date, ends_on: date, viewer: Viewer, now: datetime) -> Absence:
    """Record that a person is away from one day to another, both included: no audit is allocated to them then.

    Raises NotAllowed, or BadInput (dates in the wrong order, or over another absence).
    """
    check_can_manage_auditors(viewer)
    claim(person, None)
    _refuse(span_fault(Span(starts_on, ends_on), _spans(person.absences), "an absence"))
    absence = Absence(person_id=person.id, starts_on=starts_on, ends_on=ends_on)
    db.session.add(absence)
    db.session.flush()
    db.session.expire(person, ["absences"])
    trail.append("person:absence-added", viewer, now, ("person", person.id), **_dates(absence))
    return absence


def remove_absence(absence: Absence, viewer: Viewer, now: datetime) -> None:
    """Take an absence away. Raises NotAllowed."""
    check_can_manage_auditors(viewer)
    words, person_id = _dates(absence), absence.person_id
    db.session.delete(absence)
    db.session.flush()
    trail.append("person:absence-removed", viewer, now, ("person", person_id), **words)


def name_deputy(
    person: Person, deputy: Person, starts_on: date, ends_on: date, viewer: Viewer, now: datetime
) -> Deputy:
    """Name who stands in for a person from one day to another: gets their mail, sees their queue, may decide.

    Raises NotAllowed, or BadInput: the person decides nothing, the deputy may not, or the dates do not fit.
    """
    check_can_name_deputy(viewer, person.id)
    _check_pair(person, deputy, starts_on)
    claim(person, None)
    if ends_on < london_day(now):
        _refuse({"ends_on": "Enter a last day that is today or later"})
    _refuse(span_fault(Span(starts_on, ends_on), _spans(person.deputies), "a deputy"))
    row = Deputy(person_id=person.id, deputy_id=deputy.id, starts_on=starts_on, ends_on=ends_on)
    db.session.add(row)
    db.session.flush()
    db.session.expire(person, ["deputies"])
    trail.append("person:deputy-named", viewer, now, ("person", person.id), deputy=deputy.name, **_dates(row))
    return row


def end_deputy(row: Deputy, viewer: Viewer, now: datetime) -> None:
    """End a deputy's time at once; one that has not begun is taken away whole. Raises NotAllowed."""
    check_can_name_deputy(viewer, row.person_id)
    today, person_id, name = london_day(now), row.person_id, row.deputy.name
    if row.ends_on < today:
        raise BadInput("This deputy's time is over already, so it stays as it was.")
    words = _dates(row)
    if row.starts_on >= today:
        db.session.delete(row)
    else:
        row.ends_on = today - timedelta(days=1)
    db.session.flush()
    trail.append("person:deputy-ended", viewer, now, ("person", person_id), deputy=name, **words)


def _check_pair(person: Person, deputy: Person, starts_on: date) -> None:
    if not may_have_deputy(roles_of(person.id)):
        raise BadInput(f"{person.name} holds no role that decides anything, so needs no deputy.")
    if deputy.id == person.id:
        _refuse({"deputy_id": "Choose somebody else as the deputy"})
    if not may_be_deputy(roles_of(deputy.id)):
        _refuse({"deputy_id": f"Choose somebody else: {deputy.name} has no role that may decide"})
    if not deputy.works_on(starts_on):
        _refuse({"deputy_id": f"Choose somebody else: {deputy.name} does not work here on {long_day(starts_on)}"})


def _spans(rows: list[Absence] | list[Deputy]) -> list[Span]:
    return [Span(row.starts_on, row.ends_on) for row in rows]


def _refuse(faults: dict[str, str]) -> None:
    if faults:
        raise BadInput(next(iter(faults.values())), faults)


def _dates(row: Absence | Deputy) -> dict[str, date]:
    return {"starts_on": row.starts_on, "ends_on": row.ends_on}
