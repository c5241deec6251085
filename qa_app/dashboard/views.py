"""The dashboard."""

from datetime import date

from flask import Blueprint, g, render_template, request
from flask.typing import ResponseReturnValue

from qa_app.access.viewer import Viewer
from qa_app.core.lists import ListPage
from qa_app.core.web import page_or_fragment
from qa_app.dashboard.presenters import Dashboard, dashboard_of
from qa_app.dashboard.queries import gather
from qa_app.figures.cuts import RANDOM_SAMPLE, Cut
from qa_app.figures.presenters.lists import cut_of, place_filters
from qa_app.figures.queries import choices
from qa_app.trail.kept import kept

dashboard = Blueprint("dashboard", __name__)


@dashboard.get("/dashboard")
def show() -> ResponseReturnValue:
    """What a leader looks at in between reports, of the newest month or what the address asks for."""
    known = kept(choices, g.viewer)
    if not known.months:
        return render_template("dashboard/none.html")
    filters: ListPage[None] = ListPage((), place_filters(known), request.args, "/dashboard", "", id="dashboard")
    newest = known.newest.get(request.args.get("type") or RANDOM_SAMPLE, known.months[0])
    shown = kept(_shown, cut_of(request.args, newest, known), g.viewer, g.today)
    return page_or_fragment("dashboard/dashboard.html", "dashboard/_dashboard.html", list=filters, shown=shown)


def _shown(cut: Cut, viewer: Viewer, today: date) -> Dashboard:
    return dashboard_of(gather(cut, kept(choices, viewer), viewer, today))
