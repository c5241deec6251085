"""The counts of a scrutiny report as one table, so that what is published together is hidden together. Pure.

Every count that the report prints, or that a reader could work out from what it prints, is a cell here with the sums
that bind it (domain.md section 9; `statistics.suppression`).
"""

from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass

from qa_app.core.errors import BadInput
from qa_app.core.format import share
from qa_app.figures import rules
from qa_app.figures.model import AuditCount, Workers
from qa_app.figures.rules import added_up, grades_after, grouped
from qa_app.reports.blocks import HIDDEN, Cell
from qa_app.reports.material import Material
from qa_app.statistics.suppression import CannotHide, Suppressed, suppress
from qa_app.statistics.tables import CountTable, Sum

ALL = "all"
SMALLEST_BASE = 20
"""Under it no percentage is shown."""


FEWEST_WORKERS = 3
"""Figures of one person's work are that person's, and of two each knows the other's."""


def name(*parts: str) -> str:
    """What a cell is called, here and in the edition's row: `grades|Early Help|good`."""
    return "|".join(parts)


class Counts:
    """Cells and sums as they are gathered."""

    def __init__(self) -> None:
        self.counts: dict[Hashable, int] = {}
        self.sums: list[Sum] = []

    def row(self, table: str, row: str, parts: Mapping[str, int], total: str = ALL) -> None:
        """Counts side by side with their sum."""
        self.counts |= {name(table, row, part): count for part, count in parts.items()}
        self.add_sum(name(table, row, total), [name(table, row, part) for part in parts])

    def add_sum(self, total: str, parts: Iterable[str]) -> None:
        """A count that others make up."""
        found = tuple(parts)
        self.counts[total] = sum(self.counts[part] for part in found)
        self.sums.append(Sum(total, found))

    def column(self, table: str, rows: Iterable[str], part: str) -> None:
        """The sum of one column over all rows."""
        self.add_sum(name(table, ALL, part), [name(table, row, part) for row in rows])


def counts_of(material: Material, *, late: bool = False) -> CountTable:
    """Everything that a scrutiny report can print; with `late`, also how many audits came late.

    That is no number of the report. A reader can subtract those done on time from those graded, and learns how many
    audits of the whole council came late: of no child and of no service. It is only protected where one of the two is
    hidden, so that the other doesn't give it away.
    """
    found = Counts()
    _grades(found, material)
    _completion(found, material)
    if late:
        _late(found)
    _whole_council(found, material)
    return CountTable(found.counts, tuple(found.sums))


def services_of(material: Material) -> list[str]:
    """Services with audits or with somebody who was expected to audit, by name."""
    ids = {row.service_id for row in material.of_period} | {row.service_id for row in material.completion_of_period}
    return [material.services[key] for key in material.services if key in ids]


def _grades(found: Counts, material: Material) -> None:
    by_service = grouped(material.of_period, lambda row: material.services[row.service_id])
    services, scale = services_of(material), material.scale
    keys = [grade.key for grade in scale]
    groups = {
        "good_or_better": [grade.key for grade in scale if grade.good_or_better],
        "any_inadequate": [grade.key for grade in scale if grade.inadequate],
    }
    for service in services:
        rows: list[AuditCount] = by_service.get(service, [])
        found.row("grades", service, grades_after(rows, scale).counts)
    for part in (*keys, ALL):
        found.column("grades", services, part)
    found.sums.append(Sum(name("grades", ALL, ALL), tuple(name("grades", ALL, key) for key in keys)))
    for group, members in groups.items():
        for service in (*services, ALL):
            found.add_sum(name("grades", service, group), [name("grades", service, key) for key in members])
        found.sums.append(
            Sum(name("grades", ALL, group), tuple(name("grades", service, group) for service in services))
        )


def _completion(found: Counts, material: Material) -> None:
    """Done on time and not, of what was due."""
    by_service = grouped(material.completion_of_period, lambda row: material.services.get(row.service_id or 0, ""))
    services = services_of(material)
    for service in services:
        done = added_up(by_service.get(service, []))
        found.row("completion", service, {"done": done.on_time, "not_done": max(done.due - done.on_time, 0)})
    for part in ("done", "not_done", ALL):
        found.column("completion", services, part)
    done_at_all, not_done = name("completion", ALL, "done"), name("completion", ALL, "not_done")
    found.sums.append(Sum(name("completion", ALL, ALL), (done_at_all, not_done)))


def _late(found: Counts) -> None:
    graded, on_time = name("grades", ALL, ALL), name("completion", ALL, "done")
    found.counts["late"] = max(found.counts[graded] - found.counts[on_time], 0)
    if found.counts[graded] >= found.counts[on_time]:
        found.sums.append(Sum(graded, (on_time, "late")))


def _whole_council(found: Counts, material: Material) -> None:
    moved = rules.directions(material.moderations, material.scale)
    found.row("moderation", ALL, {"kept": moved.agreed, "raised": moved.up, "lowered": moved.down})
    child = next((one for one in rules.conversations(material.conversations) if one.with_whom == "child"), None)
    held, base = (child.held, child.base) if child else (0, 0)
    found.row("child", ALL, {"held": held, "not_held": base - held})
    if base == found.counts[name("grades", ALL, ALL)]:
        found.sums.append(Sum(name("grades", ALL, ALL), (name("child", ALL, ALL),)))
    stages = rules.adherence(material.stages, material.today)
    found.row("stages", ALL, {"in_time": stages.in_time, "not_in_time": stages.base - stages.in_time})
    acts = rules.actions(material.actions, material.cut.first, material.cut.last_day, material.today)
    found.row("actions", ALL, {"in_time": acts.in_time, "not_in_time": acts.due - acts.in_time})


@dataclass(frozen=True, slots=True)
class Protected:
    """What may be shown of the counts, and how it is written."""

    found: Suppressed

    def count(self, *parts: str) -> Cell:
        """A count, or that it is hidden."""
        value = self.found.shown(name(*parts))
        return Cell(HIDDEN) if value is None else Cell(f"{value:,}", value)

    def percent(self, table: str, row: str, part: str) -> Cell:
        """A share of its row's total; hidden with either, and on a small base."""
        shown = self.pair(table, row, part)
        if shown is None:
            return Cell(HIDDEN)
        count, base = shown
        return Cell(share(count, base), count / base, is_share=True)

    def pair(self, table: str, row: str, part: str) -> tuple[int, int] | None:
        """A count and its row's total, where a percentage of them may be shown."""
        found = self.found.share(name(table, row, part), name(table, row, ALL), SMALLEST_BASE)
        return (found.count, found.base) if found else None


def protect(material: Material) -> Protected:
    """Hide what must be hidden, also beside what earlier editions of the same period have shown.

    What an earlier edition hid stays hidden. What it showed is known where the count is still the same.

    Raises:
        BadInput: earlier editions and this one together would give a hidden number away.
    """
    try:
        found = _protected(counts_of(material), material)
        if {name("grades", ALL, ALL), name("completion", ALL, "done")} & found.found.hidden:
            found = _protected(counts_of(material, late=True), material)
    except CannotHide as trouble:
        raise BadInput(
            "What was published before and this edition together would give a hidden number away, so it can't be "
            "built. Leave the published one as it is."
        ) from trouble
    return found


def _protected(table: CountTable, material: Material) -> Protected:
    same_period = [one for one in material.earlier if one.last_month == material.cut.last]
    hidden = {cell for one in same_period for cell in one.hidden if cell in table.counts}
    shown = {cell: value for one in same_period for cell, value in one.shown.items()}
    known = {cell for cell, value in shown.items() if table.counts.get(cell) == value} - hidden
    hidden |= _of_few(table, material) - known
    return Protected(_all_hidden(suppress(table, material.targets.suppression, known, hidden), table, known))


def _of_few(table: CountTable, material: Material) -> set[str]:
    """The rows of services in which fewer than `FEWEST_WORKERS` people were audited or were to audit.

    Nobody was to audit where somebody did so beyond what was expected of them. Where no caseworker is known at all,
    nobody can tell whose work the grades are of.
    """
    few, people = set(), {material.services[one.service_id]: one for one in material.workers}
    for service in services_of(material):
        one = people.get(service, Workers(0))
        if 0 < one.caseworkers < FEWEST_WORKERS:
            few.add(("grades", service))
        if one.auditors < FEWEST_WORKERS and table.counts[name("completion", service, ALL)]:
            few.add(("completion", service))
    return {cell for cell in map(str, table.counts) if tuple(cell.split("|")[:2]) in few}


def _all_hidden(found: Suppressed, table: CountTable, known: Iterable[str]) -> Suppressed:
    """Where the number of inadequate audits is hidden, so are the stages that follow them: their number tells it."""
    if name("grades", ALL, "any_inadequate") not in found.hidden:
        return found
    stages = {cell for cell in table.counts if str(cell).startswith("stages|")} - set(known)
    return Suppressed(table, found.hidden | stages)
