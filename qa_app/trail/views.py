"""The page of the trail, for the QA team and, as far as people and access go, for administrators."""

from flask import Blueprint, g, request
from flask.typing import ResponseReturnValue

from qa_app.core.lists import ListPage
from qa_app.core.web import page_or_fragment
from qa_app.trail import presenters, queries
from qa_app.trail.permissions import areas_seen

trail = Blueprint("trail", __name__)


@trail.get("/trail")
def entries() -> ResponseReturnValue:
    """Who did what, and when, the newest first."""
    page = ListPage(
        presenters.COLUMNS,
        presenters.filters(g.viewer),
        request.args,
        path=request.path,
        default_sort="at",
        default_descending=True,
    )
    rows, total = queries.entries(g.viewer, presenters.wanted(page.filters), page.order_by, page.limit, page.offset)
    page.fill(rows, total)
    return page_or_fragment(
        "trail/entries.html", "trail/_entries.html", list=page, everything=areas_seen(g.viewer) is None
    )
