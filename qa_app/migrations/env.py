"""Alembic's environment: the application's own database, one transaction for each migration."""

from typing import Any, Literal

from alembic import context
from flask import current_app

from qa_app.core.database import Instant, db


def render_item(kind: str, item: Any, _context: Any) -> str | Literal[False]:
    """Write our instant type as the plain one, so that old migrations never import the application."""
    if kind == "type" and isinstance(item, Instant):
        return "sa.DateTime(timezone=True)"
    return False


def compare_type(_context: Any, _column: Any, _meta: Any, _inspected: Any, metadata_type: Any) -> bool | None:
    """SQLite does not tell JSON and instants apart from what it stores them as; PostgreSQL does."""
    return False if isinstance(metadata_type, Instant) else None


def run() -> None:
    """Run migrations on the application's database."""
    with db.engine.connect() as connection:
        context.configure(
            connection=connection,
            target_metadata=db.metadata,
            render_as_batch=True,
            render_item=render_item,
            compare_type=compare_type,
            transaction_per_migration=True,
            **{
                k: v
                for k, v in current_app.extensions["migrate"].configure_args.items()
                if k not in ("render_as_batch", "compare_type")
            },
        )
        with context.begin_transaction():
            context.run_migrations()


run()
