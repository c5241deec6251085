"""Small numbers hidden, and with them as many others as it takes that no total gives them away (domain.md section 9).

Primary suppression hides a count from 1 to the threshold less 1. Secondary (complementary) suppression follows the
model of M. Fischetti and J. J. Salazar, "Models and algorithms for optimizing cell suppression in tabular data with
linear constraints", Journal of the American Statistical Association 95 (2000), 916-928, one cell at a time: a hidden
cell is protected when two tables that agree on all that is shown differ in it by the protection asked for.

What is promised: whoever knows every count shown, every sum, and that counts are whole numbers of at least 0, can
narrow no hidden count down to less than a range that is `threshold` less 1 wide: with a threshold of 5, to no less than
"0 to 4". All hidden counts wear the same mark, so that nobody learns which were small.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from qa_app.statistics.proportions import Share
from qa_app.statistics.tables import Cell, CountTable, separated


class CannotHide(ValueError):
    """What is published already gives a hidden count away: the table can't be published beside it."""


@dataclass(frozen=True)
class Suppressed:
    """A table as an audience may see it."""

    table: CountTable
    hidden: frozenset[Cell]

    def shown(self, cell: Cell) -> int | None:
        """The count, or None where it is hidden."""
        return None if cell in self.hidden else self.table.counts[cell]

    def share(self, cell: Cell, base: Cell, smallest_base: int) -> Share | None:
        """A count with its base, for a percentage: None where either is hidden or the base is small."""
        count, whole = self.shown(cell), self.shown(base)
        return None if count is None or whole is None or whole < max(smallest_base, 1) else Share(count, whole)


def suppress(
    table: CountTable,
    threshold: int,
    known: Collection[Cell] = (),
    kept_hidden: Collection[Cell] = (),
    hide_zeros: bool = False,
) -> Suppressed:
    """Which cells of a table are hidden so that none of them can be worked out.

    `known` were shown to the audience before and can't be hidden any more; `kept_hidden` were hidden and stay so: give
    earlier tables with the new one as one `CountTable` (`tables.joined`) that has every sum which binds them. Those
    that no sum binds to a new count were settled when they were published, and are not looked at again.

    A zero is hidden where `hide_zeros` asks for it, and always where the total that it is part of is itself small: what
    is left would tell the grade of all. Raises CannotHide where earlier tables already give a cell away, and ValueError
    where a cell is said to be both known and hidden.
    """
    if threshold <= 1:
        return Suppressed(table, frozenset(kept_hidden))
    if set(known) & set(kept_hidden):
        raise ValueError("a count is either known or hidden")
    hidden = set(kept_hidden)
    for part in separated(table):
        if any(cell not in known and cell not in kept_hidden for cell in part.counts):
            hidden |= _hidden(part, threshold, known, kept_hidden, hide_zeros)
    return Suppressed(table, frozenset(hidden))


def _hidden(
    table: CountTable, threshold: int, known: Collection[Cell], kept_hidden: Collection[Cell], hide_zeros: bool
) -> set[Cell]:
    """Which cells are hidden of a table that its sums hold together."""
    hidden = _primary(table, threshold, known, hide_zeros) | {cell for cell in kept_hidden if cell in table.counts}
    waiting = sorted(hidden, key=lambda cell: (table.counts[cell], str(cell)))
    while waiting:
        added, protected = _protect(table, hidden, waiting.pop(0), threshold - 1, known)
        hidden |= added
        waiting = [cell for cell in (*waiting, *sorted(added, key=str)) if cell not in protected]
    return hidden


def _primary(table: CountTable, threshold: int, known: Collection[Cell], hide_zeros: bool) -> set[Cell]:
    small = {cell for cell, count in table.counts.items() if 0 < count < threshold or (hide_zeros and not count)}
    for total, parts in table.sums:
        if 0 < table.counts[total] < threshold:
            small.update(parts)
    return small - set(known)


def _protect(
    table: CountTable, hidden: Collection[Cell], target: Cell, width: int, known: Collection[Cell]
) -> tuple[set[Cell], set[Cell]]:
    """The cheapest cells to hide so that `target` may lie `width` apart in two tables that agree on what is shown.

    Also all hidden cells that the two tables show to be that far apart. Cheap is a small count, since a reader loses
    less with it; a total costs as much as its parts. Exact, by SCIP through OR-tools, whose import takes 20 MB and is
    left to whoever writes a report.
    """
    from ortools.linear_solver import pywraplp  # noqa: PLC0415 - see above

    solver = pywraplp.Solver.CreateSolver("SCIP")
    hides = {cell: solver.BoolVar("") for cell in table.counts if cell not in hidden and cell not in known}
    low = _changes(solver, table, hidden, hides, width)
    high = _changes(solver, table, hidden, hides, width)
    solver.Add(high[target] - low[target] >= width)
    solver.Add(high[target] >= 0)
    solver.Add(low[target] <= 0)
    solver.Minimize(solver.Sum((table.counts[cell] + 1) * hide for cell, hide in hides.items()))
    if solver.Solve() != pywraplp.Solver.OPTIMAL:
        raise CannotHide(f"what is published already gives {target!r} away")
    added = {cell for cell, hide in hides.items() if hide.solution_value() > 0.5}
    apart = {cell: abs(high[cell].solution_value() - low[cell].solution_value()) for cell in high}
    return added, {cell for cell in {*hidden, *added} if apart[cell] > width - 0.5}


def _changes(
    solver: Any, table: CountTable, hidden: Collection[Cell], hides: Mapping[Cell, Any], width: int
) -> dict[Cell, Any]:
    """A table that agrees with the true one wherever that is shown: by how much each of the other counts differs.

    Whole numbers, and no count below 0. Sums of several tables may need changes larger than the width; four times that
    is room enough, and too little room could only hide more.
    """
    room = 4 * width
    changes = {}
    for cell in (*hidden, *hides):
        changes[cell] = solver.IntVar(-min(table.counts[cell], room), room, "")
    for cell, hide in hides.items():
        solver.Add(changes[cell] <= room * hide)
        solver.Add(changes[cell] >= -min(table.counts[cell], room) * hide)
    for total, parts in table.sums:
        solver.Add(solver.Sum(changes[part] for part in parts if part in changes) == changes.get(total, 0))
    return changes
