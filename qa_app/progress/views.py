"""Progress by manager, the audits behind each figure, reminders and exports."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, Response, flash, g, render_template, request, url_for
from flask.typing import ResponseReturnValue

from qa_app.core.database import commits
from qa_app.core.lists import ListPage
from qa_app.core.spreadsheet import download, workbook
from qa_app.core.web import page_or_fragment, see_other, wants_fragment
from qa_app.progress import operations, queries
from qa_app.progress.permissions import remindable
from qa_app.progress.presenters import audits as audits_of_figure
from qa_app.progress.presenters import words
from qa_app.progress.presenters.lines import Lines, columns_for, manager_key
from qa_app.progress.presenters.managers import EXPORT, ManagerList, filters, in_order
from qa_app.progress.rules import ManagerRow

progress = Blueprint("progress", __name__, url_prefix="/progress")


@dataclass(frozen=True)
class _Managers:
    """One round's list of managers as the address asks for it, with all rows and not only those of the page."""

    round: Any
    list: ManagerList
    rows: Sequence[ManagerRow]
    audits_path: str


@progress.get("")
def current() -> ResponseReturnValue:
    """The round whose progress matters now, or the one chosen in the form."""
    if chosen := request.args.get("round"):
        return see_other(url_for("progress.managers", round=queries.round_by_reference(chosen).reference))
    round_ = queries.current_round()
    if round_ is None:
        return render_template("progress/none.html")
    return _managers_page(_managers(round_))


@progress.get("/<string:round>")
def managers(round: str) -> ResponseReturnValue:
    """Progress by manager of one round."""
    return _managers_page(_managers(queries.round_by_reference(round)))


@progress.get("/<string:round>/export")
@commits
def export(round: str) -> ResponseReturnValue:
    """The same rows as a workbook, filters and order kept."""
    found = _managers(queries.round_by_reference(round))
    operations.record_export(found.round, found.list.filters, g.viewer, g.now)
    return download(f"progress-{found.round.reference}", workbook("Progress", EXPORT, found.rows))


@progress.get("/<string:round>/audits")
def audits(round: str) -> ResponseReturnValue:
    """The audits behind a figure."""
    found = _managers(queries.round_by_reference(round))
    page = _audit_list(found)
    behind = _audits_behind(found, page, page.limit, page.offset)
    page.fill(behind.audits, behind.total)
    return page_or_fragment(
        "progress/audits.html",
        "progress/_audits.html",
        list=page,
        export_path=url_for("progress.export_audits", round=found.round.reference),
        back=found.list.address(),
        title=audits_of_figure.heading(found.round, behind.total, page, g.today),
    )


@progress.get("/<string:round>/audits/export")
@commits
def export_audits(round: str) -> ResponseReturnValue:
    """The audits behind a figure as a workbook."""
    found = _managers(queries.round_by_reference(round))
    page = _audit_list(found)
    behind = _audits_behind(found, page, None, 0)
    operations.record_audits_export(found.round, page.filters, g.viewer, g.now)
    return download(f"audits-{found.round.reference}", workbook("Audits", page.columns, behind.audits))


@progress.get("/<string:round>/remind")
def remind_all(round: str) -> ResponseReturnValue:
    """Whom a reminder would go to, before it goes to many."""
    found = _managers(queries.round_by_reference(round))
    behind = remindable(g.viewer, found.rows)
    reminded = queries.reminded_on(found.round, g.today)
    return render_template(
        "progress/remind_all.html",
        round=found.round,
        rows=[row for row in behind if row.person_id not in reminded],
        already=len([row for row in behind if row.person_id in reminded]),
        back=found.list.address(),
        action=_with_filters("progress.remind", found),
    )


@progress.post("/<string:round>/remind")
@commits
def remind(round: str) -> ResponseReturnValue:
    """Remind the managers named in the form, and show the list again with what happened."""
    found = _managers(queries.round_by_reference(round))
    ticked = request.form.getlist("manager")
    person_ids = [int(value) for value in ticked if value.isascii() and value.isdigit() and len(value) < 10]
    reminded = operations.remind(found.round, person_ids, g.viewer, g.now)
    message = words.what_happened(reminded.rows, reminded.new)
    if wants_fragment():
        flash(message)
        return _managers_page(found)
    return see_other(found.list.address(), message)


def _managers(round_: Any) -> _Managers:
    """Read the address and the rows. Order, grouping and totals are made of the same rows, so they always agree."""
    known = queries.organisation()
    page = ManagerList(
        columns_for(g.viewer),
        filters(known.places(g.viewer)),
        request.args,
        url_for("progress.managers", round=round_.reference),
        default_sort="outstanding",
        default_descending=True,
        id="managers",
    )
    rows = in_order(queries.progress(round_, g.viewer, page.filters), page)
    return _Managers(round_, page, rows, url_for("progress.audits", round=round_.reference))


def _managers_page(found: _Managers) -> Response:
    page, behind = found.list, remindable(g.viewer, found.rows)
    shown = page.page_of(found.rows)
    lines = Lines(
        g.viewer,
        g.today,
        found.audits_path,
        {row.person_id for row in behind},
        queries.reminded_on(found.round, g.today),
    )
    page.rows = lines.of(shown)
    return page_or_fragment(
        "progress/managers.html",
        "progress/_progress.html",
        list=page,
        round=found.round,
        rounds=[(reference, reference) for reference in queries.rounds_to_look_at()],
        title=words.heading(found.round, page.total_figures, g.today),
        strip=words.strip(page.total_figures, page, found.audits_path),
        remind_address=_with_filters("progress.remind", found),
        may_remind_all=len(behind) > 1,
        export_path=url_for("progress.export", round=found.round.reference),
    )


def _with_filters(endpoint: str, found: _Managers) -> str:
    path: str = url_for(endpoint, round=found.round.reference)
    return found.list.export_address(path)


def _audit_list(found: _Managers) -> ListPage[queries.ListedAudit]:
    offered = audits_of_figure.filters(found.list.offered, found.rows)
    columns = audits_of_figure.columns(g.today)
    return ListPage(columns, offered, request.args, found.audits_path, default_sort="reference", id="audits")


def _audits_behind(
    found: _Managers, page: ListPage[queries.ListedAudit], limit: int | None, offset: int
) -> queries.FoundAudits:
    manager = page.filters.get("manager")
    rows = [row for row in found.rows if manager is None or manager_key(row) == manager]
    window = queries.Window(page.order_by, limit, offset)
    return queries.audits_behind(found.round, rows, page.filters.get("state", ""), g.viewer, window)
