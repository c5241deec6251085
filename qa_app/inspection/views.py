"""Choose a window, look at how many audits it has, make a pack, and take any that was made."""

from http import HTTPStatus

from flask import Blueprint, Response, g, make_response, render_template, request, url_for
from flask.typing import ResponseReturnValue

from qa_app.access.permissions import Permission
from qa_app.core.database import commits, only_reading
from qa_app.core.errors import BadInput
from qa_app.core.spreadsheet import download
from qa_app.core.web import see_other
from qa_app.inspection import content, operations, queries
from qa_app.inspection.forms import WindowForm
from qa_app.inspection.rules import Window, window

inspection = Blueprint("inspection", __name__)


@inspection.get("/inspection")
def index() -> ResponseReturnValue:
    """The window that is asked for with how many audits it has, and every pack that was made."""
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
    """Build the pack and keep it."""
    form = WindowForm(queries.months())
    chosen = _window(form)
    if chosen is None:
        return _page(form)
    with_cases = bool(form.with_cases.data)
    operations.check_can_make(g.viewer, with_cases)
    operations.check_not_blind(chosen, g.viewer)
    with only_reading():
        built = content.build(chosen, with_cases, g.viewer.name, g.now)
    operations.keep_pack(chosen, with_cases, built, g.viewer, g.now)
    return see_other(url_for("inspection.index"), "The inspection pack is made. Download it from the list.")


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
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.error_list() else HTTPStatus.OK
    page = render_template(
        "inspection/index.html",
        form=form,
        months=bool(form.first.choices),
        chosen=chosen,
        counts=queries.counts(chosen) if chosen else [],
        packs=queries.packs(g.viewer),
        sees_cases=g.viewer.can(Permission.CASE_READ),
    )
    return make_response(page, status)
