"""Actions: what is to be put right, by whom and when (domain.md section 8). Their later life is the next areas'."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column, relationship

from qa_app.core.database import Base, Instant
from qa_app.people.models import Person


class Action(Base):
    """One action. Its source is a value (`audit`, id), so that it needs nobody above it."""

    __tablename__ = "action"
    __table_args__ = (
        Index("ix_action_source", "source_type", "source_id"),
        Index("ix_action_owner_due", "owner_id", "due_on"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    source_type: Mapped[str]
    source_id: Mapped[int]
    source_part: Mapped[str] = mapped_column(default="", comment="the section's key")
    what: Mapped[str]
    owner_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    due_on: Mapped[date]
    is_immediate: Mapped[bool] = mapped_column(default=False, comment="a child may be at risk now")
    created_at: Mapped[datetime] = mapped_column(Instant)
    created_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))

    owner: Mapped[Person] = relationship(foreign_keys=owner_id)
