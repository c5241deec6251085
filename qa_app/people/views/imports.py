"""The staff import: upload, preview, apply."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from flask import g, render_template, url_for
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import FileStorage

from qa_app.core.database import commits
from qa_app.core.errors import Refusal
from qa_app.core.format import plural
from qa_app.core.spreadsheet import download, workbook
from qa_app.core.web import see_other
from qa_app.people import presenters
from qa_app.people.forms import ApplyForm, ImportForm
from qa_app.people.importing.comparing import Kind
from qa_app.people.importing.reading import COLUMNS, unused_headings
from qa_app.people.operations import imports
from qa_app.people.views.room import form_page, people


@contextmanager
def _on_disk(upload: FileStorage) -> Iterator[Path]:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "upload"
        upload.save(path)
        yield path


@people.route("/people/import", methods=["GET", "POST"])
@commits
def import_people() -> ResponseReturnValue:
    """Upload a staff list; nothing is changed yet."""
    form = ImportForm()
    if form.validate_on_submit():
        upload = form.file.data
        try:
            with _on_disk(upload) as path:
                kept = imports.keep_list(path, upload.filename or "list", g.viewer, g.now)
        except Refusal as refusal:
            form.add_errors({"file": str(refusal)})
        else:
            return see_other(url_for("people.import_preview", import_id=kept.id))
    return form_page("people/import.html", form, columns=presenters.IMPORT_COLUMNS)


@people.get("/people/import/template")
def import_template() -> ResponseReturnValue:
    """An empty list with the right headings, and nothing else to delete."""
    return download("staff-list", workbook("Staff", presenters.template_columns(COLUMNS.values()), ()))


@people.get("/people/import/<int:import_id>")
def import_preview(import_id: int) -> ResponseReturnValue:
    """What applying the list would do."""
    kept = imports.find_list(import_id)
    found = imports.preview(kept)
    return render_template(
        "people/import_preview.html",
        kept=kept,
        preview=found,
        form=ApplyForm(data={"seen": imports.fingerprint(found)}),
        new=found.of(Kind.NEW),
        changed=found.of(Kind.CHANGED),
        unchanged=found.of(Kind.UNCHANGED),
        errors_found=found.of(Kind.ERROR),
        unused=unused_headings(kept.headings),
        told=presenters.changes_in_words,
    )


@people.get("/people/import/<int:import_id>/errors")
def import_errors(import_id: int) -> ResponseReturnValue:
    """The rows with errors, each with its reason, to mend and upload again."""
    kept = imports.find_list(import_id)
    wrong = {one.row.number: one.row.errors for one in imports.preview(kept).of(Kind.ERROR)}
    rows = [(row, wrong[row[0]]) for row in kept.rows if row[0] in wrong]
    return download("staff-list-errors", workbook("Errors", presenters.error_columns(kept.headings), rows))


@people.post("/people/import/<int:import_id>/apply")
@commits
def apply_import(import_id: int) -> ResponseReturnValue:
    """Apply the list as it was shown, as a whole or not at all."""
    form = ApplyForm()
    found = imports.apply_list(imports.find_list(import_id), str(form.seen.data or ""), g.viewer, g.now)
    new, changed = len(found.of(Kind.NEW)), len(found.of(Kind.CHANGED))
    return see_other(
        url_for("people.people_list"), f"List applied: {plural(new, 'person', 'people')} added, {changed} changed."
    )
