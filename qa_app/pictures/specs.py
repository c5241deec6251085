"""What a picture shows, before anything is drawn: plain values that a frozen report can keep as JSON.

Each kind has a title, a description (one sentence that says what the picture shows: its alternative text) and makes the
table behind it from the same values, so that picture and table cannot differ.
"""

from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True)
class Table:
    """What stands behind a picture. Cells are written as they are read."""

    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class Bar:
    """One bar. Without a value (hidden, or nothing to count) only its words stand there."""

    label: str
    value: float | None
    words: str
    """What is written beside it: `12 of 50 (24%)`."""
    low: float | None = None
    """From where to where the true value may lie, in the unit of the value: a Wilson interval."""
    high: float | None = None
    interval_words: str = ""
    """`14% to 37%`, for the table."""


@dataclass(frozen=True)
class Bars:
    """Values side by side, one below the other."""

    title: str
    description: str
    bars: tuple[Bar, ...]
    heading: str = "Group"
    measure: str = "Value"
    most: float | None = None
    """Where the axis ends: 100 for percentages; None: the greatest value."""
    target: float | None = None
    target_words: str = ""
    """`Target: at least 40%`."""

    @property
    def table(self) -> Table:
        """Label, words and, where there are any, intervals."""
        if any(bar.interval_words for bar in self.bars):
            header = (self.heading, self.measure, "Interval (95%)")
            return Table(header, tuple((bar.label, bar.words, bar.interval_words) for bar in self.bars))
        return Table((self.heading, self.measure), tuple((bar.label, bar.words) for bar in self.bars))


@dataclass(frozen=True)
class StackedRow:
    """Counts of one group, in the order of the picture's keys. None: hidden, so that no part of the row is drawn."""

    label: str
    counts: tuple[int | None, ...]


@dataclass(frozen=True)
class Stacked:
    """How each group divides into parts, each bar as wide as the picture; for grades, best first.

    At most eight keys, as a scale has at most eight grades.
    """

    title: str
    description: str
    keys: tuple[str, ...]
    rows: tuple[StackedRow, ...]
    heading: str = "Group"
    hidden_words: str = "hidden"
    """What stands for a count that is not shown."""

    @property
    def table(self) -> Table:
        """Counts by group and key."""
        rows = tuple(
            (row.label, *(self.hidden_words if count is None else f"{count:,}" for count in row.counts))
            for row in self.rows
        )
        return Table((self.heading, *self.keys), rows)


@dataclass(frozen=True)
class Point:
    """One period of a trend. Without a value there is a gap in the line."""

    label: str
    """`Jun 26`: short, since labels stand side by side."""
    value: float | None
    words: str
    """`12 of 50 (24%)`."""
    low: float | None = None
    high: float | None = None
    """Its own interval, in the unit of the value."""
    interval_words: str = ""
    centre: float | None = None
    lower: float | None = None
    upper: float | None = None
    """Centre line and control limits in force at this point: limits step where the counts differ."""
    signal: str = ""
    """What the named rule found here, in words; empty: nothing."""


@dataclass(frozen=True)
class Phase:
    """From this point on (counted from 0) the baseline is another one, and why."""

    start: int
    words: str


@dataclass(frozen=True)
class Trend:
    """Values over time, as a control chart, a run chart or a plain line."""

    title: str
    description: str
    points: tuple[Point, ...]
    heading: str = "Month"
    measure: str = "Value"
    unit: str = ""
    """Written after the numbers of the axis: `%` or ` days`."""
    most: float | None = None
    """Where the axis may end at most: 100 for percentages."""
    centre_words: str = "Average"
    limits_words: str = "Limits: what chance explains"
    interval_words: str = "Interval (95%)"
    target: float | None = None
    target_words: str = ""
    phases: tuple[Phase, ...] = ()

    @property
    def table(self) -> Table:
        """Words of each point, with interval, centre, limits and signal where the trend has any."""
        columns: list[tuple[str, list[str]]] = [
            (self.heading, [point.label for point in self.points]),
            (self.measure, [point.words for point in self.points]),
            (self.interval_words, [point.interval_words for point in self.points]),
            (self.centre_words, [self.number(point.centre) for point in self.points]),
            ("Lower limit", [self.number(point.lower) for point in self.points]),
            ("Upper limit", [self.number(point.upper) for point in self.points]),
            ("What the rules say", [point.signal for point in self.points]),
        ]
        kept = [column for at, column in enumerate(columns) if at < 2 or any(column[1])]
        rows = tuple(zip(*(cells for _header, cells in kept), strict=True))
        return Table(tuple(header for header, _cells in kept), rows)

    def number(self, value: float | None) -> str:
        """`24%`, `12.5 days`: one decimal where it says something."""
        return "" if value is None else f"{value:,.1f}".removesuffix(".0") + self.unit


@dataclass(frozen=True)
class Progress:
    """How much of a whole is done, and how much would be by now."""

    title: str
    description: str
    done: float
    whole: float
    words: str
    """`61 of 92 done`."""
    expected: float | None = None
    expected_words: str = ""
    """`70 expected by today`."""

    @property
    def table(self) -> Table:
        """One row of what is written."""
        if self.expected is None:
            return Table(("Done",), ((self.words,),))
        return Table(("Done", "Expected"), ((self.words, self.expected_words),))


Picture = Bars | Stacked | Trend | Progress

_KINDS: dict[str, type[Picture]] = {"bars": Bars, "stacked": Stacked, "trend": Trend, "progress": Progress}
_NAMES = {kind: name for name, kind in _KINDS.items()}


# Which fields hold values of which class.
_INSIDE: dict[type[Picture], dict[str, type[Any]]] = {
    Bars: {"bars": Bar},
    Stacked: {"rows": StackedRow},
    Trend: {"points": Point, "phases": Phase},
    Progress: {},
}


def to_json(picture: Picture) -> dict[str, Any]:
    """Plain values that JSON can keep, with the kind's name."""
    return {"kind": _NAMES[type(picture)], **asdict(picture)}


def from_json(kept: dict[str, Any]) -> Picture:
    """The picture that `to_json` wrote, also after a journey through JSON text. KeyError for a kind that is unknown."""
    kind = _KINDS[kept["kind"]]
    values = {name: value for name, value in kept.items() if name != "kind"}
    for name, part in _INSIDE[kind].items():
        values[name] = tuple(part(**_tuples(item)) for item in values[name])
    return kind(**_tuples(values))


def _tuples(values: dict[str, Any]) -> dict[str, Any]:
    """Lists become tuples again, since JSON knows none."""
    return {name: tuple(value) if isinstance(value, list) else value for name, value in values.items()}
