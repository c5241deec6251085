"""The inbox, one request on one page, and the answers of the Head of Service and of the Director."""

from collections.abc import Callable, Sequence
from http import HTTPStatus

from flask import Response, g, make_response, render_template, request
from flask.typing import ResponseReturnValue

from qa_app.access.viewer import Viewer
from qa_app.core.database import commits
from qa_app.core.errors import BadInput, IllegalMove, Refusal, Stale
from qa_app.core.web import see_other
from qa_app.exemptions import operations, presenters, queries
from qa_app.exemptions.forms import AnswerForm
from qa_app.exemptions.permissions import decides, may_read_statement
from qa_app.exemptions.views import exemptions
from qa_app.people.queries import person


@exemptions.get("/requests")
def inbox() -> ResponseReturnValue:
    """What waits, the longest wait first; for who reads only their own, their own requests."""
    if not queries.reads_others(g.viewer):
        return see_other("/my/requests")
    return _inbox("exemptions", queries.waiting(g.viewer))


@exemptions.get("/decisions")
def decisions() -> ResponseReturnValue:
    """What waits for the Director."""
    waiting = [found for found in queries.waiting(g.viewer) if found.state == queries.ExemptionState.WITH_DIRECTOR]
    return _inbox("decisions", waiting)


def _inbox(tab: str, waiting: Sequence[queries.ExemptionRequest]) -> str:
    yours = queries.waiting_for(g.viewer, g.today)
    if tab == "decisions":
        yours = [found for found in yours if found.state == queries.ExemptionState.WITH_DIRECTOR]
    return render_template(
        "exemptions/inbox.html",
        tab=tab,
        title=presenters.heading_of_inbox(len(yours), len(waiting)),
        inbox=presenters.inbox(yours, waiting, g.today),
        audits=queries.audits_waiting(g.viewer),
    )


@exemptions.get("/exemptions/<int:request_id>")
@commits
def show(request_id: int) -> ResponseReturnValue:
    """A whole request on one page. Whoever reads somebody's statement leaves that in the trail."""
    found = queries.request_for(g.viewer, request_id)
    if found.person_id != g.viewer.person_id and may_read_statement(g.viewer, found):
        operations.record_view(found, g.viewer, g.now)
    return _page(found, AnswerForm(obj=found))


@exemptions.post("/exemptions/<int:request_id>/forward")
@commits
def forward(request_id: int) -> ResponseReturnValue:
    """The Head of Service's answer: forward, or decline with a reason."""
    found = queries.request_for(g.viewer, request_id)
    declines = request.form.get("go") == "decline"
    act = operations.decline if declines else operations.forward
    done = (
        "Declined. The requester hears of it by mail." if declines else "Forwarded. The Director hears of it by mail."
    )
    return _answer(found, act, "/requests", done)


@exemptions.post("/exemptions/<int:request_id>/decide")
@commits
def decide(request_id: int) -> ResponseReturnValue:
    """The Director's decision, with its reason."""
    found = queries.request_for(g.viewer, request_id)
    approves = request.form.get("go") == "approve"
    if not approves and request.form.get("go") != "refuse":
        return _page(found, AnswerForm(), "Choose whether you approve or refuse it")
    act = operations.approve if approves else operations.refuse
    done = "Approved." if approves else "Refused. The audits stay due."
    return _answer(found, act, "/decisions", f"{done} The requester hears of it by mail.")


Act = Callable[..., None]


def _answer(found: queries.ExemptionRequest, act: Act, leads_to: str, done: str) -> ResponseReturnValue:
    form = AnswerForm()
    try:
        act(found, form.reason.data or "", g.viewer, g.now, form.seen)
    except BadInput as refusal:
        form.add_errors({"reason": next(iter(refusal.fields.values()))})
        return _page(found, form)
    except (IllegalMove, Stale) as refusal:
        return _answered_before(found.id, leads_to, refusal)
    return see_other(leads_to, done)


def _answered_before(request_id: int, leads_to: str, refusal: Refusal) -> Response:
    """Pressed twice, or in another tab: it is done once, and whoever did it is told so."""
    if not queries.answered_by(request_id, g.viewer):
        raise refusal
    return see_other(leads_to, "You have answered this request already.")


def _page(found: queries.ExemptionRequest, form: AnswerForm, fault: str = "") -> Response:
    if fault:
        form.add_errors({"reason": fault})
    own = found.person_id == g.viewer.person_id
    page = presenters.request_page(
        found,
        g.viewer,
        g.now,
        g.today,
        effects=queries.effects_of(found),
        past=None if own else queries.past_of(found, g.now, g.today),
        audits=queries.audits_waiting(g.viewer, found),
        acting_for=_acting_for(g.viewer, found),
    )
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.error_list() else HTTPStatus.OK
    return make_response(render_template("exemptions/request.html", page=page, form=form, tab=_home(g.viewer)), status)


def _acting_for(viewer: Viewer, found: queries.ExemptionRequest) -> str:
    """In whose place the viewer would answer; nothing where it is their own turn."""
    behalf = queries.on_whose_behalf(viewer, found)
    return person(behalf).name if behalf else ""


def _home(viewer: Viewer) -> str:
    """Where the reader came from: the list of what they decide, their inbox, or their own requests."""
    if decides(viewer):
        return "/decisions"
    return "/requests" if queries.reads_others(viewer) else "/my/requests"
