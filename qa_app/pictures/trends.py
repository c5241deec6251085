"""A trend: points in time with centre line, stepped limits, target and signals. Gives its elements and its height."""

import math
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

import svg

from qa_app.pictures.marks import (
    BLUE,
    GRID,
    INK,
    LINE,
    ORANGE,
    RED,
    SOFT,
    WHITE,
    across,
    down,
    line,
    lines,
    text,
    wrapped,
)
from qa_app.pictures.specs import Point, Trend

PLOT = 200  # height of the plot, pixels
TOP = 22  # room above it for the number of the highest grid line
LEFT = 11  # percent of the width kept for the numbers of the grid
RIGHT = 4  # and at the other side, so that marks are whole
LABELS = 5  # periods named below the plot: more would run into each other on a phone

_CENTRE = {"stroke": SOFT, "stroke_width": 2}
_LIMIT = {"stroke": SOFT, "stroke_width": 1.5, "stroke_dasharray": [4, 3]}
_TARGET = {"stroke": RED, "stroke_width": 2, "stroke_dasharray": [10, 5]}
_HALO = {"stroke": WHITE, "stroke_width": 4, "paint_order": "stroke"}
_SAMPLE = 30  # width of a line's sample in the legend, pixels


class Place(NamedTuple):
    """Where the values of a trend stand in its picture."""

    points: int
    most: float

    def x(self, at: float) -> float:
        """Percent from the left of the point counted from 0."""
        return LEFT + (100 - LEFT - RIGHT) * (at + 0.5) / self.points

    def y(self, value: float) -> float:
        """Pixels from the top."""
        return TOP + PLOT * (1 - value / self.most)


def trend(picture: Trend) -> tuple[list[svg.Element], float]:
    """The plot, then in words below it: signals, phases and what each line means."""
    place, ticks = _scale(picture)
    elements: list[svg.Element] = [*_grid(picture, place, ticks), *_periods(picture, place)]
    for get, look in _STEPS:
        elements += _steps(picture, place, get, look)
    if picture.target is not None:
        y = place.y(picture.target)
        elements.append(line(LEFT, y, 100, y, **_TARGET))  # not through the numbers of the grid
    elements += _phases(picture, place)
    elements += _intervals(picture, place)
    elements += _joined(picture, place)
    elements += _points(picture, place)
    below, height = _below(picture)
    return elements + below, height


def _scale(picture: Trend) -> tuple[Place, list[float]]:
    """Round numbers for the grid, at most five, beginning at nothing."""
    values = [
        value
        for point in picture.points
        for value in (point.value, point.high, point.centre, point.upper)
        if value is not None
    ]
    greatest = max([*values, picture.target or 0]) or 1
    if picture.most is not None:
        greatest = min(greatest, picture.most)
    power = 10 ** math.floor(math.log10(greatest))
    step = next(step for step in (power / 5, power / 4, power / 2, power, power * 2, power * 5) if greatest / step <= 4)
    ticks = [step * number for number in range(math.ceil(greatest / step - 1e-9) + 1)]
    return Place(max(len(picture.points), 1), ticks[-1]), ticks


def _grid(picture: Trend, place: Place, ticks: list[float]) -> Iterator[svg.Element]:
    for tick in ticks:
        y = place.y(tick)
        yield line(0, y, 100, y, stroke=GRID if tick else INK)
        yield text(picture.number(tick) if picture.unit == "%" else f"{tick:,g}", 0, y - 4, fill=SOFT, font_size=13)


def _periods(picture: Trend, place: Place) -> Iterator[svg.Element]:
    """Names of some periods: the newest always, the others as far apart as phones need."""
    count = len(picture.points)
    every = -(-count // LABELS)
    for at in range(count):
        if (count - 1 - at) % every == 0:
            x = place.x(at)
            yield line(x, TOP + PLOT, x, TOP + PLOT + 5, stroke=INK)
            yield text(picture.points[at].label, x, TOP + PLOT + 20, text_anchor="middle", font_size=13)


_STEPS: tuple[tuple[Callable[[Point], float | None], dict[str, Any]], ...] = (
    (lambda point: point.centre, _CENTRE),
    (lambda point: point.lower, _LIMIT),
    (lambda point: point.upper, _LIMIT),
)


def _steps(
    picture: Trend, place: Place, get: Callable[[Point], float | None], look: dict[str, Any]
) -> Iterator[svg.Element]:
    """A level line over each point's width, joined down where it steps within a phase; equal neighbours as one line."""
    starts = {phase.start for phase in picture.phases}
    found: list[svg.Element] = []
    begun = 0
    for at, point in enumerate(picture.points):
        value = get(point)
        after = get(picture.points[at + 1]) if at + 1 < len(picture.points) else None
        stays = after == value and at + 1 not in starts
        if value is not None and not stays:
            found.append(line(place.x(begun - 0.5), place.y(value), place.x(at + 0.5), place.y(value)))
            if after is not None and at + 1 not in starts:
                found.append(line(place.x(at + 0.5), place.y(value), place.x(at + 0.5), place.y(after)))
        if not stays:
            begun = at + 1
    if found:
        yield svg.G(elements=found, **look)


def _phases(picture: Trend, place: Place) -> Iterator[svg.Element]:
    for phase in picture.phases:
        if phase.start:
            x = place.x(phase.start - 0.5)
            yield line(x, TOP - 8, x, TOP + PLOT, stroke=INK, stroke_dasharray=[1, 3], stroke_width=2)


def _intervals(picture: Trend, place: Place) -> Iterator[svg.Element]:
    found: list[svg.Element] = [
        line(place.x(at), place.y(point.low), place.x(at), place.y(min(point.high, place.most)))
        for at, point in enumerate(picture.points)
        if point.low is not None and point.high is not None
    ]
    if found:
        yield svg.G(elements=found, stroke=BLUE, stroke_width=5, stroke_opacity=0.35)


def _joined(picture: Trend, place: Place) -> Iterator[svg.Element]:
    found: list[svg.Element] = [
        line(place.x(at - 1), place.y(before.value), place.x(at), place.y(point.value))
        for at, (before, point) in enumerate(zip(picture.points, picture.points[1:], strict=False), 1)
        if before.value is not None and point.value is not None
    ]
    if found:
        yield svg.G(elements=found, stroke=BLUE, stroke_width=2)


def _points(picture: Trend, place: Place) -> Iterator[svg.Element]:
    names = _names(picture)
    for at, point in enumerate(picture.points):
        if point.value is None:
            continue
        x, y = place.x(at), place.y(point.value)
        if at in names:
            yield svg.Circle(cx=across(x), cy=down(y), r=8, fill=ORANGE, stroke=INK, stroke_width=2)  # type: ignore[arg-type]
            above = y - 13 if y > TOP + 6 else y + 24
            yield text(names[at], x, above, text_anchor="middle", font_weight="bold", **_HALO)
        else:
            yield svg.Circle(cx=across(x), cy=down(y), r=4, fill=BLUE, stroke=WHITE)  # type: ignore[arg-type]


def _names(picture: Trend) -> dict[int, str]:
    """A letter for each point with a signal: A to Z, then AA."""
    marked = [at for at, point in enumerate(picture.points) if point.signal]
    return {at: chr(65 + nth % 26) * (nth // 26 + 1) for nth, at in enumerate(marked)}


def _below(picture: Trend) -> tuple[list[svg.Element], float]:
    elements: list[svg.Element] = []
    y = TOP + PLOT + 32.0
    for sample, words in _legend(picture):
        elements += [
            sample(y + LINE / 2),
            *(text(part, 0, y + 15 + LINE * at, dx=_SAMPLE + 8) for at, part in _rows(words)),
        ]
        y += LINE * len(_rows(words))
    y += 6
    names = _names(picture)
    said = [f"{names[at]}  {picture.points[at].label}: {picture.points[at].signal}" for at in names]
    said += [f"┊ From {picture.points[phase.start].label}: {phase.words}" for phase in picture.phases if phase.words]
    for words in said:
        elements += lines(words, y + 15)
        y += LINE * len(wrapped(words))
    return elements, y + 4


def _rows(words: str) -> list[tuple[int, str]]:
    """Words beside a sample, which takes the place of five characters."""
    room = wrapped("....." + words)
    room[0] = room[0].removeprefix(".....")
    return list(enumerate(room))


def _legend(picture: Trend) -> Iterator[tuple[Callable[[float], svg.Element], str]]:
    points = picture.points

    def stroke(**look: Any) -> Callable[[float], svg.Element]:
        return lambda y: svg.Line(x1=0, x2=_SAMPLE, y1=down(y), y2=down(y), **look)

    yield stroke(stroke=BLUE, stroke_width=2), picture.measure
    if any(point.low is not None for point in points):
        yield stroke(stroke=BLUE, stroke_width=5, stroke_opacity=0.35), picture.interval_words
    if any(point.centre is not None for point in points):
        yield stroke(**_CENTRE), picture.centre_words
    if any(point.upper is not None or point.lower is not None for point in points):
        yield stroke(**_LIMIT), picture.limits_words
    if picture.target is not None:
        yield stroke(**_TARGET), picture.target_words
