"""The list of actions and its file."""

from typing import Any

from flask import g, request, url_for
from flask.typing import ResponseReturnValue

from qa_app.actions import operations, presenters, queries, sources
from qa_app.actions.views import actions
from qa_app.core.database import commits
from qa_app.core.errors import NotFound
from qa_app.core.lists import ListPage
from qa_app.core.spreadsheet import download, workbook
from qa_app.core.web import page_or_fragment

ROWS = 25
"""On a page: each says what is to be done in a line or two, so more are too long to look through."""


@actions.get("/actions", endpoint="index")
def index() -> ResponseReturnValue:
    """The viewer's own open actions, else those that they may see; overdue first."""
    page, chosen, reaches = _list()
    order = (page.sort, page.descending)
    rows, totals = queries.find_actions(g.viewer, chosen, order, g.today, limit=page.limit, offset=page.offset)
    page.fill(rows, totals.number)
    return page_or_fragment(
        "actions/list.html",
        "actions/_list.html",
        list=page,
        title=presenters.heading(totals, chosen),
        notices=presenters.notices(queries.waiting_for(g.viewer, g.today), chosen, reaches=reaches),
        export_path=url_for("actions.export"),
    )


@actions.get("/actions/export")
@commits
def export() -> ResponseReturnValue:
    """The same actions as a workbook, filters and order kept."""
    page, chosen, _ = _list()
    rows = queries.every_action(g.viewer, chosen, (page.sort, page.descending), g.today)
    operations.record_export(chosen, g.viewer, g.now)
    return download("actions", workbook("Actions", presenters.columns(g.today, whole=True), rows))


def _list() -> tuple[ListPage[Any], dict[str, str], bool]:
    """The list as the address asks for it, the filters that hold, and whether the viewer reaches more than their own.

    Raises:
        NotFound: the viewer has nothing to do with actions.
    """
    if not queries.may_list(g.viewer):
        raise NotFound
    places = queries.places(g.viewer)
    kinds = [(key, kind.label) for key, kind in sources.kinds().items()]
    page: ListPage[Any] = ListPage(
        presenters.columns(g.today),
        presenters.filters(places, kinds),
        request.args,
        "/actions",
        default_sort=presenters.SOONEST,
        id="actions",
        size=ROWS,
    )
    chosen = dict(page.filters)
    if "whose" not in chosen and (not places or queries.owns_any(g.viewer)):
        chosen["whose"] = queries.MINE
    return page, chosen, bool(places)
