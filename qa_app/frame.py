"""What the page frame shows on every page: the product's name, where to sign in and out, and the demo's banner."""

from typing import Any

from flask import Flask, g, request, url_for
from flask_login import current_user

from qa_app.signin.sessions import seconds_left


def install(app: Flask) -> None:
    """Give base.html what it counts on."""
    app.context_processor(lambda: _frame(app))


def _frame(app: Flask) -> dict[str, Any]:
    here = request.full_path.rstrip("?") if request.method == "GET" and request.path != "/sign-in" else "/"
    return {
        "product_name": app.config["PRODUCT_NAME"],
        "demo": app.config["DEMO"],
        "sign_in_url": url_for("signin.sign_in", next=here),
        "sign_out_url": url_for("signin.sign_out"),
        "account_url": url_for("signin.account"),
        "accessibility_url": url_for("home.accessibility"),
        "session_ends": _session_ends(),
    }


def _session_ends() -> dict[str, Any] | None:
    """For the warning before somebody is signed out: in how many seconds that is, and where to say that one stays."""
    if "viewer" not in g:
        return None
    left, most = seconds_left(current_user, g.now)
    return {"stay": url_for("signin.stay"), "left": left, "most": most}
