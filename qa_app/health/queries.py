"""What the monitoring asks: does the database answer, and when did the scheduler last say that it lives."""

from datetime import datetime

from sqlalchemy import select

from qa_app.core.database import db
from qa_app.jobs.models import Heartbeat
from qa_app.trail.models import TrailHead


def trail_is_there() -> bool:
    """Whether the tables of this version answer."""
    return db.session.execute(select(TrailHead.last_id)).scalar_one_or_none() is not None


def scheduler_heartbeat() -> datetime | None:
    """When the scheduler last ran, if it ever did."""
    return db.session.execute(select(Heartbeat.at).where(Heartbeat.name == "scheduler")).scalar_one_or_none()
