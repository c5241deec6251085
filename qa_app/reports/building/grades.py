"""Grades before and after moderation, by service, over time, against targets (domain.md section 9). Pure."""

from collections.abc import Callable, Mapping, Sequence

from qa_app.audits.rules import Grade
from qa_app.figures.cuts import months_of
from qa_app.figures.model import AuditCount
from qa_app.figures.presenters.pictures import before_and_after
from qa_app.figures.presenters.words import verdict_words, with_share
from qa_app.figures.rules import Grades, grades_after, grades_before, grouped, not_final
from qa_app.pictures.specs import to_json
from qa_app.reports.blocks import Block, Cell, Narrative, Picture, Section, Sentences, Table
from qa_app.reports.building.cells import grade_cells, grade_headings, interval, number, opening, percent, text
from qa_app.reports.building.trends import trend_of_shares, with_words
from qa_app.reports.material import Material
from qa_app.reports.states import Audience
from qa_app.statistics.proportions import Direction, Share, is_thin, rolling

OF_GRADED = ("Graded", "Good or better, %", "All inadequate, %", "Interval of inadequate")


def grades(material: Material) -> Section:
    """What the audits of the random sample were graded."""
    rows, scale = material.of_period, material.scale
    before, after = grades_before(rows, scale), grades_after(rows, scale)
    blocks: list[Block] = [Sentences([*verdicts(material, after), *_cautions(material, rows, after)])]
    if after.base:
        blocks.append(Picture(to_json(before_and_after(before, after, scale))))
        blocks.append(_before_and_after(before, after, material))
        blocks.append(_by_service(material))
        if material.audience is Audience.INTERNAL:
            blocks.append(_by_team(material))
    blocks += _trends(material)
    blocks.append(Narrative("grades", "What the grades say, and what is behind them"))
    return Section("grades", "Grades", blocks)


def verdicts(material: Material, after: Grades) -> list[str]:
    """Good or better and inadequate, each with its count, its interval and what that says of the target."""
    targets = material.targets
    if not after.base:
        return ["No audit of the period has a grade yet."]
    asked = (
        ("good or better", after.good_or_better, targets.good_or_better, Direction.AT_LEAST),
        ("inadequate", after.inadequate, targets.inadequate, Direction.AT_MOST),
    )
    return [verdict_words(count, after.base, words, target, direction) for words, count, target, direction in asked]


def _cautions(material: Material, rows: Sequence[AuditCount], after: Grades) -> list[str]:
    said = []
    if open_ := not_final(rows):
        said.append(f"{open_:,} of {after.base:,} grades can still change by moderation or a dispute.")
    if after.base and is_thin(Share(after.base, after.base)) and material.cut.first == material.cut.last:
        said.append(_rolled(material))
    return said


def _rolled(material: Material) -> str:
    """A month's audits are few, so the quarter that ends with it is said too."""
    months = months_of(material.year)
    by_month = grouped(material.counts, lambda row: row.month)
    found = [grades_after(by_month.get(month, ()), material.scale) for month in months]
    good = rolling([Share(one.good_or_better, one.base) for one in found])[-1]
    bad = rolling([Share(one.inadequate, one.base) for one in found])[-1]
    return (
        f"So few audits say little alone. Over the {good.months} months to this one: {with_share(*_pair(good.share))} "
        f"good or better, {with_share(*_pair(bad.share))} inadequate."
    )


def _pair(share: Share) -> tuple[int, int]:
    return share.count, share.base


def _before_and_after(before: Grades, after: Grades, material: Material) -> Table:
    header = ("Grade", "Auditors", "Auditors, %", "After moderation", "After moderation, %", "Interval (95%)")
    rows = [_grade_row(grade, before, after, material) for grade in material.scale]
    total = [text("All"), number(before.base), percent(before.base, before.base)]
    total += [number(after.base, opening(material, standing="submitted")), percent(after.base, after.base), text("")]
    return Table("Grades before and after moderation", header, [*rows, total], has_total=True)


def _grade_row(grade: Grade, before: Grades, after: Grades, material: Material) -> list[Cell]:
    was, now = before.counts[grade.key], after.counts[grade.key]
    return [
        text(grade.label),
        number(was, opening(material, before=grade.key)),
        percent(was, before.base),
        number(now, opening(material, after=grade.key)),
        percent(now, after.base),
        interval(now, after.base),
    ]


def _by_service(material: Material) -> Table:
    title = "Grades after moderation by service"
    return _by(title, "Service", material, lambda row: row.service_id, material.services, "service_id")


def _by_team(material: Material) -> Table:
    names = {key: name for key, (name, _) in material.teams.items()}
    return _by("Grades after moderation by team", "Team", material, lambda row: row.team_id, names, "team_id")


def _by(
    title: str, heading: str, material: Material, key: Callable[[AuditCount], int], names: Mapping[int, str], place: str
) -> Table:
    found = grouped((row for row in material.of_period if row.after), key)
    known = sorted(found, key=lambda one: names.get(one, ""))

    def line(name: str, own: Sequence[AuditCount], **at: int) -> list[Cell]:
        own_grades = grades_after(own, material.scale)
        hrefs = {grade.key: opening(material, after=grade.key, **at) for grade in material.scale}  # type: ignore[arg-type]
        return [
            text(name),
            *grade_cells(own_grades, material.scale, hrefs),
            number(own_grades.base),
            percent(own_grades.good_or_better, own_grades.base),
            percent(own_grades.inadequate, own_grades.base),
            interval(own_grades.inadequate, own_grades.base),
        ]

    rows = [line(names.get(one, ""), found[one], **{place: one}) for one in known]
    header = (heading, *grade_headings(material.scale), *OF_GRADED)
    return Table(title, header, [*rows, line("All", [row for row in material.of_period if row.after])], has_total=True)


def _trends(material: Material) -> list[Block]:
    months = months_of(material.year)
    by_month = grouped(material.counts, lambda row: row.month)
    found = [grades_after(by_month.get(month, ()), material.scale) for month in months]
    good, bad = (
        [Share(one.good_or_better, one.base) for one in found],
        [Share(one.inadequate, one.base) for one in found],
    )
    targets = material.targets
    pictures = [
        trend_of_shares("Good or better", months, good, (targets.good_or_better, Direction.AT_LEAST)),
        trend_of_shares("Inadequate", months, bad, (targets.inadequate, Direction.AT_MOST)),
    ]
    return with_words(pictures)
