"""Named rules that tell real change from noise on a control chart: the four that health and care use.

The rules and their numbers are those of L. P. Provost and S. K. Murray, "The Health Care Data Guide" (2011), chapter 4,
which the Institute for Healthcare Improvement teaches: a point outside the limits, a run of 8, a trend of 6, two of
three in the outer third. The run of 8 and the two of three are Western Electric's ("Statistical Quality Control
Handbook", 1956), the trend of 6 is L. S. Nelson's (Journal of Quality Technology 16, 1984). NHS England's "Making data
count" uses the same four and counts 7 where this counts 8 and 6: neither more nor fewer rules, since each more is a
false alarm more.
"""

from collections.abc import Sequence
from enum import StrEnum
from typing import NamedTuple

from qa_app.statistics.control import LIMITS, Limits

RUN = 8
TREND = 6
WARNING = 2  # standard deviations from the centre to the outer third


class Rule(StrEnum):
    """What was found."""

    OUTSIDE = "outside the limits"
    RUN = "a run on one side of the centre"
    TREND = "a trend"
    TWO_OF_THREE = "two of three near a limit"


class Side(StrEnum):
    """Which way: above or below the centre, or rising or falling."""

    HIGH = "high"
    LOW = "low"


class Signal(NamedTuple):
    """A rule's finding. `start` and `at` (counted from 0) are the first and the point at which the rule was met."""

    rule: Rule
    side: Side
    start: int
    at: int


class _Seen(NamedTuple):
    """A point that has a value and limits."""

    at: int
    value: float
    limits: Limits

    @property
    def sigmas(self) -> float:
        """How many standard deviations it lies above the centre; endlessly many where there is no spread."""
        distance = self.value - self.limits.centre
        if abs(distance) < 1e-12:
            return 0.0
        return distance / self.limits.sigma if self.limits.sigma else distance * float("inf")


def signals(
    values: Sequence[float | None], limits: Sequence[Limits | None], starts: Sequence[int] = (0,)
) -> list[Signal]:
    """Every signal in order of the point at which it was met. `starts` are those of phases: no rule reaches over one.

    A long run or trend is one signal, at the point that completes it.
    """
    bounds = [*starts[1:], len(values)]
    found: list[Signal] = []
    for start, end in zip(starts, bounds, strict=True):
        pairs = zip(range(start, end), values[start:end], limits[start:end], strict=True)
        seen = [_Seen(at, value, limit) for at, value, limit in pairs if value is not None and limit is not None]
        found += [*_outside(seen), *_runs([(point.at, point.sigmas) for point in seen]), *_two_of_three(seen)]
        found += trends([(point.at, point.value) for point in seen], TREND)
    return sorted(found, key=lambda signal: (signal.at, list(Rule).index(signal.rule)))


def _outside(seen: Sequence[_Seen]) -> list[Signal]:
    return [
        Signal(Rule.OUTSIDE, Side.HIGH if point.sigmas > 0 else Side.LOW, point.at, point.at)
        for point in seen
        if abs(point.sigmas) > LIMITS + 1e-9
    ]


def _runs(distances: Sequence[tuple[int, float]]) -> list[Signal]:
    """Runs of points on one side of the centre, from each point's distance above it.

    A point on the centre neither adds to a run nor breaks it (Provost and Murray, chapter 4).
    """
    found: list[Signal] = []
    run: list[int] = []
    side = Side.HIGH
    for at, distance in distances:
        if not distance:
            continue
        here = Side.HIGH if distance > 0 else Side.LOW
        run = [*run, at] if here is side else [at]
        side = here
        if len(run) == RUN:
            found.append(Signal(Rule.RUN, side, run[0], at))
    return found


def trends(values: Sequence[tuple[int, float]], length: int) -> list[Signal]:
    """So many points each higher (or each lower) than the one before.

    Equal neighbours neither add to a trend nor break it (Provost and Murray, chapter 4).
    """
    found: list[Signal] = []
    trend: list[int] = []
    side = Side.HIGH
    last = 0.0
    for at, value in values:
        if trend and value == last:
            continue
        here = Side.HIGH if value > last else Side.LOW
        trend = [*trend[-1:], at] if here is not side else [*trend, at]
        side, last = here, value
        if len(trend) == length:
            found.append(Signal(Rule.TREND, side, trend[0], at))
    return found


def _two_of_three(seen: Sequence[_Seen]) -> list[Signal]:
    """Two of three points in a row in the outer third on the same side, met at the second of them; overlaps are one."""
    found: list[Signal] = []
    last = {Side.HIGH: -1, Side.LOW: -1}
    for nth, point in enumerate(seen):
        side = Side.HIGH if point.sigmas > 0 else Side.LOW
        if not _is_near(point, side):
            continue
        before = [other for other in seen[max(nth - 2, 0) : nth] if _is_near(other, side)]
        if before:
            if last[side] < before[0].at:
                found.append(Signal(Rule.TWO_OF_THREE, side, before[0].at, point.at))
            last[side] = point.at
    return found


def _is_near(point: _Seen, side: Side) -> bool:
    return (point.sigmas if side is Side.HIGH else -point.sigmas) > WARNING + 1e-9
