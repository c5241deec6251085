"""What every picture is made of: text, lines and rectangles with presentation attributes only.

The site's policy allows no style element and no style attribute. Positions across are percentages and positions down
are pixels, so that a picture is as wide as its column while its writing keeps its size on a phone.
"""

import re
import textwrap
from collections.abc import Iterable
from typing import Any

import svg
from markupsafe import escape

INK = "#0b0c0c"
SOFT = "#484949"
BLUE = "#1d70b8"
GRID = "#cecece"
RED = "#942514"
ORANGE = "#f46a25"
WHITE = "#ffffff"
SIZE = 15  # of text, pixels
LINE = 20  # from one line of text to the next, pixels
ACROSS = 34  # characters that fit side by side at 320 pixels: 290 of them, 8.5 at most where no Arial is there
_ID = re.compile(r"[A-Za-z][A-Za-z0-9_-]*")


def across(value: float) -> str:
    """A position or width, in percent of the picture's width."""
    return f"{value:.2f}".rstrip("0").rstrip(".") + "%"


def down(value: float) -> float:
    """A position in pixels, short."""
    return round(value, 1)


def text(words: str, x: float, y: float, **look: Any) -> svg.Text:
    """A line of text: x in percent, y (its base line) in pixels. The library does not escape, so this does."""
    return svg.Text(text=str(escape(words)), x=across(x), y=down(y), **{"fill": INK, **look})  # type: ignore[arg-type]


def lines(words: str, y: float, **look: Any) -> list[svg.Element]:
    """A sentence from the left edge, on as many lines as a phone needs."""
    return [text(line, 0, y + LINE * at, **look) for at, line in enumerate(wrapped(words))]


def wrapped(words: str) -> list[str]:
    """A sentence in lines that fit on a phone."""
    return textwrap.wrap(words, ACROSS) or [""]


def line(x1: float, y1: float, x2: float, y2: float, **look: Any) -> svg.Line:
    """A line: x in percent, y in pixels."""
    return svg.Line(x1=across(x1), y1=down(y1), x2=across(x2), y2=down(y2), **look)  # type: ignore[arg-type]


def rectangle(x: float, y: float, width: float, height: float, **look: Any) -> svg.Rect:
    """A rectangle: x and width in percent, y and height in pixels."""
    return svg.Rect(x=across(x), y=down(y), width=across(max(width, 0)), height=down(height), **look)  # type: ignore[arg-type]


def whole(
    elements: Iterable[svg.Element],
    height: float,
    title: str,
    description: str,
    name: str,
    width: int | None,
    font: str,
) -> svg.SVG:
    """The picture with its name and its description for those who do not see it.

    `name` begins its ids, which are unique where names are. Without a `width` in pixels it is as wide as its column.
    """
    if not _ID.fullmatch(name):
        raise ValueError(f"not a name for an id: {name!r}")
    return svg.SVG(
        width=width or "100%",  # type: ignore[arg-type]
        height=down(height),
        extra={
            "role": "img",
            "aria-labelledby": f"{name}-title {name}-desc",
            "focusable": "false",
            "font-family": font,
            "font-size": str(SIZE),
        },
        elements=[
            svg.Title(id=f"{name}-title", text=str(escape(title))),
            svg.Desc(id=f"{name}-desc", text=str(escape(description))),
            *elements,
        ],
    )
