"""The blueprint, and what its pages share."""

from collections.abc import Callable
from http import HTTPStatus
from typing import Any

from flask import Blueprint, Response, g, make_response, render_template
from flask.typing import ResponseReturnValue

from qa_app.core.errors import BadInput, IllegalMove, NotFound, Stale
from qa_app.core.forms import Form
from qa_app.core.web import see_other
from qa_app.improvement import queries
from qa_app.improvement.queries import ImprovementProcess

improvement = Blueprint("improvement", __name__)

MEANWHILE = "It was done already, or changed meanwhile. This is how it stands now."


def path_of(process: ImprovementProcess) -> str:
    """The process's page."""
    return f"/improvement/{process.reference}"


def found(
    reference: str,
    may: Callable[[Any, ImprovementProcess], bool],
    read: Callable[[Any, str], ImprovementProcess] = queries.process_for,
) -> ImprovementProcess:
    """The process, for somebody who may do this to it; `read` fetches as much of it as the page shows.

    Raises:
        NotFound: there is none that they may see, or they may not.
    """
    process = read(g.viewer, reference)
    if not may(g.viewer, process):
        raise NotFound
    return process


def act(
    process: ImprovementProcess,
    form: Form,
    do: Callable[[], object],
    done: str,
    again: Callable[[], ResponseReturnValue],
) -> ResponseReturnValue:
    """Do it and show the process; show the form again where something is missing, with everything that was typed.

    Pressed twice, or changed by somebody else, show how it stands now.
    """
    path = path_of(process)
    if form.validate():
        try:
            do()
            return see_other(path, done)
        except BadInput as refusal:
            form.add_errors(refusal.fields or {"": str(refusal)})
        except (IllegalMove, Stale):
            return see_other(path, MEANWHILE)
    return again()


def page(template: str, form: Form | None = None, **context: Any) -> Response:
    """A page, which says that it is not done where its form has errors."""
    wrong = form is not None and bool(form.error_list())
    status = HTTPStatus.UNPROCESSABLE_ENTITY if wrong else HTTPStatus.OK
    return make_response(render_template(template, form=form, **context), status)
