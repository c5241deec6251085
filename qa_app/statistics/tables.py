"""Tables of counts as cells and the sums that bind them, so that what is published together is protected together."""

from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

Cell = Hashable
"""What names a count: `("grades", "First Response", "good")`. Equal names in two tables are one count."""

TOTAL = "total"


class Sum(NamedTuple):
    """One count that is the sum of others: a total of its row, a quarter of its months."""

    total: Cell
    parts: tuple[Cell, ...]


@dataclass(frozen=True)
class CountTable:
    """True counts, and every sum among them that a reader could work out."""

    counts: Mapping[Cell, int]
    sums: tuple[Sum, ...] = field(default=())

    def __post_init__(self) -> None:
        """Raise ValueError where a count is negative or a sum does not add up."""
        if any(count < 0 for count in self.counts.values()):
            raise ValueError("a count is never negative")
        for total, parts in self.sums:
            if self.counts[total] != sum(self.counts[part] for part in parts):
                raise ValueError(f"the parts of {total!r} do not add up")


def rectangle(name: str, rows: Sequence[str], columns: Sequence[str], counts: Sequence[Sequence[int]]) -> CountTable:
    """A table with totals of rows and columns: cells `(name, row, column)`, where `TOTAL` stands for either."""
    found: dict[Cell, int] = {}
    for row, numbers in zip(rows, counts, strict=True):
        found.update({(name, row, column): number for column, number in zip(columns, numbers, strict=True)})
        found[name, row, TOTAL] = sum(numbers)
    for column in (*columns, TOTAL):
        found[name, TOTAL, column] = sum(found[name, row, column] for row in rows)
    sums = [Sum((name, row, TOTAL), tuple((name, row, column) for column in columns)) for row in (*rows, TOTAL)]
    sums += [Sum((name, TOTAL, column), tuple((name, row, column) for row in rows)) for column in (*columns, TOTAL)]
    return CountTable(found, tuple(sums))


def joined(tables: Iterable[CountTable], links: Iterable[Sum] = ()) -> CountTable:
    """Several tables as one, with the sums that bind them. Raises ValueError where they differ on a count."""
    counts: dict[Cell, int] = {}
    sums: list[Sum] = []
    for table in tables:
        for cell, count in table.counts.items():
            if counts.setdefault(cell, count) != count:
                raise ValueError(f"two tables differ on {cell!r}")
        sums += [one for one in table.sums if one not in sums]
    return CountTable(counts, (*sums, *links))


def same(first: Cell, second: Cell) -> Sum:
    """That two cells count the same audits: the totals of a table by service and of one by case type."""
    return Sum(first, (second,))


def separated(table: CountTable) -> list[CountTable]:
    """The parts of a table that no sum binds to one another: what is hidden in one says nothing of another."""
    group: dict[Cell, list[Cell]] = {cell: [cell] for cell in table.counts}
    for total, parts in table.sums:
        for part in parts:
            if group[part] is not group[total]:
                small, large = sorted((group[part], group[total]), key=len)
                large += small
                group.update(dict.fromkeys(small, large))
    sums: dict[int, list[Sum]] = {id(cells): [] for cells in group.values()}
    for one in table.sums:
        sums[id(group[one.total])].append(one)
    found = {id(cells): cells for cells in group.values()}
    return [CountTable({cell: table.counts[cell] for cell in found[key]}, tuple(sums[key])) for key in found]
