"""Actions of a section, while the audit is a draft."""

from http import HTTPStatus

from flask import g, make_response, render_template, request
from flask.typing import ResponseReturnValue

from qa_app.actions import queries as action_queries
from qa_app.audits import operations, presenters, queries
from qa_app.audits.forms import ActionForm
from qa_app.audits.permissions import can_conduct
from qa_app.audits.views import audits
from qa_app.core.database import commits
from qa_app.core.errors import BadInput, NotFound
from qa_app.core.web import see_other


@audits.route("/audits/<string:round>/<int:number>/sections/<string:key>/actions/new", methods=["GET", "POST"])
@commits
def new_action(round: str, number: int, key: str) -> ResponseReturnValue:
    """Add an action to a section; its words were saved on the way here."""
    audit = queries.own_audit(g.viewer, round, number)
    section = queries.section_of(audit, key)
    if not can_conduct(g.viewer, audit):
        return see_other(presenters.path_of(audit))
    form = ActionForm(queries.possible_owners(audit, g.today))
    open_already = presenters.to_link(queries.actions_to_link(audit, g.viewer), g.today)
    if form.validate_on_submit():
        try:
            operations.add_action(audit, section.domain, form.typed(), g.viewer, g.now)
            return see_other(_section_path(audit, key), "Action added. The section shows it.")
        except BadInput as refusal:
            form.add_errors(refusal.fields)
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.error_list() else HTTPStatus.OK
    page = presenters.section_page(audit, section, ())
    context = {"form": form, "page": page, "open_already": open_already}
    return make_response(render_template("audits/new_action.html", **context), status)


@audits.post("/audits/<string:round>/<int:number>/sections/<string:key>/actions/<int:action_id>/link")
@commits
def link_action(round: str, number: int, key: str, action_id: int) -> ResponseReturnValue:
    """Point this section at an action that is open already, instead of raising it twice."""
    audit = queries.own_audit(g.viewer, round, number)
    section = queries.section_of(audit, key)
    if not can_conduct(g.viewer, audit):
        return see_other(presenters.path_of(audit))
    action = next((one for one in queries.actions_to_link(audit, g.viewer) if one.id == action_id), None)
    if action is None:
        raise NotFound
    operations.link_action(audit, section.domain, action, g.viewer, g.now)
    return see_other(_section_path(audit, key), f"Linked to action {action.reference}. The section shows it.")


@audits.post("/audits/<string:round>/<int:number>/sections/<string:key>/actions/<int:action_id>/unlink")
@commits
def unlink_action(round: str, number: int, key: str, action_id: int) -> ResponseReturnValue:
    """Take such a link out again, while the audit is a draft."""
    audit = queries.own_audit(g.viewer, round, number)
    section = queries.section_of(audit, key)
    if not can_conduct(g.viewer, audit):
        return see_other(presenters.path_of(audit))
    if action_id not in {one.id for one in queries.links_of_section(audit, section.domain)}:
        raise NotFound
    action = action_queries.action(action_id)
    operations.unlink_action(audit, section.domain, action, g.viewer, g.now)
    return see_other(_section_path(audit, key), f"The link to action {action.reference} is removed.")


@audits.route(
    "/audits/<string:round>/<int:number>/sections/<string:key>/actions/<int:action_id>/remove",
    methods=["GET", "POST"],
)
@commits
def remove_action(round: str, number: int, key: str, action_id: int) -> ResponseReturnValue:
    """Take an action out of a section, from a page that shows it once more."""
    audit = queries.own_audit(g.viewer, round, number)
    section = queries.section_of(audit, key)
    action = action_queries.action_of("audit", audit.id, action_id, key)
    if not can_conduct(g.viewer, audit):
        return see_other(presenters.path_of(audit))
    if request.method == "POST":
        operations.remove_action(audit, section.domain, action, g.viewer, g.now)
        return see_other(_section_path(audit, key), "Action removed.")
    return make_response(
        render_template("audits/remove_action.html", action=action, page=presenters.section_page(audit, section, ()))
    )


def _section_path(audit: queries.Audit, key: str) -> str:
    return f"{presenters.path_of(audit)}/sections/{key}"
