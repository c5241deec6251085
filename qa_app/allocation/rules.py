"""Who may never audit a case, and what each preference costs (domain.md section 5).

The solver, manual swaps and suggestions all use these functions, so that they can never disagree.
"""

from __future__ import annotations

import heapq
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from datetime import date, timedelta

from qa_app.allocation.model import (
    AuditorOption,
    CaseToAudit,
    Paid,
    Policy,
    Preference,
    Rule,
    Suggestion,
    Verdict,
    Weights,
)
from qa_app.core.clock import is_working_day

DEFAULT_WEIGHTS = Weights()

Broken = Callable[[CaseToAudit, AuditorOption, Policy], bool]


def is_untrained(case: CaseToAudit, auditor: AuditorOption, policy: Policy) -> bool:
    """Only a trained auditor may audit."""
    return not auditor.trained


def is_inactive(case: CaseToAudit, auditor: AuditorOption, policy: Policy) -> bool:
    """Somebody who left, or is no longer an auditor, may not audit."""
    return not auditor.active


def is_exempt(case: CaseToAudit, auditor: AuditorOption, policy: Policy) -> bool:
    """An approved exemption keeps a person out of the round."""
    return auditor.exempt


def is_absent(case: CaseToAudit, auditor: AuditorOption, policy: Policy) -> bool:
    """Somebody away for the round gets no audit."""
    return auditor.absent


def has_no_capacity(case: CaseToAudit, auditor: AuditorOption, policy: Policy) -> bool:
    """Nobody holds more audits of a round than their capacity."""
    return auditor.load >= auditor.capacity


def is_own_team(case: CaseToAudit, auditor: AuditorOption) -> bool:
    """The own team is the team a person belongs to and every team they manage."""
    return case.team_id == auditor.team_id or case.team_id in auditor.manages_team_ids


def is_outside_own_team(case: CaseToAudit, auditor: AuditorOption, policy: Policy) -> bool:
    """Under 'own team' nobody audits another team's case."""
    return policy is Policy.OWN_TEAM and not is_own_team(case, auditor)


def is_inside_own_team(case: CaseToAudit, auditor: AuditorOption, policy: Policy) -> bool:
    """Under 'other team' nobody audits a case of their own team."""
    return policy is Policy.OTHER_TEAM and is_own_team(case, auditor)


def manages_team(case: CaseToAudit, auditor: AuditorOption, policy: Policy) -> bool:
    """Except under 'own team', nobody audits a case of a team that they manage."""
    return policy is not Policy.OWN_TEAM and case.team_id in auditor.manages_team_ids


def works_on_case(case: CaseToAudit, auditor: AuditorOption, policy: Policy) -> bool:
    """Nobody audits a case that they work on, under any policy."""
    return case.caseworker_id == auditor.person_id


def supervises_worker(case: CaseToAudit, auditor: AuditorOption, policy: Policy) -> bool:
    """Except under 'own team', nobody audits a case whose caseworker they supervise."""
    return policy is not Policy.OWN_TEAM and case.caseworker_id in auditor.supervises_ids


def has_conflict(case: CaseToAudit, auditor: AuditorOption, policy: Policy) -> bool:
    """Somebody with a declared conflict of interest never gets the case."""
    return auditor.person_id in case.conflict_ids


def is_first_auditor(case: CaseToAudit, auditor: AuditorOption, policy: Policy) -> bool:
    """A re-audit is done by a different auditor (domain.md section 8)."""
    return case.first_auditor_id == auditor.person_id


PERSON_RULES: Mapping[Rule, Broken] = {
    Rule.UNTRAINED: is_untrained,
    Rule.INACTIVE: is_inactive,
    Rule.EXEMPT: is_exempt,
    Rule.ABSENT: is_absent,
    Rule.NO_CAPACITY: has_no_capacity,
}
TEAM_RULES: Mapping[Rule, Broken] = {
    Rule.NOT_OWN_TEAM: is_outside_own_team,
    Rule.OWN_TEAM: is_inside_own_team,
    Rule.MANAGES_TEAM: manages_team,
}
CASE_RULES: Mapping[Rule, Broken] = {
    Rule.WORKS_ON_CASE: works_on_case,
    Rule.SUPERVISES_WORKER: supervises_worker,
    Rule.CONFLICT: has_conflict,
    Rule.FIRST_AUDITOR: is_first_auditor,
}
HARD_RULES: Mapping[Rule, Broken] = {**PERSON_RULES, **TEAM_RULES, **CASE_RULES}

# For one person, for several people (both after "but").
WORDS: Mapping[Rule, tuple[str, str]] = {
    Rule.UNTRAINED: ("is not trained to audit", "are not trained to audit"),
    Rule.INACTIVE: ("is not an active auditor", "are not active auditors"),
    Rule.EXEMPT: ("is exempt from this round", "are exempt from this round"),
    Rule.ABSENT: ("is away", "are away"),
    Rule.NO_CAPACITY: ("has no capacity left", "have no capacity left"),
    Rule.NOT_OWN_TEAM: ("belongs to another team", "belong to other teams"),
    Rule.OWN_TEAM: ("has the case in their own team", "have the case in their own team"),
    Rule.MANAGES_TEAM: ("manages the team", "manage the team"),
    Rule.WORKS_ON_CASE: ("works on the case", "work on the case"),
    Rule.SUPERVISES_WORKER: ("supervises the caseworker", "supervise the caseworker"),
    Rule.CONFLICT: ("has a conflict of interest", "have a conflict of interest"),
    Rule.FIRST_AUDITOR: ("did the audit that is being checked again", "did the audit that is being checked again"),
}


def is_away_for_round(
    absences: Iterable[tuple[date, date]], issue_on: date, due_on: date, least_working_days: int
) -> bool:
    """Whether absences (first and last day) leave fewer working days between issue and due date than are needed.

    A round that has fewer working days than that altogether keeps nobody out who is there on all of them.
    """
    days = [issue_on + timedelta(days=n) for n in range((due_on - issue_on).days + 1)]
    working = [day for day in days if is_working_day(day)]
    spans = list(absences)
    here = [day for day in working if not any(first <= day <= last for first, last in spans)]
    return len(here) < min(least_working_days, len(working))


def check_assignment(case: CaseToAudit, auditor: AuditorOption, load: int, policy: Policy) -> list[Verdict]:
    """Every hard rule that giving this audit to this auditor would break; empty when it may be done.

    ``load`` is how many audits of the round they hold without this one.
    """
    standing = replace(auditor, load=load)
    return [
        Verdict(rule, f"{auditor.name} {WORDS[rule][0]}.")
        for rule, is_broken in HARD_RULES.items()
        if is_broken(case, standing, policy)
    ]


def share_cost(load: int, expectation: int, weights: Weights = DEFAULT_WEIGHTS) -> tuple[int, int]:
    """What one more audit costs somebody who holds ``load``: for even shares, and above the expectation.

    Both rise with the load, which is what lets a min-cost flow fill people evenly.
    """
    return weights.share * load, weights.beyond_expectation * max(0, load + 1 - expectation)


def preference_costs(
    case: CaseToAudit, auditor: AuditorOption, load: int, weights: Weights = DEFAULT_WEIGHTS
) -> tuple[Paid, ...]:
    """Each preference that this allocation does not meet, with its cost.

    ``load`` is how many audits of the round they hold without this one.
    """
    share, beyond = share_cost(load, auditor.expectation, weights)
    costs = {
        Preference.SHARE: share,
        Preference.BEYOND_EXPECTATION: beyond,
        Preference.NO_EXPERIENCE: 0 if case.case_type in auditor.experience else weights.no_experience,
        Preference.SAME_CASEWORKER: weights.same_caseworker if is_same_caseworker(case, auditor) else 0,
        Preference.OUTSIDE_POOL: weights.outside_pool if is_outside_pool(case, auditor) else 0,
        Preference.TEAM_AGAIN: weights.team_again * auditor.audits_by_team.get(case.team_id, 0),
    }
    return tuple(Paid(preference, cost) for preference, cost in costs.items() if cost)


def is_outside_pool(case: CaseToAudit, auditor: AuditorOption) -> bool:
    """Whether the auditor is in the pool of another service's lead auditor; being in none costs nothing."""
    return auditor.pool_service_id not in (None, case.service_id)


def is_same_caseworker(case: CaseToAudit, auditor: AuditorOption) -> bool:
    """Whether the auditor's last audit was of this caseworker's work too."""
    return case.caseworker_id is not None and case.caseworker_id in auditor.last_caseworker_ids


def suggest(
    case: CaseToAudit, auditors: Iterable[AuditorOption], loads: Mapping[int, int], policy: Policy, n: int
) -> list[Suggestion]:
    """The ``n`` cheapest people who may take this audit now, the best first; for a swap by hand.

    ``loads`` gives the audits of the round by person id, without this one; who is not in it holds none.
    """
    options = (
        Suggestion(auditor, preference_costs(case, auditor, loads.get(auditor.person_id, 0)))
        for auditor in auditors
        if not check_assignment(case, auditor, loads.get(auditor.person_id, 0), policy)
    )
    return heapq.nsmallest(n, options, key=lambda option: (option.cost, option.auditor.name, option.auditor.person_id))
