"""Recommendations from a list: upload, preview, apply."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from flask import g, render_template
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import FileStorage

from qa_app.core.database import commits
from qa_app.core.errors import Refusal
from qa_app.core.format import plural
from qa_app.core.lists import Column
from qa_app.core.spreadsheet import download, workbook
from qa_app.core.web import see_other
from qa_app.recommendations import operations, queries
from qa_app.recommendations.forms import ApplyForm, ImportForm
from qa_app.recommendations.importing import COLUMNS, HELP, ListRow, fingerprint, unused_headings
from qa_app.recommendations.presenters import path_of
from qa_app.recommendations.views.room import form_page, recommendations

ERROR_COLUMNS: tuple[Column[ListRow], ...] = (
    Column("line", "Row", lambda row: row.line),
    Column("number", "Number", lambda row: row.number),
    Column("text", "Recommendation", lambda row: row.text),
    Column("owner", "Owner email", lambda row: row.owner),
    Column("due", "Due", lambda row: row.due_on, value=lambda row: row.due_on),
    Column("errors", "What to mend", lambda row: ". ".join(row.errors)),
)


@contextmanager
def _on_disk(upload: FileStorage) -> Iterator[Path]:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "upload"
        upload.save(path)
        yield path


@recommendations.get("/recommendations/import-template")
def import_template() -> ResponseReturnValue:
    """An empty list with the right headings, and nothing else to delete."""
    columns: list[Column[str]] = [Column(name, heading, str) for name, heading in COLUMNS.items()]
    return download("recommendations", workbook("Recommendations", columns, ()))


@recommendations.route("/recommendations/<string:reference>/import", methods=["GET", "POST"])
@commits
def import_list(reference: str) -> ResponseReturnValue:
    """Upload a list; nothing is added yet."""
    report = queries.report_for(g.viewer, reference)
    form, path = ImportForm(), path_of(report)
    if form.validate_on_submit():
        upload = form.file.data
        try:
            with _on_disk(upload) as file:
                kept = operations.keep_list(report, file, upload.filename or "list", g.viewer, g.now)
        except Refusal as refusal:
            form.add_errors({"file": str(refusal)})
        else:
            return see_other(f"{path}/import/{kept.id}")
    return form_page("recommendations/import.html", form, report=report, path=path, columns=HELP.items())


@recommendations.get("/recommendations/<string:reference>/import/<int:import_id>")
def import_preview(reference: str, import_id: int) -> ResponseReturnValue:
    """What applying the list would add."""
    report = queries.report_for(g.viewer, reference)
    kept = operations.find_list(report, import_id)
    rows = operations.preview(kept, g.now)
    return render_template(
        "recommendations/import_preview.html",
        report=report,
        path=path_of(report),
        kept=kept,
        rows=rows,
        wrong=[row for row in rows if row.errors],
        form=ApplyForm(formdata=None, data={"seen": fingerprint(rows)}),
        unused=unused_headings(kept.headings),
    )


@recommendations.get("/recommendations/<string:reference>/import/<int:import_id>/errors")
def import_errors(reference: str, import_id: int) -> ResponseReturnValue:
    """The rows that can't be used, each with its reason."""
    kept = operations.find_list(queries.report_for(g.viewer, reference), import_id)
    wrong = [row for row in operations.preview(kept, g.now) if row.errors]
    return download("recommendations-errors", workbook("Errors", ERROR_COLUMNS, wrong))


@recommendations.post("/recommendations/<string:reference>/import/<int:import_id>/apply")
@commits
def apply_import(reference: str, import_id: int) -> ResponseReturnValue:
    """Add the list as it was shown, as a whole or not at all."""
    report = queries.report_for(g.viewer, reference)
    form = ApplyForm()
    rows = operations.apply_list(operations.find_list(report, import_id), str(form.seen.data or ""), g.viewer, g.now)
    return see_other(path_of(report), f"List applied: {plural(len(rows), 'recommendation')} added.")
