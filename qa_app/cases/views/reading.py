"""Give a list to be read: upload it, say which column is which, or read the kept file again."""

from http import HTTPStatus

from flask import g, make_response, render_template, url_for
from flask.typing import ResponseReturnValue

from qa_app.cases import mappings, queries, running, uploads
from qa_app.cases.forms import ColumnsForm, UploadForm, columns_form
from qa_app.cases.reading import guess_mapping
from qa_app.cases.states import CASE_IMPORT
from qa_app.cases.views.room import cases
from qa_app.core.database import commits
from qa_app.core.errors import BadInput, IllegalMove
from qa_app.core.web import see_other


@cases.route("/cases/imports/new", methods=["GET", "POST"])
@commits
def upload() -> ResponseReturnValue:
    """Upload a list; nothing is changed yet."""
    form = UploadForm()
    if form.validate_on_submit():
        file = form.file.data
        try:
            with uploads.incoming(file, form.teams.data) as incoming:
                started = running.take(incoming, file.filename or "list", g.viewer, g.now)
        except BadInput as refusal:
            form.add_errors(refusal.fields)
        else:
            return _on_from(started)
    page = render_template("cases/upload.html", form=form)
    return make_response(page, HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK)


def _on_from(started: queries.CaseImport) -> ResponseReturnValue:
    step = "cases.columns" if started.state == "mapping" else "cases.show_import"
    return see_other(url_for(step, import_id=started.id))


@cases.route("/cases/imports/<int:import_id>/columns", methods=["GET", "POST"])
@commits
def columns(import_id: int) -> ResponseReturnValue:
    """Say which column holds what, and what the file's own status words mean."""
    found = queries.case_import(import_id)
    kept = uploads.upload_of(import_id)
    if found.state not in CASE_IMPORT.moves["read_again"].sources or not kept.exists:
        raise IllegalMove("The columns of this list can't be changed any more. Upload the list again.")
    headings = mappings.table_headings(kept.file)
    if headings is None:
        raise IllegalMove("An Annex A workbook has columns of its own, so there is nothing to choose.")
    form = _columns_form(found, headings)
    if form.validate_on_submit():
        running.take_again(found, g.viewer, g.now, running.ChosenColumns(headings, form.mapping))
        return see_other(url_for("cases.show_import", import_id=import_id))
    page = render_template("cases/columns.html", form=form, found=found)
    return make_response(page, HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK)


def _columns_form(found: queries.CaseImport, headings: tuple[str, ...]) -> ColumnsForm:
    before = mappings.remembered(headings) or guess_mapping(headings)
    return columns_form(headings, before, found.counts.get("unknown_status_words", ()))


@cases.post("/cases/imports/<int:import_id>/read-again")
@commits
def read_again(import_id: int) -> ResponseReturnValue:
    """Read the kept file again."""
    running.take_again(queries.case_import(import_id), g.viewer, g.now)
    return see_other(url_for("cases.show_import", import_id=import_id))
