"""What an auditor's own mirror shows, from counts (domain.md section 7). Pure.

It shows an auditor their own audits of the random sample in twelve months beside those of all auditors together, never
beside another one: a mirror, not a league table. Nothing is shown on a base under a setting (`least`, the one for
published numbers): of a few audits nobody can tell a habit from chance, and of a few auditors each would be known.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from qa_app.audits.rules import Grade
from qa_app.figures.model import Standing
from qa_app.statistics.proportions import Share


class AuditCount(NamedTuple):
    """How many audits are alike: the auditor's own or anybody else's, where they stand, with what grade of the auditor.

    `is_missed` says whether the due date has passed and the audit was never submitted; one that was returned had been.
    """

    is_own: bool
    standing: str
    is_missed: bool
    grade: str | None
    n: int


class Moved(NamedTuple):
    """An own audit that was moderated: the grade before and the final one."""

    before: str
    after: str


class Side(NamedTuple):
    """One side of the comparison: how many audits have each grade, and how many were submitted in time."""

    grades: Mapping[str, int]
    base: int
    on_time: Share


class Moderated(NamedTuple):
    """What moderation did to the auditor's own grades: how many it kept, made better and made worse."""

    agreed: int
    up: int
    down: int

    @property
    def base(self) -> int:
        """How many were moderated."""
        return sum(self)


class Mirror(NamedTuple):
    """All that the page shows. `everyone` is the auditor and all others; None where those are too few."""

    own: Side
    everyone: Side | None
    moderated: Moderated
    scale: Sequence[Grade]
    least: int

    def shows(self, base: int) -> bool:
        """Whether anything is shown on a base."""
        return base >= self.least


def mirror(
    rows: Iterable[AuditCount], others: int, moved: Iterable[Moved], scale: Sequence[Grade], least: int
) -> Mirror:
    """The mirror of an auditor. `others` is how many other auditors have submitted audits of the same months."""
    found = list(rows)
    least = max(least, 1)
    everyone = _side(found, scale) if others >= least else None
    return Mirror(_side([row for row in found if row.is_own], scale), everyone, _moderated(moved, scale), scale, least)


def _side(rows: Sequence[AuditCount], scale: Sequence[Grade]) -> Side:
    counts: Counter[str] = Counter()
    for row in rows:
        if row.grade is not None:
            counts[row.grade] += row.n
    grades = {grade.key: counts[grade.key] for grade in scale}
    on_time = sum(row.n for row in rows if row.standing == Standing.ON_TIME)
    late = sum(row.n for row in rows if row.standing == Standing.LATE or row.is_missed)
    return Side(grades, sum(grades.values()), Share(on_time, on_time + late))


def _moderated(moved: Iterable[Moved], scale: Sequence[Grade]) -> Moderated:
    place = {grade.key: at for at, grade in enumerate(scale)}
    steps = [place[one.before] - place[one.after] for one in moved if one.before in place and one.after in place]
    return Moderated(steps.count(0), sum(step > 0 for step in steps), sum(step < 0 for step in steps))
