"""The pages of slippage notices: I may not finish in time, the inbox, and one notice with the decision asked for."""

from collections.abc import Callable
from http import HTTPStatus
from typing import Any

from flask import Blueprint, Response, g, make_response, render_template, request
from flask.typing import ResponseReturnValue

from qa_app.audits.queries import own_audit
from qa_app.core.database import commits
from qa_app.core.errors import BadInput, IllegalMove, Stale
from qa_app.core.forms import Form, VersionForm
from qa_app.core.lists import ListPage
from qa_app.core.web import page_or_fragment, see_other
from qa_app.people.queries import services
from qa_app.slippage import operations, presenters, queries
from qa_app.slippage.forms import AnswerForm, ForwardForm, RaiseForm
from qa_app.slippage.permissions import can_answer, can_forward, can_raise
from qa_app.slippage.states import SLIPPAGE, Outcome, SlippageState
from qa_app.trail.exports import take_away

slippage = Blueprint("slippage", __name__)

MEANWHILE = "It was done already, or changed meanwhile. This is how it stands now."


@slippage.get("/my/slippage")
def mine() -> ResponseReturnValue:
    """From a reminder: on to the form of the one audit that is outstanding, or a choice where there are several."""
    audits = queries.audits_that_may_slip(g.viewer, request.args.get("round", "")[:40])
    options = presenters.choices(audits, g.today)
    if len(options) == 1:
        return see_other(options[0].href)
    return render_template("slippage/mine.html", options=options, title=presenters.said_by(len(options)))


@slippage.route("/audits/<string:round>/<int:number>/slippage", methods=["GET", "POST"])
@commits
def raise_notice(round: str, number: int) -> ResponseReturnValue:
    """I may not finish in time."""
    audit = own_audit(g.viewer, round, number)
    heads = queries.heads_named(queries.service_of(g.viewer.person_id), g.viewer.person_id, g.today)
    notice = queries.open_notice_of(audit.id)
    page = presenters.raise_page(audit, notice, presenters.goes_to(heads), g.today)
    if not can_raise(g.viewer, audit):
        return see_other(page.path)
    form = RaiseForm()
    if form.validate_on_submit():
        try:
            made = operations.raise_notice(audit, form.typed(), g.viewer, g.now)
            return see_other(f"/slippage/{made.id}", presenters.sent_to(heads))
        except BadInput as refusal:
            form.add_errors(refusal.fields)
    return _answer("slippage/raise.html", form, page=page, track=_track_form(notice))


@slippage.get("/requests/slippage")
def inbox() -> ResponseReturnValue:
    """The notices that the viewer may see, those that have waited longest first."""
    page = _inbox()
    page.fill(*queries.find_notices(g.viewer, page.filters, page.order_by, limit=page.limit, offset=page.offset))
    title = presenters.heading(page.total, page.filters)
    return page_or_fragment("slippage/inbox.html", "slippage/_inbox.html", list=page, title=title)


@slippage.get("/requests/slippage/export")
@commits
def export_inbox() -> ResponseReturnValue:
    """The same list as a workbook, filters and order kept."""
    page = _inbox()
    return take_away(
        page,
        lambda limit: queries.find_notices(g.viewer, page.filters, page.order_by, limit=limit, offset=0),
        "Slippage notices",
        "slippage:exported",
        g.viewer,
        g.now,
    )


def _inbox() -> ListPage[Any]:
    offered = presenters.filters([(one.id, one.name) for one in services()], queries.months(g.viewer))
    columns = presenters.columns(g.today)
    return ListPage(columns, offered, request.args, "/requests/slippage", default_sort=presenters.OLDEST_FIRST)


@slippage.get("/slippage/<int:notice_id>")
def show(notice_id: int) -> ResponseReturnValue:
    """One notice, whole, with the one decision that is asked of this reader."""
    return _page(queries.notice_for(g.viewer, notice_id))


@slippage.post("/slippage/<int:notice_id>/acknowledge")
@commits
def acknowledge(notice_id: int) -> ResponseReturnValue:
    """The Head of Service has it in hand."""
    notice, form = queries.notice_for(g.viewer, notice_id), VersionForm()
    done = f"Acknowledged. {notice.person.name} sees it on this page."
    return _act(notice, form, lambda: operations.acknowledge(notice, "", g.viewer, g.now, form.seen), done)


@slippage.post("/slippage/<int:notice_id>/forward")
@commits
def forward(notice_id: int) -> ResponseReturnValue:
    """The Head of Service asks the QA team for capacity."""
    notice, form = queries.notice_for(g.viewer, notice_id), ForwardForm()
    return _act(
        notice,
        form,
        lambda: operations.forward(notice, form.note.data or "", g.viewer, g.now, form.seen),
        "Forwarded to the QA team. They answer the auditor.",
        forward=form,
    )


@slippage.post("/slippage/<int:notice_id>/answer")
@commits
def answer(notice_id: int) -> ResponseReturnValue:
    """The QA team says what happens now."""
    notice = queries.notice_for(g.viewer, notice_id)
    form = _answer_form(notice)
    return _act(
        notice,
        form,
        lambda: operations.answer(notice, form.typed(), g.viewer, g.now, form.seen),
        f"Answered. {notice.person.name} is told by mail.",
        answer=form,
    )


@slippage.post("/slippage/<int:notice_id>/back-on-track")
@commits
def back_on_track(notice_id: int) -> ResponseReturnValue:
    """The auditor will finish in time after all."""
    notice, form = queries.notice_for(g.viewer, notice_id), VersionForm()
    done = "Noted: the audit is back on track. Nobody need act any more."
    return _act(notice, form, lambda: operations.back_on_track(notice, "", g.viewer, g.now), done)


def _act(notice: Any, form: Form, act: Callable[[], None], done: str, **forms: Form) -> ResponseReturnValue:
    """Do it and show the notice again; pressed twice, or changed by somebody else, show how it stands now."""
    path = f"/slippage/{notice.id}"
    if form.validate():
        try:
            act()
            return see_other(path, done)
        except BadInput as refusal:
            form.add_errors(refusal.fields)
        except (IllegalMove, Stale):
            return see_other(path, MEANWHILE)
    return _page(notice, form, **forms)


def _page(notice: Any, wrong: Form | None = None, **given: Form) -> Response:
    """The notice with whatever form the viewer may use on it now."""
    reads = queries.reads_audit(g.viewer, notice.audit)
    history = queries.history_of(notice, g.today)
    forms: dict[str, Any] = dict.fromkeys(("acknowledge", "forward", "answer", "track"))
    seen = {"version": notice.version}
    if can_forward(g.viewer, notice) and notice.state in SLIPPAGE.moves["forward"].sources:
        forms["forward"] = ForwardForm(formdata=None, data=seen)
        if notice.state == SlippageState.RAISED:
            forms["acknowledge"] = VersionForm(formdata=None, data=seen)
    if notice.state in SLIPPAGE.moves["resolve"].sources:
        if can_answer(g.viewer) and "answer" not in given:
            forms["answer"] = _answer_form(notice, fresh=True)
        if can_raise(g.viewer, notice.audit):
            forms["track"] = _track_form(notice)
    page = presenters.notice_page(notice, history, g.today, reads_audit=reads)
    return _answer("slippage/notice.html", wrong, page=page, forms=forms | given, reassigned=Outcome.REASSIGNED)


def _answer_form(notice: Any, *, fresh: bool = False) -> AnswerForm:
    takers = presenters.taker_words(queries.takers(notice.audit, g.today))
    if fresh:
        return AnswerForm(takers, formdata=None, data={"version": notice.version})
    return AnswerForm(takers)


def _track_form(notice: Any) -> VersionForm | None:
    return VersionForm(formdata=None, data={"version": notice.version}) if notice else None


def _answer(template: str, form: Form | None, **context: Any) -> Response:
    wrong = form is not None and bool(form.error_list())
    status = HTTPStatus.UNPROCESSABLE_ENTITY if wrong else HTTPStatus.OK
    return make_response(render_template(template, form=form, **context), status)
