"""The cookie by which a browser is known to a person who has signed in with it before. It signs nobody in."""

import secrets
from datetime import timedelta

from flask import Response, current_app, request
from itsdangerous import BadSignature, URLSafeTimedSerializer

from qa_app.signin.authentication import Origin
from qa_app.signin.rules import browser_name

KNOWN_FOR = timedelta(days=400)
"""The longest that browsers keep a cookie."""


def origin() -> Origin:
    """Where this request comes from, and to whom its browser is known."""
    known_to, mark = _known()
    browser = browser_name(request.user_agent.string)
    return Origin(request.remote_addr or "", browser, known_to, mark)


def make_known(response: Response, person_id: int) -> None:
    """Let this browser be known to a person who has just signed in with it."""
    known_to, mark = _known()
    value = _serializer().dumps([person_id, mark if known_to == person_id else secrets.token_urlsafe(12)])
    response.set_cookie(
        _name(),
        str(value),
        max_age=KNOWN_FOR,
        secure=current_app.config["SESSION_COOKIE_SECURE"],
        httponly=True,
        samesite="Lax",
    )


def _known() -> tuple[int | None, str]:
    try:
        person_id, mark = _serializer().loads(request.cookies.get(_name(), ""), max_age=int(KNOWN_FOR.total_seconds()))
    except (BadSignature, ValueError, TypeError):
        return None, ""
    return person_id, mark


def _name() -> str:
    return "__Host-browser" if current_app.config["SESSION_COOKIE_SECURE"] else "browser"


def _serializer() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(current_app.config["SECRET_KEY"], salt="known browser")
