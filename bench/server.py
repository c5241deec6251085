"""The application under the bench: with the floor's route and a count of queries in a header of each answer."""

from flask import Blueprint, Flask, Response, g, render_template
from sqlalchemy import event, select

from qa_app import create_app
from qa_app.access.policy import POLICY, Anyone
from qa_app.audits.models import Audit
from qa_app.core.database import commits, db
from qa_app.trail.operations import append

floor = Blueprint("bench", __name__, template_folder="templates")


@floor.get("/bench/floor")
def page() -> str:
    """The floor: a signed-in page in the app's own base template, one indexed query, a plain table of 25 rows."""
    rows = db.session.execute(
        select(Audit.reference, Audit.case_type, Audit.state, Audit.due_on)
        .where(Audit.auditor_id == g.viewer.person_id)
        .order_by(Audit.due_on.desc())
        .limit(25)
    ).all()
    return render_template("floor.html", rows=rows)


@floor.post("/bench/change")
@commits
def change() -> tuple[str, int]:
    """Something happens: nothing that was kept holds any more."""
    append("bench:changed", g.viewer, g.now, ("bench", None))
    return "", 204


def application() -> Flask:
    """The app with the floor, a change and the counter."""
    POLICY["bench.page", "GET"] = Anyone.SIGNED_IN
    POLICY["bench.change", "POST"] = Anyone.SIGNED_IN
    app = create_app()
    app.config["WTF_CSRF_ENABLED"] = False
    app.register_blueprint(floor)
    with app.app_context():
        event.listen(db.engine, "before_cursor_execute", _count)
    app.after_request(_tell)
    return app


def _count(*_: object) -> None:
    if g:
        g.queries = g.get("queries", 0) + 1


def _tell(response: Response) -> Response:
    response.headers["X-Queries"] = str(g.get("queries", 0))
    return response
