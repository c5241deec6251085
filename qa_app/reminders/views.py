"""Tomorrow's mails, for administrators to look at before they go."""

from typing import Any

from flask import Blueprint, g, render_template, request, url_for
from flask.typing import ResponseReturnValue

from qa_app.core.database import commits
from qa_app.core.lists import ListPage
from qa_app.core.web import page_or_fragment, see_other
from qa_app.reminders import presenters
from qa_app.reminders.tomorrow import next_run, readers
from qa_app.trail.exports import take_away

reminders = Blueprint("reminders", __name__)


@reminders.get("/mail/tomorrow")
def tomorrow() -> ResponseReturnValue:
    """Who gets what on the next working day, as things stand now."""
    when = next_run(g.now)
    if when is None:
        return render_template("reminders/quiet.html")
    page = _list()
    found = readers(g.viewer, when, page.filters)
    page.fill(found[page.offset : page.offset + page.limit], len(found))
    title = presenters.heading(found, when)
    return page_or_fragment("reminders/tomorrow.html", "reminders/_tomorrow.html", list=page, title=title)


@reminders.get("/mail/tomorrow/export")
@commits
def export_tomorrow() -> ResponseReturnValue:
    """The same list as a workbook."""
    when = next_run(g.now)
    if when is None:
        return see_other(url_for("reminders.tomorrow"))
    page = _list()
    found = readers(g.viewer, when, page.filters)
    return take_away(page, lambda _limit: (found, len(found)), "Tomorrow", "mail:tomorrow-exported", g.viewer, g.now)


def _list() -> ListPage[Any]:
    return ListPage(presenters.COLUMNS, presenters.FILTERS, request.args, "/mail/tomorrow", default_sort="to")
