"""The allocation of a round: never a broken rule, always an optimum, always the same, truly explained."""

import random
import time
from collections import Counter
from dataclasses import replace

import numpy as np
import pytest
from instances import may_audit, plain_cost, random_problem
from scipy.optimize import linear_sum_assignment

from qa_app.allocation.model import AuditorOption, CaseToAudit, Policy, Problem, Rule
from qa_app.allocation.solver import allocate


def best_by_assignment(problem: Problem) -> tuple[int, int]:
    """Most audits and least cost by the Hungarian method on one column a seat: an independent optimum.

    An empty seat is worth so much that one more audit always outweighs any cost.
    """
    nobody = 10**9
    seats = [(one, load) for one in problem.auditors for load in range(one.load, one.capacity)]
    matrix = np.full((len(problem.cases), len(seats) + len(problem.cases)), nobody, dtype=np.int64)
    for row, case in enumerate(problem.cases):
        for column, (auditor, load) in enumerate(seats):
            matrix[row, column] = (
                plain_cost(case, auditor, load) if may_audit(case, auditor, problem.policy) else 10 * nobody
            )
    rows, columns = linear_sum_assignment(matrix)
    costs = [int(cost) for cost in matrix[rows, columns] if cost < nobody]
    return len(costs), sum(costs)


@pytest.mark.parametrize("batch", range(10))
def test_no_rule_is_broken_and_the_optimum_is_reached_on_random_rounds(batch):
    for seed in range(batch * 100, batch * 100 + 100):
        problem = random_problem(seed)
        allocation = allocate(problem)
        given = Counter(one.auditor.person_id for one in allocation.assignments)
        for one in allocation.assignments:
            assert may_audit(one.case, one.auditor, problem.policy), (seed, one)
        for auditor in problem.auditors:
            held = given[auditor.person_id]
            assert not held or auditor.load + held <= auditor.capacity
        placed = [one.case.key for one in allocation.assignments]
        missing = [case.key for shortfall in allocation.shortfalls for case in shortfall.cases]
        assert sorted(placed + missing) == sorted(case.key for case in problem.cases)
        assert (len(placed), allocation.cost) == best_by_assignment(problem), seed


@pytest.mark.parametrize("seed", range(1000, 1020))
def test_larger_rounds_are_optimal_too(seed):
    problem = random_problem(seed, most_cases=120, most_auditors=90, teams=8)
    allocation = allocate(problem)
    assert (len(allocation.assignments), allocation.cost) == best_by_assignment(problem)


@pytest.mark.parametrize("seed", range(2000, 2060))
def test_the_order_of_the_input_never_matters(seed):
    problem = random_problem(seed)
    rng = random.Random(seed)
    mixed = replace(
        problem,
        cases=tuple(rng.sample(problem.cases, len(problem.cases))),
        auditors=tuple(rng.sample(problem.auditors, len(problem.auditors))),
    )
    assert allocate(problem) == allocate(mixed)


def first_broken(case: CaseToAudit, auditor: AuditorOption, policy: Policy) -> Rule | None:
    """The first hard rule broken before the allocation, written out without the room's own rules."""
    own = case.team_id == auditor.team_id or case.team_id in auditor.manages_team_ids
    table = [
        (Rule.UNTRAINED, not auditor.trained),
        (Rule.INACTIVE, not auditor.active),
        (Rule.EXEMPT, auditor.exempt),
        (Rule.ABSENT, auditor.absent),
        (Rule.NO_CAPACITY, auditor.load >= auditor.capacity),
        (Rule.NOT_OWN_TEAM, policy == "own_team" and not own),
        (Rule.OWN_TEAM, policy == "other_team" and own),
        (Rule.MANAGES_TEAM, policy == "any" and case.team_id in auditor.manages_team_ids),
        (Rule.WORKS_ON_CASE, case.caseworker_id == auditor.person_id),
        (Rule.SUPERVISES_WORKER, policy != "own_team" and case.caseworker_id in auditor.supervises_ids),
        (Rule.CONFLICT, auditor.person_id in case.conflict_ids),
        (Rule.FIRST_AUDITOR, case.first_auditor_id == auditor.person_id),
    ]
    return next((rule for rule, broken in table if broken), None)


@pytest.mark.parametrize("seed", range(3000, 3120))
def test_every_number_of_an_explanation_is_true(seed):
    problem = random_problem(seed, most_cases=40, most_auditors=60)
    allocation = allocate(problem)
    final = Counter({one.person_id: one.load for one in problem.auditors})
    final.update(one.auditor.person_id for one in allocation.assignments)
    paid_by_auditor = Counter()
    for one in allocation.assignments:
        broken = {other.person_id: first_broken(one.case, other, problem.policy) for other in problem.auditors}
        allowed = [other for other in problem.auditors if broken[other.person_id] is None]
        others = [other for other in allowed if other is not one.auditor]
        free = [other for other in others if final[other.person_id] < other.capacity]
        assert one.why.considered == len(problem.auditors)
        assert one.why.could == len(allowed)
        assert one.why.ruled_out == Counter(rule for rule in broken.values() if rule)
        assert one.why.full == len(others) - len(free)
        costs = [plain_cost(one.case, other, final[other.person_id]) for other in free]
        assert one.why.next_best_cost == min(costs, default=None)
        best = {other.person_id for other, cost in zip(free, costs, strict=True) if cost == one.why.next_best_cost}
        assert one.why.next_best_id in (best or {None})
        paid_by_auditor[one.auditor.person_id] += one.why.cost
    for auditor in problem.auditors:
        mine = [one.case for one in allocation.assignments if one.auditor is auditor]
        truth = sum(plain_cost(case, auditor, auditor.load + held) for held, case in enumerate(mine))
        assert paid_by_auditor[auditor.person_id] == truth
    check_shortfalls(problem, allocation, final)


def check_shortfalls(problem, allocation, final):
    for shortfall in allocation.shortfalls:
        full, away = 0, Counter()
        for auditor in problem.auditors:
            broken = {first_broken(case, auditor, problem.policy) for case in shortfall.cases}
            room = final[auditor.person_id] < auditor.capacity
            if None in broken:
                assert not room
                full += 1
            elif room:
                away[min(broken, key=list(Rule).index)] += 1
        assert shortfall.full == full
        assert shortfall.has_room | shortfall.unavailable == away


def case(number: int, **changes) -> CaseToAudit:
    known = CaseToAudit(f"2026-06/{number:03}", 4, "Team 4", 1, "Children in Care", "child_in_care")
    return replace(known, **changes)


def auditor(person_id: int, **changes) -> AuditorOption:
    known = AuditorOption(person_id, f"Auditor {person_id}", 9, 1, experience=frozenset({"child_in_care"}))
    return replace(known, pool_service_id=1, **changes)


def test_a_shortfall_says_exactly_what_is_missing():
    problem = Problem(
        tuple(case(n, caseworker_id=1) for n in range(4)),
        (auditor(1), auditor(2), auditor(3, exempt=True), auditor(4, team_id=4)),
        Policy.OTHER_TEAM,
        "1",
    )
    allocation = allocate(problem)
    assert allocation.sentence == "1 of 4 audits has an auditor; 3 are missing: Children in Care 3."
    assert [shortfall.sentence for shortfall in allocation.shortfalls] == [
        "Children in Care, Team 4: 3 audits have no auditor. 1 auditor could take them but is full. "
        "2 have room, but 1 has the case in their own team, 1 works on the case. "
        "Of the others, 1 is exempt from this round."
    ]
    assert allocation.capacity == 2


def test_nobody_at_all():
    allocation = allocate(Problem((case(1),), (), Policy.ANY, "1"))
    assert allocation.sentence == "0 of 1 audits have an auditor; 1 is missing: Children in Care 1."
    assert allocation.shortfalls[0].sentence == (
        "Children in Care, Team 4: 1 audit has no auditor. Nobody could take it."
    )


def test_nothing_to_allocate():
    allocation = allocate(Problem((), (auditor(1),), Policy.ANY, "1"))
    assert (allocation.assignments, allocation.sentence) == ((), "There are no audits to allocate.")


def test_everybody_gets_one_before_anybody_gets_two():
    cases = tuple(case(n) for n in range(6))
    people = (
        auditor(1, capacity=9, expectation=3),
        *(replace(auditor(n), experience=frozenset()) for n in range(2, 7)),
    )
    allocation = allocate(Problem(cases, people, Policy.ANY, "1"))
    assert {one.auditor.person_id for one in allocation.assignments} == {1, 2, 3, 4, 5, 6}
    assert allocation.sentence == "Every audit has an auditor."


def test_the_seed_settles_ties():
    people = tuple(auditor(n) for n in range(1, 9))
    chosen = {allocate(Problem((case(1),), people, Policy.ANY, str(s))).assignments[0].auditor.name for s in range(40)}
    assert len(chosen) > 4


def test_own_team_never_falls_back_to_another_team():
    people = (auditor(1, team_id=4), auditor(2), auditor(3))
    allocation = allocate(Problem((case(1), case(2)), people, Policy.OWN_TEAM, "1"))
    assert [one.auditor.person_id for one in allocation.assignments] == [1]
    assert allocation.shortfalls[0].has_room == {Rule.NOT_OWN_TEAM: 2}


def test_a_case_listed_twice_is_refused():
    with pytest.raises(ValueError, match="An audit is listed twice"):
        Problem((case(1), case(1)), (), Policy.ANY, "1")
    with pytest.raises(ValueError, match="An auditor is listed twice"):
        Problem((), (auditor(1), auditor(1)), Policy.ANY, "1")


def test_a_round_of_a_hundred_is_quick():
    problem = random_problem(1, most_cases=100, most_auditors=100, teams=30)
    allocate(problem)
    started = time.perf_counter()
    allocate(problem)
    assert time.perf_counter() - started < 1.0


def test_the_next_best_is_found_behind_many_conflicts():
    people = (*(auditor(n) for n in range(1, 60)), replace(auditor(60), experience=frozenset()))
    torn = case(1, conflict_ids=frozenset(range(2, 60)))
    (only,) = allocate(Problem((torn,), people, Policy.ANY, "1")).assignments
    assert (only.auditor.person_id, only.why.next_best_id, only.why.next_best_cost) == (1, 60, 40)
    assert (only.why.could, only.why.ruled_out) == (2, {Rule.CONFLICT: 58})


def test_what_the_solver_cannot_do_is_said(monkeypatch):
    monkeypatch.setattr("qa_app.allocation.network.SimpleMinCostFlow.solve_max_flow_with_min_cost", unsolved)
    with pytest.raises(RuntimeError, match="could not be computed"):
        allocate(Problem((case(1),), (auditor(1),), Policy.ANY, "1"))


def unsolved(solver):
    return solver.BAD_COST_RANGE
