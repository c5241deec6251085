"""Cells, rows and words that the sections of every report share. Pure."""

from collections.abc import Mapping, Sequence
from datetime import date

from qa_app.audits.rules import Grade
from qa_app.core.format import MONTHS, month_name, share
from qa_app.figures.cuts import Cut
from qa_app.figures.presenters.lists import address
from qa_app.figures.rules import Grades
from qa_app.reports.blocks import Cell
from qa_app.reports.material import Material
from qa_app.statistics.proportions import Direction, Share, Verdict, target_test, wilson

NOTHING = "-"
"""Stands where there is nothing to be a share of."""
SMALL_BASE = 20
"""Under this base a percentage stands with its interval in words: it says little alone."""


def text(words: str, href: str = "") -> Cell:
    """Words."""
    return Cell(words, href=href)


def number(value: int, href: str = "") -> Cell:
    """A count; nothing to open where it is 0."""
    return Cell(f"{value:,}", value, href=href if value else "")


def percent(count: int, base: int) -> Cell:
    """A share as a percentage; a dash where there is nothing that it is a share of. Its count stands beside it."""
    return Cell(share(count, base), count / base, is_share=True) if base else Cell(NOTHING)


def interval(count: int, base: int) -> Cell:
    """`6% to 19%`: the Wilson interval."""
    return Cell(interval_words(count, base) or NOTHING)


def interval_words(count: int, base: int) -> str:
    """`6% to 19%`, or nothing for an empty base."""
    found = wilson(Share(count, base))
    return f"{_rounded(found.low)} to {_rounded(found.high)}" if found else ""


def _rounded(value: float) -> str:
    return f"{100 * value:.0f}%"


def days(value: float | None) -> Cell:
    """Working days, one decimal where it says something."""
    return Cell(NOTHING) if value is None else Cell(f"{value:.1f}".removesuffix(".0"), value)


def with_share(count: int, base: int) -> str:
    """`84 of 92 (91%)`."""
    return f"{count:,} of {base:,} ({share(count, base)})" if base else f"{count:,} of {base:,}"


def against_target(count: int, base: int, percent_wanted: int, direction: Direction) -> str:
    """`11% inadequate` is not said here, but what follows: `cannot tell yet against the target of at most 12%`."""
    verdict = target_test(Share(count, base), percent_wanted / 100, direction)
    words = {
        Verdict.MET: "met: the target is",
        Verdict.NOT_MET: "not met: the target is",
        Verdict.CANNOT_TELL: "cannot tell yet against the target of",
    }
    return f"{words[verdict]} {direction} {percent_wanted}%"


def period_words(cut: Cut) -> str:
    """`June 2026`, or `April to June 2026`."""
    if cut.first == cut.last:
        return month_name(cut.last)
    first = MONTHS[cut.first.month - 1] if cut.first.year == cut.last.year else month_name(cut.first)
    return f"{first} to {month_name(cut.last)}"


def month_short(month: date) -> str:
    """`Jun 26`: labels of a trend stand side by side."""
    return f"{MONTHS[month.month - 1][:3]} {month.year % 100:02d}"


def opening(material: Material, service_id: int | None = None, team_id: int | None = None, **asked: str) -> str:
    """The address of the audits that a figure of the period counts; none where the audience may not open it."""
    if not material.opens:
        return ""
    return address(material.cut._replace(service_id=service_id, team_id=team_id), **asked)


def progress_address(material: Material, service_id: int | None = None, **asked: str) -> str:
    """The page of progress by manager behind a completion: of one month alone, since it is one round's."""
    if not material.opens or material.cut.first != material.cut.last:
        return ""
    query = "&".join(f"{key}={value}" for key, value in ({"service": service_id} | asked).items() if value)
    return f"/progress/{material.cut.last:%Y-%m}" + (f"?{query}" if query else "")


def grade_headings(scale: Sequence[Grade]) -> list[str]:
    """The labels of the scale, best first."""
    return [grade.label for grade in scale]


def grade_cells(grades: Grades, scale: Sequence[Grade], hrefs: Mapping[str, str] | None = None) -> list[Cell]:
    """A count for each grade of the scale, best first."""
    return [number(grades.counts[grade.key], (hrefs or {}).get(grade.key, "")) for grade in scale]
