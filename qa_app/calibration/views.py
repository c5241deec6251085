"""The pages of calibration sets: the list, a new one, own grades, and everybody's side by side."""

from http import HTTPStatus
from typing import Any

from flask import Blueprint, Response, g, make_response, render_template, request
from flask.typing import ResponseReturnValue

from qa_app.audits.content import read_scale
from qa_app.audits.operations import Changed
from qa_app.calibration import operations, presenters, queries
from qa_app.calibration.forms import HandInForm, RevealForm, SetForm
from qa_app.calibration.permissions import can_manage
from qa_app.calibration.states import CalibrationState
from qa_app.core.database import commits
from qa_app.core.drafts import answer_changed, answer_saved, answer_unreadable
from qa_app.core.errors import BadInput, IllegalMove, Stale
from qa_app.core.forms import Form
from qa_app.core.lists import ListPage
from qa_app.core.web import page_or_fragment, see_other
from qa_app.moderation.forms import GradesForm, grades_form
from qa_app.tools.queries import domains
from qa_app.trail.exports import take_away

calibration = Blueprint("calibration", __name__)

MEANWHILE = "It was done already, or changed meanwhile. This is how it stands now."
WORK = "calibration/work.html"


@calibration.get("/calibration")
def index() -> ResponseReturnValue:
    """The calibration sets that the viewer may see, the newest due date first."""
    page = _sets()
    page.fill(*queries.sets(g.viewer, page.filters, page.order_by, limit=page.limit, offset=page.offset))
    return page_or_fragment(
        "calibration/index.html", "calibration/_index.html", list=page, manages=can_manage(g.viewer)
    )


@calibration.get("/calibration/export")
@commits
def export() -> ResponseReturnValue:
    """The same list as a workbook, filters and order kept."""
    page = _sets()
    return take_away(
        page,
        lambda limit: queries.sets(g.viewer, page.filters, page.order_by, limit=limit, offset=0),
        "Calibration sets",
        "calibration:exported",
        g.viewer,
        g.now,
    )


def _sets() -> ListPage[Any]:
    columns = presenters.columns(g.today)
    return ListPage(columns, presenters.FILTERS, request.args, "/calibration", "due", default_descending=True)


@calibration.route("/calibration/new", methods=["GET", "POST"])
@commits
def new() -> ResponseReturnValue:
    """Ask several auditors to grade one case."""
    form = SetForm(queries.auditors(g.today))
    if form.validate_on_submit():
        try:
            made = operations.make_set(form.typed(), g.viewer, g.now)
            return see_other(f"/calibration/{made.id}", "Made. Those who take part are asked by mail.")
        except BadInput as refusal:
            form.add_errors(refusal.fields or {"": str(refusal)})
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.error_list() else HTTPStatus.OK
    return make_response(render_template("calibration/new.html", form=form), status)


@calibration.get("/calibration/<int:set_id>")
@commits
def show(set_id: int) -> ResponseReturnValue:
    """The form for whoever has still to grade it; else how far it is, and once revealed all grades."""
    found = queries.set_for(g.viewer, set_id)
    operations.record_view(found, g.viewer, g.now)
    part = queries.part_in(found, g.viewer)
    if part is not None and found.state == CalibrationState.RUNNING and part.handed_in_at is None:
        return render_template(WORK, form=_form(part), page=_page(found), work=_work(part))
    return render_template(
        "calibration/set.html", page=_page(found), manages=can_manage(g.viewer), handed_in=part is not None
    )


def _page(found: queries.CalibrationSet) -> presenters.Page:
    revealed = found.state == CalibrationState.REVEALED
    parts = [part.id for part in found.parts if part.handed_in_at is not None] if revealed else []
    return presenters.page_for(found, domains(found.tool_version_id), queries.grades_of(parts), g.today)


def _work(part: queries.CalibrationPart) -> presenters.Work:
    return presenters.work_for(part, domains(part.set.tool_version_id))


def _form(part: queries.CalibrationPart) -> GradesForm:
    tool, kept = domains(part.set.tool_version_id), queries.grades_of([part.id])[part.id]
    scale = read_scale(part.set.tool_version.scale)
    return grades_form(tool, scale, presenters.kept_grades(part, tool, kept), part.grades_version)


def _words(part: queries.CalibrationPart) -> list[presenters.Words]:
    tool, kept = domains(part.set.tool_version_id), queries.grades_of([part.id])[part.id]
    grades = presenters.kept_grades(part, tool, kept)
    return presenters.words_of(grades, tool, read_scale(part.set.tool_version.scale))


@calibration.post("/calibration/<int:set_id>")
@commits
def save(set_id: int) -> ResponseReturnValue:
    """Save own grades, by a button or by themselves."""
    part = queries.own_part(g.viewer, set_id)
    form = _form(part)
    context = {"page": _page(part.set), "work": _work(part)}
    if not form.validate():
        return answer_unreadable(form, WORK, **context)
    try:
        version = operations.save_grades(part, form.typed(), form.seen, g.viewer, g.now)
    except Changed as changed:
        further = {"theirs": _words(part)}
        return answer_changed(form, WORK, changed.version, **context, **further)
    onward = f"/calibration/{set_id}/check" if form.then.data == "check" else "/calibration"
    return answer_saved(version, onward)


@calibration.get("/calibration/<int:set_id>/check")
@commits
def check(set_id: int) -> ResponseReturnValue:
    """Own grades once more, what is missing, and the button that hands in."""
    part = queries.own_part(g.viewer, set_id)
    if part.set.state != CalibrationState.RUNNING or part.handed_in_at is not None:
        return see_other(f"/calibration/{set_id}")
    operations.record_view(part.set, g.viewer, g.now)
    return _check_page(part, HandInForm(data={"version": part.grades_version}), HTTPStatus.OK)


def _check_page(part: queries.CalibrationPart, form: Form, status: HTTPStatus) -> Response:
    missing = presenters.missing_links(operations.lacking(part), f"/calibration/{part.set_id}")
    context = {"page": _page(part.set), "words": _words(part), "missing": missing}
    return make_response(render_template("calibration/check.html", form=form, **context), status)


@calibration.post("/calibration/<int:set_id>/hand-in")
@commits
def hand_in(set_id: int) -> ResponseReturnValue:
    """Hand in: own grades are fixed."""
    part = queries.own_part(g.viewer, set_id)
    form, path = HandInForm(), f"/calibration/{set_id}"
    try:
        operations.hand_in(part, g.viewer, g.now, form.seen)
    except BadInput as refusal:
        form.form_errors.append(str(refusal))
        return _check_page(part, form, HTTPStatus.UNPROCESSABLE_ENTITY)
    except (IllegalMove, Stale):
        return see_other(path, MEANWHILE)
    return see_other(path, "Handed in. You are told by mail when the grades are revealed.")


@calibration.route("/calibration/<int:set_id>/reveal", methods=["GET", "POST"])
@commits
def reveal(set_id: int) -> ResponseReturnValue:
    """Show everybody's grades to those who handed in."""
    found = queries.set_for(g.viewer, set_id)
    path = f"/calibration/{set_id}"
    if found.state != CalibrationState.RUNNING:
        return see_other(path, MEANWHILE)
    form = RevealForm(data={"version": found.version})
    if form.validate_on_submit():
        try:
            operations.reveal(found, g.viewer, g.now, form.seen)
            return see_other(path, "Revealed. Those who handed in are told by mail.")
        except BadInput as refusal:
            form.form_errors.append(str(refusal))
        except (IllegalMove, Stale):
            return see_other(path, MEANWHILE)
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.error_list() else HTTPStatus.OK
    return make_response(render_template("calibration/reveal.html", form=form, page=_page(found)), status)
