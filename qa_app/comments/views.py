"""The page of an audit's comments, and the list of audits of one's own cases."""

from http import HTTPStatus

from flask import Blueprint, g, make_response, render_template
from flask.typing import ResponseReturnValue

from qa_app.audits.operations import record_view
from qa_app.audits.presenters import path_of
from qa_app.audits.queries import readable_address
from qa_app.comments import operations, presenters, queries
from qa_app.comments.forms import CommentForm
from qa_app.comments.permissions import Part
from qa_app.core.database import commits
from qa_app.core.errors import BadInput, IllegalMove
from qa_app.core.web import see_other

comments = Blueprint("comments", __name__)

SENT = "Your comment is with the auditor."
ANSWERED = "Your answer stands below, and whoever commented is told."


@comments.get("/my/cases-audited")
def own_cases() -> ResponseReturnValue:
    """Audits of the viewer's own cases that are not final."""
    found = presenters.own_cases(queries.audits_of_own_cases(g.viewer), g.today)
    return render_template("comments/mine.html", cases=found, title=presenters.own_cases_title(len(found)))


@comments.route("/audits/<string:round>/<int:number>/comments", methods=["GET", "POST"])
@commits
def on_audit(round: str, number: int) -> ResponseReturnValue:
    """What was said of an audit, and one more comment."""
    audit = queries.commented_audit(g.viewer, round, number)
    record_view(audit, g.viewer, g.now)
    form = CommentForm()
    if form.validate_on_submit():
        try:
            made = operations.comment(audit, form.text.data or "", g.viewer, g.now)
            said = ANSWERED if made.said_as == Part.AUDITOR else SENT
            return see_other(f"{path_of(audit)}/comments", said)
        except BadInput as refusal:
            form.add_errors(refusal.fields)
        except IllegalMove as refusal:
            form.text.errors = [str(refusal)]
    reads = readable_address(g.viewer, audit.id) is not None
    page = presenters.comments_page(audit, queries.comments_on(audit), g.viewer, g.today, reads_audit=reads)
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
    return make_response(render_template("comments/audit.html", page=page, form=form), status)
