"""What waits for somebody, in one shape, so that the home page asks every area with one statement.

An area says what waits with `ask`; `home/queries.py` names the area's function, `home/presenters.py` the sentence.
"""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import CompoundSelect, Date, Select, String, cast, func, literal, null, select, type_coerce, union_all

from qa_app.core.database import Instant, plain_rows


class Waiting(NamedTuple):
    """How many of a kind wait, and of the first of them the day or the instant, what leads to it, and whose it is."""

    kind: str
    number: int
    on: date | None
    at: datetime | None
    first: str | None
    who: str | None


def ask(
    kind: str, found: Select[Any], *, on: Any = None, at: Any = None, first: Any = None, who: Any = None
) -> Select[Any]:
    """Ask how many things are found, and of the first one (by the order of `found`) what a sentence needs.

    `found` is a select of anything, with its conditions and its order; `on`, `at`, `first` and `who` are columns of it.
    """
    one = found.with_only_columns(
        func.count().over().label("number"),
        _column(on, Date()).label("on"),
        _column(at, Instant()).label("at"),
        _column(first, String()).label("first"),
        _column(who, String()).label("who"),
    ).limit(1)
    part = one.subquery()
    return select(literal(kind, String).label("kind"), *part.c)


def _column(column: Any, kind: Any) -> Any:
    if column is None:
        return cast(null(), kind)
    return cast(column, kind) if isinstance(kind, String) else type_coerce(column, kind)


def together(asked: Iterable[Select[Any]]) -> CompoundSelect[Any] | None:
    """Everything that areas ask, as one statement; none where nobody asks anything."""
    every = list(asked)
    return union_all(*every) if every else None


def answers(asked: CompoundSelect[Any] | None) -> dict[str, Waiting]:
    """What waits, by kind; a kind of which nothing waits is not there."""
    return {row[0]: Waiting._make(row) for row in plain_rows(asked)} if asked is not None else {}
