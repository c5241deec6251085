"""Policy settings with the date from which they hold (domain.md section 11)."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from qa_app.core.database import Base, Instant


class PolicySetting(Base):
    """A value of one setting from a date on. Values are added, never changed, once their first day is over."""

    __tablename__ = "policy_setting"
    __table_args__ = (UniqueConstraint("name", "from_date"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    value: Mapped[Any] = mapped_column(JSON)
    from_date: Mapped[date]
    set_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    set_at: Mapped[datetime] = mapped_column(Instant)

    # Any: naming the class by its string keeps this room from importing people, which reads settings.
    set_by: Mapped[Any] = relationship("Person")
