"""A picture as PNG, for Word files."""

from qa_app.core.assets import BUILD
from qa_app.pictures.specs import Picture

WIDTH = 640  # pixels, before zooming: a page of A4 at a size at which the writing is read well
ZOOM = 2.0  # so that it is sharp on paper
_FONT = "DejaVu Sans"
_FILES = ("DejaVuSans.ttf", "DejaVuSans-Bold.ttf")


def as_png(picture: Picture, width: int = WIDTH) -> bytes:
    """PNG bytes of a picture that is `width` pixels wide before zooming, with the fonts that set-up brought along."""
    # Only who writes a document needs these in memory.
    from resvg_py import svg_to_bytes  # noqa: PLC0415

    from qa_app.pictures.drawing import as_svg  # noqa: PLC0415

    return bytes(
        svg_to_bytes(
            svg_string=as_svg(picture, "picture", width, _FONT),
            background="#ffffff",
            skip_system_fonts=True,
            font_files=[str(BUILD / name) for name in _FILES],
            zoom=ZOOM,
        )
    )
