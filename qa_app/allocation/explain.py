"""Why each audit went where it did, and exactly what is missing where.

Numbers that are the same for all cases of a place and type are worked out once; a single case then
differs only by its exceptional auditors.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from qa_app.allocation.grid import CODES, NOTHING, Exceptions, Grid, Ints
from qa_app.allocation.model import Allocation, Assignment, CaseToAudit, Explanation, Rule, Shortfall
from qa_app.allocation.rules import PERSON_RULES, preference_costs, share_cost
from qa_app.allocation.words import rule_in_words

RULE_OF = {code: rule for rule, code in CODES.items()}
NEAREST = 24


@dataclass(frozen=True, slots=True)
class _Common:
    """What all cases of one place and type share, with everything placed."""

    ruled_out: Counter[int]
    could: int
    full: int
    nearest: list[tuple[int, int]]
    """(cost, auditor) of the cheapest who have room left, the cheapest first."""
    complete: bool
    """Whether ``nearest`` holds all of them."""


@dataclass(frozen=True, slots=True)
class _Standing:
    """The same for cases that share their exceptional auditors too; ``best`` are the two cheapest."""

    ruled_out: Mapping[Rule, int]
    could: int
    full: int
    best: list[tuple[int, int]]


class _Round:
    """The round after the assignment: what is left of everybody's room, and what one more would cost."""

    def __init__(self, grid: Grid, pairs: Mapping[int, int]) -> None:
        self.grid = grid
        given = np.bincount(list(pairs.values()), minlength=len(grid.auditors)).astype(np.int64)
        self.left: list[int] = (grid.room - given).tolist()
        self.has_room = grid.room > given
        self.one_more: Ints = np.array(
            [
                sum(share_cost(one.load + taken, one.expectation, grid.problem.weights))
                for one, taken in zip(grid.auditors, given.tolist(), strict=True)
            ],
            dtype=np.int64,
        )
        self.commons: dict[tuple[int, int], _Common] = {}
        self.standings: dict[tuple[int, int, int], _Standing] = {}

    def common(self, case: int) -> _Common:
        key = self.grid.place_of[case], self.grid.type_of[case]
        if key not in self.commons:
            self.commons[key] = self._common(*key, NEAREST)
        return self.commons[key]

    def _common(self, place: int, case_type: int, limit: int) -> _Common:
        codes = self.grid.place_code[place]
        counts = np.bincount(codes, minlength=len(CODES) + 1).tolist()
        free = np.flatnonzero((codes == 0) & self.has_room)
        costs = self.grid.place_cost[place, free] + self.grid.type_cost[case_type, free] + self.one_more[free]
        first = np.argpartition(costs, limit)[:limit] if limit < len(free) else np.arange(len(free))
        return _Common(
            ruled_out=Counter({code: number for code, number in enumerate(counts) if code and number}),
            could=counts[0],
            full=counts[0] - len(free),
            nearest=sorted(zip(costs[first].tolist(), free[first].tolist(), strict=True)),
            complete=limit >= len(free),
        )

    def standing(self, case: int) -> _Standing:
        """Shared by the cases of one place and type that have the same exceptions."""
        known = self.grid.exceptions[case]
        key = self.grid.place_of[case], self.grid.type_of[case], id(known)
        if key not in self.standings:
            self.standings[key] = self._standing(case, known)
        return self.standings[key]

    def _standing(self, case: int, known: Exceptions) -> _Standing:
        common = self.common(case)
        barred = {auditor: what.code for auditor, what in known.items() if what.code}
        ruled_out = common.ruled_out + Counter(barred.values())
        enough = len(known) + 2
        if not common.complete and enough > len(common.nearest):
            common = self._common(self.grid.place_of[case], self.grid.type_of[case], enough)
        options = sorted(
            (cost + known.get(auditor, NOTHING).extra, auditor)
            for cost, auditor in common.nearest
            if auditor not in barred
        )
        return _Standing(
            ruled_out={RULE_OF[code]: number for code, number in sorted(ruled_out.items())},
            could=common.could - len(barred),
            full=common.full - sum(1 for auditor in barred if not self.left[auditor]),
            best=options[:2],
        )

    def why(self, case: int, chosen: int, load: int) -> Explanation:
        """The explanation of one placed case; ``load`` is what the chosen auditor held without it."""
        standing = self.standing(case)
        cost, best = next((option for option in standing.best if option[1] != chosen), (None, None))
        return Explanation(
            considered=len(self.grid.auditors),
            could=standing.could,
            ruled_out=standing.ruled_out,
            full=standing.full - (not self.left[chosen]),
            paid=preference_costs(self.grid.cases[case], self.grid.auditors[chosen], load, self.grid.problem.weights),
            next_best_id=None if best is None else self.grid.auditors[best].person_id,
            next_best_cost=cost,
        )


def explain(grid: Grid, pairs: Mapping[int, int]) -> Allocation:
    """Turn the pairs into assignments and shortfalls with their reasons."""
    after = _Round(grid, pairs)
    loads: Counter[int] = Counter()
    assignments: list[Assignment] = []
    missing: dict[int, list[int]] = defaultdict(list)
    for case, facts in enumerate(grid.cases):
        chosen = pairs.get(case)
        if chosen is None:
            missing[grid.place_of[case]].append(case)
            continue
        auditor = grid.auditors[chosen]
        why = after.why(case, chosen, auditor.load + loads[chosen])
        loads[chosen] += 1
        assignments.append(Assignment(facts, auditor, why))
    assignments.sort(key=lambda one: one.case.key)
    shortfalls = sorted(
        (_shortfall(after, cases) for cases in missing.values()), key=lambda one: (one.service_name, one.team_name)
    )
    usable = (grid.place_code == 0).any(axis=0) if len(grid.cases) else np.zeros(len(grid.auditors), dtype=bool)
    return Allocation(
        assignments=tuple(assignments),
        shortfalls=tuple(shortfalls),
        capacity=int(grid.room[usable].sum()),
        cost=sum(one.why.cost for one in assignments),
        sentence=_headline(len(grid.cases), shortfalls),
    )


def _shortfall(after: _Round, cases: Sequence[int]) -> Shortfall:
    """Nobody with room is allowed any of these cases, or the flow would have placed one more."""
    grid = after.grid
    place = grid.place_of[cases[0]]
    codes = grid.place_code[place]
    barred: NDArray[np.int8] = codes.copy()
    shut_out = set.intersection(*({who for who, what in grid.exceptions[case].items() if what.code} for case in cases))
    for auditor in shut_out:
        barred[auditor] = min(grid.exceptions[case][auditor].code for case in cases)
    room = Counter(barred[after.has_room & (barred > 0)].tolist())
    kept_away = {RULE_OF[code]: number for code, number in sorted(room.items())}
    has_room = {rule: number for rule, number in kept_away.items() if rule not in PERSON_RULES}
    unavailable = {rule: number for rule, number in kept_away.items() if rule in PERSON_RULES}
    full = int(((barred == 0) & ~after.has_room).sum())
    facts = [grid.cases[case] for case in cases]
    return Shortfall(
        service_name=facts[0].service_name,
        team_name=facts[0].team_name,
        cases=tuple(sorted(facts, key=lambda case: case.key)),
        full=full,
        has_room=has_room,
        unavailable=unavailable,
        sentence=_shortfall_sentence(facts, full, has_room, unavailable),
    )


def _shortfall_sentence(
    cases: Sequence[CaseToAudit], full: int, has_room: Mapping[Rule, int], unavailable: Mapping[Rule, int]
) -> str:
    """Example: "Children in Care, Team 4: 3 audits have no auditor. 5 auditors could take them but are full."."""
    one = len(cases) == 1
    them = "it" if one else "them"
    sentences = [
        f"{cases[0].service_name}, {cases[0].team_name}: {_audits(len(cases))} {'has' if one else 'have'} no auditor"
    ]
    if full:
        who = "1 auditor" if full == 1 else f"{full} auditors"
        sentences.append(f"{who} could take {them} but {'is' if full == 1 else 'are'} full")
    else:
        sentences.append(f"Nobody could take {them}")
    if has_room:
        with_room = sum(has_room.values())
        but = ", ".join(rule_in_words(rule, number) for rule, number in has_room.items())
        sentences.append(f"{with_room} {'has' if with_room == 1 else 'have'} room, but {but}")
    if unavailable:
        sentences.append(
            f"Of the others, {', '.join(rule_in_words(rule, number) for rule, number in unavailable.items())}"
        )
    return ". ".join(sentences) + "."


def _headline(total: int, shortfalls: Sequence[Shortfall]) -> str:
    missing = Counter[str]()
    for shortfall in shortfalls:
        missing[shortfall.service_name] += len(shortfall.cases)
    short = sum(missing.values())
    if not short:
        return "Every audit has an auditor." if total else "There are no audits to allocate."
    where = ", ".join(f"{service} {number}" for service, number in sorted(missing.items()))
    placed = total - short
    have = f"{placed} of {total} audits {'has' if placed == 1 else 'have'} an auditor"
    return f"{have}; {short} {'is' if short == 1 else 'are'} missing: {where}."


def _audits(number: int) -> str:
    return "1 audit" if number == 1 else f"{number} audits"
