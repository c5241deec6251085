"""Pictures over months: shares with stepped limits, times as single values, and what the named rules say. Pure."""

from collections.abc import Sequence
from datetime import date
from functools import lru_cache

from qa_app.figures.presenters.words import interval_words, month_short, with_share
from qa_app.pictures.specs import Point, Trend
from qa_app.statistics.proportions import Direction, Share, wilson
from qa_app.statistics.runs import Chart, Kind, chart_of
from qa_app.statistics.signals import Side, Signal

TOO_FEW = "With fewer than 12 points, the line in the middle is the median, and no limits are drawn."


def trend_of_shares(
    title: str, months: Sequence[date], shares: Sequence[Share], target: tuple[int, Direction] | None = None
) -> Trend:
    """A month's share a point; limits step with each month's count. `target`: per cent and direction."""
    return _shares(title, tuple(months), tuple(shares), target)


@lru_cache(maxsize=256)
def _shares(
    title: str, months: tuple[date, ...], shares: tuple[Share, ...], target: tuple[int, Direction] | None
) -> Trend:
    """Kept, since the dashboard draws the same year again and again."""
    chart = chart_of(shares)
    points = []
    for at, (month, one) in enumerate(zip(months, shares, strict=True)):
        bounds = wilson(one)
        points.append(
            Point(
                month_short(month),
                _percent(one.value),
                with_share(one.count, one.base),
                _percent(bounds.low) if bounds else None,
                _percent(bounds.high) if bounds else None,
                interval_words(one.count, one.base),
                *_lines(chart, at, 100),
                signal=_signal(chart, at),
            )
        )
    words = f"Target: {target[1]} {target[0]}%" if target else ""
    description = f"{title}, {month_short(months[0])} to {month_short(months[-1])}. {_said(chart, months)}"
    return Trend(
        title,
        description,
        tuple(points),
        measure="Share",
        unit="%",
        most=100,
        centre_words="Median" if chart.kind is Kind.RUN else "Average",
        target=target[0] if target else None,
        target_words=words,
    )


def trend_of_times(title: str, months: Sequence[date], values: Sequence[float | None], bases: Sequence[int]) -> Trend:
    """A month's median of working days a point, as an XmR chart; how many stand behind each is in its words."""
    chart = chart_of(list(values))
    points = []
    for at, (month, value, base) in enumerate(zip(months, values, bases, strict=True)):
        words = f"{value:g} days ({base})" if value is not None else "none"
        points.append(
            Point(month_short(month), value, words, None, None, "", *_lines(chart, at, 1), signal=_signal(chart, at))
        )
    description = f"{title}, {month_short(months[0])} to {month_short(months[-1])}. {_said(chart, months)}"
    centre = "Median" if chart.kind is Kind.RUN else "Average"
    return Trend(title, description, tuple(points), measure="Median days", unit=" days", centre_words=centre)


def _lines(chart: Chart, at: int, scale: int) -> tuple[float | None, float | None, float | None]:
    limits, centre = chart.limits[at], chart.centres[at]
    scaled = None if centre is None else scale * centre
    return (scaled, scale * limits.lower, scale * limits.upper) if limits else (scaled, None, None)


def _signal(chart: Chart, at: int) -> str:
    return "; ".join(_rule(signal) for signal in chart.signals if signal.at == at)


def _rule(signal: Signal) -> str:
    return f"{signal.rule} ({'high or rising' if signal.side is Side.HIGH else 'low or falling'})"


def _said(chart: Chart, months: Sequence[date]) -> str:
    if chart.signals:
        last = chart.signals[-1]
        return f"A real change shows in {month_short(months[last.at])}: {_rule(last)}."
    if chart.kind is Kind.RUN:
        return f"No trend shows. {TOO_FEW}"
    return "No real change shows: the months differ as chance alone would let them."


def _percent(value: float | None) -> float | None:
    return None if value is None else 100 * value
