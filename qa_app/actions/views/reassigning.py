"""What people who left have left behind, and all of it given to others at once."""

from http import HTTPStatus

from flask import g, make_response, render_template, request
from flask.typing import ResponseReturnValue

from qa_app.actions import operations, presenters, queries
from qa_app.actions.forms import ReassignManyForm
from qa_app.actions.views import actions
from qa_app.core.database import commits
from qa_app.core.errors import BadInput
from qa_app.core.format import plural
from qa_app.core.web import see_other


@actions.route("/actions/reassign", methods=["GET", "POST"])
@commits
def reassign_many() -> ResponseReturnValue:
    """Whose open actions are to be given to somebody else; with `from`, all of that person's on one page."""
    asked = request.args.get("from", "")
    owner_id = int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 10 else 0
    found = queries.to_reassign(g.viewer, owner_id) if owner_id else ()
    if not found:
        return render_template("actions/leavers.html", leavers=queries.leavers(g.viewer, g.today))
    teams, services = {action.team_id for action in found}, {action.service_id for action in found}
    places = (teams.pop() if len(teams) == 1 else None, services.pop() if len(services) == 1 else None)
    owners = [one for one in queries.possible_owners(*places, g.today) if one[0] != owner_id]
    offered = [(action.id, presenters.offered_words(action, g.today)) for action in found]
    form = ReassignManyForm(owners, offered)
    owner = found[0].owner
    if form.is_submitted():
        if form.validate():
            try:
                chosen = queries.to_reassign(g.viewer, owner_id, form.chosen())
                given = operations.reassign_many(chosen, form.typed(), g.viewer, g.now)
                message = f"{plural(given, 'action is', 'actions are')} given to the new owner, who hears of each."
                return see_other("/actions?whose=all", message)
            except BadInput as refusal:
                form.add_errors(refusal.fields)
    else:
        form.actions.data = [str(action_id) for action_id, _ in offered]
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.error_list() else HTTPStatus.OK
    page = presenters.leaver_page(owner, len(found), g.today)
    return make_response(render_template("actions/reassign_many.html", form=form, page=page), status)
