"""The database: base model, UTC instants, one transaction a request.

SQLite takes its write lock when the transaction begins (`BEGIN IMMEDIATE`) wherever the transaction may
write, so that read-then-write is one transaction; readers say plain `BEGIN` and never wait
(docs/decisions/0001-sqlite-transactions.md). On both databases nobody waits longer than `LONGEST_WAIT` for another's
lock: then the answer is that the service is busy, and nothing was changed.
"""

import sqlite3
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime
from functools import wraps
from typing import Any, ParamSpec

from flask import Response, make_response
from flask.typing import ResponseReturnValue
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import DateTime, Dialect, Engine, Executable, MetaData, event
from sqlalchemy.engine import Connection
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column
from sqlalchemy.types import TypeDecorator

from qa_app.core.clock import utc_now

P = ParamSpec("P")

LONGEST_WAIT = 5000
"""Milliseconds to wait for a lock that another transaction holds."""

DEADLOCK = "40P01"
OUT_OF_REACH = (DEADLOCK, "40001", "55P03", "57014", "57P", "53", "08")
"""How PostgreSQL's error codes begin when it can't answer for now: locked, cancelled, restarting, full, not there."""

_inside_whole: ContextVar[bool] = ContextVar("inside_whole", default=False)
may_write: ContextVar[bool] = ContextVar("may_write", default=True)
"""Whether the transaction that begins next may write. Set to False for a request that only reads."""


class Base(DeclarativeBase):
    """Every table. Constraints have predictable names, so that a migration can mention them."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(column_0_N_label)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )


db = SQLAlchemy(model_class=Base, session_options={"expire_on_commit": False})


class Instant(TypeDecorator[datetime]):
    """An aware instant, kept in UTC on both databases (SQLite has no time zone of its own)."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("an instant needs a time zone")
        value = value.astimezone(UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class UpdatedAt:
    """For a table whose changes are read bit by bit: when each row was last written, by whatever statement.

    It is when the row was written by the clock of this machine, not the `now` that a rule was given: what happened on
    another date and is entered today is new today. Give the table an index on (updated_at, its key).
    """

    updated_at: Mapped[datetime] = mapped_column(
        Instant, default=utc_now, onupdate=utc_now, sort_order=1000, comment="when the row was last written"
    )


@event.listens_for(Engine, "connect")
def _prepare(connection: Any, _record: Any) -> None:
    if not isinstance(connection, sqlite3.Connection):
        connection.execute(f"SET lock_timeout = {LONGEST_WAIT}")
        connection.commit()  # a setting made in a transaction would end with its rollback
        return
    connection.isolation_level = None
    for pragma in (
        "journal_mode=WAL",
        "synchronous=NORMAL",
        "foreign_keys=ON",
        f"busy_timeout={LONGEST_WAIT}",
        "cache_size=-8000",
    ):
        connection.execute(f"PRAGMA {pragma}")


@event.listens_for(Engine, "begin")
def _begin_sqlite(connection: Connection) -> None:
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql("BEGIN IMMEDIATE" if may_write.get() else "BEGIN")


def is_out_of_reach(error: DBAPIError) -> bool:
    """Whether the database could not answer for now (locked, full, restarting, not there), so that it's worth trying
    again later. The transaction was rolled back.
    """
    code, name = getattr(error.orig, "sqlstate", None), getattr(error.orig, "sqlite_errorname", "")
    if name:
        return name.startswith(("SQLITE_BUSY", "SQLITE_LOCKED", "SQLITE_FULL", "SQLITE_IOERR", "SQLITE_CANTOPEN"))
    # PostgreSQL gives no code where it could not be asked at all.
    return code.startswith(OUT_OF_REACH) if code else isinstance(error, OperationalError)


def commits(view: Callable[P, ResponseReturnValue]) -> Callable[P, ResponseReturnValue]:
    """Marks a view that changes data: commit after an answer below 400, otherwise roll back. A request that may only
    read (the GET of a view that has both) is always rolled back.

    The only place in a request where anything is committed: the operation's rows, its trail entry and its
    mail are kept together or not at all. Of two requests that wait for each other PostgreSQL ends one; that one is
    done once more, since all of it was rolled back.
    """

    @wraps(view)
    def wrapped(*args: P.args, **kwargs: P.kwargs) -> Response:
        try:
            return _in_one_transaction(lambda: view(*args, **kwargs))
        except OperationalError as error:
            if getattr(error.orig, "sqlstate", None) != DEADLOCK:
                raise
            return _in_one_transaction(lambda: view(*args, **kwargs))

    wrapped.commits = True  # type: ignore[attr-defined]
    return wrapped


def _in_one_transaction(answer: Callable[[], ResponseReturnValue]) -> Response:
    try:
        response = make_response(answer())
        if response.status_code < 400 and may_write.get():
            db.session.commit()
        else:
            db.session.rollback()
    except BaseException:
        db.session.rollback()
        raise
    return response


@contextmanager
def transaction() -> Iterator[None]:
    """One transaction of a job or command: committed at the end, rolled back on any error.

    Inside `all_or_nothing` it is a part of that one: undone alone on an error, kept only with the whole.
    """
    if _inside_whole.get():
        with db.session.begin_nested():
            yield
        return
    try:
        yield
        db.session.commit()
    except BaseException:
        db.session.rollback()
        raise


@contextmanager
def reading() -> Iterator[None]:
    """One transaction that only reads, of a job or command: others write meanwhile."""
    db.session.rollback()
    token = may_write.set(False)
    try:
        yield
    finally:
        may_write.reset(token)
        db.session.rollback()


@contextmanager
def all_or_nothing() -> Iterator[None]:
    """Many transactions as one, for building a demonstration: stopped half-way, it leaves nothing behind."""
    with transaction():
        inside = _inside_whole.set(True)
        try:
            yield
        finally:
            _inside_whole.reset(inside)


def plain_rows(statement: Executable, parameters: Mapping[str, Any] | None = None) -> Sequence[Any]:
    """Rows of columns, read in the session's transaction but past its loading, which takes longer than a short query.

    For pages that read much; what the session has yet to write is written first.
    """
    db.session.flush()
    return db.session.connection().execute(statement, parameters).all()


@contextmanager
def only_reading() -> Iterator[None]:
    """Long reading in the middle of a request that writes afterwards: others write meanwhile.

    What was read before must not decide what is written after, since it may have changed.
    """
    db.session.rollback()
    before = may_write.set(False)
    try:
        yield
    finally:
        db.session.rollback()
        may_write.reset(before)


def let_others_write() -> None:
    """End a transaction that has written nothing, before long work that needs no database.

    A request that may write holds SQLite's only write lock from its first query on.
    """
    db.session.rollback()
