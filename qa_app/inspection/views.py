"""Choose a window, look at how many audits it has, make a pack, and take any that was made."""

from http import HTTPStatus

from flask import Blueprint, Response, g, request, url_for
from flask.typing import ResponseReturnValue

from qa_app.access.permissions import Permission
from qa_app.core.database import commits
from qa_app.core.errors import BadInput
from qa_app.core.spreadsheet import download
from qa_app.core.web import page_or_fragment, see_other
from qa_app.inspection import operations, queries, running
from qa_app.inspection.forms import WindowForm
from qa_app.inspection.rules import Window, has_stopped, window
from qa_app.inspection.states import PackState

inspection = Blueprint("inspection", __name__)

MADE = "The inspection pack is made. Download it from the list."
BEGUN = "The inspection pack is being made. You can leave this page and come back."
BEGUN_BEFORE = "This inspection pack is being made already. You can leave this page and come back."


@inspection.get("/inspection")
def index() -> ResponseReturnValue:
    """The window that is asked for with how many audits it has, and every pack that was made or is being made."""
    months = queries.months()
    form = WindowForm(months, formdata=request.args if "first" in request.args else None, meta={"csrf": False})
    if "first" not in request.args:
        form.last.data = f"{months[0]:%Y-%m}" if months else ""
        form.first.data = f"{months[:6][-1]:%Y-%m}" if months else ""
        return _page(form)
    return _page(form, _window(form))


@inspection.post("/inspection")
@commits
def make() -> ResponseReturnValue:
    """Make a pack, or begin to: the same again while it is being made is that one."""
    form = WindowForm(queries.months())
    chosen = _window(form)
    if chosen is None:
        return _page(form)
    pack = running.start(chosen, bool(form.with_cases.data), g.viewer, g.now)
    said = BEGUN_BEFORE if pack is None else MADE if pack.state == PackState.MADE else BEGUN
    return see_other(url_for("inspection.index"), said)


@inspection.get("/inspection/<int:pack_id>/download")
@commits
def take(pack_id: int) -> Response:
    """A pack as it was made."""
    pack = queries.pack(g.viewer, pack_id)
    operations.check_not_blind(Window(pack.first_month, pack.last_month), g.viewer)
    operations.record_download(pack, g.viewer, g.now)
    return download(f"inspection-{pack.first_month:%Y-%m}-to-{pack.last_month:%Y-%m}-{pack.id}", pack.content)


def _window(form: WindowForm) -> Window | None:
    if not form.validate():
        return None
    try:
        return window(*form.months())
    except BadInput as refused:
        form.add_errors(refused.fields)
        return None


def _page(form: WindowForm, chosen: Window | None = None) -> Response:
    packs = queries.packs(g.viewer)
    stopped = {pack.id for pack in packs if has_stopped(pack.state, pack.progress_at, g.now)}
    return page_or_fragment(
        "inspection/index.html",
        "inspection/_packs.html",
        status=HTTPStatus.UNPROCESSABLE_ENTITY if form.error_list() else HTTPStatus.OK,
        form=form,
        months=bool(form.first.choices),
        chosen=chosen,
        counts=queries.counts(chosen) if chosen else [],
        packs=packs,
        stopped=stopped,
        being_made=[pack for pack in packs if pack.state == PackState.MAKING and pack.id not in stopped],
        sees_cases=g.viewer.can(Permission.CASE_READ),
    )
