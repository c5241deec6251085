"""The blueprint, and what its pages share."""

from http import HTTPStatus
from typing import Any

from flask import Blueprint, Response, g, make_response, render_template

from qa_app.core.forms import Form
from qa_app.reports import queries
from qa_app.reports.blocks import Content, read_content
from qa_app.reports.queries import Edition

reports = Blueprint("reports", __name__)


def found(reference: str) -> Edition:
    """The edition of an address, as far as the viewer may read it."""
    return queries.edition(g.viewer, reference)


def content_of(edition: Edition) -> Content:
    """What it holds, once it is built."""
    return read_content(edition.content)


def form_page(template: str, form: Form, **context: Any) -> Response:
    """The page with its form; with what to mend where it was refused."""
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.error_list() else HTTPStatus.OK
    return make_response(render_template(template, form=form, **context), status)
