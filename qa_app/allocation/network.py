"""The round as a min-cost flow: small because alike cases and alike auditors share their arcs.

    source -> class -> hub -> group -> sink

- A *class* is the cases of one place and type.
- A *hub* is one place for one kind of experience; the arc from a class to it costs the missing experience.
- A *group* is auditors whom nothing tells apart (often one person); the arc from a hub to it carries the
  pool and the earlier audits of that team, and is missing where a rule forbids the team.
- From a group to the sink there is one arc for each further audit a member may take, each dearer than the
  one before.

A single case that is exceptional for an auditor (they work on it, or audited that caseworker last time)
cannot be seen on shared arcs. Leaving it out of sight makes the flow a lower bound; ``split`` names the
(place, auditor) pairs where that bound was too low, and for those the auditor leaves the hub and gets an
arc of exact cost from every class of the place, the exceptional cases being classes of their own.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np
from ortools.graph.python.min_cost_flow import SimpleMinCostFlow

from qa_app.allocation.grid import Exceptional, Grid, Ints
from qa_app.allocation.rules import share_cost

Split = frozenset[tuple[int, int]]
Block = tuple[Ints, Ints, Ints]
"""Tails, heads and the solver's arc numbers."""
ClassKey = tuple[int, int, tuple[tuple[int, Exceptional], ...]]

SOURCE, SINK, FIRST = 0, 1, 2


@dataclass(frozen=True, slots=True)
class Groups:
    """Auditors who have room, by group, and each group's kind of experience."""

    members: list[list[int]]
    kind: Ints
    kind_first: list[int]
    """One auditor of each kind, from whom its costs are read."""


@dataclass(slots=True)
class Flow:
    """The optimal flow: how many of each class go where; the rest of a class has no auditor."""

    classes: list[list[int]]
    to_hub: list[list[tuple[int, int]]] = field(default_factory=list)
    """For each class (kind, number)."""
    direct: list[list[tuple[int, int]]] = field(default_factory=list)
    """For each class (auditor, number)."""
    from_hub: dict[tuple[int, int], list[tuple[int, int]]] = field(default_factory=dict)
    """For each (place, kind) (group, number)."""


def build_groups(grid: Grid) -> Groups:
    """Put together the auditors who have room somewhere and whom no cost, rule or single case tells apart."""
    single = {column for known in grid.exceptions for column in known}
    usable = np.flatnonzero((grid.place_code == 0).any(axis=0) & (grid.room > 0))
    # One contiguous row an auditor makes the comparison a comparison of bytes.
    signs = np.ascontiguousarray(np.vstack([grid.place_cost, grid.place_code, grid.type_cost]).T)
    kinds = np.ascontiguousarray(grid.type_cost.T)
    groups: dict[tuple[bytes, int, int, int, int], list[int]] = defaultdict(list)
    kind_index: dict[bytes, int] = {}
    kind_first: list[int] = []
    for column in usable.tolist():
        auditor = grid.auditors[column]
        alone = column if column in single else -1
        groups[signs[column].tobytes(), auditor.expectation, auditor.capacity, auditor.load, alone].append(column)
        if kind_index.setdefault(kinds[column].tobytes(), len(kind_first)) == len(kind_first):
            kind_first.append(column)
    members = list(groups.values())
    kind = np.array([kind_index[kinds[group[0]].tobytes()] for group in members], dtype=np.int64)
    return Groups(members, kind, kind_first)


def solve_flow(grid: Grid, groups: Groups, split: Split) -> Flow:
    """The cheapest of the flows that place the most audits."""
    network = _Network(grid, groups, split)
    network.add_arcs()
    return network.solve()


class _Network:
    """The arcs go to the solver in blocks; where each block went is kept so that its flow can be read back."""

    def __init__(self, grid: Grid, groups: Groups, split: Split) -> None:
        self.grid, self.groups, self.split = grid, groups, split
        by_key: dict[ClassKey, list[int]] = defaultdict(list)
        for case in range(len(grid.cases)):
            by_key[self._class_key(case)].append(case)
        self.classes = list(by_key.values())
        self.class_node = FIRST
        self.hub_node = FIRST + len(self.classes)
        self.group_node = self.hub_node + grid.place_code.shape[0] * len(groups.kind_first)
        self.group_of = {members[0]: group for group, members in enumerate(groups.members)}
        self.solver = SimpleMinCostFlow()
        self.to_hub: list[Block] = []
        self.from_hub: list[Block] = []
        self.direct: list[Block] = []

    def _class_key(self, case: int) -> ClassKey:
        place = self.grid.place_of[case]
        if not self.split:
            return place, self.grid.type_of[case], ()
        known = self.grid.exceptions[case].items()
        return place, self.grid.type_of[case], tuple((who, what) for who, what in known if (place, who) in self.split)

    def add_arcs(self) -> None:
        """Every arc of the network, from the source to the sink."""
        self._add_class_to_hub()
        self._add_hub_to_group()
        self._add_direct()
        count = len(self.classes)
        sizes = np.array([len(cases) for cases in self.classes], dtype=np.int64)
        none = np.zeros(count, dtype=np.int64)
        self._block(none + SOURCE, self.class_node + np.arange(count), sizes, none)
        self._add_group_to_sink()

    def _block(self, tails: Ints, heads: Ints, capacities: Ints, costs: Ints, kept: list[Block] | None = None) -> None:
        tails, heads = tails.astype(np.int32), heads.astype(np.int32)
        arcs = self.solver.add_arcs_with_capacity_and_unit_cost(
            tails, heads, capacities.astype(np.int64), costs.astype(np.int64)
        )
        if kept is not None:
            kept.append((tails, heads, arcs))

    def _add_class_to_hub(self) -> None:
        kinds = len(self.groups.kind_first)
        types = np.array([self.grid.type_of[cases[0]] for cases in self.classes], dtype=np.int64)
        places = np.array([self.grid.place_of[cases[0]] for cases in self.classes], dtype=np.int64)
        sizes = np.array([len(cases) for cases in self.classes], dtype=np.int64)
        costs = self.grid.type_cost[types][:, self.groups.kind_first]
        heads = self.hub_node + places[:, None] * kinds + np.arange(kinds)
        tails = np.repeat(self.class_node + np.arange(len(self.classes)), kinds)
        self._block(tails, heads.ravel(), np.repeat(sizes, kinds), costs.ravel(), self.to_hub)

    def _add_hub_to_group(self) -> None:
        first = np.array([members[0] for members in self.groups.members], dtype=np.int64)
        allowed = self.grid.place_code[:, first] == 0
        for place, auditor in self.split:
            allowed[place, self.group_of[auditor]] = False
        needed = np.bincount(self.grid.place_of, minlength=allowed.shape[0])
        # Place by place: in a council of many teams these are nearly all arcs, and one block would double the memory.
        for place in range(allowed.shape[0]):
            groups = np.flatnonzero(allowed[place])
            tails = self.hub_node + place * len(self.groups.kind_first) + self.groups.kind[groups]
            costs = self.grid.place_cost[place, first[groups]]
            self._block(tails, self.group_node + groups, np.full(len(groups), needed[place]), costs, self.from_hub)

    def _add_direct(self) -> None:
        by_place: dict[int, list[int]] = defaultdict(list)
        for index, cases in enumerate(self.classes):
            by_place[self.grid.place_of[cases[0]]].append(index)
        rows: list[tuple[int, int, int, int]] = []
        for place, auditor in sorted(self.split):
            for index in by_place[place]:
                case = self.classes[index][0]
                what = self.grid.exceptions[case].get(auditor, Exceptional(0, 0))
                if what.code:
                    continue
                cost = int(self.grid.place_cost[place, auditor] + self.grid.type_cost[self.grid.type_of[case], auditor])
                head = self.group_node + self.group_of[auditor]
                rows.append((self.class_node + index, head, len(self.classes[index]), cost + what.extra))
        block = np.array(rows, dtype=np.int64).reshape(-1, 4)
        self._block(block[:, 0], block[:, 1], block[:, 2], block[:, 3], self.direct)

    def _add_group_to_sink(self) -> None:
        steps: dict[tuple[int, int, int], list[int]] = {}
        rows: list[tuple[int, int, int, int]] = []
        for index, members in enumerate(self.groups.members):
            auditor = self.grid.auditors[members[0]]
            room = min(int(self.grid.room[members[0]]), len(self.grid.cases))
            standing = auditor.load, auditor.expectation, room
            if standing not in steps:
                steps[standing] = [
                    sum(share_cost(auditor.load + more, auditor.expectation, self.grid.problem.weights))
                    for more in range(room)
                ]
            rows += [(self.group_node + index, SINK, len(members), cost) for cost in steps[standing]]
        block = np.array(rows, dtype=np.int64).reshape(-1, 4)
        self._block(block[:, 0], block[:, 1], block[:, 2], block[:, 3])

    def solve(self) -> Flow:
        """Place the most audits at the lowest cost.

        Raises ``RuntimeError`` when the solver reports anything but an optimum (never seen; costs too large).
        """
        total = len(self.grid.cases)
        self.solver.set_node_supply(SOURCE, total)
        self.solver.set_node_supply(SINK, -total)
        status = self.solver.solve_max_flow_with_min_cost()
        if status != self.solver.OPTIMAL:
            raise RuntimeError(f"The allocation could not be computed (solver status {status.name}).")
        return self._read()

    def _read(self) -> Flow:
        classes = len(self.classes)
        flow = Flow(self.classes, [[] for _ in range(classes)], [[] for _ in range(classes)])
        kinds = len(self.groups.kind_first)
        for tail, head, number in self._carried(self.to_hub):
            flow.to_hub[tail - self.class_node].append(((head - self.hub_node) % kinds, number))
        for tail, head, number in self._carried(self.from_hub):
            hub = divmod(tail - self.hub_node, kinds)
            flow.from_hub.setdefault(hub, []).append((head - self.group_node, number))
        for tail, head, number in self._carried(self.direct):
            auditor = self.groups.members[head - self.group_node][0]
            flow.direct[tail - self.class_node].append((auditor, number))
        return flow

    def _carried(self, blocks: list[Block]) -> Iterator[tuple[int, int, int]]:
        for tails, heads, arcs in blocks:
            numbers = self.solver.flows(arcs)
            used = np.flatnonzero(numbers)
            yield from zip(tails[used].tolist(), heads[used].tolist(), numbers[used].tolist(), strict=True)
