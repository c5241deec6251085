"""The built style sheet, script and icon: their addresses, and serving them without touching the app."""

import json
from functools import cache
from pathlib import Path
from wsgiref.headers import Headers

from flask import Flask
from whitenoise import WhiteNoise

BUILD = Path(__file__).resolve().parent.parent / "static" / "build"
PREFIX = "/static/build/"
YEAR = 365 * 24 * 60 * 60  # seconds


class AssetsNotBuilt(RuntimeError):
    """The front-end files are missing: set-up was not run, or the wheel was made without them."""


@cache
def manifest() -> dict[str, str]:
    """Plain name to name with content hash, as written by the build. Read once a process."""
    try:
        names: dict[str, str] = json.loads((BUILD / "manifest.json").read_text())
    except FileNotFoundError:
        raise AssetsNotBuilt("The front-end files are not built. Run: make setup") from None
    return names


@cache
def asset_url(name: str) -> str:
    """Address of a built file, such as `asset_url("app.css")`. It changes with the content: it may be kept for ever."""
    return PREFIX + manifest()[name]


def serve_assets(app: Flask) -> None:
    """Answer requests for built files in front of the app, compressed beforehand and kept for a year by browsers.

    Without this the session and database would be opened for every icon. Only `build/` is served, never its sources.
    """
    app.jinja_env.globals["asset_url"] = asset_url
    if BUILD.is_dir():
        static = WhiteNoise(
            app.wsgi_app,
            root=str(BUILD),
            prefix=PREFIX,
            max_age=YEAR,
            immutable_file_test=lambda _path, _url: True,
            allow_all_origins=False,
            add_headers_function=_asset_headers,
        )
        setattr(app, "wsgi_app", static)  # noqa: B010 - the documented way to wrap; mypy forbids plain assignment


def _asset_headers(headers: Headers, _path: str, _url: str) -> None:
    headers["X-Content-Type-Options"] = "nosniff"
    headers["Cross-Origin-Resource-Policy"] = "same-origin"
