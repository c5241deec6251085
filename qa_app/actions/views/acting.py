"""One action, and the short pages on which something is said of it."""

from collections.abc import Callable
from http import HTTPStatus
from typing import Any

from flask import Response, g, make_response, render_template
from flask.typing import ResponseReturnValue

from qa_app.actions import operations, presenters, queries, sources
from qa_app.actions.forms import DoneForm, NotDoneForm, NoteForm, ReassignForm, ReopenForm, ReviseForm, VerifyForm
from qa_app.actions.permissions import can_reassign, can_revise, can_verify, can_work
from qa_app.actions.states import ActionState
from qa_app.actions.views import actions
from qa_app.core.database import commits
from qa_app.core.errors import BadInput, IllegalMove, Stale
from qa_app.core.forms import Form
from qa_app.core.web import see_other

MEANWHILE = "It was done already, or changed meanwhile. This is how it stands now."

May = Callable[[Any, Any], bool]


@actions.get("/actions/<string:reference>")
def show(reference: str) -> ResponseReturnValue:
    """One action, whole, with the one thing that is asked of this reader."""
    return _page(queries.action_for(g.viewer, reference))


def _page(action: Any, note: NoteForm | None = None) -> Response:
    is_open = action.state == ActionState.OPEN
    works = is_open and can_work(g.viewer, action)
    verifies = can_verify(g.viewer, action)
    page = presenters.action_page(
        action,
        queries.history_of(action, g.viewer),
        sources.address_of(g.viewer, action.source_type, action.source_id),
        g.today,
        left=not action.owner.works_on(g.today),
    )
    may = {
        "work": works,
        "revise": works and can_revise(g.viewer, action),
        "reassign": is_open and can_reassign(g.viewer, action),
        "verify": verifies and action.state == ActionState.DONE,
        "reopen": verifies and action.state == ActionState.NOT_DONE,
    }
    form = note or (NoteForm(formdata=None) if works else None)
    return _answer("actions/action.html", note, page=page, may=may, note=form)


@actions.post("/actions/<string:reference>/note")
@commits
def note(reference: str) -> ResponseReturnValue:
    """Say how it goes."""
    action, form = queries.action_for(g.viewer, reference), NoteForm()
    if form.validate():
        try:
            operations.add_note(action, form.typed(), g.viewer, g.now)
            return see_other(f"/actions/{reference}", "Noted. Whoever reads this action sees it.")
        except IllegalMove:
            return see_other(f"/actions/{reference}", MEANWHILE)
    return _page(action, form)


@actions.route("/actions/<string:reference>/done", methods=["GET", "POST"])
@commits
def done(reference: str) -> ResponseReturnValue:
    """It is done, and this is how one can see it."""
    action, form = queries.action_for(g.viewer, reference), DoneForm()
    return _step(
        action,
        form,
        (can_work, ActionState.OPEN),
        lambda: operations.report_done(action, form.typed(), g.viewer, g.now, form.seen),
        ("actions/done.html", "Reported as done. Somebody else looks at it, and you hear what they found."),
    )


@actions.route("/actions/<string:reference>/not-done", methods=["GET", "POST"])
@commits
def not_done(reference: str) -> ResponseReturnValue:
    """It will not be done, and why."""
    action, form = queries.action_for(g.viewer, reference), NotDoneForm()
    return _step(
        action,
        form,
        (can_work, ActionState.OPEN),
        lambda: operations.report_not_done(action, form.typed(), g.viewer, g.now, form.seen),
        ("actions/not_done.html", "Reported as not done. Its managers hear of it, and can open it again."),
    )


@actions.route("/actions/<string:reference>/date", methods=["GET", "POST"])
@commits
def revise(reference: str) -> ResponseReturnValue:
    """Another date, with the reason."""
    action, form = queries.action_for(g.viewer, reference), ReviseForm()
    return _step(
        action,
        form,
        (can_revise, ActionState.OPEN),
        lambda: operations.revise(action, form.due_on.data, form.typed(), g.viewer, g.now, form.seen),
        ("actions/revise.html", "The date is changed. What was first promised still stands beside it."),
    )


@actions.route("/actions/<string:reference>/verify", methods=["GET", "POST"])
@commits
def verify(reference: str) -> ResponseReturnValue:
    """How far it was done, as somebody else sees it."""
    action, form = queries.action_for(g.viewer, reference), VerifyForm()
    return _step(
        action,
        form,
        (can_verify, ActionState.DONE),
        lambda: operations.verify(action, form.typed(), g.viewer, g.now, form.seen),
        ("actions/verify.html", "Saved. Its owner hears what you found."),
    )


@actions.route("/actions/<string:reference>/reopen", methods=["GET", "POST"])
@commits
def reopen(reference: str) -> ResponseReturnValue:
    """It is to be done after all."""
    action, form = queries.action_for(g.viewer, reference), ReopenForm()
    return _step(
        action,
        form,
        (can_verify, ActionState.NOT_DONE),
        lambda: operations.reopen(action, form.typed(), form.due_on.data, g.viewer, g.now, form.seen),
        ("actions/reopen.html", "Open again. Its owner hears of it."),
    )


@actions.route("/actions/<string:reference>/reassign", methods=["GET", "POST"])
@commits
def reassign(reference: str) -> ResponseReturnValue:
    """Give it to somebody else."""
    action = queries.action_for(g.viewer, reference)
    owners = queries.possible_owners(action.team_id, action.service_id, g.today)
    form = ReassignForm([one for one in owners if one[0] != action.owner_id])
    return _step(
        action,
        form,
        (can_reassign, ActionState.OPEN),
        lambda: operations.reassign(action, form.typed(), g.viewer, g.now, form.seen),
        ("actions/reassign.html", "Given to its new owner, who hears of it. The due date stays."),
    )


def _step(
    action: Any,
    form: Any,
    allowed: tuple[May, ActionState],
    act: Callable[[], object],
    shown: tuple[str, str],
) -> ResponseReturnValue:
    """One page with one button: show it, do it and go back to the action, or show it again with what to mend.

    Whoever may not do it now, and whoever comes too late, is shown how the action stands.
    """
    (may, state), (template, message), path = allowed, shown, f"/actions/{action.reference}"
    if not may(g.viewer, action):
        return see_other(path)
    if action.state != state:
        return see_other(path, MEANWHILE)
    if form.is_submitted():
        if form.validate():
            try:
                act()
                return see_other(path, message)
            except BadInput as refusal:
                form.add_errors(refusal.fields)
            except (IllegalMove, Stale):
                return see_other(path, MEANWHILE)
    else:
        form.version.data = str(action.version)
    return _answer(template, form, page=presenters.short_page(action, g.today))


def _answer(template: str, form: Form | None, **context: Any) -> Response:
    wrong = form is not None and bool(form.error_list())
    status = HTTPStatus.UNPROCESSABLE_ENTITY if wrong else HTTPStatus.OK
    return make_response(render_template(template, form=form, **context), status)
