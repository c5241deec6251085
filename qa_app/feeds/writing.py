"""Rows as text: JSON for Power BI and programs, CSV for everything else. Text stays text in a spreadsheet."""

import csv
import json
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, date, datetime
from io import StringIO
from typing import Any

from qa_app.feeds.dictionary import Table

Pages = Iterable[Sequence[tuple[Any, ...]]]

FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r")
"""What a spreadsheet would calculate where it begins a cell; a name that begins so gets an apostrophe before it."""


def plain(value: Any) -> Any:
    """A value as JSON carries it: instants in UTC with a Z, dates as they are written in ISO 8601."""
    if isinstance(value, datetime):
        return f"{value.astimezone(UTC):%Y-%m-%dT%H:%M:%S.%f}Z"
    return value.isoformat() if isinstance(value, date) else value


def as_objects(heads: Sequence[str], rows: Sequence[tuple[Any, ...]], chosen: Sequence[str]) -> list[dict[str, Any]]:
    """Each row as names and values, of the chosen columns alone (all of them where none is)."""
    wanted = [(place, name) for place, name in enumerate(heads) if not chosen or name in chosen]
    return [{name: plain(row[place]) for place, name in wanted} for row in rows]


def json_text(table: Table, pages: Pages) -> Iterator[str]:
    """A list of objects, a row a line."""
    between = "[\n"
    for rows in pages:
        for row in as_objects(table.heads, rows, ()):
            yield between + json.dumps(row, ensure_ascii=False, separators=(",", ":"))
            between = ",\n"
    yield "[]\n" if between == "[\n" else "\n]\n"


def csv_text(table: Table, pages: Pages) -> Iterator[str]:
    """A line of headings and a line a row (RFC 4180)."""
    buffer = StringIO()
    writer = csv.writer(buffer)
    writer.writerow(table.heads)
    for rows in pages:
        writer.writerows([_cell(value) for value in row] for row in rows)
        yield buffer.getvalue()
        buffer.seek(0)
        buffer.truncate()


def _cell(value: Any) -> Any:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str) and value.startswith(FORMULA_SIGNS):
        return f"'{value}"
    return "" if value is None else plain(value)
