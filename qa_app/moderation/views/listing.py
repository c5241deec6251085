"""The queue, and one moderation for whoever may know of it."""

from flask import g, render_template, request
from flask.typing import ResponseReturnValue

from qa_app.audits.operations import record_view
from qa_app.core.database import commits
from qa_app.core.lists import ListPage
from qa_app.core.spreadsheet import download, workbook
from qa_app.core.web import page_or_fragment
from qa_app.moderation import operations, presenters, queries
from qa_app.moderation.permissions import acting_moderator, can_manage, disputant, sees_grades
from qa_app.moderation.states import GRADING, UNSETTLED, WITH_RESULT, ModerationState
from qa_app.moderation.views import moderation
from qa_app.moderation.views.grading import work
from qa_app.people.queries import services
from qa_app.tools.queries import domains


def _list() -> ListPage[queries.QueueRow]:
    offered = presenters.filters(
        [(one.id, one.name) for one in services()], queries.months(), manages=can_manage(g.viewer)
    )
    columns = presenters.columns(g.today)
    return ListPage(columns, offered, request.args, "/moderation", default_sort=presenters.FIRST_DUE)


@moderation.get("/moderation")
def queue() -> ResponseReturnValue:
    """The moderations that the viewer may see, the first due first."""
    page = _list()
    found = queries.find_moderations(
        g.viewer, page.filters, page.order_by, g.today, limit=page.limit, offset=page.offset
    )
    page.fill(*found)
    title = presenters.heading(page.total, page.filters)
    return page_or_fragment(
        "moderation/queue.html", "moderation/_queue.html", list=page, title=title, export_path="/moderation/export"
    )


@moderation.get("/moderation/export")
@commits
def export() -> ResponseReturnValue:
    """The same list as a workbook, filters and order kept, with the grades where there is a result."""
    page = _list()
    rows, _ = queries.find_moderations(g.viewer, page.filters, page.order_by, g.today)
    operations.record_export(page.filters, g.viewer, g.now)
    return download("moderations", workbook("Moderations", presenters.export_columns(g.today), rows))


@moderation.get("/moderation/<string:round>/<int:number>")
@commits
def show(round: str, number: int) -> ResponseReturnValue:
    """The audit and the form side by side for its moderator; for everybody else, and later, what came of it."""
    found = queries.moderation_for(g.viewer, round, number)
    record_view(found.audit, g.viewer, g.now)
    moderates = acting_moderator(g.viewer, found) is not None
    if moderates and found.state in GRADING:
        return work(found)
    sees = sees_grades(g.viewer, found)
    page = presenters.page_for(
        found,
        domains(found.audit.round.tool_version_id),
        queries.own_sections(found.id),
        queries.newest_content(found.audit_id) if sees else None,
        g.today,
        shows_own=moderates or found.state in WITH_RESULT,
        selection=queries.selection_of(found.audit_id) if sees or not moderates else None,
    )
    manages = can_manage(g.viewer)
    return render_template(
        "moderation/moderation.html",
        page=page,
        mine=moderates and found.state in UNSETTLED,
        gives=manages and found.state in GRADING,
        decides=manages and found.state == ModerationState.DISPUTED,
        disputes=found.state == ModerationState.MODERATED and disputant(g.viewer, found) is not None,
    )
