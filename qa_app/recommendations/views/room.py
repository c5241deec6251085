"""The blueprint, and how pages with a form answer."""

from http import HTTPStatus
from typing import Any

from flask import Blueprint, Response, g, make_response, render_template

from qa_app.core.forms import Form
from qa_app.recommendations import queries

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
