"""Whether the app is alive, and whether it is ready to serve. Neither says anything about people or cases."""

from typing import Any

from flask import Blueprint
from sqlalchemy import text

from qa_app.core.database import db

health = Blueprint("health", __name__)


@health.get("/health")
def alive() -> dict[str, str]:
    """The process answers."""
    return {"status": "alive"}


@health.get("/ready")
def ready() -> tuple[dict[str, Any], int]:
    """The database answers and its tables are those of this version."""
    try:
        db.session.execute(text("SELECT 1 FROM trail_head"))
    except Exception:  # noqa: BLE001 - whatever is wrong with the database, the answer is the same
        return {"status": "not ready", "database": "does not answer or is not migrated"}, 503
    return {"status": "ready", "database": "ok"}, 200
