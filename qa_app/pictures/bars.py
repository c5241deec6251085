"""Bars, stacked bars and a bar of progress. Each gives its elements and its height in pixels."""

import svg

from qa_app.pictures.marks import (
    ACROSS,
    BLUE,
    GRID,
    INK,
    LINE,
    RED,
    WHITE,
    across,
    line,
    lines,
    rectangle,
    text,
    wrapped,
)
from qa_app.pictures.specs import Bar, Bars, Progress, Stacked, StackedRow

HEIGHT = 18  # of a bar, pixels
GAP = 14  # between one bar and the next label

# Fill and the ink upon it, best to worst; each part also has a dark edge, its place in the order and its number.
TONES = (
    ("#12436d", WHITE),
    ("#6bace6", INK),
    ("#e4e4e4", INK),
    ("#f46a25", INK),
    ("#801650", WHITE),
    ("#3d3d3d", WHITE),
    ("#a285d1", INK),
    (WHITE, INK),
)

Drawn = tuple[list[svg.Element], float]


def bars(picture: Bars) -> Drawn:
    """Label, bar with its interval, and words; the target as a broken line through all bars."""
    most = picture.most or _greatest(picture)
    elements: list[svg.Element] = []
    y = 0.0
    if picture.target is not None:
        elements += lines(f"╎ {picture.target_words}", LINE - 4, fill=RED)
        y += LINE * len(wrapped(f"╎ {picture.target_words}")) + 4
    beside = all(_fits(bar.label, bar.words) for bar in picture.bars)
    for bar in picture.bars:
        heading, y = _heading(bar.label, bar.words, y, beside)
        elements += heading
        if bar.value is not None:
            elements.append(rectangle(0, y, 100 * bar.value / most, HEIGHT, fill=BLUE))
            elements += _interval(bar, y, most)
            if picture.target is not None:
                x = 100 * picture.target / most
                elements.append(line(x, y - 3, x, y + HEIGHT + 3, stroke=RED, stroke_width=3, stroke_dasharray=[5, 3]))
            y += HEIGHT
        y += GAP
    return elements, y


def _greatest(picture: Bars) -> float:
    found = [bar.value or 0 for bar in picture.bars] + [bar.high or 0 for bar in picture.bars] + [picture.target or 0]
    return max(found) or 1


def _fits(label: str, words: str) -> bool:
    return len(label) + len(words) + 2 <= ACROSS


def _heading(label: str, words: str, y: float, beside: bool) -> tuple[list[svg.Element], float]:
    """Label and words above a bar, beside each other where all in the picture fit so; and where the bar begins."""
    elements = lines(label, y + LINE - 4)
    if beside:
        elements.append(text(words, 100, y + LINE - 4, font_weight="bold", text_anchor="end"))
        return elements, y + LINE + 2
    y += LINE * len(wrapped(label))
    elements += lines(words, y + LINE - 4, font_weight="bold")
    return elements, y + LINE * len(wrapped(words)) + 2


def _interval(bar: Bar, y: float, most: float) -> list[svg.Element]:
    if bar.low is None or bar.high is None:
        return []
    low, high, middle = 100 * bar.low / most, 100 * bar.high / most, y + HEIGHT / 2
    # White below dark, so that it is seen on the bar and beside it.
    marks: list[svg.Element] = [
        line(x1, y1, x2, y2, stroke=colour, stroke_width=thick)
        for colour, thick in ((WHITE, 5), (INK, 2))
        for x1, y1, x2, y2 in (
            (low, middle, high, middle),
            (low, middle - 5, low, middle + 5),
            (high, middle - 5, high, middle + 5),
        )
    ]
    return marks


def stacked(picture: Stacked) -> Drawn:
    """The keys in their order, then for each group its bar with the counts that have room."""
    if len(picture.keys) > len(TONES):
        raise ValueError("a stacked bar shows at most eight parts")
    elements, y = _keys(picture.keys)
    totals = [_total(row) for row in picture.rows]
    words = [picture.hidden_words if total is None else f"{total:,}" for total in totals]
    beside = all(_fits(row.label, said) for row, said in zip(picture.rows, words, strict=True))
    for row, total, said in zip(picture.rows, totals, words, strict=True):
        heading, y = _heading(row.label, said, y, beside)
        elements += heading
        if total is not None:
            elements += _parts(row, y)
            y += HEIGHT + 4
        y += GAP
    return elements, y


def _total(row: StackedRow) -> int | None:
    """Nothing where any of its counts is hidden: the parts would give it away."""
    counts = [count for count in row.counts if count is not None]
    return sum(counts) if len(counts) == len(row.counts) else None


def _keys(keys: tuple[str, ...]) -> Drawn:
    columns = 2 if max((len(key) for key in keys), default=0) <= 15 else 1
    elements: list[svg.Element] = []
    for at, key in enumerate(keys):
        x, y = 50 * (at % columns), LINE * (at // columns)
        elements.append(svg.Rect(x=across(x), y=y + 3, width=14, height=14, fill=TONES[at][0], stroke=INK))  # type: ignore[arg-type]
        elements.append(text(key, x, y + LINE - 4, dx=20))
    return elements, LINE * -(-len(keys) // columns) + 8


def _parts(row: StackedRow, y: float) -> list[svg.Element]:
    counts = [count or 0 for count in row.counts]
    total = sum(counts)
    if not total:
        return [rectangle(0, y, 100, HEIGHT + 4, fill=WHITE, stroke=GRID)]
    elements: list[svg.Element] = []
    x = 0.0
    for count, (fill, ink) in zip(counts, TONES, strict=False):
        width = 100 * count / total
        if count:
            elements.append(rectangle(x, y, width, HEIGHT + 4, fill=fill, stroke=INK))
        if width >= 4 + 3 * len(str(count)):  # at 290 pixels a digit takes 3 percent
            elements.append(text(str(count), x + width / 2, y + 16, fill=ink, text_anchor="middle"))
        x += width
    return elements


def progress(picture: Progress) -> Drawn:
    """What is done in what is to do, and a mark for what would be done by now."""
    most = max(picture.whole, picture.done, picture.expected or 0) or 1
    elements: list[svg.Element] = lines(picture.words, LINE - 4, font_weight="bold")
    y = LINE * len(wrapped(picture.words)) + 6.0
    elements.append(rectangle(0, y, 100, HEIGHT, fill=WHITE, stroke=INK))
    elements.append(rectangle(0, y, 100 * picture.done / most, HEIGHT, fill=BLUE))
    y += HEIGHT
    if picture.expected is not None:
        x = 100 * picture.expected / most
        elements.append(line(x, y - HEIGHT - 4, x, y + 4, stroke=RED, stroke_width=3))
        elements += lines(f"╎ {picture.expected_words}", y + LINE, fill=RED)
        y += LINE * len(wrapped(f"╎ {picture.expected_words}")) + 4
    return elements, y + 4
