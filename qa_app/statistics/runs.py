"""Which chart a series of points gets, and the run chart for those that are too few for limits."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from statistics import median

from qa_app.statistics.control import WHOLE, Limits, Phase, p_chart, spans, xmr
from qa_app.statistics.proportions import Share
from qa_app.statistics.signals import Signal, signals, trends

ENOUGH = 12
"""Points from which limits say something; under it the chart has a median only (domain.md section 9)."""
TREND = 5


class Kind(StrEnum):
    """Of chart."""

    RUN = "run chart"
    P = "p-chart"
    XMR = "XmR chart"


@dataclass(frozen=True)
class Chart:
    """A series with its centre line and, where there are enough points, limits; and what the rules found."""

    kind: Kind
    values: tuple[float | None, ...]
    centres: tuple[float | None, ...]
    limits: tuple[Limits | None, ...]
    """None everywhere on a run chart."""
    signals: tuple[Signal, ...]
    phases: tuple[Phase, ...]


def chart_of(points: Sequence[Share] | Sequence[float | None], phases: Sequence[Phase] = WHOLE) -> Chart:
    """The chart that suits the points: a run chart under 12 points with a value, else a p-chart of shares, else XmR.

    Values are shares between 0 and 1, or numbers as they came (days). Phases matter on control charts only: a run chart
    is too short to be cut. Raises ValueError for phases out of order.
    """
    shares = [point for point in points if isinstance(point, Share)]
    values = tuple(point.value if isinstance(point, Share) else point for point in points)
    if sum(value is not None for value in values) < ENOUGH:
        return _run_chart(values)
    limits = p_chart(shares, phases) if shares else xmr(values, phases)
    starts = [phase.start for phase, _span in spans(len(values), phases)]
    return Chart(
        Kind.P if shares else Kind.XMR,
        values,
        tuple(limit.centre if limit else None for limit in limits),
        tuple(limits),
        tuple(signals(values, limits, starts)),
        tuple(phases),
    )


def _run_chart(values: tuple[float | None, ...]) -> Chart:
    """The median, and a trend of 5.

    R. J. Perla, L. P. Provost, S. K. Murray, "The run chart: a simple analytical tool for learning from variation in
    healthcare processes", BMJ Quality and Safety 20 (2011), 46-51. Of their other rules a shift, 6 points on one side
    of the median, cannot happen under 12 points, and the number of runs says next to nothing there.
    """
    seen = [(at, value) for at, value in enumerate(values) if value is not None]
    middle = median(value for _at, value in seen) if seen else None
    centres = tuple(None if value is None else middle for value in values)
    return Chart(Kind.RUN, values, centres, (None,) * len(values), tuple(trends(seen, TREND)), WHOLE)
