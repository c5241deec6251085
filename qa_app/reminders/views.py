"""Tomorrow's mails, for administrators to look at before they go."""

from flask import Blueprint, g, render_template, request
from flask.typing import ResponseReturnValue

from qa_app.core.lists import ListPage
from qa_app.core.web import page_or_fragment
from qa_app.reminders import presenters
from qa_app.reminders.tomorrow import next_run, readers

reminders = Blueprint("reminders", __name__)


@reminders.get("/mail/tomorrow")
def tomorrow() -> ResponseReturnValue:
    """Who gets what on the next working day, as things stand now."""
    when = next_run(g.now)
    if when is None:
        return render_template("reminders/quiet.html")
    page = ListPage(presenters.COLUMNS, presenters.FILTERS, request.args, request.path, default_sort="to")
    found = readers(g.viewer, when, page.filters)
    page.fill(found[page.offset : page.offset + page.limit], len(found))
    title = presenters.heading(found, when)
    return page_or_fragment("reminders/tomorrow.html", "reminders/_tomorrow.html", list=page, title=title)
