"""What the scheduler keeps: a heartbeat for the administrators."""

from datetime import datetime

from sqlalchemy.orm import Mapped, mapped_column

from qa_app.core.database import Base, Instant


class Heartbeat(Base):
    """When a process last said that it lives."""

    __tablename__ = "heartbeat"

    name: Mapped[str] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(Instant)


class JobRun(Base):
    """That a job was done for a slot: of two schedulers, or after a restart, one inserts the row and does it."""

    __tablename__ = "job_run"

    job: Mapped[str] = mapped_column(primary_key=True)
    slot: Mapped[str] = mapped_column(primary_key=True, comment="a date or an hour in London, e.g. 2026-06-29")
    at: Mapped[datetime] = mapped_column(Instant)
