"""Find people; one page a person; add them, change their details, and record that they leave."""

from flask import g, render_template, request, url_for
from flask.typing import ResponseReturnValue

from qa_app.access.roles import Role
from qa_app.core.database import commits
from qa_app.core.format import long_day
from qa_app.core.lists import Column, ListPage
from qa_app.core.spreadsheet import download, workbook
from qa_app.core.web import page_or_fragment
from qa_app.people import operations, presenters, queries
from qa_app.people.forms import LeavingForm, PersonForm, people_choices, thing_choices
from qa_app.people.operations import PersonDetails
from qa_app.people.permissions import can_manage_auditors, can_manage_people
from qa_app.people.rules import HELD_BY_AUDITORS, may_have_deputy
from qa_app.people.views.room import accepted, form_page, people, to_person
from qa_app.settings.queries import value_at
from qa_app.trail import operations as trail


def _list(path: str, columns: tuple[Column[queries.PersonRow], ...]) -> ListPage[queries.PersonRow]:
    offered = presenters.filters(queries.services(), queries.teams())
    return ListPage(columns, offered, request.args, path, default_sort="name")


@people.get("/people")
def people_list() -> ResponseReturnValue:
    """Find people."""
    page = _list(request.path, presenters.columns(g.today))
    page.fill(*queries.find_people(page.filters, page.order_by, g.today, limit=page.limit, offset=page.offset))
    return page_or_fragment(
        "people/people.html", "people/_people.html", list=page, can_manage=can_manage_people(g.viewer)
    )


@people.get("/people/export")
@commits
def people_export() -> ResponseReturnValue:
    """The list as it is filtered, for Excel."""
    columns = presenters.export_columns(g.today)
    page = _list(url_for("people.people_list"), columns)
    rows, total = queries.find_people(page.filters, page.order_by, g.today)
    trail.append("person:list-exported", g.viewer, g.now, ("person", None), rows=total)
    return download("people", workbook("People", columns, rows))


@people.get("/people/<int:person_id>")
def person(person_id: int) -> ResponseReturnValue:
    """All that is known of a person, and what can be changed."""
    found = queries.whole_person(person_id)
    roles = {Role(grant.role) for grant in found.role_grants}
    return render_template(
        "people/person.html",
        person=found,
        details=presenters.details_rows(found),
        roles=[(presenters.role_in_words(grant), grant) for grant in found.role_grants],
        auditing=presenters.auditor_rows(found.auditor, value_at("expectation", g.today)) if found.auditor else [],
        works=presenters.works(found.starts_on, found.leaves_on, g.today),
        leads=presenters.leader_warning(found, queries.teams_led_by(person_id), g.today),
        shows_deputies=may_have_deputy(roles) or bool(found.deputies),
        may_have_deputy=may_have_deputy(roles),
        held_by_auditors=HELD_BY_AUDITORS,
        dates=presenters.dates,
        history=presenters.history(queries.history_of(person_id)),
        can_manage=can_manage_people(g.viewer),
        can_audit=can_manage_auditors(g.viewer),
    )


def _person_form(found: queries.Person | None = None) -> PersonForm:
    form = PersonForm(obj=found)
    teams = queries.teams(g.today)
    if found and found.team and found.team not in teams:
        teams.append(found.team)
    form.team_id.choices = thing_choices(teams, "No team")
    staff = queries.working_people(g.today)
    manager = found.line_manager if found else None
    if manager and manager.id not in {person_id for person_id, _, _ in staff}:
        staff.append((manager.id, manager.name, "has left"))
    form.line_manager_id.choices = people_choices(one for one in staff if not found or one[0] != found.id)
    return form


def _details(form: PersonForm) -> PersonDetails:
    return PersonDetails(
        name=form.name.data or "",
        email=form.email.data,
        job_title=form.job_title.data or "",
        team_id=form.team_id.data,
        line_manager_id=form.line_manager_id.data,
        starts_on=form.starts_on.data,
    )


@people.route("/people/add", methods=["GET", "POST"])
@commits
def add_person() -> ResponseReturnValue:
    """Add one person. Many at once come by import."""
    form = _person_form()
    added: list[queries.Person] = []
    if accepted(form, lambda: added.append(operations.add_person(_details(form), g.viewer, g.now))):
        return to_person(added[0].id, f"{added[0].name} added. Give them a role, or make them an auditor.")
    return form_page("people/add_person.html", form)


@people.route("/people/<int:person_id>/details", methods=["GET", "POST"])
@commits
def change_person(person_id: int) -> ResponseReturnValue:
    """Change a person's details."""
    found = queries.whole_person(person_id)
    form = _person_form(found)
    if accepted(form, lambda: operations.change_person(found, _details(form), form.seen, g.viewer, g.now)):
        return to_person(person_id, "Details saved.")
    return form_page("people/change_person.html", form, person=found)


@people.route("/people/<int:person_id>/leaving", methods=["GET", "POST"])
@commits
def set_last_day(person_id: int) -> ResponseReturnValue:
    """Record a last day of work, or take it away."""
    found = queries.whole_person(person_id)
    form = LeavingForm(data={"last_day": found.leaves_on, "version": found.version})
    day = form.last_day
    if accepted(form, lambda: operations.set_last_day(found, day.data, form.seen, g.viewer, g.now)):
        if day.data is None:
            return to_person(person_id, "No last day is recorded now.")
        access = "Their access has ended." if day.data < g.today else "They keep access until that day is over."
        return to_person(person_id, f"Last day recorded: {long_day(day.data)}. {access}")
    return form_page("people/leaving.html", form, person=found)
