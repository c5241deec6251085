"""Reports as a list, as a page, as Word and as Excel."""

from typing import Any

from flask import Response, g, render_template, request
from flask.typing import ResponseReturnValue

from qa_app.access.permissions import Permission
from qa_app.core.database import commits, let_others_write
from qa_app.core.lists import ListPage
from qa_app.core.spreadsheet import MEDIA_TYPE, download, workbook
from qa_app.core.web import page_or_fragment, see_other
from qa_app.reports import operations, queries
from qa_app.reports.files import WRITERS, paper_of
from qa_app.reports.permissions import can_manage, reads_inside
from qa_app.reports.presenters import pages
from qa_app.reports.presenters.blocks import report_page
from qa_app.reports.queries import Edition
from qa_app.reports.states import EditionState
from qa_app.reports.views.room import content_of, found, reports

WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


@reports.get("/reports")
def index() -> ResponseReturnValue:
    """Reports that the viewer may read, the newest period first."""
    page = _list()
    page.fill(*queries.editions(g.viewer, page.filters, page.order_by, page.limit, page.offset))
    return page_or_fragment(
        "reports/index.html",
        "reports/_index.html",
        list=page,
        title="Reports",
        manages=can_manage(g.viewer),
        reads_figures=g.viewer.can(Permission.FIGURES_READ),
        export_path="/reports/export",
    )


@reports.get("/reports/export")
@commits
def export() -> ResponseReturnValue:
    """The list of reports as a workbook."""
    page = _list()
    rows, _ = queries.editions(g.viewer, page.filters, page.order_by)
    operations.record_export(None, "list", g.viewer, g.now, **page.filters)
    return download("reports", workbook("Reports", page.columns, rows))


def _list() -> ListPage[Edition]:
    manages = can_manage(g.viewer)
    offered = pages.filters(manages, outside_only=not reads_inside(g.viewer))
    return ListPage(pages.COLUMNS, offered, request.args, "/reports", "period", default_descending=True, id="reports")


@reports.get("/reports/<string:reference>")
@commits
def show(reference: str) -> ResponseReturnValue:
    """A report as a page; while it is being built, how far that is."""
    edition = found(reference)
    if edition.state == EditionState.BUILDING:
        return page_or_fragment("reports/building.html", "reports/_building.html", found=edition, **_frame(edition))
    operations.record_view(edition, g.viewer, g.now)
    content, manages = content_of(edition), can_manage(g.viewer)
    writes = manages and edition.state in (EditionState.DRAFT, EditionState.IN_REVIEW)
    path = pages.path_of(edition)
    places = {place.key: f"{path}/words#words_{place.key}" for place in pages.narratives_of(content)} if writes else {}
    return render_template(
        "reports/show.html",
        page=report_page(content, edition.narrative, places),
        content=content,
        found=edition,
        manages=manages,
        writes=writes,
        notices=pages.notices(edition, queries.follows(edition, g.viewer)),
        **_frame(edition),
    )


def _frame(edition: Edition) -> dict[str, Any]:
    return {
        "title": pages.title_of(edition),
        "path": pages.path_of(edition),
        "facts": pages.facts(edition),
        "state": edition.state,
    }


@reports.get("/reports/<string:reference>/word")
@commits
def as_word(reference: str) -> ResponseReturnValue:
    """The report as a Word document, in the council's own template where there is one."""
    return _file(reference, "word", WORD, "docx")


@reports.get("/reports/<string:reference>/excel")
@commits
def as_excel(reference: str) -> ResponseReturnValue:
    """The report's tables as a workbook."""
    return _file(reference, "excel", MEDIA_TYPE, "xlsx")


def _file(reference: str, form: str, media_type: str, ending: str) -> ResponseReturnValue:
    edition = found(reference)
    if edition.state == EditionState.BUILDING:
        return see_other(pages.path_of(edition))
    paper = paper_of(edition)
    let_others_write()
    made = WRITERS[form](paper)
    operations.record_export(found(reference), form, g.viewer, g.now)
    response = Response(made, mimetype=media_type)
    response.headers.set("Content-Disposition", "attachment", filename=f"{reference}.{ending}")
    return response
