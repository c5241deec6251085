"""The page of the trail, for the QA team and, as far as people and access go, for administrators."""

from typing import Any

from flask import Blueprint, g, request
from flask.typing import ResponseReturnValue

from qa_app.core.database import commits
from qa_app.core.lists import ListPage
from qa_app.core.web import page_or_fragment
from qa_app.trail import presenters, queries
from qa_app.trail.exports import take_away
from qa_app.trail.permissions import areas_seen

trail = Blueprint("trail", __name__)


@trail.get("/trail")
def entries() -> ResponseReturnValue:
    """Who did what, and when, the newest first."""
    page = _list()
    rows, total = queries.entries(g.viewer, presenters.wanted(page.filters), page.order_by, page.limit, page.offset)
    page.fill(rows, total)
    return page_or_fragment(
        "trail/entries.html", "trail/_entries.html", list=page, everything=areas_seen(g.viewer) is None
    )


@trail.get("/trail/export")
@commits
def export() -> ResponseReturnValue:
    """The same entries as a workbook, filters and order kept."""
    page = _list()
    wanted = presenters.wanted(page.filters)
    return take_away(
        page,
        lambda limit: queries.entries(g.viewer, wanted, page.order_by, limit, 0),
        "Trail",
        "trail:exported",
        g.viewer,
        g.now,
    )


def _list() -> ListPage[Any]:
    filters = presenters.filters(g.viewer)
    return ListPage(presenters.COLUMNS, filters, request.args, "/trail", "at", default_descending=True)
