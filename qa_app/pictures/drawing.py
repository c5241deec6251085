"""A picture as SVG: for a page (as wide as its column), or with a width in pixels for a file."""

from functools import lru_cache

import svg
from flask import Flask
from markupsafe import Markup

from qa_app.pictures import bars, trends
from qa_app.pictures.marks import whole
from qa_app.pictures.specs import Bars, Picture, Stacked, Trend

PAGE_FONT = "arial, sans-serif"


def install(app: Flask) -> None:
    """Let templates draw: `{{ picture|drawn("grades") }}`."""
    app.jinja_env.filters["drawn"] = drawn


@lru_cache(maxsize=256)
def drawn(picture: Picture, name: str) -> Markup:
    """A picture for a page. `name` begins its ids: give each picture of a page its own.

    Drawing a trend of two years takes some milliseconds, finding it again a hundredth of that: a picture is its values.
    """
    return Markup(as_svg(picture, name))  # noqa: S704 - every text went through escape() in marks.py


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
