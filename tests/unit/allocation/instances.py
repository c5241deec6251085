"""Random rounds, and the rules and costs written out a second time in the plainest way, to compare with."""

import random

from qa_app.allocation.model import AuditorOption, CaseToAudit, Policy, Problem, Weights

TYPES = ["child_in_need", "child_protection", "child_in_care", "care_leaver"]


def random_problem(seed: int, most_cases: int = 25, most_auditors: int = 20, teams: int = 5) -> Problem:
    """A round dense with conflicts, histories, absences and shortages; every third is of one team only."""
    rng = random.Random(seed)
    teams = 1 if seed % 3 == 0 else teams
    count = rng.randint(0, most_auditors)
    workers = list(range(1, count + 12))
    tight = rng.random()
    auditors = tuple(_auditor(rng, person_id, teams, workers, tight) for person_id in range(1, count + 1))
    cases = tuple(_case(rng, n, teams, workers) for n in range(rng.randint(0, most_cases)))
    return Problem(cases, auditors, rng.choice(list(Policy)), f"seed {seed}")


def _auditor(rng, person_id, teams, workers, tight) -> AuditorOption:
    busy = rng.random() < tight
    return AuditorOption(
        person_id=person_id,
        name=f"Auditor {person_id}",
        team_id=rng.choice([None, *range(1, teams + 1)]),
        capacity=rng.choice([0, 1, 1, 1, 2, 3, 4]),
        expectation=rng.choice([1, 1, 2]),
        load=rng.choice([0, 0, 0, 1]),
        manages_team_ids=frozenset(rng.sample(range(1, teams + 1), rng.choice([0, 0, 1]))),
        supervises_ids=frozenset(rng.sample(workers, min(len(workers), rng.choice([0, 0, 3])))),
        trained=rng.random() < 0.9,
        active=rng.random() < 0.95,
        exempt=rng.random() < 0.1,
        absent=rng.random() < 0.1,
        experience=frozenset(rng.sample(TYPES, rng.randint(0, 3))),
        audits_by_team={t: rng.randint(1, 4) for t in range(1, teams + 1) if busy and rng.random() < 0.4},
        last_caseworker_ids=frozenset(rng.sample(workers, min(len(workers), rng.choice([0, 1, 2, 6])))),
        pool_service_id=rng.choice([None, 1, 2]),
    )


def _case(rng, number, teams, workers) -> CaseToAudit:
    team_id = rng.randint(1, teams)
    service_id = 1 + team_id % 2
    return CaseToAudit(
        key=f"2026-06/{number:03}",
        team_id=team_id,
        team_name=f"Team {team_id}",
        service_id=service_id,
        service_name=f"Service {service_id}",
        case_type=rng.choice(TYPES),
        caseworker_id=rng.choice([None, *workers]),
        conflict_ids=frozenset(rng.sample(workers, min(len(workers), rng.choice([0, 0, 0, 2])))),
        first_auditor_id=rng.choice([None, None, None, rng.choice(workers)]),
    )


def may_audit(case: CaseToAudit, auditor: AuditorOption, policy: Policy) -> bool:
    """The hard rules of domain.md section 5, but for capacity."""
    if not auditor.trained or not auditor.active or auditor.exempt or auditor.absent:
        return False
    if auditor.person_id in (case.caseworker_id, case.first_auditor_id) or auditor.person_id in case.conflict_ids:
        return False
    manages = case.team_id in auditor.manages_team_ids
    own = manages or auditor.team_id == case.team_id
    if policy == "own_team":
        return own
    if manages or case.caseworker_id in auditor.supervises_ids:
        return False
    return not own if policy == "other_team" else True


def plain_cost(case: CaseToAudit, auditor: AuditorOption, load: int) -> int:
    """The default weights, typed again."""
    cost = 500 * load + (5000 * (load + 1 - auditor.expectation) if load + 1 > auditor.expectation else 0)
    if case.case_type not in auditor.experience:
        cost += 40
    if case.caseworker_id in auditor.last_caseworker_ids:
        cost += 30
    if auditor.pool_service_id not in (None, case.service_id):
        cost += 20
    return cost + 10 * auditor.audits_by_team.get(case.team_id, 0)


assert Weights() == Weights(500, 5000, 40, 30, 20, 10)
