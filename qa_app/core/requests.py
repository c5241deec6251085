"""What no request may hold, refused before any room sees it: numbers and signs that a database cannot keep."""

from typing import Any

from flask import Flask, abort, request
from werkzeug.routing import IntegerConverter, Map

LARGEST_ID = 2**31 - 1
"""Both databases keep ids as 32-bit whole numbers; PostgreSQL fails on a larger one, SQLite beyond 64 bits."""

NUL = "\0"


class RecordNumber(IntegerConverter):
    """`<int:...>` in an address: a number that a record can have. A larger one is an address of nothing (404)."""

    def __init__(self, map: Map, *args: Any, **options: Any) -> None:
        super().__init__(map, *args, **{"max": LARGEST_ID, **options})


def guard(app: Flask) -> None:
    """Put the limits into the app. Call it before any address is registered."""
    app.url_map.converters["int"] = RecordNumber
    app.before_request(refuse_nul)


def refuse_nul() -> None:
    """404 for an address, 400 for a query or form, that holds a NUL: PostgreSQL keeps none, and no keyboard has one."""
    if NUL in request.path:
        abort(404)
    texts = [*request.args.items(multi=True), *request.form.items(multi=True)]
    names = [(name, file.filename or "") for name, file in request.files.items(multi=True)]
    if any(NUL in name or NUL in value for name, value in texts + names):
        abort(400)
