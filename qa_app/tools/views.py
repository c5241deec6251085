"""The audit tools: their versions to read, and the next version to edit and publish."""

from http import HTTPStatus

from flask import Blueprint, g, make_response, render_template
from flask.typing import ResponseReturnValue

from qa_app.core.database import commits
from qa_app.core.web import see_other
from qa_app.tools import operations, queries
from qa_app.tools.forms import domain_form

tools = Blueprint("tools", __name__, url_prefix="/tools")


@tools.get("")
def index() -> ResponseReturnValue:
    """Every tool with its versions."""
    return render_template("tools/index.html", tools=queries.tools())


@tools.get("/<int:tool_id>/versions/<int:number>")
def version(tool_id: int, number: int) -> ResponseReturnValue:
    """One version, whole."""
    return render_template("tools/version.html", version=queries.version(tool_id, number))


@tools.post("/<int:tool_id>/draft")
@commits
def draft(tool_id: int) -> ResponseReturnValue:
    """Begin the next version, or go on with the one that is begun."""
    made = operations.draft_version(queries.tool(tool_id), g.viewer, g.now)
    return see_other(f"/tools/{tool_id}/versions/{made.number}")


@tools.route("/<int:tool_id>/versions/<int:number>/sections/<string:key>", methods=["GET", "POST"])
@commits
def section(tool_id: int, number: int, key: str) -> ResponseReturnValue:
    """Change the words of a section of a draft."""
    found = queries.version(tool_id, number)
    domain = queries.domain_of(found, key)
    form = domain_form(domain, found.scale)
    if form.validate_on_submit():
        operations.edit_domain(domain, found, form.typed(), g.viewer, g.now)
        return see_other(f"/tools/{tool_id}/versions/{number}", "Saved. It is used once the version is published.")
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.error_list() else HTTPStatus.OK
    return make_response(render_template("tools/section.html", form=form, version=found, domain=domain), status)


@tools.post("/<int:tool_id>/versions/<int:number>/publish")
@commits
def publish(tool_id: int, number: int) -> ResponseReturnValue:
    """Publish a draft."""
    operations.publish_version(queries.version(tool_id, number), g.viewer, g.now)
    words = "Published. Rounds that are made from now on use it; rounds that exist keep theirs."
    return see_other(f"/tools/{tool_id}/versions/{number}", words)
