"""The rules and preferences of a whole round as arrays, so that a large round takes no Python loop over pairs.

What depends on a person and a team is held in arrays of (place, auditor), a place being a team in its
service; what depends on the case type in arrays of (type, auditor). What depends on a single case (its
caseworker, a conflict, a re-audit) touches few pairs and is held one by one in ``exceptions``.

Imported only by the solver, when there is something to solve: numpy and OR-Tools are large.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from qa_app.allocation.model import AuditorOption, CaseToAudit, Problem, Rule
from qa_app.allocation.rules import CASE_RULES, PERSON_RULES, TEAM_RULES, is_same_caseworker

Ints = NDArray[np.integer[Any]]
Codes = NDArray[np.int8]

CODES: dict[Rule, int] = {rule: number for number, rule in enumerate(Rule, 1)}
"""Each rule's number in the arrays; 0 means that no rule is broken."""


@dataclass(frozen=True, slots=True)
class Exceptional:
    """How a single case differs from its team and type for one auditor: a broken rule, or an extra cost."""

    code: int
    extra: int


NOTHING = Exceptional(0, 0)
Exceptions = dict[int, Exceptional]


@dataclass(frozen=True, slots=True)
class Grid:
    """A problem laid out in canonical order: whatever order the input had, the arrays are the same."""

    problem: Problem
    cases: list[CaseToAudit]
    auditors: list[AuditorOption]
    place_of: list[int]
    type_of: list[int]
    place_code: Codes
    """(place, auditor): the first broken rule, or 0."""
    place_cost: Ints
    """(place, auditor): cost of the pool and of earlier audits of that team."""
    type_cost: Ints
    """(type, auditor): cost of missing experience."""
    room: Ints
    """(auditor): audits that they may still take."""
    exceptions: list[Exceptions]
    """For each case the auditors for whom it is exceptional, where the team's code is 0."""


def build_grid(problem: Problem) -> Grid:
    """Lay the problem out. Ties are settled by a hash of the seed with the key or the person's id."""
    cases = sorted(problem.cases, key=lambda case: (_digest(problem.seed, case.key), case.key))
    auditors = sorted(problem.auditors, key=lambda one: (_digest(problem.seed, str(one.person_id)), one.person_id))
    places: dict[tuple[int, int], CaseToAudit] = {}
    for case in cases:
        places.setdefault((case.team_id, case.service_id), case)
    place_index = {place: index for index, place in enumerate(places)}
    type_index = {case_type: index for index, case_type in enumerate(sorted({case.case_type for case in cases}))}
    place_of = [place_index[case.team_id, case.service_id] for case in cases]
    codes = _place_codes(problem, list(places.values()), auditors)
    return Grid(
        problem=problem,
        cases=cases,
        auditors=auditors,
        place_of=place_of,
        type_of=[type_index[case.case_type] for case in cases],
        place_code=codes,
        place_cost=_place_costs(problem, list(places), auditors),
        type_cost=_type_costs(problem, list(type_index), auditors),
        room=np.array([max(0, one.capacity - one.load) for one in auditors], dtype=np.int64),
        exceptions=_exceptions(problem, cases, auditors, [codes[place] for place in place_of]),
    )


def _digest(seed: str, text: str) -> bytes:
    return hashlib.sha256(f"{seed}\n{text}".encode()).digest()


def _place_codes(problem: Problem, places: list[CaseToAudit], auditors: list[AuditorOption]) -> Codes:
    """Person rules hold everywhere; team rules are asked only where a person's own teams make a difference."""
    codes = np.zeros((len(places), len(auditors)), dtype=np.int8)
    if not places:
        return codes
    elsewhere = CaseToAudit("", -1, "", -1, "", "")
    rows: dict[int | None, list[int]] = defaultdict(list)
    for row, place in enumerate(places):
        rows[place.team_id].append(row)
    for column, auditor in enumerate(auditors):
        person = next(
            (rule for rule, broken in PERSON_RULES.items() if broken(places[0], auditor, problem.policy)), None
        )
        if person is not None:
            codes[:, column] = CODES[person]
            continue
        codes[:, column] = _team_code(elsewhere, auditor, problem)
        for team_id in {auditor.team_id, *auditor.manages_team_ids}:
            for row in rows.get(team_id, ()):
                codes[row, column] = _team_code(places[row], auditor, problem)
    return codes


def _team_code(place: CaseToAudit, auditor: AuditorOption, problem: Problem) -> int:
    broken = (CODES[rule] for rule, is_broken in TEAM_RULES.items() if is_broken(place, auditor, problem.policy))
    return next(broken, 0)


def _place_costs(problem: Problem, places: list[tuple[int, int]], auditors: list[AuditorOption]) -> Ints:
    services = np.array([service_id for _, service_id in places], dtype=np.int64)[:, None]
    pools = np.array([-1 if one.pool_service_id is None else one.pool_service_id for one in auditors], dtype=np.int64)
    costs = np.where((pools == -1) | (services == pools), 0, problem.weights.outside_pool).astype(np.int32)
    rows: dict[int, list[int]] = defaultdict(list)
    for row, (team_id, _) in enumerate(places):
        rows[team_id].append(row)
    for column, auditor in enumerate(auditors):
        for team_id, count in auditor.audits_by_team.items():
            for row in rows.get(team_id, ()):
                costs[row, column] += problem.weights.team_again * count
    return costs


def _type_costs(problem: Problem, types: list[str], auditors: list[AuditorOption]) -> Ints:
    costs = np.full((len(types), len(auditors)), problem.weights.no_experience, dtype=np.int64)
    for row, case_type in enumerate(types):
        costs[row, [column for column, one in enumerate(auditors) if case_type in one.experience]] = 0
    return costs


def _exceptions(
    problem: Problem, cases: list[CaseToAudit], auditors: list[AuditorOption], codes: list[Codes]
) -> list[Exceptions]:
    """Look only at the auditors whom a case names; cases that name the same share one answer.

    ``codes`` has the row of each case's place.
    """
    column_of: dict[int | None, int] = {auditor.person_id: column for column, auditor in enumerate(auditors)}
    by_worker: dict[int | None, set[int]] = defaultdict(set)
    for column, auditor in enumerate(auditors):
        for person_id in (auditor.person_id, *auditor.supervises_ids, *auditor.last_caseworker_ids):
            by_worker[person_id].add(column)
    shared: dict[tuple[object, ...], Exceptions] = {}
    found: list[Exceptions] = []
    for row, case in enumerate(cases):
        names = case.team_id, case.service_id, case.caseworker_id, case.conflict_ids, case.first_auditor_id
        if names not in shared:
            people = (
                column_of.get(person_id) for person_id in (*case.conflict_ids, case.first_auditor_id) if person_id
            )
            columns = by_worker.get(case.caseworker_id, set()).union(one for one in people if one is not None)
            known = {
                column: _exceptional(problem, case, auditors[column])
                for column in sorted(columns)
                if not codes[row][column]
            }
            shared[names] = {column: what for column, what in known.items() if what != NOTHING}
        found.append(shared[names])
    return found


def _exceptional(problem: Problem, case: CaseToAudit, auditor: AuditorOption) -> Exceptional:
    broken = (CODES[rule] for rule, is_broken in CASE_RULES.items() if is_broken(case, auditor, problem.policy))
    extra = problem.weights.same_caseworker if is_same_caseworker(case, auditor) else 0
    return Exceptional(next(broken, 0), extra)
