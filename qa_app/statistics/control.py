"""Control charts: the p-chart for shares, XmR for times. Centre line and limits, phase by phase.

W. A. Shewhart's charts as in D. C. Montgomery, "Introduction to Statistical Quality Control", chapters 6 and 7, and
NIST/SEMATECH e-Handbook of Statistical Methods, sections 6.3.2.2 and 6.3.3.2.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple

from qa_app.statistics.proportions import Share

LIMITS = 3  # standard deviations from the centre to a limit
D2 = 1.128  # the mean moving range of two, in standard deviations of a normal variable


class Limits(NamedTuple):
    """Centre line and limits in force at one point, and the standard deviation behind them."""

    centre: float
    lower: float
    upper: float
    sigma: float


@dataclass(frozen=True)
class Phase:
    """From its start on (counted from 0), limits are worked out anew. Why is written down, and stands in the chart.

    Without a written reason nobody could tell re-basing from choosing the limits that one likes.
    """

    start: int
    reason: str = ""
    baseline: int | None = None
    """Limits come from its first so many points and are then held; None: from all of it."""

    def __post_init__(self) -> None:
        """Raise ValueError for a re-basing without a reason."""
        if self.start and not self.reason.strip():
            raise ValueError("a new phase needs a written reason")


WHOLE = (Phase(0),)


def spans(count: int, phases: Sequence[Phase]) -> list[tuple[Phase, range]]:
    """Which points belong to which phase. The first begins at 0; raises ValueError for phases out of order."""
    starts = [phase.start for phase in phases]
    if not starts or starts[0] != 0 or sorted(set(starts)) != starts:
        raise ValueError("phases begin at the first point, each after the one before")
    ends = [*starts[1:], count]
    return [(phase, range(phase.start, min(end, count))) for phase, end in zip(phases, ends, strict=True)]


def p_chart(shares: Sequence[Share], phases: Sequence[Phase] = WHOLE) -> list[Limits | None]:
    """Limits for each share, stepping with its base: p ± 3 √(p (1 - p) / n), held within 0 and 1.

    The centre is all counts over all bases of the phase's baseline (Montgomery, section 7.2.2: variable sample size).
    None where a base is empty, or where the whole baseline is.
    """
    found: list[Limits | None] = []
    for phase, span in spans(len(shares), phases):
        based = [shares[at] for at in span if shares[at].base][: phase.baseline]
        base = sum(share.base for share in based)
        centre = sum(share.count for share in based) / base if base else None
        found += [_p_limits(centre, shares[at].base) for at in span]
    return found


def _p_limits(centre: float | None, base: int) -> Limits | None:
    if centre is None or not base:
        return None
    sigma = (centre * (1 - centre) / base) ** 0.5
    return Limits(centre, max(centre - LIMITS * sigma, 0.0), min(centre + LIMITS * sigma, 1.0), sigma)


def xmr(values: Sequence[float | None], phases: Sequence[Phase] = WHOLE) -> list[Limits | None]:
    """Limits for single values, such as a month's median days: mean ± 3 mean moving range / 1.128, never below 0.

    NIST e-Handbook section 6.3.2.2. A month without a value is left out, and its neighbours follow one another. None
    where there is no value, or where a baseline has fewer than two.
    """
    found: list[Limits | None] = []
    for phase, span in spans(len(values), phases):
        based = [value for value in (values[at] for at in span) if value is not None][: phase.baseline]
        limits = _xmr_limits(based) if len(based) > 1 else None
        found += [limits if values[at] is not None else None for at in span]
    return found


def _xmr_limits(values: Sequence[float]) -> Limits:
    centre = sum(values) / len(values)
    ranges = [abs(after - before) for before, after in pairwise(values)]
    sigma = sum(ranges) / len(ranges) / D2
    return Limits(centre, max(centre - LIMITS * sigma, 0.0), centre + LIMITS * sigma, sigma)
