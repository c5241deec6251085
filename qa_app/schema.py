"""The tables' version, and how they are brought up to this one.

Alembic takes 10 MB, so it is loaded by whoever changes tables, and not by whoever only asks for their version: a web
server does that before it starts.
"""

from pathlib import Path

from flask import Flask, current_app
from sqlalchemy import Connection, inspect, text

from qa_app import create_app
from qa_app.core.database import db

FOLDER = Path(__file__).parent / "migrations"


def upgrade() -> None:
    """Make the tables of the current application's database, or bring them up to this version."""
    import flask_migrate  # noqa: PLC0415 - see above

    _bind(current_app)
    flask_migrate.upgrade()


def migratable() -> Flask:
    """The application with Flask-Migrate's commands, for whoever writes a migration (docs/how-to.md)."""
    app = create_app()
    _bind(app)
    return app


def _bind(app: Flask) -> None:
    from flask_migrate import Migrate  # noqa: PLC0415 - see above

    Migrate(app, db, directory=str(FOLDER), render_as_batch=True, compare_type=True)


def newest() -> str:
    """This version of the tables: the number that the name of the last migration begins with."""
    return max(path.name.partition("_")[0] for path in FOLDER.glob("versions/[0-9]*.py"))


def is_current(connection: Connection) -> bool:
    """Whether the tables are of this version."""
    if not inspect(connection).has_table("alembic_version"):
        return False
    return connection.execute(text("SELECT version_num FROM alembic_version")).scalar() == newest()
