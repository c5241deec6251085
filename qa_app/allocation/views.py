"""The allocation step of a round: who has what and why, what is missing, and swaps by hand."""

from flask import Blueprint, g, render_template, url_for
from flask.typing import ResponseReturnValue

from qa_app.allocation import operations, queries
from qa_app.allocation.forms import SwapForm
from qa_app.allocation.model import Suggestion
from qa_app.allocation.presenters import POLICY_WORDS
from qa_app.allocation.rules import suggest
from qa_app.allocation.words import PREFERENCE_WORDS
from qa_app.audits.states import OPEN_STATES
from qa_app.cases.states import CASE_TYPE_LABELS
from qa_app.core.database import commits
from qa_app.core.errors import BadInput, IllegalMove, Stale
from qa_app.core.forms import VersionForm
from qa_app.core.web import see_other
from qa_app.rounds.queries import managed_round, state_now
from qa_app.rounds.states import ROUND, RoundState

allocation = Blueprint("allocation", __name__, url_prefix="/rounds/<string:reference>/allocation")
allocation.record_once(lambda state: state.app.jinja_env.globals.update(case_type_labels=CASE_TYPE_LABELS))

SUGGESTIONS = 8
ALLOCATED_ALREADY = "The round was allocated meanwhile. Look through it here."


@allocation.get("")
def overview(reference: str) -> ResponseReturnValue:
    """Every audit with its auditor and why; what is missing at the top."""
    round_ = managed_round(reference, g.viewer)
    run = queries.newest_run(round_.id)
    rows = queries.allocated(round_.id)
    return render_template(
        "allocation/overview.html",
        round=round_,
        run=run,
        rows=rows,
        missing=[row for row in rows if row.auditor is None],
        form=VersionForm(obj=round_),
        policy=POLICY_WORDS[run.policy if run else queries.policy_of(round_)],
        may_allocate=round_.state in ROUND.moves["allocate"].sources,
        may_issue=round_.state in ROUND.moves["issue"].sources,
        open_states=OPEN_STATES,
    )


@allocation.post("")
@commits
def allocate(reference: str) -> ResponseReturnValue:
    """Allocate the whole round."""
    round_ = managed_round(reference, g.viewer)
    address, seen = url_for("allocation.overview", reference=reference), VersionForm().seen
    try:
        run = operations.allocate_round(round_, g.viewer, g.now, seen)
    except Stale:
        if state_now(round_) != RoundState.ALLOCATED:
            raise
        return see_other(address, ALLOCATED_ALREADY)  # pressed twice, or in another tab: it is done once
    missing = sum(part["audits"] for part in run.shortfall)
    message = f"{missing} audits have no auditor." if missing else "Every audit has an auditor."
    return see_other(address, f"{message} Look through them before you issue the round.")


@allocation.get("/<int:number>")
def swap_page(reference: str, number: int) -> ResponseReturnValue:
    """Who else could have this audit, the best first."""
    return _swap_page(reference, number, None)


@allocation.post("/<int:number>")
@commits
def swap(reference: str, number: int) -> ResponseReturnValue:
    """Give it to somebody else; the rules' verdict comes first where there is one."""
    round_ = managed_round(reference, g.viewer)
    audit = queries.audit_of(round_, number)
    form = SwapForm()
    _fill_choices(form, [], queries.auditor_names())
    form.suggested.choices = [(str(person_id), name) for person_id, name in queries.auditor_names()] + [("other", "")]
    auditor_id = form.auditor_id()
    if auditor_id is None:
        form.add_errors({"suggested": "Choose who should have the audit"})
        return _swap_page(reference, number, form), 422
    try:
        operations.swap_auditor(audit, auditor_id, form.reason.data or "", g.viewer, g.now)
    except BadInput as refusal:
        return _swap_page(reference, number, form, refusal), 422
    address = url_for("allocation.overview", reference=reference)
    return see_other(address, f"Audit {audit.reference} has another auditor.")


def _swap_page(reference: str, number: int, form: SwapForm | None, refusal: BadInput | None = None) -> str:
    round_ = managed_round(reference, g.viewer)
    audit = queries.audit_of(round_, number)
    if audit.state not in OPEN_STATES:
        raise IllegalMove("This audit was submitted or withdrawn, so its auditor stays.")
    loads = queries.loads_in(round_.id, without_audit_id=audit.id)
    options = [o for o in queries.auditor_options(round_, loads) if o.person_id != audit.auditor_id]
    best = suggest(queries.case_of(audit), options, loads, queries.policy_of(round_), SUGGESTIONS)
    form = form or SwapForm()
    _fill_choices(form, best, [(o.person_id, o.name) for o in sorted(options, key=lambda o: o.name)])
    if refusal:
        form.add_errors(refusal.fields)
    return render_template("allocation/swap.html", round=round_, audit=audit, form=form, refusal=refusal)


def _fill_choices(form: SwapForm, best: list[Suggestion], others: list[tuple[int, str]]) -> None:
    form.suggested.choices = [(str(s.auditor.person_id), _in_words(s)) for s in best] + [("other", "Somebody else")]
    form.other.choices = [("", "Choose a person"), *((str(person_id), name) for person_id, name in others)]


def _in_words(suggestion: Suggestion) -> str:
    paid = "; ".join(PREFERENCE_WORDS[p.preference] for p in suggestion.paid)
    return f"{suggestion.auditor.name}: {paid}" if paid else f"{suggestion.auditor.name}: nothing against it"
