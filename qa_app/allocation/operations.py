"""Allocate a round, and change an auditor by hand (domain.md section 5)."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import delete, func, select

from qa_app.access.viewer import Viewer
from qa_app.allocation import queries
from qa_app.allocation.model import Allocation, AuditorOption, Policy, Problem, Verdict
from qa_app.allocation.model import Assignment as Placed
from qa_app.allocation.models import AllocationRun, Assignment
from qa_app.allocation.rules import check_assignment, preference_costs
from qa_app.allocation.solver import allocate
from qa_app.allocation.words import PREFERENCE_WORDS, why_in_words
from qa_app.audits import operations as audits
from qa_app.audits.models import Audit
from qa_app.core.database import db
from qa_app.core.errors import BadInput, IllegalMove
from qa_app.exemptions.queries import exempt_people
from qa_app.rounds import operations as rounds
from qa_app.rounds.models import Round
from qa_app.rounds.permissions import check_can_manage_rounds
from qa_app.rounds.states import ROUND
from qa_app.sampling.queries import drawn_cases
from qa_app.trail import operations as trail


def allocate_round(round_: Round, viewer: Viewer, now: datetime, version: int | None = None) -> AllocationRun:
    """Give every sampled case an auditor, as one optimum; what nobody can take stays without, and is stated.

    Replaces an earlier allocation as a whole, swaps by hand included. Allowed until the round is issued. `version` is
    the round's that the person saw before pressing the button.

    Raises:
        NotAllowed: the viewer does not run rounds. IllegalMove, Stale: it is not sampled, or was issued.
    """
    check_can_manage_rounds(viewer)
    if round_.state not in ROUND.moves["allocate"].sources:
        raise IllegalMove("Draw the sample first; a round that was issued keeps its allocation.")
    policy = queries.policy_of(round_)
    sampled = [one.case for one in drawn_cases(round_.id)]
    to_audit, options = queries.cases_to_audit(sampled), queries.auditor_options(round_)
    outcome = allocate(Problem(tuple(to_audit), tuple(options), policy, seed=round_.reference))
    placed = {one.case.key: one for one in outcome.assignments}
    # The move takes the round, so that of two allocations at once the second is refused before it writes anything.
    rounds.mark_allocated(round_, viewer, now, version)
    rounds.set_expectations(round_, _expectations(options, placed, exempt_people(round_.month)))
    keys = [case.key for case in to_audit]
    placements = [
        (case, placed[key].auditor.person_id if key in placed else None)
        for case, key in zip(sampled, keys, strict=True)
    ]
    made = audits.allocate_audits(round_, placements, viewer, now)
    run = _keep_run(round_, policy, outcome, viewer, now)
    names = {option.person_id: option.name for option in options}
    for audit, key in zip(made, keys, strict=True):
        why = _why(placed[key], names) if key in placed else {"sentence": _missing(outcome, key)}
        db.session.add(
            Assignment(
                audit_id=audit.id, auditor_id=audit.auditor_id, run_id=run.id, why=why, at=now, by_id=viewer.person_id
            )
        )
    db.session.flush()
    return run


def swap_auditor(audit: Audit, auditor_id: int, reason: str, viewer: Viewer, now: datetime) -> None:
    """Give an audit to somebody else by hand. Breaking a rule needs a reason, which stays on record.

    Raises:
        NotAllowed, IllegalMove, Stale: as for any reassignment.
        BadInput: nobody of that id audits, or a rule would be broken and no reason was given.
    """
    verdicts = verdicts_on(audit, auditor_id)
    if verdicts and not reason.strip():
        broken = " ".join(verdict.sentence for verdict in verdicts)
        raise BadInput(f"{broken} Give a reason if it must be so.", {"reason": "Enter why this rule must be broken"})
    option = _option(audit, auditor_id)
    paid = preference_costs(queries.case_of(audit), option, option.load)
    before = audit.auditor_id
    # Once it is issued somebody may have begun it, so then a reason is asked for in any case.
    default = "Changed by the QA team" if audit.issued_at is None else ""
    audits.reassign_audit(audit, auditor_id, reason or default, viewer, now)
    override = reason.strip() if verdicts else ""
    why = {
        "sentence": " ".join(v.sentence for v in verdicts) or "No rule is against it.",
        "paid": [{"preference": PREFERENCE_WORDS[p.preference], "cost": p.cost} for p in paid],
        "cost": sum(p.cost for p in paid),
    }
    db.session.add(
        Assignment(
            audit_id=audit.id, auditor_id=auditor_id, why=why, override_reason=override, at=now, by_id=viewer.person_id
        )
    )
    db.session.flush()
    trail.append(
        "audit:auditor-swapped", viewer, now, ("audit", audit.id), before=before, after=auditor_id, overridden=override
    )


def verdicts_on(audit: Audit, auditor_id: int) -> list[Verdict]:
    """Which hard rules giving this audit to this person would break."""
    option = _option(audit, auditor_id)
    return check_assignment(queries.case_of(audit), option, option.load, queries.policy_of(audit.round))


def discard_assignments(audit_ids: Sequence[int]) -> None:
    """Forget why audits that were never issued had gone to whom: they are made anew."""
    db.session.execute(delete(Assignment).where(Assignment.audit_id.in_(audit_ids)))


def _option(audit: Audit, auditor_id: int) -> AuditorOption:
    loads = queries.loads_in(audit.round_id, without_audit_id=audit.id)
    for option in queries.auditor_options(audit.round, loads):
        if option.person_id == auditor_id:
            return option
    raise BadInput("Choose an auditor from the list.", {"auditor": "Choose an auditor from the list"})


def _expectations(
    options: list[AuditorOption], placed: Mapping[str, Placed], exempt: Collection[int]
) -> list[rounds.Expectation]:
    """A row for each trained auditor at work; the team and service are those of now.

    Who is exempt is read once the round is held: an exemption approved a moment ago counts too.
    """
    services = queries.service_of_teams()
    holds = {one.auditor.person_id for one in placed.values()}
    return [
        rounds.Expectation(
            option.person_id,
            option.team_id,
            services.get(option.team_id or 0),
            option.expectation,
            option.expectation if option.person_id in exempt else 0,
        )
        for option in options
        if option.person_id in holds or (option.trained and option.active and option.expectation)
    ]


def _keep_run(round_: Round, policy: Policy, outcome: Allocation, viewer: Viewer, now: datetime) -> AllocationRun:
    number = db.session.scalar(
        select(func.coalesce(func.max(AllocationRun.number), 0)).where(AllocationRun.round_id == round_.id)
    )
    run = AllocationRun(
        round_id=round_.id,
        number=(number or 0) + 1,
        policy=policy,
        total_cost=outcome.cost,
        shortfall=[
            {"service": s.service_name, "team": s.team_name, "audits": len(s.cases), "sentence": s.sentence}
            for s in outcome.shortfalls
        ],
        ran_at=now,
        ran_by_id=viewer.person_id,
    )
    db.session.add(run)
    db.session.flush()
    return run


def _why(one: Placed, names: Mapping[int, str]) -> dict[str, Any]:
    return {
        "sentence": why_in_words(one.why),
        "paid": [{"preference": PREFERENCE_WORDS[p.preference], "cost": p.cost} for p in one.why.paid],
        "cost": one.why.cost,
        "next_best": names.get(one.why.next_best_id or 0),
        "next_best_cost": one.why.next_best_cost,
    }


def _missing(outcome: Allocation, key: str) -> str:
    return next(s.sentence for s in outcome.shortfalls if any(case.key == key for case in s.cases))
