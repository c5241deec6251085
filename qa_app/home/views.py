"""The home page, the page More, the menu and the accessibility statement."""

from typing import Any

from flask import Blueprint, g, render_template, request
from flask.typing import ResponseReturnValue

from qa_app.home.navigation import entries_for, navigation
from qa_app.home.presenters import home as home_of
from qa_app.home.queries import situation

home = Blueprint("home", __name__)


@home.app_context_processor
def _menu() -> dict[str, Any]:
    return {"navigation": navigation(g.get("viewer"), request.path)}


@home.get("/", endpoint="home")
def home_page() -> ResponseReturnValue:
    """What needs the viewer now, and one line of figures."""
    return render_template("home/home.html", page=home_of(situation(g.viewer, g.today)))


@home.get("/more")
def more() -> ResponseReturnValue:
    """Every page that the viewer can use, for those whose menu has no room for all."""
    return render_template("home/more.html", entries=entries_for(g.viewer))


@home.get("/accessibility")
def accessibility() -> ResponseReturnValue:
    """The accessibility statement."""
    return render_template("home/accessibility.html")
