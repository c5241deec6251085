"""Services and teams."""

from flask import g, render_template, url_for
from flask.typing import ResponseReturnValue

from qa_app.core.database import commits
from qa_app.core.web import see_other
from qa_app.people import operations, queries
from qa_app.people.forms import ServiceForm, TeamForm, people_choices, thing_choices
from qa_app.people.operations import TeamDetails
from qa_app.people.permissions import can_manage_people
from qa_app.people.views.room import accepted, form_page, people


def _to_organisation(message: str) -> ResponseReturnValue:
    return see_other(url_for("people.organisation"), message)


@people.get("/people/organisation")
def organisation() -> ResponseReturnValue:
    """Every service with its teams."""
    return render_template(
        "people/organisation.html",
        services=queries.organisation(g.today),
        can_manage=can_manage_people(g.viewer),
    )


@people.route("/people/organisation/services/add", methods=["GET", "POST"])
@commits
def add_service() -> ResponseReturnValue:
    """Add a service."""
    form = ServiceForm()
    if accepted(form, lambda: operations.add_service(form.name.data or "", g.viewer, g.now)):
        return _to_organisation(f"{form.name.data} added. Add its teams next.")
    return form_page("people/service.html", form, service=None)


@people.route("/people/organisation/services/<int:service_id>", methods=["GET", "POST"])
@commits
def change_service(service_id: int) -> ResponseReturnValue:
    """Rename or close a service."""
    found = queries.service(service_id)
    form = ServiceForm(obj=found)
    if accepted(
        form, lambda: operations.change_service(found, form.name.data or "", form.ends_on.data, g.viewer, g.now)
    ):
        return _to_organisation(f"{found.name} saved.")
    return form_page("people/service.html", form, service=found)


def _team_form(found: queries.Team | None = None) -> TeamForm:
    form = TeamForm(obj=found)
    services = queries.services(g.today)
    staff = queries.working_people(g.today)
    if found:
        services += [found.service] if found.service not in services else []
        listed = {person_id for person_id, _, _ in staff}
        leaders = (found.manager, found.service_manager)
        staff += [(one.id, one.name, "has left") for one in leaders if one and one.id not in listed]
    form.service_id.choices = thing_choices(services, "Choose a service")
    form.manager_id.choices = form.service_manager_id.choices = people_choices(staff)
    return form


def _details(form: TeamForm) -> TeamDetails:
    return TeamDetails(
        form.name.data or "",
        form.service_id.data or 0,
        form.manager_id.data,
        form.service_manager_id.data,
        form.ends_on.data,
    )


@people.route("/people/organisation/teams/add", methods=["GET", "POST"])
@commits
def add_team() -> ResponseReturnValue:
    """Add a team."""
    form = _team_form()
    if accepted(form, lambda: operations.add_team(_details(form), g.viewer, g.now)):
        return _to_organisation(f"{form.name.data} added.")
    return form_page("people/team.html", form, team=None)


@people.route("/people/organisation/teams/<int:team_id>", methods=["GET", "POST"])
@commits
def change_team(team_id: int) -> ResponseReturnValue:
    """Change a team, its managers and its service, or close it."""
    found = queries.team(team_id)
    form = _team_form(found)
    if accepted(form, lambda: operations.change_team(found, _details(form), g.viewer, g.now)):
        return _to_organisation(f"{found.name} saved.")
    return form_page("people/team.html", form, team=found)
