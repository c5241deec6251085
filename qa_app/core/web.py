"""Pages and fragments, redirects with a message, and error pages. The Flask that areas share."""

import logging
from collections.abc import Callable
from http import HTTPStatus
from typing import Any
from urllib.parse import urlsplit

from flask import Flask, Response, flash, make_response, render_template, request, session
from flask_wtf.csrf import CSRFError, generate_csrf
from markupsafe import Markup
from sqlalchemy.exc import DBAPIError
from werkzeug.exceptions import HTTPException, SecurityError

from qa_app.core.database import is_out_of_reach
from qa_app.core.errors import BadInput, IllegalMove, NotAllowed, NotFound, Stale
from qa_app.core.format import FILTERS
from qa_app.core.lists import options

log = logging.getLogger(__name__)


def from_htmx() -> bool:
    """Whether htmx sent the request (as opposed to a person following a link or sending a form)."""
    return request.headers.get("HX-Request") == "true"


def wants_fragment() -> bool:
    """Whether to answer with a part of the page.

    htmx asks for whole pages too: for boosted links, when history is restored, and when the whole body is the target.
    """
    headers = request.headers
    return (
        from_htmx()
        and headers.get("HX-Boosted") != "true"
        and headers.get("HX-History-Restore-Request") != "true"
        and headers.get("HX-Request-Type") != "full"
    )


def page_or_fragment(page: str, fragment: str, *, status: int = 200, **context: Any) -> Response:
    """The whole `page`, or only its `fragment` when htmx will swap that in; both templates get the same context."""
    if wants_fragment():
        response = _as_fragment(render_template(fragment, **context) + _waiting_messages(), status)
    else:
        response = make_response(render_template(page, **context), status)
        response.vary.add("HX-Request")
    return response


def see_other(url: str, message: str | None = None) -> Response:
    """Send the browser to another page of ours after a change (303), with a message to show there.

    To htmx it says so in its own header: a redirect would be followed unseen and its page swapped into a part.
    Raises ValueError for an address outside this site, so that no request can make it an open redirect.
    """
    parts = urlsplit(url)
    if parts.scheme or parts.netloc or not url.startswith("/") or "\\" in url:
        raise ValueError("see_other leads only to pages of this site")
    if message:
        flash(message)
    if wants_fragment():
        response = make_response("", HTTPStatus.OK)
        response.headers["HX-Redirect"] = url
        return response
    response = make_response("", HTTPStatus.SEE_OTHER)
    response.headers["Location"] = url
    return response


def saved(version: int, at: str) -> Response:
    """Answer to an autosave: nothing to show but the new version and the London time (`14:02`) it was saved at."""
    response = make_response("", HTTPStatus.NO_CONTENT)
    response.headers["X-Version"] = str(version)
    response.headers["X-Saved-At"] = at
    return response


def autosaving() -> bool:
    """Whether the form was sent by its autosave and not by a person pressing its button."""
    return request.headers.get("X-Autosave") == "1"


def csrf_field() -> Markup:
    """Hidden input with the CSRF token, without an id, so that a page may hold many forms."""
    return Markup('<input type="hidden" name="csrf_token" value="{}">').format(generate_csrf())


def register_web(app: Flask) -> None:
    """Filters, globals and error pages that every template and view counts on."""
    app.jinja_env.filters.update(FILTERS, options=options)
    app.jinja_env.globals["csrf_field"] = csrf_field
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True
    register_errors(app)


def register_errors(app: Flask) -> None:
    """Turn every refusal and failure into an error page, or for htmx into a message in `#notice`; never a redirect."""
    app.register_error_handler(HTTPException, _http_error)
    app.register_error_handler(CSRFError, lambda _error: error_answer(400, EXPIRED_FORM))
    refusals: tuple[tuple[type[Exception], int], ...] = (
        (NotAllowed, 403),
        (NotFound, 404),
        (Stale, 409),
        (IllegalMove, 409),
        (BadInput, 422),
    )
    for kind, status in refusals:
        app.register_error_handler(kind, _refusal(status))
    app.register_error_handler(DBAPIError, _database_trouble)


EXPIRED_FORM = (
    "This page was open for too long, or you have signed in again since. Go back, reload the page and send it again."
)

# status: (heading, what to do). Headings are page titles, so they name no case and no person.
ERRORS: dict[int, tuple[str, str]] = {
    400: ("This request could not be read", "Go back, reload the page and try again."),
    401: ("Sign in to continue", "You have been signed out, or have not signed in yet. Nothing was changed."),
    403: (
        "You cannot do this",
        "Your role does not allow it. If you need it for your work, ask the quality assurance team.",
    ),
    404: (
        "Page not found",
        "Check the address. The page may have moved, or it may be something that you are not meant to see.",
    ),
    405: ("This page cannot be used that way", "Go back and use the buttons on the page."),
    409: ("This has changed", "Somebody else, or another tab, changed it first. Reload the page to see how it is now."),
    413: ("The file is too large", "Choose a smaller file, or ask the quality assurance team to raise the limit."),
    422: ("There is a problem", "Go back, check what you entered and send it again."),
    429: ("Too many tries", "Wait a few minutes, then try again."),
    500: (
        "Something went wrong",
        "It is our fault, not yours. Nothing was changed. Try again; if it goes on, tell the quality assurance team.",
    ),
    503: ("The service is busy", "Nothing was changed. Wait a minute, then try again."),
}


def error_answer(status: int, message: str | None = None, headers: dict[str, str] | None = None) -> Response:
    """Error page, or for htmx the same words for the fixed `#notice` region, so that an error never replaces a page."""
    heading, advice = ERRORS.get(status, ERRORS[500 if status >= HTTPStatus.INTERNAL_SERVER_ERROR else 400])
    context = {"status": status, "heading": heading, "message": message or advice}
    if wants_fragment() or autosaving():
        response = _as_fragment(render_template("errors/_error.html", **context), status)
        response.headers["HX-Retarget"] = "#notice"
        response.headers["HX-Reswap"] = "innerHTML"
        response.headers["HX-Push-Url"] = "false"
        response.headers["HX-Replace-Url"] = "false"
    else:
        again = _what_was_sent() if status == HTTPStatus.SERVICE_UNAVAILABLE else []
        response = make_response(render_template("errors/error.html", send_again=again, **context), status)
        response.vary.add("HX-Request")
    for name, value in (headers or {}).items():
        response.headers[name] = value
    return response


def _what_was_sent() -> list[tuple[str, str]]:
    """The form that could not be taken, so that the page can send it again. Passwords and files are not repeated."""
    if request.method != "POST" or request.files or any("password" in name for name in request.form):
        return []
    return list(request.form.items(multi=True))


def _as_fragment(html: str, status: int) -> Response:
    response = make_response(html, status)
    response.headers["X-Fragment"] = "1"  # lets our script tell it from a whole page that a proxy put in its place
    response.vary.add("HX-Request")
    return response


def _waiting_messages() -> str:
    """Messages flashed during an htmx request, for `#notice` beside the fragment."""
    return render_template("components/_notice_update.html") if "_flashes" in session else ""


def _http_error(error: HTTPException) -> Response:
    if isinstance(error, SecurityError):  # no host of ours was asked, so there is none to make a page's links for
        return Response("This address is not one of this service.\n", HTTPStatus.BAD_REQUEST, mimetype="text/plain")
    if error.code is None or error.code < HTTPStatus.BAD_REQUEST:  # redirects that Werkzeug raises
        return error.get_response()  # type: ignore[return-value]
    kept = {"Allow", "Retry-After"}
    headers = {name: value for name, value in error.get_headers() if name in kept}
    return error_answer(error.code, headers=headers)


def _refusal(status: int) -> Callable[[Exception], Response]:
    # A thing out of scope must look exactly like an absent one, so a 404 never uses the refusal's own words.
    return lambda error: error_answer(status, None if status == HTTPStatus.NOT_FOUND else str(error))


def _database_trouble(error: DBAPIError) -> Response:
    if not is_out_of_reach(error):
        raise error
    log.warning("the database is out of reach: %s", type(error.orig).__name__)
    return error_answer(503, headers={"Retry-After": "5"})
