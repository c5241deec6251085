"""One's own tokens, how to connect, and the data dictionary."""

from http import HTTPStatus

from flask import Response, current_app, g, make_response, render_template, url_for
from flask.typing import ResponseReturnValue

from qa_app.core.database import commits
from qa_app.core.errors import BadInput
from qa_app.core.web import see_other
from qa_app.feeds import operations, queries
from qa_app.feeds.dictionary import INCREMENTS, KIND_LABELS, TABLES
from qa_app.feeds.forms import TokenForm
from qa_app.feeds.presenters import token_lines
from qa_app.feeds.views.room import feeds


@feeds.get("/feeds")
def index() -> ResponseReturnValue:
    """One's own tokens, and a form for a new one."""
    return _page(TokenForm(days="90"))


@feeds.post("/feeds")
@commits
def make() -> ResponseReturnValue:
    """Make a token, and show it this once."""
    form = TokenForm()
    if not form.validate():
        return _page(form)
    try:
        token = operations.make_token(form.name.data or "", int(form.days.data), g.viewer, g.now)
    except BadInput as refused:
        form.add_errors(refused.fields)
        return _page(form)
    return render_template("feeds/made.html", secret=token, name=form.name.data, address=_address())


@feeds.post("/feeds/<int:token_id>/revoke")
@commits
def revoke(token_id: int) -> ResponseReturnValue:
    """Stop a token at once."""
    token = queries.own_token(g.viewer, token_id)
    operations.revoke_token(token, g.viewer, g.now)
    return see_other(url_for("feeds.index"), f"The token {token.name} has stopped working.")


@feeds.get("/feeds/connect")
def connect() -> ResponseReturnValue:
    """How to connect Power BI, step by step, and everything else."""
    return render_template("feeds/connect.html", address=_address())


@feeds.get("/feeds/dictionary")
def dictionary() -> ResponseReturnValue:
    """Every table and column: type, meaning, and what it joins to."""
    return render_template(
        "feeds/dictionary.html", tables=TABLES, kinds=KIND_LABELS, increments=INCREMENTS, address=_address()
    )


def _page(form: TokenForm) -> Response:
    lines = token_lines(list(queries.tokens_of(g.viewer)), g.today)
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.error_list() else HTTPStatus.OK
    return make_response(render_template("feeds/index.html", form=form, tokens=lines, address=_address()), status)


def _address() -> str:
    return f"{current_app.config['BASE_URL']}/feed"
