"""How every page that saves itself answers: saved, not readable, or changed from somewhere else."""

from http import HTTPStatus
from typing import Any

from flask import Response, g, make_response, render_template
from flask.typing import ResponseReturnValue

from qa_app.audits.forms import DraftForm
from qa_app.core.format import clock_time
from qa_app.core.web import autosaving, saved, see_other


def answer_saved(version: int, next_page: str) -> ResponseReturnValue:
    """Quietly to an autosave; otherwise on to the next page."""
    return saved(version, clock_time(g.now)) if autosaving() else see_other(next_page)


def answer_unreadable(form: DraftForm, template: str, **context: Any) -> Response:
    """The page again with what could not be read; to an autosave, only the sentence."""
    if autosaving():
        response = make_response("", HTTPStatus.UNPROCESSABLE_ENTITY)
        response.headers["X-Message"] = "Not saved: " + "; ".join(str(e.text) for e in form.error_list())
        return response
    return make_response(render_template(template, form=form, **context), HTTPStatus.UNPROCESSABLE_ENTITY)


def answer_changed(form: DraftForm, template: str, version: int, **context: Any) -> Response:
    """Both texts: the person's own in the form, the other beside it. Nothing was written.

    `context` has `theirs`, what is saved now, and `conflict`, the fragment that shows it. Saving the page from here
    replaces `version`, which has been looked at.
    """
    context |= {"changed_version": version}
    if autosaving():
        response = make_response(render_template(context["conflict"], fragment=True, **context), HTTPStatus.CONFLICT)
        response.headers["X-Fragment"] = "1"
        return response
    form.version.data = str(version)
    return make_response(render_template(template, form=form, **context), HTTPStatus.CONFLICT)
