"""Who audits what, decided for the whole round as an optimum (domain.md section 5).

First as many audits as possible are placed, then at the lowest cost; a minimum-cost maximum flow
(Ahuja, Magnanti and Orlin, *Network Flows*, 1993, chapters 9 to 11) solved by OR-Tools, which is loaded
only when there is something to solve. The same problem gives the same allocation in whatever order it is listed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from qa_app.allocation.model import Allocation, Problem

if TYPE_CHECKING:
    from qa_app.allocation.grid import Grid


def allocate(problem: Problem) -> Allocation:
    """Place every audit that can be placed, at the lowest cost, and explain each and all that is missing."""
    from qa_app.allocation.explain import explain  # noqa: PLC0415 - numpy is loaded only here
    from qa_app.allocation.grid import build_grid  # noqa: PLC0415

    grid = build_grid(problem)
    return explain(grid, assign(grid))


def assign(grid: Grid) -> dict[int, int]:
    """The optimal auditor of each placed case, both as positions in the grid.

    The flow is a lower bound until no exceptional pair sits on shared arcs; then it is the optimum. Each turn
    splits at least one more (place, auditor) pair, so the loop ends, in practice after a few turns.
    """
    from qa_app.allocation.network import build_groups, solve_flow  # noqa: PLC0415 - OR-Tools is loaded only here
    from qa_app.allocation.pairing import pair_up  # noqa: PLC0415

    groups = build_groups(grid) if grid.cases else None
    if groups is None or not groups.members:
        return {}
    split: frozenset[tuple[int, int]] = frozenset()
    while True:
        pairs, clashes = pair_up(grid, groups, solve_flow(grid, groups, split))
        if not clashes:
            return pairs
        split |= clashes
