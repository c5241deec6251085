"""The blueprint that every page about people stands on, and how its forms are answered."""

from collections.abc import Callable
from http import HTTPStatus
from typing import Any

from flask import Blueprint, make_response, render_template, url_for
from flask.typing import ResponseReturnValue

from qa_app.core.errors import BadInput
from qa_app.core.forms import Form
from qa_app.core.web import see_other

people = Blueprint("people", __name__)


def form_page(template: str, form: Form, **context: Any) -> ResponseReturnValue:
    """A form's page: as it was asked for, or with what to mend."""
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
    return make_response(render_template(template, form=form, **context), status)


def accepted(form: Form, operation: Callable[[], object]) -> bool:
    """Whether the form was sent, is right, and the operation took it; what it refused stands in the form."""
    if not form.validate_on_submit():
        return False
    try:
        operation()
    except BadInput as refusal:
        form.add_errors(refusal.fields or {"": str(refusal)})
        return False
    return True


def to_person(person_id: int, message: str) -> ResponseReturnValue:
    """Back to a person's page with what happened."""
    return see_other(url_for("people.person", person_id=person_id), message)
