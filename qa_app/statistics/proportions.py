"""A share with its count, its interval, and whether it meets a target (domain.md section 9)."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from statistics import NormalDist
from typing import NamedTuple

CONFIDENCE = 0.95
THIN = 30
"""A base under this says little: with 12% at 30 audits the 95% interval reaches from 4% to 28%."""
QUARTER = 3  # months


@dataclass(frozen=True, slots=True)
class Share:
    """How many of how many. Never a percentage alone."""

    count: int
    base: int

    @property
    def value(self) -> float | None:
        """Between 0 and 1; an empty base has no share."""
        return self.count / self.base if self.base else None


class Interval(NamedTuple):
    """Where the true value may lie, between 0 and 1 for shares."""

    low: float
    high: float


class Direction(StrEnum):
    """What a target asks for."""

    AT_LEAST = "at least"
    AT_MOST = "at most"


class Verdict(StrEnum):
    """What a sample can say about a target."""

    MET = "met"
    NOT_MET = "not met"
    CANNOT_TELL = "cannot tell yet"


def wilson(share: Share, confidence: float = CONFIDENCE) -> Interval | None:
    """The score interval without continuity correction; None for an empty base.

    E. B. Wilson, "Probable inference, the law of succession, and statistical inference", Journal of the American
    Statistical Association 22 (1927), 209-212. Worked examples: R. G. Newcombe, "Two-sided confidence intervals for the
    single proportion", Statistics in Medicine 17 (1998), 857-872, table I, method 3: 81 of 263 is 0.2553 to 0.3662.
    """
    count, base = share.count, share.base
    if not base:
        return None
    z = NormalDist().inv_cdf((1 + confidence) / 2)
    scale = 1 + z * z / base
    middle = (count / base + z * z / (2 * base)) / scale
    half = z * (count * (base - count) / base**3 + z * z / (4 * base * base)) ** 0.5 / scale
    # None or all: the interval ends exactly at the edge, which floating point misses by a hair.
    low = 0.0 if count == 0 else max(middle - half, 0.0)
    high = 1.0 if count == base else min(middle + half, 1.0)
    return Interval(low, high)


def target_test(share: Share, target: float, direction: Direction, confidence: float = CONFIDENCE) -> Verdict:
    """Whether a target (between 0 and 1) is met: only where the whole interval lies on one side of it.

    At 50 audits, 3 inadequate have an interval of 2% to 16%: that proves nothing about a target of at most 12%.
    """
    interval = wilson(share, confidence)
    if interval is None:
        return Verdict.CANNOT_TELL
    if direction is Direction.AT_LEAST:
        met, failed = interval.low >= target, interval.high < target
    else:
        met, failed = interval.high <= target, interval.low > target
    return Verdict.MET if met else Verdict.NOT_MET if failed else Verdict.CANNOT_TELL


def is_thin(share: Share, thin: int = THIN) -> bool:
    """Whether a base is too small to be read alone."""
    return share.base < thin


class Rolled(NamedTuple):
    """A month's share, or that of the months that end with it."""

    share: Share
    months: int


def rolling(months: Sequence[Share], thin: int = THIN, most: int = QUARTER) -> list[Rolled]:
    """Each month alone where it is not thin, else together with the months before it, a quarter at most.

    Counts are added, never percentages averaged, so that each audit weighs the same.
    """
    return [_rolled(months, at, thin, most) for at in range(len(months))]


def _rolled(months: Sequence[Share], at: int, thin: int, most: int) -> Rolled:
    if not is_thin(months[at], thin):
        return Rolled(months[at], 1)
    taken = months[max(at - most + 1, 0) : at + 1]
    return Rolled(Share(sum(month.count for month in taken), sum(month.base for month in taken)), len(taken))
