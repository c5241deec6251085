"""What follows a moderated grade: the auditor's feedback, and the dispute."""

from http import HTTPStatus

from flask import g, make_response, render_template
from flask.typing import ResponseReturnValue

from qa_app.audits.operations import record_view
from qa_app.audits.permissions import is_own
from qa_app.audits.presenters.words import path_of
from qa_app.core.database import commits
from qa_app.core.errors import BadInput, IllegalMove, Stale
from qa_app.core.web import see_other
from qa_app.moderation import operations, presenters, queries
from qa_app.moderation.forms import AcknowledgeForm, DisputeForm
from qa_app.moderation.permissions import disputant
from qa_app.moderation.states import ModerationState
from qa_app.moderation.views import moderation
from qa_app.moderation.views.grading import MEANWHILE
from qa_app.tools.queries import domains


def _page(found: queries.Moderation) -> presenters.Page:
    return presenters.page_for(
        found,
        domains(found.audit.round.tool_version_id),
        queries.own_sections(found.id),
        queries.newest_content(found.audit_id),
        g.today,
        shows_own=True,
    )


def _may_dispute(found: queries.Moderation) -> bool:
    open_ = found.state == ModerationState.MODERATED and (found.dispute_until is None or g.today <= found.dispute_until)
    return open_ and disputant(g.viewer, found) is not None


@moderation.get("/audits/<string:round>/<int:number>/feedback")
@commits
def feedback(round: str, number: int) -> ResponseReturnValue:
    """What the moderator found, beside the auditor's own grades."""
    found = queries.feedback_for(g.viewer, round, number)
    record_view(found.audit, g.viewer, g.now)
    may_dispute = _may_dispute(found)
    own = is_own(g.viewer, found.audit)
    waits = found.state == ModerationState.MODERATED and found.acknowledged_at is None
    return render_template(
        "moderation/feedback.html",
        page=_page(found),
        sentence=presenters.feedback_sentence(found, g.today, may_dispute=may_dispute),
        disputes=may_dispute,
        form=AcknowledgeForm(data={"version": found.version}) if own and waits else None,
        back=("/my-audits", "My audits") if own else ("/moderation", "Moderation"),
    )


@moderation.post("/audits/<string:round>/<int:number>/feedback")
@commits
def acknowledge(round: str, number: int) -> ResponseReturnValue:
    """The auditor has read it and accepts it."""
    found = queries.feedback_for(g.viewer, round, number)
    path = f"{path_of(found.audit)}/feedback"
    try:
        operations.acknowledge(found, g.viewer, g.now, AcknowledgeForm().seen)
    except (IllegalMove, Stale):
        return see_other(path, MEANWHILE)
    return see_other(path, "Accepted. Thank you for reading it.")


@moderation.route("/audits/<string:round>/<int:number>/dispute", methods=["GET", "POST"])
@commits
def dispute(round: str, number: int) -> ResponseReturnValue:
    """Dispute the grade, so that the moderation panel decides."""
    found = queries.feedback_for(g.viewer, round, number)
    path = f"{path_of(found.audit)}/feedback"
    if not _may_dispute(found):
        return see_other(path, "This grade can't be disputed by you any more. This is how it stands.")
    form = DisputeForm(data={"version": found.version})
    if form.validate_on_submit():
        try:
            operations.dispute(found, form.reason.data or "", g.viewer, g.now, form.seen)
            return see_other(path, "Disputed. The QA team brings the moderation panel together; you are told by mail.")
        except BadInput as refusal:
            form.add_errors(refusal.fields)
        except (IllegalMove, Stale):
            return see_other(path, MEANWHILE)
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.error_list() else HTTPStatus.OK
    return make_response(render_template("moderation/dispute.html", form=form, page=_page(found)), status)
