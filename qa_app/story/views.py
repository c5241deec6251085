"""The page that tells the whole story of an audit."""

from flask import Blueprint, g, render_template
from flask.typing import ResponseReturnValue

from qa_app.audits.operations import record_view
from qa_app.audits.permissions import grades_hidden_from
from qa_app.audits.queries import audit_for
from qa_app.core.database import commits
from qa_app.core.web import see_other
from qa_app.story.presenters import story_page
from qa_app.story.queries import story_of

story = Blueprint("story", __name__)


@story.get("/audits/<string:round>/<int:number>/story")
@commits
def show(round: str, number: int) -> ResponseReturnValue:
    """What happened to an audit, as far as the viewer may read it."""
    audit = audit_for(g.viewer, round, number)
    if grades_hidden_from(g.viewer, audit):
        return see_other(f"/moderation/{round}/{number}")
    record_view(audit, g.viewer, g.now)
    page = story_page(audit, story_of(audit, g.viewer), g.viewer)
    return render_template("story/story.html", page=page)
