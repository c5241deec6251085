"""The QA team's words beside the figures."""

from flask import g, render_template
from flask.typing import ResponseReturnValue

from qa_app.core.database import commits
from qa_app.core.drafts import answer_changed, answer_saved, answer_unreadable
from qa_app.core.web import see_other
from qa_app.reports import operations
from qa_app.reports.forms import words_form
from qa_app.reports.permissions import check_can_manage
from qa_app.reports.presenters import pages
from qa_app.reports.queries import Edition
from qa_app.reports.states import OUTSIDE, EditionState
from qa_app.reports.views.room import content_of, found, reports

TEMPLATE = "reports/words.html"


@reports.get("/reports/<string:reference>/words")
def words(reference: str) -> ResponseReturnValue:
    """Every place for words, on one page that saves itself."""
    edition = found(reference)
    check_can_manage(g.viewer)
    if edition.state not in (EditionState.DRAFT, EditionState.IN_REVIEW):
        return see_other(pages.path_of(edition))
    form = words_form(pages.narratives_of(content_of(edition)), edition.narrative, edition.narrative_version)
    return render_template(TEMPLATE, form=form, **_context(edition))


@reports.post("/reports/<string:reference>/words")
@commits
def write(reference: str) -> ResponseReturnValue:
    """Save them, by the button or by itself."""
    edition = found(reference)
    form = words_form(pages.narratives_of(content_of(edition)), {}, 0)
    if not form.validate():
        return answer_unreadable(form, TEMPLATE, **_context(edition))
    try:
        version = operations.write(edition, form.typed(), form.seen, g.viewer, g.now)
    except operations.Changed as changed:
        theirs = [
            {"name": place.prompt, "value": edition.narrative.get(place.key, "")}
            for place in form.places
            if edition.narrative.get(place.key, "") != form.typed()[place.key]
        ]
        return answer_changed(form, TEMPLATE, changed.version, theirs=theirs, **_context(edition))
    return answer_saved(version, pages.path_of(edition))


def _context(edition: Edition) -> dict[str, object]:
    return {
        "title": f"Your words: {pages.title_of(edition)}",
        "path": pages.path_of(edition),
        "sections": content_of(edition).sections,
        "outside": edition.audience in OUTSIDE,
    }
