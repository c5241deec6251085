"""Inspection packs, each kept as it was made."""

from datetime import date, datetime

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

from qa_app.core.database import Base, Instant
from qa_app.people.models import Person


class InspectionPack(Base):
    """The audits of some months as one workbook. Its content never changes: it is what somebody was handed."""

    __tablename__ = "inspection_pack"

    id: Mapped[int] = mapped_column(primary_key=True)
    first_month: Mapped[date] = mapped_column(comment="its first day")
    last_month: Mapped[date] = mapped_column(comment="its first day")
    with_cases: Mapped[bool] = mapped_column(comment="for those who may see cases alone")
    audits: Mapped[int]
    actions: Mapped[int]
    made_at: Mapped[datetime] = mapped_column(Instant)
    made_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    content: Mapped[bytes] = mapped_column(deferred=True, comment="the workbook")

    made_by: Mapped[Person] = relationship()
