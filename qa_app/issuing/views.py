"""The pages that issue a round and show it running."""

from flask import Blueprint, g, render_template, url_for
from flask.typing import ResponseReturnValue

from qa_app.core.clock import working_days_between
from qa_app.core.database import commits
from qa_app.core.errors import IllegalMove, Stale
from qa_app.core.format import day, plural
from qa_app.core.forms import VersionForm
from qa_app.core.web import see_other
from qa_app.issuing import queries
from qa_app.issuing.presenters import figures, recipient_list
from qa_app.rounds import operations
from qa_app.rounds.queries import managed_round, state_now
from qa_app.rounds.states import RoundState

ISSUED_ALREADY = "The round is issued already."

issuing = Blueprint("issuing", __name__, url_prefix="/rounds/<string:reference>")


@issuing.get("/issue")
def issue_page(reference: str) -> ResponseReturnValue:
    """What will be sent, to whom, with one button; afterwards, what was sent."""
    round = managed_round(reference, g.viewer)
    to = queries.recipients(round.id)
    return render_template(
        "issuing/issue.html",
        round=round,
        list=recipient_list(to),
        standing=queries.standing(round.id),
        without_email=[one.name for one in to if not one.has_email],
        form=VersionForm(obj=round),
        is_due=round.state == RoundState.ALLOCATED,
        too_early=g.today < round.issue_on,
        overdue=round.due_on < g.today,
    )


@issuing.post("/issue")
@commits
def issue(reference: str) -> ResponseReturnValue:
    """Issue the round that the person saw."""
    round, running = managed_round(reference, g.viewer), url_for("issuing.running", reference=reference)
    if round.issued_at is not None:  # pressed twice, or in another tab: it is done once, and this shows it
        return see_other(running, ISSUED_ALREADY)
    to = queries.recipients(round.id)
    if not to:
        raise IllegalMove("No audit has an auditor yet. Allocate the cases first.")
    try:
        operations.issue_round(round, g.viewer, g.now, version=VersionForm().seen)
    except Stale:
        if state_now(round) != RoundState.ISSUED:
            raise
        return see_other(running, ISSUED_ALREADY)  # pressed twice at the same moment
    audits = plural(sum(one.audits for one in to), "audit")
    return see_other(
        running,
        f"{audits} issued to {plural(len(to), 'auditor')}. They are due by the end of {day(round.due_on)}.",
    )


@issuing.get("/running")
def running(reference: str) -> ResponseReturnValue:
    """How far the round's audits are."""
    round = managed_round(reference, g.viewer)
    standing = queries.standing(round.id)
    return render_template(
        "issuing/running.html",
        round=round,
        is_issued=round.issued_at is not None,
        figures=figures(standing, reference),
        standing=standing,
        days=working_days_between(g.today, round.due_on),
    )
