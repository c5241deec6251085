"""The pages of a round's sample: draw, look, draw again, earlier draws, cases left out, downloads."""

from itertools import chain
from typing import Any

from flask import Blueprint, g, render_template, request, url_for
from flask.typing import ResponseReturnValue

from qa_app.core.database import commits
from qa_app.core.errors import BadInput, IllegalMove, Stale
from qa_app.core.format import plural
from qa_app.core.lists import ListPage
from qa_app.core.spreadsheet import download, workbook
from qa_app.core.web import page_or_fragment, see_other
from qa_app.rounds import operations, queries
from qa_app.rounds.forms import SampleAgainForm, SampleForm, sample_form
from qa_app.rounds.states import BEFORE_ISSUE, RoundState
from qa_app.sampling import operations as sampling_operations
from qa_app.sampling import presenters
from qa_app.sampling import queries as sampling

DRAWN_ALREADY = "The round was changed meanwhile. Look through its sample before you draw again."

samples = Blueprint("samples", __name__, url_prefix="/rounds/<string:reference>/sample")


@samples.get("")
def show(reference: str) -> ResponseReturnValue:
    """The sample in force; before there is one, how it is to be drawn."""
    draw = sampling.current_draw(queries.managed_round(reference, g.viewer).id)
    return _draw_page(reference, draw.number) if draw else _form_page(reference, _form(reference, again=False))


@samples.post("")
@commits
def draw(reference: str) -> ResponseReturnValue:
    """Draw the sample."""
    if sampling.current_draw(queries.managed_round(reference, g.viewer).id):
        raise IllegalMove("The sample is drawn already. To draw it again, say why on the page Draw again.")
    return _draw(reference, again=False)


@samples.get("/again")
def again(reference: str) -> ResponseReturnValue:
    """How the sample is to be drawn again, and why."""
    _check_can_be_drawn_again(reference)
    return _form_page(reference, _form(reference, again=True))


@samples.post("/again")
@commits
def draw_again(reference: str) -> ResponseReturnValue:
    """Draw the sample again, as a whole."""
    _check_can_be_drawn_again(reference)
    return _draw(reference, again=True)


@samples.get("/draws/<int:number>")
def one_draw(reference: str, number: int) -> ResponseReturnValue:
    """One draw, also one that was replaced."""
    return _draw_page(reference, number)


@samples.get("/draws/<int:number>/left-out")
def left_out(reference: str, number: int) -> ResponseReturnValue:
    """The cases that a draw left out, each with its reasons."""
    round = queries.managed_round(reference, g.viewer)
    draw = sampling.draw(round.id, number)
    page = _left_out_list(presenters.left_out_filters(draw, sampling.service_ids()))
    page.fill(*sampling.left_out(draw.id, page.filters, page.order_by, limit=page.limit, offset=page.offset))
    whole = sum(presenters.strata_table(draw).total["left_out"].values())
    return page_or_fragment(
        "sampling/left_out.html", "sampling/_left_out.html", round=round, draw=draw, list=page, left_out=whole
    )


@samples.get("/draws/<int:number>/left-out/download")
@commits
def download_left_out(reference: str, number: int) -> ResponseReturnValue:
    """The cases left out as Excel, with the filter kept."""
    draw = sampling.draw(queries.managed_round(reference, g.viewer).id, number)
    page = _left_out_list(presenters.left_out_filters(draw, sampling.service_ids()))
    rows, _ = sampling.left_out(draw.id, page.filters, page.order_by, limit=None)
    sampling_operations.record_export(draw, "cases left out", g.viewer, g.now)
    return download(f"Left out {reference}", workbook("Left out", page.columns, rows))


@samples.get("/draws/<int:number>/download")
@commits
def download_drawn(reference: str, number: int) -> ResponseReturnValue:
    """The cases drawn, then the reserves, as Excel."""
    draw = sampling.draw(queries.managed_round(reference, g.viewer).id, number)
    rows = chain.from_iterable(sampling.cases_of(draw.id, is_reserve=reserve) for reserve in (False, True))
    sampling_operations.record_export(draw, "cases drawn and reserves", g.viewer, g.now)
    return download(f"Sample {reference}", workbook("Sample", presenters.export_columns(), rows))


def _left_out_list(filters: Any) -> ListPage[Any]:
    path = request.path.removesuffix("/download")
    return ListPage(presenters.left_out_columns(sampling.SORTS), filters, request.args, path, default_sort="reference")


def _draw_page(reference: str, number: int) -> str:
    round = queries.managed_round(reference, g.viewer)
    draw = sampling.draw(round.id, number)
    drawn = sampling.cases_of(draw.id, is_reserve=False)
    page = ListPage(presenters.case_columns(), (), request.args, request.path, default_sort="position", id="drawn")
    page.fill(drawn[page.offset : page.offset + page.limit], len(drawn))
    kept = sampling.cases_of(draw.id, is_reserve=True)
    reserves = ListPage(page.columns, (), {}, request.path, default_sort="position", id="reserves")
    return render_template(
        "sampling/draw.html",
        round=round,
        draw=draw,
        table=presenters.strata_table(draw),
        rules=presenters.rule_rows(draw),
        drawn=page,
        reserves=reserves.fill(kept, len(kept)),
        others=[other for other in sampling.draws(round.id) if other.id != draw.id],
        may_draw_again=round.state in BEFORE_ISSUE and draw.replaced_at is None,
    )


def _form(reference: str, *, again: bool) -> SampleForm:
    """The form as it stands: filled with what the draw in force used, else with the settings in force."""
    round = queries.managed_round(reference, g.viewer)
    size, rules, seed = queries.sample_to_ask(round, g.today)
    form = sample_form(sampling.services_with_cases(), size, rules, seed, again=again)
    if request.method == "GET":
        form.version.data = str(round.version)
    return form


def _draw(reference: str, *, again: bool) -> ResponseReturnValue:
    round = queries.managed_round(reference, g.viewer)
    form = _form(reference, again=again)
    if not form.validate():
        return _form_page(reference, form), 422
    reason = (form.reason.data or "") if isinstance(form, SampleAgainForm) else ""
    there = url_for("samples.show", reference=reference)
    if again and form.seen != round.version:  # pressed twice, or in another tab: it is done once
        return see_other(there, DRAWN_ALREADY)
    try:
        drawn = operations.draw_sample(
            round, form.size(), form.seed.data or None, g.viewer, g.now, reason, rules=form.rules()
        )
    except Stale:
        return see_other(there, DRAWN_ALREADY)
    except BadInput as refusal:
        form.form_errors.append(str(refusal))
        return _form_page(reference, form), 422
    count = sampling.counts([drawn.round_id])[drawn.round_id]
    return see_other(there, f"{plural(count, 'case')} drawn. Look through the sample, then allocate the cases.")


def _form_page(reference: str, form: SampleForm) -> str:
    round = queries.managed_round(reference, g.viewer)
    return render_template(
        "sampling/form.html",
        round=round,
        form=form,
        again=isinstance(form, SampleAgainForm),
        allocated=round.state == RoundState.ALLOCATED,
        open_cases=sampling.open_cases(),
    )


def _check_can_be_drawn_again(reference: str) -> None:
    round = queries.managed_round(reference, g.viewer)
    if round.state not in BEFORE_ISSUE:
        raise IllegalMove("This round is issued, so its sample stays as it is.")
    if sampling.current_draw(round.id) is None:
        raise IllegalMove("No sample is drawn yet. Draw it on the page Sample.")
