"""What moderation did to the grades (domain.md section 7): the cross-table first, then direction, kappa last. Pure."""

from collections.abc import Sequence

from qa_app.core.format import plural
from qa_app.figures.model import ModerationRow
from qa_app.figures.presenters.words import with_share
from qa_app.figures.rules import crossed, directions, places
from qa_app.moderation.states import Reason
from qa_app.pictures.specs import Bar, Bars, to_json
from qa_app.reports.blocks import Block, Cell, Narrative, Picture, Section, Sentences, Table
from qa_app.reports.building.cells import grade_headings, number, percent, text
from qa_app.reports.material import Material
from qa_app.statistics.agreement import Kappa, Pair, is_enough, weighted_kappa


def moderating(material: Material) -> Section:
    """How many audits were moderated, whether grades were kept, raised or lowered, and the cross-table."""
    rows = material.moderations
    blocks: list[Block] = [Sentences(sentences(material))]
    if rows:
        blocks += [Picture(to_json(_bars(material))), cross_table(material)]
    blocks.append(Narrative("moderation", "What moderation found"))
    return Section("moderation", "Moderation", blocks)


def sentences(material: Material) -> list[str]:
    """Moderations with a result: how many kept, raised and lowered the grade, were late or disputed."""
    rows = material.moderations
    if not rows:
        return ["No moderation of the period has a result yet."]
    found = directions(rows, material.scale)
    said = [
        f"{plural(len(rows), 'audit')} moderated. The grade was kept in {with_share(found.agreed, found.base)}, "
        f"raised in {found.up:,} and lowered in {found.down:,}."
    ]
    late, disputed = sum(row.is_late for row in rows), sum(row.is_disputed for row in rows)
    return [*said, f"{late:,} came after their date; {disputed:,} were disputed by the auditor."]


def _bars(material: Material) -> Bars:
    found = directions(material.moderations, material.scale)
    named = (("Kept", found.agreed), ("Raised", found.up), ("Lowered", found.down))
    bars = tuple(
        Bar(name, 100 * count / found.base if found.base else None, with_share(count, found.base))
        for name, count in named
    )
    description = f"Of {found.base:,} moderated grades {found.agreed:,} were kept."
    return Bars("What moderation did to grades", description, bars, "Grade", "Moderated audits", most=100)


def cross_table(material: Material) -> Table:
    """A row for each grade of the auditor, a column for each final grade."""
    counts, labels = crossed(material.moderations, material.scale), grade_headings(material.scale)
    rows = [
        [text(label), *(number(n) for n in line), number(sum(line))] for label, line in zip(labels, counts, strict=True)
    ]
    sums = [sum(column) for column in zip(*counts, strict=True)]
    total = [text("All"), *(number(n) for n in sums), number(sum(sums))]
    header = ("Auditor's grade", *labels, "All")
    note = "Read across: what became of each grade that auditors gave."
    return Table("Auditors' grades and final grades", header, [*rows, total], note, has_total=True)


def by_service(material: Material) -> Table:
    """Kept, raised and lowered by service."""

    def line(name: str, rows: Sequence[ModerationRow]) -> list[Cell]:
        found = directions(rows, material.scale)
        counts = (number(found.base), number(found.agreed), number(found.up), number(found.down))
        return [text(name), *counts, percent(found.agreed, found.base)]

    named = {
        name: [row for row in material.moderations if row.service_id == key] for key, name in material.services.items()
    }
    rows = [line(name, own) for name, own in named.items() if own]
    header = ("Service", "Moderated", "Kept", "Raised", "Lowered", "Kept, %")
    return Table("Moderation by service", header, [*rows, line("All", material.moderations)], has_total=True)


def agreement(material: Material) -> list[str]:
    """Weighted kappa with its interval, of blind moderations alone, each weighing the inverse of its chance.

    Of sighted ones it would measure endorsement. Under twice the square of the number of grades nothing is said.
    """
    blind = [row for row in material.moderations if row.is_blind and row.own]
    found = kappa_of(blind, material)
    grades = len(material.scale)
    if found is None or not is_enough(found.audits, grades):
        needed = 2 * grades**2
        return [f"Agreement (weighted kappa) is not stated: {len(blind):,} blind moderations, and it takes {needed}."]
    return [
        f"Agreement of auditors and blind moderators: weighted kappa {found.value:.2f} (interval {found.low:.2f} to "
        f"{found.high:.2f}, {found.audits:,} audits, linear weights; each audit weighs the inverse of its chance of "
        "being moderated). 1 is full agreement, 0 what chance alone would give."
    ]


def kappa_of(rows: Sequence[ModerationRow], material: Material) -> Kappa | None:
    """Weighted kappa of the auditors' and the moderators' own grades."""
    place = places(material.scale)
    pairs = [
        Pair(place[row.before], place[row.own], chance(row)) for row in rows if row.own in place and row.before in place
    ]
    return weighted_kappa(pairs, len(material.scale))


def chance(row: ModerationRow) -> float:
    """How likely an audit like this one was to be moderated: those drawn by lot by their share, all others certain."""
    return max(row.share, 1) / 100 if row.reason == Reason.SHARE else 1.0
