"""From numbers on shared arcs to names: which case goes to which auditor.

Cases that leave a hub together may be handed to its auditors in any order at the same cost, and cases of
one class may change places. That freedom is used to keep every exceptional pair apart. A pair that
cannot be kept apart is reported, for the network to be split there and solved again.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from qa_app.allocation.grid import Grid
from qa_app.allocation.network import Flow, Groups


@dataclass(slots=True)
class _Seat:
    """One unit of flow: where the case that sits here goes."""

    case: int
    case_class: int
    hub: tuple[int, int] | None
    auditor: int | None


def pair_up(grid: Grid, groups: Groups, flow: Flow) -> tuple[dict[int, int], frozenset[tuple[int, int]]]:
    """Auditor of each placed case, and the (place, auditor) pairs where an exceptional pair is left."""
    seats = _seats(groups, flow, grid)
    by_class: dict[int, list[_Seat]] = defaultdict(list)
    by_hub: dict[tuple[int, int], list[_Seat]] = defaultdict(list)
    for seat in seats:
        by_class[seat.case_class].append(seat)
        if seat.hub is not None:
            by_hub[seat.hub].append(seat)
    clashes: set[tuple[int, int]] = set()
    for seat in seats:
        if _fits(grid, seat.case, seat) or seat.auditor is None or seat.hub is None:
            continue
        # An earlier exchange may have moved another class's case into a seat of this class.
        alike = [other for other in by_class[seat.case_class] if other.case_class == seat.case_class]
        if not (_swap(grid, seat, by_hub[seat.hub]) or _swap(grid, seat, alike)):
            clashes.add((seat.hub[0], seat.auditor))
    return {seat.case: seat.auditor for seat in seats if seat.auditor is not None}, frozenset(clashes)


def _seats(groups: Groups, flow: Flow, grid: Grid) -> list[_Seat]:
    """Seat the cases in canonical order; what is left over of a class has no auditor."""
    turn = [0] * len(groups.members)
    queues: dict[tuple[int, int], list[int]] = {}
    for hub, parts in sorted(flow.from_hub.items()):
        queues[hub] = []
        for group, number in parts:
            members = groups.members[group]
            queues[hub] += [members[(turn[group] + step) % len(members)] for step in range(number)]
            turn[group] += number
        queues[hub].reverse()
    seats: list[_Seat] = []
    for index, cases in enumerate(flow.classes):
        place = grid.place_of[cases[0]]
        ends: list[tuple[tuple[int, int] | None, int | None]] = [
            (None, auditor) for auditor, number in flow.direct[index] for _ in range(number)
        ]
        for kind, number in flow.to_hub[index]:
            ends += [((place, kind), queues[place, kind].pop()) for _ in range(number)]
        ends += [(None, None)] * (len(cases) - len(ends))
        seats += [_Seat(case, index, hub, auditor) for case, (hub, auditor) in zip(cases, ends, strict=True)]
    return seats


def _fits(grid: Grid, case: int, seat: _Seat) -> bool:
    """A direct arc has the exception in its cost already; so has no auditor at all."""
    return seat.hub is None or seat.auditor not in grid.exceptions[case]


def _swap(grid: Grid, seat: _Seat, others: list[_Seat]) -> bool:
    """Exchange cases with the first seat where both then fit."""
    for other in others:
        if other is not seat and _fits(grid, other.case, seat) and _fits(grid, seat.case, other):
            seat.case, other.case = other.case, seat.case
            seat.case_class, other.case_class = other.case_class, seat.case_class
            return True
    return False
