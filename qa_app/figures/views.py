"""The audits that a figure counts."""

from typing import Any, NamedTuple

from flask import Blueprint, g, request
from flask.typing import ResponseReturnValue

from qa_app.core.database import commits
from qa_app.core.lists import ListPage
from qa_app.core.spreadsheet import download, workbook
from qa_app.core.web import page_or_fragment
from qa_app.figures import operations, queries
from qa_app.figures.cuts import Cut
from qa_app.figures.presenters import lists as words

figures = Blueprint("figures", __name__, url_prefix="/figures")


class _Asked(NamedTuple):
    cut: Cut
    page: ListPage[queries.CountedAudit]


@figures.get("/audits")
def audits() -> ResponseReturnValue:
    """The audits that a figure counts."""
    cut, page = _asked()
    found = queries.counted_audits(cut, page.filters, g.viewer, page.order_by, page.limit, page.offset)
    page.fill(found.audits, found.total)
    return page_or_fragment(
        "figures/audits.html",
        "figures/_audits.html",
        list=page,
        title=words.heading(cut, found),
        unlisted=words.unlisted(found),
        export_path="/figures/audits/export",
    )


@figures.get("/audits/export")
@commits
def export() -> ResponseReturnValue:
    """The same audits as a workbook, filters and order kept."""
    cut, page = _asked()
    found = queries.counted_audits(cut, page.filters, g.viewer, page.order_by)
    operations.record_export(words.as_filters(page.filters, cut), g.viewer, g.now)
    return download("audits", workbook("Audits", page.columns, found.audits))


def _asked() -> _Asked:
    known = queries.choices(g.viewer, sections=True)
    newest = known.months[0] if known.months else g.today.replace(day=1)
    cut = words.cut_of(request.args, newest, known)
    scale = queries.scale_of(cut)
    args: Any = request.args
    page = ListPage(
        words.columns(scale), words.filters(known, scale), args, words.PATH, default_sort="reference", id="audits"
    )
    return _Asked(cut, page)
