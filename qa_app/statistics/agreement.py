"""How far auditors and moderators agree: weighted kappa with its interval, also where some audits were likelier chosen.

Kappa is the last thing to look at: the cross-table and the direction of change come first. Of sighted moderation it
measures endorsement, not agreement (domain.md section 7).
"""

from collections.abc import Iterable, Sequence
from enum import StrEnum
from statistics import NormalDist
from typing import NamedTuple

from qa_app.statistics.proportions import CONFIDENCE


class Weights(StrEnum):
    """How much agreement two grades count as that lie some steps apart."""

    LINEAR = "linear"
    QUADRATIC = "quadratic"


class Pair(NamedTuple):
    """One audit graded twice: grades by their place on the scale, from 0, and how likely it was to be moderated."""

    first: int
    second: int
    probability: float = 1.0


class Kappa(NamedTuple):
    """1 is full agreement, 0 what chance alone would give. `low` and `high` bound it, `audits` stand behind it."""

    value: float
    low: float
    high: float
    error: float
    audits: int


def is_enough(count: int, grades: int) -> bool:
    """Whether kappa may be shown: from twice the square of the number of grades, 50 audits at five grades.

    D. V. Cicchetti, "Testing the normal approximation and minimal sample size requirements of weighted kappa when the
    number of categories is large", Applied Psychological Measurement 5 (1981), 101-104.
    """
    return count >= 2 * grades**2


def weighted_kappa(pairs: Iterable[Pair], grades: int, weights: Weights = Weights.LINEAR) -> Kappa | None:
    """Kappa with partial credit for grades that lie near each other; None where chance alone agrees always.

    J. Cohen, "Weighted kappa", Psychological Bulletin 70 (1968), 213-220. Its standard error is that of J. L. Fleiss,
    J. Cohen, B. S. Everitt, "Large sample standard errors of kappa and weighted kappa", Psychological Bulletin 72
    (1969), 323-327. All inadequate and outstanding audits are moderated but few of the rest: each audit then counts
    the inverse of how likely it was to be chosen (D. G. Horvitz, D. J. Thompson, Journal of the American Statistical
    Association 47 (1952), 663-685), and the error is the same formula linearised for these weights; with equal ones
    both are equal. Raises ValueError for a probability outside (0, 1].
    """
    chosen = list(pairs)
    if any(not 0 < pair.probability <= 1 for pair in chosen):
        raise ValueError("an audit that is moderated had some probability of it, at most 1")
    if not chosen or grades < 2:
        return None
    credit = [[_credit(a, b, grades, weights) for b in range(grades)] for a in range(grades)]
    table = _table(chosen, grades)
    rows, columns = [sum(row) for row in table], [sum(column) for column in zip(*table, strict=True)]
    scale = range(grades)
    observed = sum(credit[a][b] * table[a][b] for a in scale for b in scale)
    chance = sum(credit[a][b] * rows[a] * columns[b] for a in scale for b in scale)
    if chance > 1 - 1e-12:
        return None
    value = (observed - chance) / (1 - chance)
    first = [sum(credit[a][b] * columns[b] for b in scale) for a in scale]
    second = [sum(credit[a][b] * rows[a] for a in scale) for b in scale]
    level = observed * chance - 2 * chance + observed
    influence = [
        [credit[a][b] * (1 - chance) - (first[a] + second[b]) * (1 - observed) - level for b in scale] for a in scale
    ]
    total = sum(1 / pair.probability for pair in chosen)
    spread = sum((influence[pair.first][pair.second] / pair.probability) ** 2 for pair in chosen)
    error = spread**0.5 / total / (1 - chance) ** 2
    reach = NormalDist().inv_cdf((1 + CONFIDENCE) / 2) * error
    return Kappa(value, max(value - reach, -1.0), min(value + reach, 1.0), error, len(chosen))


def _credit(first: int, second: int, grades: int, weights: Weights) -> float:
    apart = abs(first - second) / (grades - 1)
    return 1 - (apart if weights is Weights.LINEAR else apart**2)


def _table(pairs: Sequence[Pair], grades: int) -> list[list[float]]:
    """Shares of all by both grades, each audit weighing the inverse of its probability."""
    table = [[0.0] * grades for _grade in range(grades)]
    for pair in pairs:
        table[pair.first][pair.second] += 1 / pair.probability
    total = sum(map(sum, table))
    return [[cell / total for cell in row] for row in table]
