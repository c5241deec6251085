"""Imports: the list of them, what one would change in numbers, its lines, and apply or abandon."""

from flask import abort, g, render_template, request, url_for
from flask.typing import ResponseReturnValue

from qa_app.cases import operations, queries, uploads
from qa_app.cases.presenters import imports as presenters
from qa_app.cases.queries import CaseImport, ImportRow
from qa_app.cases.states import CaseImportState
from qa_app.cases.views.room import cases
from qa_app.core.database import commits
from qa_app.core.format import plural
from qa_app.core.forms import VersionForm
from qa_app.core.lists import Column, ListPage, Search
from qa_app.core.spreadsheet import download, workbook
from qa_app.core.web import page_or_fragment, see_other
from qa_app.trail import operations as trail
from qa_app.trail.exports import take_away


@cases.get("/cases/imports")
def imports_list() -> ResponseReturnValue:
    """Every import, newest first."""
    page = _imports()
    page.fill(*queries.imports(page.order_by, page.limit, page.offset))
    return page_or_fragment("cases/imports.html", "cases/_imports.html", list=page)


@cases.get("/cases/imports/export")
@commits
def export_imports() -> ResponseReturnValue:
    """The same list as a workbook, in its order."""
    page = _imports()
    return take_away(
        page, lambda limit: queries.imports(page.order_by, limit, 0), "Imports", "import:list-exported", g.viewer, g.now
    )


def _imports() -> ListPage[presenters.ImportLine]:
    columns = presenters.import_columns()
    return ListPage(columns, (), request.args, "/cases/imports", "uploaded", default_descending=True)


@cases.get("/cases/imports/<int:import_id>")
def show_import(import_id: int) -> ResponseReturnValue:
    """One import as it stands: being read, to be looked at, or applied."""
    found = queries.case_import(import_id)
    shown = CaseImportState.PREVIEWED, CaseImportState.APPLIED
    has_preview = found.state in shown or (found.state == CaseImportState.ABANDONED and "new" in found.counts)
    counts = found.counts if has_preview else {}
    return render_template(
        "cases/import.html",
        found=found,
        when=presenters.when,
        tag=presenters.import_tag(found.state),
        uploader=queries.name_of_uploader(found),
        stalled=presenters.is_stalled(found, g.now),
        steps=presenters.steps(found, uploads.upload_of(import_id).exists, g.now),
        has_preview=has_preview,
        counts=counts,
        figures=presenters.figures(found) if has_preview else [],
        closes_many=presenters.closes_many(counts) if has_preview else "",
        what_will_happen=presenters.what_will_happen(counts) if has_preview else [],
        open_tables=presenters.open_tables(counts) if has_preview else [],
        columns_read=presenters.columns_read(counts) if has_preview else [],
        form=VersionForm(formdata=None, data={"version": found.version}),
    )


@cases.get("/cases/imports/<int:import_id>/progress")
def import_progress(import_id: int) -> ResponseReturnValue:
    """How far the reading is; when it is over, the whole page."""
    found = queries.case_import(import_id)
    stalled = presenters.is_stalled(found, g.now)
    if found.state != CaseImportState.READING or stalled:
        return see_other(url_for("cases.show_import", import_id=import_id))
    return page_or_fragment("cases/progress.html", "cases/_progress.html", found=found)


def _lines(found: CaseImport, kind: str, columns: tuple[Column[ImportRow], ...]) -> ListPage[ImportRow]:
    if kind not in presenters.KINDS:
        abort(404)
    path = url_for("cases.import_rows", import_id=found.id, kind=kind)
    sort = "place" if kind in ("unusable", "repaired") else "reference"
    return ListPage(columns, (Search("q", "Reference"),), request.args, path, default_sort=sort)


@cases.get("/cases/imports/<int:import_id>/rows/<string:kind>")
def import_rows(import_id: int, kind: str) -> ResponseReturnValue:
    """The lines of one kind."""
    found = queries.case_import(import_id)
    page = _lines(found, kind, presenters.row_columns(kind))
    page.fill(*queries.import_rows(import_id, kind, page.filters, page.order_by, page.limit, page.offset))
    _, heading, empty = presenters.KINDS[kind]
    return page_or_fragment(
        "cases/import_rows.html",
        "cases/_import_rows.html",
        found=found,
        list=page,
        heading=heading,
        empty=empty,
        export=url_for("cases.export_rows", import_id=import_id, kind=kind),
    )


@cases.get("/cases/imports/<int:import_id>/rows/<string:kind>/export")
@commits
def export_rows(import_id: int, kind: str) -> ResponseReturnValue:
    """The lines of one kind for Excel: for rows that cannot be used, with the reason in a column."""
    found = queries.case_import(import_id)
    columns = presenters.row_export_columns(kind)
    page = _lines(found, kind, presenters.row_columns(kind))
    rows, total = queries.import_rows(import_id, kind, page.filters, page.order_by)
    subject = ("case import", found.id)
    trail.append("import:rows-exported", g.viewer, g.now, subject, kind=kind, rows=total)
    title = presenters.KINDS[kind][1]
    return download(title.lower().replace(" ", "-"), workbook(title, columns, rows))


@cases.post("/cases/imports/<int:import_id>/apply")
@commits
def apply_import(import_id: int) -> ResponseReturnValue:
    """Apply the preview as it was shown."""
    found = queries.case_import(import_id)
    operations.apply_import(found, g.viewer, g.now, VersionForm().seen)
    counts = found.counts
    uploads.discard(import_id)
    return see_other(
        url_for("cases.show_import", import_id=import_id),
        f"List applied: {plural(counts['new'], 'case')} added, {counts['changed']:,} changed, "
        f"{counts['closed']:,} closed. The next sample is drawn from it.",
    )


@cases.post("/cases/imports/<int:import_id>/abandon")
@commits
def abandon_import(import_id: int) -> ResponseReturnValue:
    """Put the import away unapplied."""
    operations.abandon_import(queries.case_import(import_id), g.viewer, g.now)
    uploads.discard(import_id)
    return see_other(url_for("cases.imports_list"), "The list was not applied. Nothing has changed.")
