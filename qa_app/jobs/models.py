"""What the scheduler keeps: a heartbeat for the administrators."""

from datetime import datetime

from sqlalchemy.orm import Mapped, mapped_column

from qa_app.core.database import Base, Instant


class Heartbeat(Base):
    """When a process last said that it lives."""

    __tablename__ = "heartbeat"

    name: Mapped[str] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(Instant)
