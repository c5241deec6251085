"""One's own calendar: its page, its private address for calendar programs, and a file."""

from http import HTTPStatus

from flask import Blueprint, Response, current_app, g, render_template, request, url_for
from flask.typing import ResponseReturnValue

from qa_app.access.viewer import Viewer
from qa_app.calendars import operations, queries
from qa_app.calendars.rules import as_ics
from qa_app.core.database import commits
from qa_app.core.web import error_answer, see_other
from qa_app.signin import throttle

calendars = Blueprint("calendars", __name__)

FILE = "case-audits.ics"


@calendars.get("/my/calendar")
def mine() -> ResponseReturnValue:
    """Whether there is a private address, how to use it, and what the calendar holds."""
    entries = sorted(queries.entries(g.viewer, g.today), key=lambda entry: (entry.due_on, entry.key))
    return render_template("calendars/mine.html", feed=queries.feed_of(g.viewer.person_id), entries=entries)


@calendars.post("/my/calendar")
@commits
def make() -> ResponseReturnValue:
    """Make a new private address, and show it this once."""
    token = operations.make_feed(g.viewer, g.now)
    link = current_app.config["BASE_URL"] + url_for("calendars.feed", token=token)
    return render_template("calendars/made.html", link=link)


@calendars.post("/my/calendar/stop")
@commits
def stop() -> ResponseReturnValue:
    """Take the private address away."""
    operations.stop_feed(g.viewer, g.now)
    return see_other(url_for("calendars.mine"), "The private address has stopped working.")


@calendars.get("/my/calendar/file")
def file() -> ResponseReturnValue:
    """The calendar as a file, as it stands now."""
    response = _calendar(g.viewer)
    response.headers["Content-Disposition"] = f'attachment; filename="{FILE}"'
    return response


@calendars.get("/calendar/<string:token>.ics")
def feed(token: str) -> ResponseReturnValue:
    """The calendar of whoever's token this is: for calendar programs, which cannot sign in."""
    viewer = queries.viewer_by_token(token, g.today)
    if viewer is None:
        return _refused(request.remote_addr or "")
    response = _calendar(viewer)
    response.headers["X-Robots-Tag"] = "noindex"
    return response.make_conditional(request)


def _refused(address: str) -> Response:
    if until := throttle.wait_until(address, g.now):
        seconds = int((until - g.now).total_seconds()) + 1
        return error_answer(HTTPStatus.TOO_MANY_REQUESTS, headers={"Retry-After": str(seconds)})
    throttle.count(address, g.now)
    return error_answer(HTTPStatus.NOT_FOUND)


def _calendar(viewer: Viewer) -> Response:
    body = as_ics(
        queries.entries(viewer, g.today), current_app.config["PRODUCT_NAME"], str(current_app.config["BASE_URL"])
    )
    response = Response(body, content_type="text/calendar; charset=utf-8")
    response.add_etag()
    response.headers["Cache-Control"] = "private, no-cache"
    return response
