"""The list of reports, one report, one recommendation, and what its owner says."""

from typing import Any

from flask import Response, g, render_template, request, url_for
from flask.typing import ResponseReturnValue

from qa_app.core.database import commits
from qa_app.core.errors import BadInput, IllegalMove, Stale
from qa_app.core.lists import ListPage
from qa_app.core.spreadsheet import download, workbook
from qa_app.core.web import page_or_fragment, see_other
from qa_app.people.queries import services
from qa_app.recommendations import operations, presenters, queries
from qa_app.recommendations.forms import ProgressForm
from qa_app.recommendations.permissions import can_describe, can_manage, reads_whole
from qa_app.recommendations.presenters import path_of
from qa_app.recommendations.states import RecommendationState
from qa_app.recommendations.views.room import form_page, recommendations


def _list() -> ListPage[Any]:
    offered = presenters.filters([(one.id, one.name) for one in services()])
    return ListPage(
        presenters.columns(),
        offered,
        request.args,
        "/recommendations",
        default_sort=presenters.NEWEST_FIRST,
        default_descending=True,
    )


@recommendations.get("/recommendations")
def index() -> ResponseReturnValue:
    """Every report that the viewer may see, with how far its recommendations are implemented."""
    page = _list()
    page.fill(*queries.find_reports(g.viewer, page.filters, page.order_by, limit=page.limit, offset=page.offset))
    return page_or_fragment(
        "recommendations/index.html",
        "recommendations/_index.html",
        list=page,
        title=presenters.heading(page.total),
        manages=can_manage(g.viewer),
        export_path=url_for("recommendations.export"),
    )


@recommendations.get("/recommendations/export")
@commits
def export() -> ResponseReturnValue:
    """The same rows as a workbook, filters and order kept."""
    page = _list()
    rows, _ = queries.find_reports(g.viewer, page.filters, page.order_by)
    operations.record_export(None, g.viewer, g.now)
    return download("follow-up", workbook("Reports", page.columns, rows))


def _rows(reference: str) -> tuple[ListPage[Any], Any, Any]:
    report = queries.report_for(g.viewer, reference)
    found = queries.recommendations_of(g.viewer, report)
    path = path_of(report)
    page: ListPage[Any] = ListPage(
        presenters.row_columns(), presenters.row_filters(), request.args, path, default_sort="", size=1000
    )
    rows = presenters.rows_of(found, page.filters, g.today, path)
    page.fill(rows, len(rows))
    return page, report, found


@recommendations.get("/recommendations/<string:reference>")
def show(reference: str) -> ResponseReturnValue:
    """One report: its results, its recommendations, its follow-ups."""
    page, report, found = _rows(reference)
    manages = can_manage(g.viewer)
    shown = presenters.report_page(
        report,
        found,
        queries.follow_ups_of(report, drafts=manages),
        queries.published_counts(g.viewer, report),
        whole=reads_whole(g.viewer, report),
    )
    export_path = url_for("recommendations.export_report", reference=reference)
    return page_or_fragment(
        "recommendations/show.html",
        "recommendations/_rows.html",
        list=page,
        shown=shown,
        manages=manages,
        export_path=export_path,
    )


@recommendations.get("/recommendations/<string:reference>/export")
@commits
def export_report(reference: str) -> ResponseReturnValue:
    """The report's recommendations as a workbook, with the newest evidence."""
    page, report, found = _rows(reference)
    judged = queries.newest_judgements([each.id for each in found])
    operations.record_export(report, g.viewer, g.now)
    return download(report.reference, workbook("Recommendations", presenters.row_export(judged), page.rows))


@recommendations.get("/recommendations/<string:reference>/<int:number>")
def recommendation(reference: str, number: int) -> ResponseReturnValue:
    """One recommendation."""
    report = queries.report_for(g.viewer, reference)
    return _recommendation_page(queries.recommendation_of(g.viewer, report, number), None)


@recommendations.post("/recommendations/<string:reference>/<int:number>/progress")
@commits
def describe(reference: str, number: int) -> ResponseReturnValue:
    """The owner says what was done."""
    report = queries.report_for(g.viewer, reference)
    found = queries.recommendation_of(g.viewer, report, number)
    form, path = ProgressForm(), f"{path_of(report)}/{number}"
    is_done = bool(form.is_done.data)
    if form.validate():
        try:
            operations.describe(found, form.text.data or "", g.viewer, g.now, is_done=is_done)
        except BadInput as refusal:
            form.add_errors(refusal.fields)
        except (IllegalMove, Stale):
            return see_other(path, "It was changed meanwhile. This is how it stands now.")
        else:
            done = "Saved. The next follow-up audit looks at it." if is_done else "Saved. It stays open."
            return see_other(path, done)
    return _recommendation_page(found, form)


def _recommendation_page(found: Any, given: ProgressForm | None) -> Response:
    judged = queries.judgements_on(found)
    page = presenters.recommendation_page(found, queries.notes_on(found), judged, g.today)
    form = given or ProgressForm(formdata=None, data={"version": found.version, "is_done": page.is_said_done})
    manages = can_manage(g.viewer)
    context = {
        "page": page,
        "describes": can_describe(g.viewer, found),
        "manages": manages and found.state != RecommendationState.IMPLEMENTED,
        "removable": manages and operations.can_be_removed(found),
    }
    if given is None:
        return Response(render_template("recommendations/recommendation.html", progress=form, **context))
    return form_page("recommendations/recommendation.html", form, progress=form, **context)
