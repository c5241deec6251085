"""Read a table of the feed page by page, so that nothing is missed and nothing comes twice while others write.

A whole read goes by key: every row comes once, as it is when its page is read. An increment goes by when rows changed,
and only up to what was settled when it began (`settled`): a row that changes meanwhile leaves this read for the next.
In both no `updated_at` is later than that beginning, so that the newest that a reader has seen is where to go on.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import and_, literal, select, text, tuple_

from qa_app.access.viewer import Viewer
from qa_app.actions.rules import reference_of
from qa_app.core.clock import utc_now
from qa_app.core.database import Instant, db, plain_rows
from qa_app.feeds.dictionary import Table
from qa_app.feeds.queries.organisation import ORGANISATION
from qa_app.feeds.queries.source import Source
from qa_app.feeds.queries.work import WORK
from qa_app.feeds.rules import calendar

PAGE = 5_000
"""Rows that are read and held at once."""

_SOURCES = {**WORK, **ORGANISATION}
"""Every table but the calendar, which is made and not kept."""

LAG = timedelta(seconds=5)
"""How far the clocks of the machines that write may differ from the database's."""

Row = tuple[Any, ...]
Cursor = tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Reading:
    """One read of one table: what changed after `since` (or everything), as of `until`."""

    table: Table
    since: datetime | None
    until: datetime


@dataclass(frozen=True, slots=True)
class Page:
    """Some rows in the order of the dictionary's columns, and where the next page begins; None: there is none."""

    rows: list[Row]
    after: Cursor | None


_OLDEST = text(
    "SELECT coalesce(min(xact_start), statement_timestamp()) FROM pg_stat_activity "
    "WHERE datname = current_database() AND pid <> pg_backend_pid() AND backend_type = 'client backend'"
)


def settled() -> datetime:
    """The instant up to which nothing that is still being written can turn up any more.

    SQLite lets one transaction write at a time, so what is not to be seen yet is later than all that is. PostgreSQL
    lets many: what the oldest of them writes may be as old as its beginning.
    """
    if db.session.get_bind().dialect.name != "postgresql":
        return utc_now()
    oldest: datetime = db.session.execute(_OLDEST).scalar_one()
    return oldest - LAG


def read_page(reading: Reading, viewer: Viewer, after: Cursor | None, limit: int) -> Page:
    """The next rows of a read that the viewer may see, at most `limit`."""
    if reading.table.name == "calendar":
        return _calendar_page(reading, after, limit)
    source = _SOURCES[reading.table.name](viewer)
    order = [source.key] if reading.since is None else [source.changed, *source.between, source.key]
    columns = [source.key, *source.columns, source.changed, *source.between]
    statement = select(*columns).select_from(source.tables).where(source.where, *_bounds(reading, source))
    if after is not None:
        statement = statement.where(_beyond(order, after))
    found = plain_rows(statement.order_by(*order).limit(limit + 1))
    width = len(reading.table.columns)
    rows = [_finished(reading, tuple(row[:width])) for row in found[:limit]]
    if len(found) <= limit:
        return Page(rows, None)
    last = found[limit - 1]
    return Page(rows, (last[0],) if reading.since is None else (last[width - 1], *last[width:], last[0]))


def read_all(reading: Reading, viewer: Viewer, between: Callable[[], None] = lambda: None) -> Iterator[Sequence[Row]]:
    """Every row that the viewer may see, a page at a time; `between` is called after each."""
    after: Cursor | None = None
    while True:
        page = read_page(reading, viewer, after, PAGE)
        yield page.rows
        between()
        if page.after is None:
            return
        after = page.after


def cursor(reading: Reading, values: Sequence[Any]) -> Cursor:
    """Where a page begins, from values that JSON carried."""
    first = values[0]
    if reading.since is not None and reading.table.name != "calendar":
        first = datetime.fromisoformat(first)
    elif isinstance(first, str):
        first = date.fromisoformat(first)
    return (first, *values[1:])


def _bounds(reading: Reading, source: Source) -> list[Any]:
    if reading.since is None:
        return []
    return [and_(source.changed > reading.since, source.changed <= reading.until)]


def _beyond(order: Sequence[Any], after: Cursor) -> Any:
    if len(order) == 1:
        return order[0] > after[0]
    values = [literal(after[0], Instant), *(literal(value) for value in after[1:])]
    return tuple_(*order) > tuple_(*values)


_NAMES: Mapping[str, Callable[[int], str]] = {"actions": reference_of, "processes": lambda key: f"IP-{key:04d}"}
"""References that are made from the key: they stand in the second column."""


def _finished(reading: Reading, row: Row) -> Row:
    if name := _NAMES.get(reading.table.name):
        row = (row[0], name(row[0]), *row[2:])
    return row if row[-1] <= reading.until else (*row[:-1], reading.until)


def _calendar_page(reading: Reading, after: Cursor | None, limit: int) -> Page:
    rows = [
        row
        for row in calendar(reading.until.year + 1)
        if (reading.since is None or reading.since < row[-1] <= reading.until)  # type: ignore[operator]
        and (after is None or row[0] > after[0])
    ]
    return Page(rows[:limit], (rows[limit - 1][0],) if len(rows) > limit else None)
