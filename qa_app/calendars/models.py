"""The calendar feed: one private address a person."""

from datetime import datetime

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

from qa_app.core.database import Base, Instant
from qa_app.people.models import Person


class CalendarFeed(Base):
    """A person's feed. Only a digest of its token is kept: whoever reads the database can't read the feed."""

    __tablename__ = "calendar_feed"

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    token_digest: Mapped[str] = mapped_column(unique=True)
    made_at: Mapped[datetime] = mapped_column(Instant)

    person: Mapped[Person] = relationship()
