"""Shared set-up: one migrated database a worker, each test in a transaction that is rolled back."""

import gc
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy
from flask import Flask, g
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from qa_app import create_app
from qa_app.config import read_config
from qa_app.core.database import db
from qa_app.schema import upgrade
from qa_app.signin.sessions import start_session
from qa_app.trail.kept import forget
from tests.databases import ON_POSTGRESQL
from tests.pages import check_page
from tests.statements import leaving_an_entry

NOW = datetime(2026, 6, 17, 9, 30, tzinfo=UTC)
"""A Wednesday morning in the middle of a month, in British Summer Time."""


# Tests make hundreds of thousands of short-lived objects beside the modules, which stay. Looking through all of them
# as often as Python does by itself was an eighth of the time of the tests.
gc.set_threshold(100_000, 50, 50)


class Clock:
    """The clock that the application reads in tests; `clock.now = ...` moves it."""

    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> datetime:
        return self.now


class PageClient(FlaskClient):
    """A client that checks every page it gets, and that what it changes is in the trail. The run on PostgreSQL gets the same pages, and checks them no more."""

    def open(self, *args: Any, **kwargs: Any) -> TestResponse:
        # The tests' application context outlives a request, so who asked the last time must not be remembered.
        for name in list(g):
            g.pop(name)
        with leaving_an_entry():
            response = super().open(*args, **kwargs)
        if (
            not ON_POSTGRESQL
            and response.mimetype == "text/html"
            and not response.headers.get("X-Fragment")
            and response.data
        ):
            check_page(response.get_data(as_text=True))
        return response


def _database_url(folder: Path, worker: str) -> str:
    server = os.environ.get("TEST_POSTGRESQL")
    if not server:
        return f"sqlite:///{folder / 'test.sqlite'}"
    name = f"qa_test_{worker}"
    engine = sqlalchemy.create_engine(server, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.exec_driver_sql(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
        connection.exec_driver_sql(f"CREATE DATABASE {name}")
    engine.dispose()
    return sqlalchemy.make_url(server).set(database=name).render_as_string(hide_password=False)


@pytest.fixture(scope="session")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """The application on a migrated, otherwise empty database (PostgreSQL where TEST_POSTGRESQL names a server)."""
    folder = tmp_path_factory.mktemp("data")
    worker = os.environ.get("PYTEST_XDIST_WORKER", "main")
    environ = {"DATA_DIR": str(folder), "DATABASE_URL": _database_url(folder, worker), "DEMO": "1"}
    app = create_app(read_config(environ))
    app.config["WTF_CSRF_ENABLED"] = False
    app.test_client_class = PageClient
    with app.app_context():
        upgrade()
        yield app
        db.session.remove()
        db.engine.dispose()


@pytest.fixture
def clock(app: Flask) -> Iterator[Clock]:
    """The application's clock."""
    before, app.config["CLOCK"] = app.config["CLOCK"], Clock()
    yield app.config["CLOCK"]
    app.config["CLOCK"] = before


@pytest.fixture
def now(clock: Clock) -> datetime:
    """The instant at which the test begins."""
    return clock.now


@contextmanager
def undone(app: Flask) -> Iterator[Any]:
    """A session whose commits are undone at the end. Inside another one, only what came since is undone."""
    engines = db._app_engines[app]
    before: Any = engines[None]
    inside = isinstance(before, sqlalchemy.Connection)
    db.session.remove()
    connection = before if inside else before.connect()
    outer = connection.begin_nested() if inside else connection.begin()
    engines[None] = connection
    db.session.configure(join_transaction_mode="create_savepoint")
    forget()
    try:
        yield db.session
    finally:
        db.session.remove()
        outer.rollback()
        engines[None] = before
        if not inside:
            connection.close()


@pytest.fixture
def database(app: Flask, clock: Clock) -> Iterator[Any]:
    """A session whose commits are undone when the test ends, shared with every request of the test."""
    with undone(app) as session:
        yield session


@pytest.fixture
def client(app: Flask, database: Any) -> FlaskClient:
    """A browser that has not signed in."""
    return app.test_client()


@pytest.fixture
def sign_in(app: Flask, database: Any, clock: Clock) -> Callable[[int], FlaskClient]:
    """Makes a browser in which a person (who has an account) is signed in."""

    def make(person_id: int) -> FlaskClient:
        token = start_session(person_id, clock.now)
        db.session.commit()
        client = app.test_client()
        with client.session_transaction() as cookie:
            cookie["_user_id"] = token
            cookie["_fresh"] = True
        return client

    return make
