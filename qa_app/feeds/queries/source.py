"""What a table of the feed is read from, and how far its reader's feed reaches."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import ColumnElement, FromClause, case, false, true

from qa_app.access.permissions import Permission
from qa_app.access.viewer import Viewer

Expression = ColumnElement[Any] | Any


@dataclass(frozen=True)
class Source:
    """What one table is read from. `columns` are in the dictionary's order, without the key and the last."""

    key: Expression
    changed: Expression
    columns: Sequence[Expression]
    tables: FromClause | Any
    where: ColumnElement[bool]
    between: Sequence[Expression] = field(default=())
    """What stands between `changed` and the key in the order of an increment, so that an index gives it."""


def within(viewer: Viewer, service_id: Expression) -> ColumnElement[bool]:
    """Whether something of a service is within what the reader's feed covers."""
    scope = viewer.scope(Permission.FEED_MANAGE)
    if scope.everything:
        return true()
    return service_id.in_(scope.service_ids) if scope.service_ids else false()


def later(one: Expression, other: Expression) -> Expression:
    """The later of two instants."""
    return case((one > other, one), else_=other)


def covers_all(viewer: Viewer) -> bool:
    """Whether the reader's feed covers every service."""
    return viewer.scope(Permission.FEED_MANAGE).everything
