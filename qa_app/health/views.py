"""Whether the app is alive, and whether it is ready to serve. Neither says anything about people or cases."""

from datetime import timedelta
from typing import Any

from flask import Blueprint, g
from sqlalchemy.exc import SQLAlchemyError

from qa_app.core.format import moment
from qa_app.health import queries
from qa_app.outbox.queries import oldest_overdue, switch

health = Blueprint("health", __name__)

SCHEDULER_IS_LATE = timedelta(minutes=5)


@health.get("/health")
def alive() -> dict[str, str]:
    """The process answers."""
    return {"status": "alive"}


@health.get("/ready")
def ready() -> tuple[dict[str, Any], int]:
    """The database answers with this version's tables (else 503); how long ago the scheduler ran, and mail waits."""
    try:
        there, heartbeat = queries.trail_is_there(), queries.scheduler_heartbeat()
    except SQLAlchemyError:
        there, heartbeat = False, None
    if not there:
        return {"status": "not ready", "database": "does not answer, or is not of this version"}, 503
    oldest = oldest_overdue(g.now)
    age = (g.now - heartbeat) if heartbeat else None
    return {
        "status": "ready",
        "database": "ok",
        "scheduler": "ok" if age is not None and age < SCHEDULER_IS_LATE else "late",
        "scheduler_seconds_ago": int(age.total_seconds()) if age is not None else None,
        "mail": "on" if switch().is_on else "off",
        "oldest_mail_waits_seconds": int((g.now - oldest).total_seconds()) if oldest is not None else None,
    }, 200


@health.app_context_processor
def _scheduler() -> dict[str, Any]:
    return {"scheduler_trouble": scheduler_trouble}


def scheduler_trouble() -> str:
    """For administrators' pages on mail: what to do where the scheduler does not run, else nothing."""
    heartbeat = queries.scheduler_heartbeat()
    if heartbeat is not None and g.now - heartbeat < SCHEDULER_IS_LATE:
        return ""
    since = f"has not run since {moment(heartbeat)}" if heartbeat else "has never run"
    return f"The scheduler {since}, so no mail leaves and no reminder is written. Start it: qa-app scheduler"
