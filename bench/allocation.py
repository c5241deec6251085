"""What the allocation of a round costs: ``python bench/allocation.py``, alone on the machine.

For each size: the time that OR-Tools needs for its arcs, the time of the whole allocation with its explanations,
what is not the solver's as a multiple of it (bar: 3), and the memory of the process (bar: 300 MB at 10,000
audits to 5,000 auditors).
"""

import json
import random
import resource
import statistics
import subprocess
import sys
import time

from ortools.graph.python import min_cost_flow

from qa_app.allocation import network
from qa_app.allocation.model import AuditorOption, CaseToAudit, Policy, Problem
from qa_app.allocation.solver import allocate

TYPES = ["child_in_need", "child_protection", "child_in_care", "care_leaver", "assessment"]
SIZES = [(100, 100, 30), (100, 200, 30), (1000, 500, 30), (10_000, 5000, 30), (10_000, 5000, 300)]


class Stopwatch(min_cost_flow.SimpleMinCostFlow):
    """OR-Tools' solver with the time and arcs of every run written down."""

    seconds = 0.0
    runs: list[int] = []

    def solve_max_flow_with_min_cost(self) -> min_cost_flow.SimpleMinCostFlow.Status:
        """As its parent, with the clock running."""
        started = time.perf_counter()
        status = super().solve_max_flow_with_min_cost()
        Stopwatch.seconds += time.perf_counter() - started
        Stopwatch.runs.append(self.num_arcs())
        return status


def council(audits: int, auditors: int, teams: int, policy: Policy, seed: int = 1) -> Problem:
    """Auditors with a year of history behind them, every caseworker supervised by somebody in the team."""
    rng = random.Random(seed)
    services = 6
    workers = {team: [10_000 * team + n for n in range(12)] for team in range(1, teams + 1)}
    people = []
    for person_id in range(1, auditors + 1):
        team = 1 + person_id % teams
        year = [rng.randint(1, teams) for _ in range(rng.randint(0, 12))]
        people.append(
            AuditorOption(
                person_id=person_id,
                name=f"Auditor {person_id}",
                team_id=team,
                capacity=rng.choice([1, 2, 2, 3]),
                expectation=rng.choice([1, 1, 2]),
                manages_team_ids=frozenset({team}) if person_id <= teams else frozenset(),
                supervises_ids=frozenset(rng.sample(workers[team], 4)),
                trained=rng.random() < 0.95,
                exempt=rng.random() < 0.05,
                experience=frozenset(rng.sample(TYPES, rng.randint(1, 4))),
                audits_by_team={one: year.count(one) for one in year},
                last_caseworker_ids=frozenset({rng.choice(workers[year[-1]])}) if year else frozenset(),
                pool_service_id=1 + rng.randrange(services),
            )
        )
    cases = []
    for number in range(audits):
        team = rng.randint(1, teams)
        cases.append(
            CaseToAudit(
                key=f"2026-06/{number:05}",
                team_id=team,
                team_name=f"Team {team}",
                service_id=1 + team % services,
                service_name=f"Service {1 + team % services}",
                case_type=rng.choice(TYPES),
                caseworker_id=rng.choice(workers[team]),
                conflict_ids=frozenset(rng.sample(range(1, auditors + 1), 2)) if rng.random() < 0.02 else frozenset(),
            )
        )
    return Problem(tuple(cases), tuple(people), policy, "bench")


def measure(audits: int, auditors: int, teams: int, policy: Policy) -> dict[str, object]:
    """Median of three, after one run that loads the libraries."""
    network.SimpleMinCostFlow = Stopwatch
    allocate(council(10, 10, 3, policy))
    problem = council(audits, auditors, teams, policy)
    rows = []
    for _ in range(3):
        Stopwatch.seconds, Stopwatch.runs = 0.0, []
        started = time.perf_counter()
        allocation = allocate(problem)
        total = time.perf_counter() - started
        rows.append((total, Stopwatch.seconds))
    total, solver = (statistics.median(column) for column in zip(*rows, strict=True))
    return {
        "audits": audits,
        "auditors": auditors,
        "teams": teams,
        "policy": policy.value,
        "solver_ms": round(solver * 1000, 1),
        "total_ms": round(total * 1000, 1),
        "rest_to_solver": round((total - solver) / solver, 2),
        "runs": len(Stopwatch.runs),
        "arcs": max(Stopwatch.runs),
        "placed": len(allocation.assignments),
        "memory_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
    }


def main() -> None:
    """Each size in a process of its own, so that the memory is its own."""
    if len(sys.argv) > 1:
        audits, auditors, teams = map(int, sys.argv[1:4])
        print(json.dumps(measure(audits, auditors, teams, Policy(sys.argv[4]))))
        return
    for size in SIZES:
        for policy in (Policy.ANY, Policy.OTHER_TEAM):
            subprocess.run([sys.executable, __file__, *map(str, size), policy.value], check=True)


if __name__ == "__main__":
    main()
