"""The blueprint, and how pages with a form answer."""

from http import HTTPStatus
from typing import Any

from flask import Blueprint, Response, g, make_response, render_template
from flask.typing import ResponseReturnValue

from qa_app.core.format import clock_time
from qa_app.core.forms import Form
from qa_app.core.web import autosaving, saved, see_other
from qa_app.recommendations import queries
from qa_app.recommendations.forms import DraftForm

recommendations = Blueprint("recommendations", __name__)


def form_page(template: str, form: Form, **context: Any) -> Response:
    """The page with its form; with what to mend where it was refused."""
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.error_list() else HTTPStatus.OK
    return make_response(render_template(template, form=form, **context), status)


def owner_choices(now_owner: tuple[int, str] | None = None) -> list[tuple[int, str]]:
    """Who can own a recommendation, with job titles; whoever owns it now stays in the list."""
    able = [(key, f"{name}, {title}" if title else name) for key, name, title in queries.possible_owners(g.today)]
    if now_owner is not None and now_owner[0] not in {key for key, _ in able}:
        able.insert(0, now_owner)
    return able


def answer_saved(version: int, next_page: str) -> ResponseReturnValue:
    """Quietly to an autosave; otherwise on to the next page."""
    return saved(version, clock_time(g.now)) if autosaving() else see_other(next_page)


def answer_unreadable(form: DraftForm, template: str, **context: Any) -> Response:
    """The page again with what could not be read; to an autosave, only the sentence."""
    if autosaving():
        response = make_response("", HTTPStatus.UNPROCESSABLE_ENTITY)
        response.headers["X-Message"] = "Not saved: " + "; ".join(str(line.text) for line in form.error_list())
        return response
    return make_response(render_template(template, form=form, **context), HTTPStatus.UNPROCESSABLE_ENTITY)


def answer_changed(form: DraftForm, template: str, version: int, **context: Any) -> Response:
    """Both texts: the person's own in the form, the other beside it. Nothing was written.

    Saving the page from here replaces `version`, which has been looked at.
    """
    context |= {"changed_version": version}
    if autosaving():
        response = make_response(render_template("components/conflict.html", **context), HTTPStatus.CONFLICT)
        response.headers["X-Fragment"] = "1"
        return response
    form.version.data = str(version)
    return make_response(render_template(template, form=form, **context), HTTPStatus.CONFLICT)
