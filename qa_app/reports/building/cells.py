"""Cells, rows and words that the sections of every report share. Pure."""

from collections.abc import Mapping, Sequence

from qa_app.audits.rules import Grade
from qa_app.core.format import share
from qa_app.figures.presenters.lists import address
from qa_app.figures.presenters.words import interval_words
from qa_app.figures.rules import Grades
from qa_app.reports.blocks import Cell
from qa_app.reports.material import Material

NOTHING = "-"
"""Stands where there is nothing to be a share of."""


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


def days(value: float | None) -> Cell:
    """Working days, one decimal where it says something."""
    return Cell(NOTHING) if value is None else Cell(f"{value:.1f}".removesuffix(".0"), value)


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
