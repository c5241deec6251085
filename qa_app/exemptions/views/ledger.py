"""The ledger of every request, and its file."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import g, request, url_for
from flask.typing import ResponseReturnValue

from qa_app.core.database import commits
from qa_app.core.lists import ListPage
from qa_app.core.spreadsheet import download, workbook
from qa_app.core.web import page_or_fragment, see_other
from qa_app.exemptions import operations, presenters, queries
from qa_app.exemptions.forms import read_month
from qa_app.exemptions.views import exemptions


@dataclass(frozen=True)
class _Ledger:
    """The ledger as the address asks for it; `effects` is filled once its rows are read."""

    page: ListPage[Any]
    effects: dict[int, list[tuple[date, int]]]


@exemptions.get("/exemptions/ledger")
def ledger() -> ResponseReturnValue:
    """Who asked, for what and when, how long each step took, and what it did to the denominator."""
    if not queries.reads_others(g.viewer):
        return see_other("/my/requests")
    found = _ledger()
    page = found.page
    rows = queries.ledger(g.viewer, page.filters, page.order_by, limit=page.limit, offset=page.offset)
    found.effects.update(queries.effects(rows))
    page.fill(rows, queries.counts(g.viewer, page.filters).total)
    others = {key: value for key, value in page.filters.items() if key not in ("state", "timing")}
    return page_or_fragment(
        "exemptions/ledger.html",
        "exemptions/_ledger.html",
        list=page,
        title=presenters.ledger_heading(page.total),
        figures=presenters.ledger_figures(queries.counts(g.viewer, others), page),
        denominator=_denominator(page),
        export_path=url_for("exemptions.export_ledger"),
    )


@exemptions.get("/exemptions/ledger/export")
@commits
def export_ledger() -> ResponseReturnValue:
    """The same rows as a workbook, filters and order kept."""
    if not queries.reads_others(g.viewer):
        return see_other("/my/requests")
    found = _ledger()
    rows = queries.ledger(g.viewer, found.page.filters, found.page.order_by)
    found.effects.update(queries.effects(rows))
    operations.record_export(found.page.filters, g.viewer, g.now)
    return download("exemptions", workbook("Exemptions", found.page.columns, rows))


def _ledger() -> _Ledger:
    effects: dict[int, list[tuple[date, int]]] = {}
    page: ListPage[Any] = ListPage(
        presenters.ledger_columns(g.now, effects),
        presenters.ledger_filters(queries.services_in_reach(g.viewer), queries.months_asked_for(g.viewer)),
        request.args,
        "/exemptions/ledger",
        default_sort="asked",
        default_descending=True,
        id="ledger",
    )
    return _Ledger(page, effects)


def _denominator(page: ListPage[Any]) -> str:
    """What the chosen month expects once exemptions are taken off; nothing where no month is chosen."""
    month = read_month(page.filters.get("month"))
    if month is None:
        return ""
    service = page.filters.get("service")
    return presenters.denominator_words(month, queries.denominator(g.viewer, month, int(service) if service else None))
