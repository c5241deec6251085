"""Inspection packs, each kept as it was made."""

from datetime import date, datetime

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

from qa_app.core.database import Base, Instant
from qa_app.inspection.states import PackState
from qa_app.people.models import Person


class InspectionPack(Base):
    """The audits of some months as one workbook. Once made its content never changes: it is what somebody was handed.

    Until then it has no content at all, nobody can take it, and `made_at` is when it was asked for.
    """

    __tablename__ = "inspection_pack"

    id: Mapped[int] = mapped_column(primary_key=True)
    first_month: Mapped[date] = mapped_column(comment="its first day")
    last_month: Mapped[date] = mapped_column(comment="its first day")
    with_cases: Mapped[bool] = mapped_column(comment="for those who may see cases alone")
    audits: Mapped[int] = mapped_column(default=0)
    actions: Mapped[int] = mapped_column(default=0)
    made_at: Mapped[datetime] = mapped_column(Instant)
    made_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    state: Mapped[str] = mapped_column(default=PackState.MAKING)
    version: Mapped[int] = mapped_column(default=1)
    progress: Mapped[int] = mapped_column(default=0, comment="per cent of the making done")
    progress_at: Mapped[datetime | None] = mapped_column(Instant, comment="when its maker last said how far it is")
    failure: Mapped[str] = mapped_column(default="")
    content: Mapped[bytes] = mapped_column(default=b"", deferred=True, comment="the workbook")

    made_by: Mapped[Person] = relationship()
