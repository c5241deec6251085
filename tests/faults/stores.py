"""Databases with committed data: one copy of a prepared council for every test, on SQLite or PostgreSQL."""

import os
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import sqlalchemy
from flask import Flask
from sqlalchemy import select, text

from qa_app import create_app
from qa_app.access.viewer import system
from qa_app.allocation.operations import allocate_round
from qa_app.config import read_config
from qa_app.core.database import Base, db, transaction
from qa_app.rounds.states import RoundState
from qa_app.schema import upgrade
from qa_app.trail.operations import verify
from tests.conftest import NOW, Clock
from tests.factories.audits import fill, issued_round
from tests.factories.rounds import round_at
from tests.faults.killing import Command

SERVER = os.environ.get("TEST_POSTGRESQL")
WORKER = os.environ.get("PYTEST_XDIST_WORKER", "main")

Rows = dict[str, list[dict[str, Any]]]


@dataclass
class Store:
    """One database of one test, with the folder of its other files."""

    folder: Path
    url: str
    _app: list[Flask] = field(default_factory=list)

    @property
    def environ(self) -> dict[str, str]:
        """What a process needs to use it."""
        return {"DATA_DIR": str(self.folder), "DATABASE_URL": self.url, "DEMO": "1"}

    @property
    def app(self) -> Flask:
        """The application on it, with the tests' clock and without tokens in forms."""
        if not self._app:
            app = create_app(read_config(self.environ))
            app.config.update(WTF_CSRF_ENABLED=False, CLOCK=Clock())
            self._app.append(app)
        return self._app[0]

    def command(self, *arguments: str, name: str = "command") -> Command:
        """`qa-app ...` on this database, in a process of its own."""
        return Command(arguments, self.environ, self.folder / name)

    @contextmanager
    def session(self) -> Iterator[Any]:
        """A session of one's own, which is closed without a commit."""
        with self.app.app_context():
            yield db.session

    def rows(self) -> Rows:
        """Every row of every table, to compare databases."""
        with self.session() as session:
            return {
                table.name: [
                    dict(row) for row in session.execute(select(table).order_by(*table.primary_key)).mappings()
                ]
                for table in Base.metadata.sorted_tables
            }

    def check_whole(self) -> None:
        """Fail unless the trail is one unbroken chain and the database itself finds no fault."""
        with self.session() as session:
            assert verify().faults == []
            if session.get_bind().dialect.name == "sqlite":
                assert session.execute(text("PRAGMA integrity_check")).scalars().all() == ["ok"]
                assert session.execute(text("PRAGMA foreign_key_check")).all() == []

    def close(self) -> None:
        """Let go of the database."""
        if self._app:
            with self._app[0].app_context():
                db.engine.dispose()
            self._app.clear()


def meaning(rows: Rows) -> Rows:
    """The rows without numbers that a database may skip after a rollback (PostgreSQL's sequences do), and without when
    each was written, by the clock of the machine."""
    left_out = ("id", "digest", "detail", "subject_id", "why", "counts", "key", "updated_at")
    return {
        name: sorted(
            ({key: value for key, value in row.items() if not key.endswith(left_out)} for row in table), key=str
        )
        for name, table in rows.items()
        if name != "heartbeat"
    }


class Stores:
    """Makes copies of one prepared database."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.made = 0
        self.template = self._empty("template")
        prepare(self.template)
        self.template.close()
        if not SERVER:
            with sqlite3.connect(self._file(self.template)) as connection:
                connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            connection.close()

    def copy(self) -> Store:
        """A database of one's own, as prepared."""
        self.made += 1
        return self._empty(f"copy{self.made}", self.template)

    def empty(self) -> Store:
        """A database without tables: a new machine."""
        self.made += 1
        return self._empty(f"empty{self.made}")

    def drop(self, store: Store) -> None:
        """Remove a database."""
        store.close()
        if SERVER:
            _on_server(f"DROP DATABASE IF EXISTS {_name(store)} WITH (FORCE)")
        shutil.rmtree(store.folder, ignore_errors=True)

    def _empty(self, name: str, template: Store | None = None) -> Store:
        folder = self.folder / name
        folder.mkdir()
        if not SERVER:
            store = Store(folder, f"sqlite:///{folder / 'qa.sqlite'}")
            if template:
                shutil.copyfile(self._file(template), self._file(store))
            return store
        database = f"qa_faults_{WORKER}_{name}"
        _on_server(f"DROP DATABASE IF EXISTS {database} WITH (FORCE)")
        _on_server(f"CREATE DATABASE {database}" + (f" TEMPLATE {_name(template)}" if template else ""))
        url = sqlalchemy.make_url(SERVER).set(database=database).render_as_string(hide_password=False)
        return Store(folder, url)

    @staticmethod
    def _file(store: Store) -> Path:
        return store.folder / "qa.sqlite"


def _name(store: Store) -> str:
    return sqlalchemy.make_url(store.url).database or ""


def _on_server(statement: str) -> None:
    engine = sqlalchemy.create_engine(SERVER or "", isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.exec_driver_sql(statement)
    engine.dispose()


def prepare(store: Store) -> None:
    """A council in mid-June: June's round is out and its first audit is ready to submit; July's is allocated, August's
    sampled.
    """
    with store.app.app_context():
        upgrade()
        with transaction():
            scene = issued_round(db.session, NOW)
            fill(scene.audit, scene.auditor, NOW)
            july = round_at(RoundState.SAMPLED, NOW, month=date(2026, 7, 1), seed="july")
            allocate_round(july, system(), NOW)
            round_at(RoundState.SAMPLED, NOW, month=date(2026, 8, 1), seed="august")
