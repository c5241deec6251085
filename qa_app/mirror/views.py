"""The page of an auditor's own mirror."""

from flask import Blueprint, g, render_template
from flask.typing import ResponseReturnValue

from qa_app.mirror.presenters import mirror_page
from qa_app.mirror.queries import mirror_of

mirror = Blueprint("mirror", __name__)


@mirror.get("/my-mirror")
def show() -> ResponseReturnValue:
    """The viewer's own grades and what became of them. There is no address for anybody else's."""
    return render_template("mirror/mirror.html", page=mirror_page(mirror_of(g.viewer, g.today), g.today))
