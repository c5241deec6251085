"""The feed itself, for programs: OData v4 (JSON) for Power BI, and plain CSV and JSON.

Who asks is told by a token, by Basic authentication (as the password; Power BI knows no other way) or as a Bearer.
"""

import json
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from http import HTTPStatus
from typing import Any
from urllib.parse import urlencode

from flask import Response, current_app, g, jsonify, render_template, request, stream_with_context
from itsdangerous import BadSignature, URLSafeTimedSerializer

from qa_app.access.viewer import Viewer
from qa_app.core.database import commits, db, may_write
from qa_app.core.errors import BadInput
from qa_app.feeds import operations, queries, writing
from qa_app.feeds.dictionary import BY_NAME, TABLES, Table
from qa_app.feeds.rules import Asked, Unsupported, asked, instant
from qa_app.feeds.views.room import feeds
from qa_app.signin import throttle

JSON = "application/json;odata.metadata=minimal;charset=utf-8"
SECONDS_TO_READ = 24 * 60 * 60
"""How long the address of a next page works."""

WRITERS: dict[str, tuple[Callable[[Table, writing.Pages], Iterator[str]], str]] = {
    "csv": (writing.csv_text, "text/csv; charset=utf-8"),
    "json": (writing.json_text, "application/json; charset=utf-8"),
}


class Refused(Exception):
    """A request that is answered with an error as OData writes them."""

    def __init__(self, status: HTTPStatus, message: str, headers: dict[str, str] | None = None) -> None:
        super().__init__(message)
        self.status, self.headers = status, headers or {}


@feeds.errorhandler(Refused)
def _refused(refused: Refused) -> Response:
    response = jsonify(error={"code": str(int(refused.status)), "message": str(refused)})
    response.status_code = refused.status
    response.headers.update(refused.headers)
    return response


@feeds.get("/feed", strict_slashes=False)
def service() -> Response:
    """The tables, by name."""
    _reader()
    sets = [{"name": table.name, "kind": "EntitySet", "url": f"{_root()}/{table.name}"} for table in TABLES]
    return _odata({"@odata.context": f"{_root()}/$metadata", "value": sets})


@feeds.get("/feed/$metadata")
def metadata() -> Response:
    """The tables' columns and types, as OData writes them (CSDL)."""
    _reader()
    response = Response(render_template("feeds/metadata.xml", tables=TABLES), content_type="application/xml")
    response.headers["OData-Version"] = "4.0"
    return response


@feeds.get("/feed/<string:table>")
@commits
def table(table: str) -> Response:
    """A page of a table, with the address of the next one."""
    known = _table(table)
    going_on = "$skiptoken" in request.args
    if going_on:
        may_write.set(False)  # the read stands in the trail since its first page
    token, viewer = _reader()
    wanted = _asked(known)
    if going_on:
        reading, after, left = _where_it_stood(known, viewer)
    else:
        reading, after, left = queries.Reading(known, wanted.since, queries.settled()), None, wanted.top
        operations.record_read(known.name, wanted.since, token, viewer, g.now)
    limit = queries.PAGE if left is None else min(left, queries.PAGE)
    page = queries.read_page(reading, viewer, after, limit) if limit else queries.Page([], None)
    chosen = f"({','.join(wanted.select)})" if wanted.select else ""
    body: dict[str, Any] = {
        "@odata.context": f"{_root()}/$metadata#{known.name}{chosen}",
        "value": writing.as_objects(known.heads, page.rows, wanted.select),
    }
    left = None if left is None else left - len(page.rows)
    if page.after is not None and left != 0:
        body["@odata.nextLink"] = _next_link(reading, viewer, page.after, left, wanted)
    return _odata(body)


@feeds.get("/feed/<string:table>.csv", defaults={"form": "csv"})
@feeds.get("/feed/<string:table>.json", defaults={"form": "json"})
@commits
def file(table: str, form: str) -> Response:
    """A whole table, or what changed in it `since`, as one file that is written while it is read."""
    known = _table(table)
    token, viewer = _reader()
    try:
        since = instant(request.args["since"]) if "since" in request.args else None
    except BadInput as error:
        raise Refused(HTTPStatus.BAD_REQUEST, str(error)) from error
    reading = queries.Reading(known, since, queries.settled())
    operations.record_read(known.name, since, token, viewer, g.now)
    write, content_type = WRITERS[form]
    response = Response(stream_with_context(write(known, _pages(reading, viewer))), content_type=content_type)
    response.headers["Content-Disposition"] = f'attachment; filename="{known.name}.{form}"'
    return response


def _pages(reading: queries.Reading, viewer: Viewer) -> Iterator[Sequence[tuple[Any, ...]]]:
    """Pages, each read in a transaction of its own that only reads. It begins when the read's entry is kept."""
    may_write.set(False)
    yield from queries.read_all(reading, viewer, between=db.session.rollback)


def _table(name: str) -> Table:
    if name not in BY_NAME:
        raise Refused(HTTPStatus.NOT_FOUND, "There is no such table.")
    return BY_NAME[name]


def _reader() -> queries.Reader:
    """Whose token the request carries."""
    given = request.authorization
    token = (given.token or given.password or given.username or "") if given is not None else ""
    challenge = {"WWW-Authenticate": 'Basic realm="Case audits feed", charset="UTF-8"'}
    if not token:
        raise Refused(HTTPStatus.UNAUTHORIZED, "Give a feed token as the password, or as a Bearer token.", challenge)
    found = queries.reader_by_token(token, g.today)
    if found is not None:
        return found
    address = request.remote_addr or ""
    if until := throttle.wait_until(address, g.now):
        seconds = int((until - g.now).total_seconds()) + 1
        raise Refused(HTTPStatus.TOO_MANY_REQUESTS, "Wait, then try again.", {"Retry-After": str(seconds)})
    throttle.count(address, g.now)
    raise Refused(HTTPStatus.UNAUTHORIZED, "This token does not work, or not any more. Make a new one.", challenge)


def _asked(known: Table) -> Asked:
    try:
        return asked(request.args, known.heads)
    except Unsupported as error:
        raise Refused(HTTPStatus.NOT_IMPLEMENTED, str(error)) from error
    except BadInput as error:
        raise Refused(HTTPStatus.BAD_REQUEST, str(error)) from error


def _root() -> str:
    return f"{current_app.config['BASE_URL']}/feed"


def _odata(body: dict[str, Any]) -> Response:
    # Not by Flask, which would put the columns into another order than the dictionary's.
    response = Response(json.dumps(body, ensure_ascii=False, separators=(",", ":")), content_type=JSON)
    response.headers["OData-Version"] = "4.0"
    return response


def _signer() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(current_app.secret_key or "", salt="feed-page")


def _next_link(reading: queries.Reading, viewer: Viewer, after: queries.Cursor, left: int | None, wanted: Asked) -> str:
    """Signed, so that nobody goes on with what they did not begin, and no page is read past the trail."""
    state = {
        "table": reading.table.name,
        "person": viewer.person_id,
        "since": reading.since.isoformat() if reading.since else None,
        "until": reading.until.isoformat(),
        "after": [value.isoformat() if hasattr(value, "isoformat") else value for value in after],
        "left": left,
    }
    options = {"$skiptoken": str(_signer().dumps(state))}
    if wanted.select:
        options["$select"] = ",".join(wanted.select)
    return f"{_root()}/{reading.table.name}?{urlencode(options)}"


def _where_it_stood(known: Table, viewer: Viewer) -> tuple[queries.Reading, queries.Cursor, int | None]:
    gone = Refused(HTTPStatus.GONE, "This page is not there any more. Begin the read again.")
    try:
        state = _signer().loads(request.args["$skiptoken"], max_age=SECONDS_TO_READ)
    except BadSignature as error:
        raise gone from error
    if (state["table"], state["person"]) != (known.name, viewer.person_id):
        raise gone
    since = datetime.fromisoformat(state["since"]) if state["since"] else None
    reading = queries.Reading(known, since, datetime.fromisoformat(state["until"]))
    return reading, queries.cursor(reading, state["after"]), state["left"]
