"""A picture as SVG: for a page (as wide as its column), or with a width in pixels for a file."""

import svg

from qa_app.pictures import bars, trends
from qa_app.pictures.marks import whole
from qa_app.pictures.specs import Bars, Picture, Stacked, Trend

PAGE_FONT = "arial, sans-serif"


def as_svg(picture: Picture, name: str, width: int | None = None, font: str = PAGE_FONT) -> str:
    """The SVG's text. Raises ValueError for a name that cannot be an id."""
    elements, height = _elements(picture)
    return str(whole(elements, height, picture.title, picture.description, name, width, font))


def _elements(picture: Picture) -> tuple[list[svg.Element], float]:
    match picture:
        case Bars():
            return bars.bars(picture)
        case Stacked():
            return bars.stacked(picture)
        case Trend():
            return trends.trend(picture)
        case _:
            return bars.progress(picture)
