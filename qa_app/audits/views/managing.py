"""The QA team's pages: return, withdraw, and the answers to declarations. Another auditor is chosen in allocation."""

from collections.abc import Callable
from http import HTTPStatus
from typing import Any

from flask import Response, g, make_response, render_template
from flask.typing import ResponseReturnValue

from qa_app.audits import operations, presenters, queries
from qa_app.audits.forms import AnswerForm, CommentForm, WithdrawForm
from qa_app.audits.inputs import Outcome
from qa_app.audits.views import audits
from qa_app.core.database import commits
from qa_app.core.errors import BadInput
from qa_app.core.forms import Form
from qa_app.core.web import see_other
from qa_app.sampling.operations import next_reserve


def _step(template: str, form: Form, act: Callable[[], Any], done: tuple[str, str], **context: Any) -> Response:
    """One page with one button: show it, do it and go on, or show it again with what to mend."""
    if form.validate_on_submit():
        try:
            act()
            return see_other(*done)
        except BadInput as refusal:
            form.add_errors(refusal.fields or {"": str(refusal)})
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.error_list() else HTTPStatus.OK
    return make_response(render_template(template, form=form, **context), status)


@audits.route("/audits/<string:round>/<int:number>/return", methods=["GET", "POST"])
@commits
def return_audit(round: str, number: int) -> ResponseReturnValue:
    """Give a submitted audit back to its auditor."""
    audit = queries.audit_for(g.viewer, round, number)
    form = CommentForm()
    return _step(
        "audits/return.html",
        form,
        lambda: operations.return_audit(audit, form.comment.data or "", g.viewer, g.now),
        (presenters.path_of(audit), "Returned. The auditor can change it and submit it again."),
        page=presenters.draft_page(audit),
    )


@audits.route("/audits/<string:round>/<int:number>/withdraw", methods=["GET", "POST"])
@commits
def withdraw(round: str, number: int) -> ResponseReturnValue:
    """Take an audit out of its round."""
    audit = queries.audit_for(g.viewer, round, number)
    form = WithdrawForm()
    return _step(
        "audits/withdraw.html",
        form,
        lambda: operations.withdraw_audit(audit, form.reason.data or "", g.viewer, g.now),
        (presenters.path_of(audit), "Withdrawn. It is no longer due."),
        page=presenters.draft_page(audit),
    )


@audits.get("/declarations")
def declarations() -> ResponseReturnValue:
    """What auditors declared and waits for an answer."""
    rows = [presenters.declaration_row(found) for found in queries.open_declarations()]
    return render_template("audits/declarations.html", rows=rows)


@audits.route("/declarations/<int:declaration_id>", methods=["GET", "POST"])
@commits
def declaration(declaration_id: int) -> ResponseReturnValue:
    """Answer one declaration."""
    found = queries.declaration(declaration_id)
    if found.outcome:
        row = presenters.declaration_row(found)
        return render_template("audits/declaration.html", row=row, answered=True)
    form = AnswerForm(queries.possible_auditors(found.audit, g.today))

    def answer() -> None:
        outcome = Outcome(form.outcome.data)
        auditor_id = int(form.auditor.data) if outcome is Outcome.REASSIGNED and form.auditor.data else None
        replacement = None
        if outcome is Outcome.REPLACED:
            replacement = next_reserve(found.audit.round_id, found.audit.service_id, g.now)
        given = operations.Answer(outcome, form.note.data or "", auditor_id, replacement)
        operations.answer_declaration(found, given, g.viewer, g.now)

    row = presenters.declaration_row(found)
    done = ("/declarations", "Answered. The auditor sees it on the audit.")
    return _step("audits/declaration.html", form, answer, done, row=row, answered=False)
