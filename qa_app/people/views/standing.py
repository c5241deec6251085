"""A person's roles, auditing, absences and deputies."""

from flask import g
from flask.typing import ResponseReturnValue

from qa_app.access.roles import Role
from qa_app.core.database import commits
from qa_app.core.forms import VersionForm
from qa_app.people import operations, presenters, queries
from qa_app.people.forms import (
    AbsenceForm,
    AuditorForm,
    DeputyForm,
    RoleForm,
    people_choices,
    thing_choices,
)
from qa_app.people.operations import AuditorDetails
from qa_app.people.states import TrainingStatus
from qa_app.people.views.room import accepted, form_page, people, to_person
from qa_app.settings.queries import value_at


@people.route("/people/<int:person_id>/roles/add", methods=["GET", "POST"])
@commits
def grant_role(person_id: int) -> ResponseReturnValue:
    """Give a role."""
    found = queries.whole_person(person_id)
    form = RoleForm()
    form.role.choices = list(RoleForm.ROLES)
    form.service_id.choices = thing_choices(queries.services(g.today), "Choose a service")
    form.team_id.choices = thing_choices(queries.teams(g.today), "Choose a team")

    def grant() -> None:
        operations.grant_role(
            found,
            Role(form.role.data),
            g.viewer,
            g.now,
            service_id=form.service_id.data,
            team_id=form.team_id.data,
        )

    if accepted(form, grant):
        return to_person(person_id, f"Role given. {found.name} has it from their next click.")
    return form_page("people/grant_role.html", form, person=found)


@people.route("/people/<int:person_id>/roles/<int:grant_id>/remove", methods=["GET", "POST"])
@commits
def revoke_role(person_id: int, grant_id: int) -> ResponseReturnValue:
    """Take a role away, after a page that says what follows."""
    grant = queries.role_grant(person_id, grant_id)
    words, name = presenters.role_in_words(grant), grant.person.name
    form = VersionForm()
    if accepted(form, lambda: operations.revoke_role(grant, g.viewer, g.now)):
        return to_person(person_id, f"Role taken away. {name} has been signed out.")
    return form_page("people/revoke_role.html", form, person=grant.person, role=words)


@people.route("/people/<int:person_id>/auditing", methods=["GET", "POST"])
@commits
def set_auditor(person_id: int) -> ResponseReturnValue:
    """Make a person an auditor, or change their training and expectation."""
    found = queries.whole_person(person_id)
    form = AuditorForm(obj=found.auditor, data={"version": found.version, "training_status": "trained"})
    form.pool_service_id.choices = thing_choices(queries.services(g.today), "No pool")

    def save() -> None:
        details = AuditorDetails(
            TrainingStatus(form.training_status.data),
            form.trained_on.data,
            form.expectation.data,
            bool(form.is_moderator.data),
            form.pool_service_id.data,
        )
        operations.set_auditor(found, details, form.seen, g.viewer, g.now)

    if accepted(form, save):
        return to_person(person_id, "Auditing saved.")
    default = value_at("expectation", g.today)
    return form_page("people/auditing.html", form, person=found, default=default)


@people.route("/people/<int:person_id>/auditing/end", methods=["GET", "POST"])
@commits
def stop_auditing(person_id: int) -> ResponseReturnValue:
    """Record that a person no longer audits, after a page that says what follows."""
    found = queries.whole_person(person_id)
    form = VersionForm(data={"version": found.version})
    if accepted(form, lambda: operations.stop_auditing(found, form.seen, g.viewer, g.now)):
        return to_person(person_id, f"{found.name} is no longer an auditor.")
    return form_page("people/stop_auditing.html", form, person=found)


@people.route("/people/<int:person_id>/absences/add", methods=["GET", "POST"])
@commits
def add_absence(person_id: int) -> ResponseReturnValue:
    """Record dates when a person is away."""
    found = queries.whole_person(person_id)
    form = AbsenceForm()
    if accepted(form, lambda: operations.add_absence(found, *form.span, g.viewer, g.now)):
        return to_person(person_id, "Absence added. No audit will be allocated to them in that time.")
    return form_page("people/absence.html", form, person=found)


@people.post("/people/<int:person_id>/absences/<int:absence_id>/remove")
@commits
def remove_absence(person_id: int, absence_id: int) -> ResponseReturnValue:
    """Take an absence away."""
    operations.remove_absence(queries.absence(person_id, absence_id), g.viewer, g.now)
    return to_person(person_id, "Absence removed.")


def deputy_form(person_id: int) -> DeputyForm:
    """The form for naming who stands in for a person."""
    form = DeputyForm()
    form.deputy_id.choices = people_choices(queries.possible_deputies(person_id, g.today))
    form.deputy_id.choices[0] = ("", "Choose a person")
    return form


def name_deputy_from(form: DeputyForm, person: queries.Person) -> None:
    """Name the deputy that the form holds."""
    deputy = queries.person(form.deputy_id.data or 0)
    operations.name_deputy(person, deputy, *form.span, g.viewer, g.now)


@people.route("/people/<int:person_id>/deputies/add", methods=["GET", "POST"])
@commits
def name_deputy(person_id: int) -> ResponseReturnValue:
    """Name who stands in for a person."""
    found = queries.whole_person(person_id)
    form = deputy_form(person_id)
    if accepted(form, lambda: name_deputy_from(form, found)):
        return to_person(person_id, "Deputy named.")
    return form_page("people/deputy.html", form, person=found)


@people.route("/people/<int:person_id>/deputies/<int:deputy_row_id>/end", methods=["GET", "POST"])
@commits
def end_deputy(person_id: int, deputy_row_id: int) -> ResponseReturnValue:
    """End a deputy's time, after a page that says what follows."""
    row = queries.deputy(person_id, deputy_row_id)
    form = VersionForm()
    if accepted(form, lambda: operations.end_deputy(row, g.viewer, g.now)):
        return to_person(person_id, "Deputy's time ended.")
    return form_page("people/end_deputy.html", form, person=queries.person(person_id), row=row)
