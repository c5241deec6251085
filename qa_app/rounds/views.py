"""The pages of rounds: list, new, one round with its dates. Its sample's pages are in `sample_views.py`."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from flask import Blueprint, g, render_template, request, url_for
from flask.typing import ResponseReturnValue

from qa_app.core.database import commits
from qa_app.core.errors import BadInput
from qa_app.core.format import day
from qa_app.core.lists import ListPage
from qa_app.core.web import page_or_fragment, see_other
from qa_app.rounds import operations, presenters, queries
from qa_app.rounds.forms import DatesForm, NewRoundForm
from qa_app.rounds.states import BEFORE_ISSUE
from qa_app.sampling import presenters as sampling_words
from qa_app.sampling import queries as sampling
from qa_app.trail.exports import take_away

rounds = Blueprint("rounds", __name__, url_prefix="/rounds")
rounds.add_app_template_global(presenters.steps, "round_steps")
rounds.add_app_template_global(presenters.title, "round_title")


@rounds.get("")
def index() -> ResponseReturnValue:
    """Every round, the newest month first."""
    drawn: dict[int, int] = {}
    page = _list(drawn)
    found, total = queries.rounds(page.order_by, limit=page.limit, offset=page.offset)
    drawn.update(sampling.counts([round.id for round in found]))
    return page_or_fragment("rounds/index.html", "rounds/_index.html", list=page.fill(found, total))


@rounds.get("/export")
@commits
def export() -> ResponseReturnValue:
    """The same list as a workbook, in its order."""
    drawn: dict[int, int] = {}
    page = _list(drawn)

    def find(limit: int) -> tuple[Sequence[Any], int]:
        found, total = queries.rounds(page.order_by, limit=limit)
        drawn.update(sampling.counts([round.id for round in found]))
        return found, total

    return take_away(page, find, "Rounds", "round:list-exported", g.viewer, g.now)


def _list(drawn: dict[int, int]) -> ListPage[Any]:
    columns = presenters.columns(queries.SORTS, lambda round_id: drawn.get(round_id, 0))
    return ListPage(columns, (), request.args, "/rounds", "month", default_descending=True)


@rounds.get("/new")
def new() -> ResponseReturnValue:
    """Ask for a month and a type."""
    return _new_page(_new_form())


@rounds.post("/new")
@commits
def create() -> ResponseReturnValue:
    """Create the round and show its dates."""
    form = _new_form()
    if not form.validate():
        return _new_page(form), 422
    month = date.fromisoformat(f"{form.month.data}-01")
    try:
        made = operations.create_round(month, queries.audit_type(form.audit_type.data), g.viewer, g.now)
    except BadInput as refusal:
        form.add_errors(refusal.fields)
        return _new_page(form), 422
    return see_other(
        url_for("rounds.dates", reference=made.reference),
        "The round is planned. Check its dates, then draw the sample.",
    )


def _new_form() -> NewRoundForm:
    types = queries.audit_types()
    form = NewRoundForm(data=presenters.suggested(types, g.today, queries.months_taken(g.today)))
    form.audit_type.choices = presenters.type_choices(types)
    form.month.choices = presenters.month_choices(g.today)
    return form


def _new_page(form: NewRoundForm) -> str:
    return render_template("rounds/new.html", form=form, hints=presenters.type_hints(queries.audit_types()))


@rounds.get("/<string:reference>")
def show(reference: str) -> ResponseReturnValue:
    """One round: where it is, what was decided, what comes next."""
    round = queries.managed_round(reference, g.viewer)
    draw = sampling.current_draw(round.id)
    return render_template(
        "rounds/show.html",
        round=round,
        tag=presenters.state_tag(round.state),
        next=presenters.next_step(round, g.today),
        dates=presenters.date_rows(round),
        may_change=round.state in BEFORE_ISSUE,
        draw=draw,
        strata=sampling_words.strata_table(draw) if draw else None,
        history=presenters.history(queries.history(round.id)),
    )


@rounds.get("/<string:reference>/dates")
def dates(reference: str) -> ResponseReturnValue:
    """The round's days, to be changed until it is issued."""
    round = queries.managed_round(reference, g.viewer)
    return render_template(
        "rounds/dates.html", round=round, form=DatesForm(obj=round), **presenters.dates_context(round)
    )


@rounds.post("/<string:reference>/dates")
@commits
def change_dates(reference: str) -> ResponseReturnValue:
    """Change the round's days."""
    round = queries.managed_round(reference, g.viewer)
    form = DatesForm()
    if not form.validate():
        return render_template("rounds/dates.html", round=round, form=form, **presenters.dates_context(round)), 422
    try:
        operations.change_dates(round, form.dates(), _version(form.version.data), g.viewer, g.now)
    except BadInput as refusal:
        form.add_errors(refusal.fields)
        return render_template("rounds/dates.html", round=round, form=form, **presenters.dates_context(round)), 422
    return see_other(url_for("rounds.show", reference=reference), f"The dates are saved: due {day(round.due_on)}.")


def _version(text: str | None) -> int:
    """The version that the page carried; one that can't be read is as old as can be, and so refused as stale."""
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 10 else 0
