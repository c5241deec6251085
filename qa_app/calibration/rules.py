"""How far the grades of a calibration set are apart, and what a part still needs (domain.md section 7). Pure."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from qa_app.audits.rules import NOT_APPLICABLE, Grade

FEWEST = 2
"""So many people take part at least, and hand in before a set is revealed: one alone compares with nobody."""


@dataclass(frozen=True, slots=True)
class Spread:
    """The grades of one section: how many there are, from which to which, how many steps of the scale that is, and how
    many share the commonest.
    """

    graded: int
    best: str | None = None
    worst: str | None = None
    steps: int = 0
    commonest: int = 0


def spread(grades: Sequence[str | None], scale: Sequence[Grade]) -> Spread:
    """How far these grades are apart. What is not graded, or not applicable, is left out."""
    places: Mapping[str, int] = {grade.key: place for place, grade in enumerate(scale)}
    known = [grade for grade in grades if grade is not None and grade != NOT_APPLICABLE and grade in places]
    if not known:
        return Spread(0)
    best, worst = min(known, key=places.__getitem__), max(known, key=places.__getitem__)
    return Spread(len(known), best, worst, places[worst] - places[best], max(Counter(known).values()))
