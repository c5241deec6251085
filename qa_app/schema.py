"""The tables' version, and how they are brought up to this one. Alembic takes 10 MB: no web worker loads this."""

from pathlib import Path

import flask_migrate
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask import Flask, current_app
from sqlalchemy import Connection

from qa_app import create_app
from qa_app.core.database import db

FOLDER = str(Path(__file__).parent / "migrations")


def upgrade() -> None:
    """Make the tables of the current application's database, or bring them up to this version."""
    _bind(current_app)
    flask_migrate.upgrade()


def migratable() -> Flask:
    """The application with Flask-Migrate's commands, for whoever writes a migration (docs/how-to.md)."""
    app = create_app()
    _bind(app)
    return app


def _bind(app: Flask) -> None:
    flask_migrate.Migrate(app, db, directory=FOLDER, render_as_batch=True, compare_type=True)


def is_current(connection: Connection) -> bool:
    """Whether the tables are of this version."""
    here = MigrationContext.configure(connection).get_current_heads()
    return set(here) == set(ScriptDirectory(FOLDER).get_heads())
