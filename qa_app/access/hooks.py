"""The one gate: before every request, who is asking, what the table of access says, and whether it may write."""

from flask import Flask, Response, abort, current_app, g, request
from flask_login import current_user

from qa_app.access.permissions import Permission
from qa_app.access.policy import POLICY, Anyone
from qa_app.access.recorded import RECORDS_VIEW
from qa_app.core.clock import london_day
from qa_app.core.database import may_write

SAFE = frozenset({"GET", "HEAD"})


def install(app: Flask) -> None:
    """Put the gate before every request."""
    app.before_request(_set_time_and_mode)
    app.before_request(_check_access)
    app.teardown_request(lambda _error: may_write.set(True) and None)


def _set_time_and_mode() -> None:
    g.now = current_app.config["CLOCK"]()
    g.today = london_day(g.now)
    may_write.set(request.method not in SAFE or request.endpoint in RECORDS_VIEW)


def _check_access() -> Response | None:
    if request.endpoint is None:
        return None
    need = POLICY.get((request.endpoint, "GET" if request.method == "HEAD" else request.method))
    if need is None:
        abort(404)
    if need is Anyone.DEMO and not current_app.config["DEMO"]:
        abort(404)
    if need in (Anyone.PUBLIC, Anyone.DEMO):
        return None
    if not current_user.is_authenticated:
        abort(401)
    g.viewer = current_user.viewer
    if isinstance(need, Permission) and not g.viewer.can(need):
        abort(404)
    return None
