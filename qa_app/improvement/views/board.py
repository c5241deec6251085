"""The monitoring board: every process in one row, and its file."""

from typing import Any

from flask import g, request, url_for
from flask.typing import ResponseReturnValue

from qa_app.core.database import commits
from qa_app.core.lists import ListPage
from qa_app.core.spreadsheet import download, workbook
from qa_app.core.web import page_or_fragment
from qa_app.improvement import operations, presenters, queries
from qa_app.improvement.views.room import improvement


@improvement.get("/improvement")
def board() -> ResponseReturnValue:
    """Every open process that the viewer may see, the earliest date first: so what is late stands on top."""
    shown = _list(presenters.columns(g.viewer, g.today))
    numbers = queries.counts(g.viewer, shown.filters, g.today)
    rows = queries.find_processes(
        g.viewer, shown.filters, shown.order_by, g.today, limit=shown.limit, offset=shown.offset
    )
    shown.fill(rows, numbers.all)
    return page_or_fragment(
        "improvement/board.html",
        "improvement/_board.html",
        list=shown,
        title=presenters.heading(numbers, shown.filters),
        legend=presenters.legend(),
        export_path=url_for("improvement.export_board"),
    )


@improvement.get("/improvement/export")
@commits
def export_board() -> ResponseReturnValue:
    """The same rows as a workbook, filters and order kept."""
    shown = _list(presenters.export_columns(g.viewer, g.today))
    rows = queries.find_processes(g.viewer, shown.filters, shown.order_by, g.today)
    operations.record_export(len(rows), g.viewer, g.now)
    return download("improvement", workbook("Improvement", shown.columns, rows))


def _list(columns: Any) -> ListPage[queries.BoardRow]:
    services, teams = queries.places(g.viewer)
    offered = presenters.filters(services, teams, queries.whose_turns(g.viewer))
    return ListPage(columns, offered, request.args, "/improvement", default_sort=presenters.EARLIEST_FIRST, id="board")
