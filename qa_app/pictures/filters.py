"""Pictures in templates: `{{ picture|drawn("grades") }}`."""

from functools import lru_cache

from flask import Flask
from markupsafe import Markup

from qa_app.pictures.specs import Picture


def install(app: Flask) -> None:
    """Let templates draw."""
    app.jinja_env.filters["drawn"] = drawn


@lru_cache(maxsize=256)
def drawn(picture: Picture, name: str) -> Markup:
    """A picture for a page. `name` begins its ids: give each picture of a page its own.

    Drawing a trend of two years takes some milliseconds, finding it again a hundredth of that: a picture is its values.
    """
    from qa_app.pictures.drawing import as_svg  # noqa: PLC0415 - loaded with the first picture, not with the app

    return Markup(as_svg(picture, name))  # noqa: S704 - every text went through escape() in marks.py
