"""The slippage notice (domain.md section 6)."""

from datetime import date, datetime

from sqlalchemy import JSON, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from qa_app.audits.models import Audit
from qa_app.core.database import Base, Instant
from qa_app.people.models import Person, Service
from qa_app.slippage.states import SlippageState

_OPEN = text("state <> 'resolved'")


class SlippageNotice(Base):
    """An audit that may not make its due date: raised by its auditor, or by the system when the signs are there."""

    __tablename__ = "slippage_notice"
    __table_args__ = (
        # An audit has at most one open notice, however often a button is pressed.
        Index("uq_slippage_notice_open", "audit_id", unique=True, sqlite_where=_OPEN, postgresql_where=_OPEN),
        Index("ix_slippage_notice_audit", "audit_id"),
        Index("ix_slippage_notice_state", "state", "raised_at"),
        Index("ix_slippage_notice_service", "service_id", "state"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    audit_id: Mapped[int] = mapped_column(ForeignKey("audit.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), comment="the audit's auditor, then")
    service_id: Mapped[int | None] = mapped_column(
        ForeignKey("service.id"), comment="the auditor's, whose Head of Service hears of it"
    )
    source: Mapped[str]
    signs: Mapped[list[str]] = mapped_column(JSON, default=list, comment="why the system raised it, in sentences")
    reason: Mapped[str] = mapped_column(default="")
    could_be_done_on: Mapped[date | None]
    would_help: Mapped[str] = mapped_column(default="")
    state: Mapped[str] = mapped_column(default=SlippageState.RAISED)
    version: Mapped[int] = mapped_column(default=1)
    raised_at: Mapped[datetime] = mapped_column(Instant)
    acknowledged_at: Mapped[datetime | None] = mapped_column(Instant)
    acknowledged_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    acknowledged_for_id: Mapped[int | None] = mapped_column(
        ForeignKey("person.id"), comment="on whose behalf a deputy did"
    )
    forwarded_at: Mapped[datetime | None] = mapped_column(Instant)
    forwarded_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    forwarded_for_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    head_note: Mapped[str] = mapped_column(default="")
    resolved_at: Mapped[datetime | None] = mapped_column(Instant)
    resolved_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), comment="none: the system")
    outcome: Mapped[str | None]
    outcome_note: Mapped[str] = mapped_column(default="")

    audit: Mapped[Audit] = relationship()
    person: Mapped[Person] = relationship(foreign_keys=person_id)
    service: Mapped[Service | None] = relationship()
    acknowledged_by: Mapped[Person | None] = relationship(foreign_keys=acknowledged_by_id)
    acknowledged_for: Mapped[Person | None] = relationship(foreign_keys=acknowledged_for_id)
    forwarded_by: Mapped[Person | None] = relationship(foreign_keys=forwarded_by_id)
    forwarded_for: Mapped[Person | None] = relationship(foreign_keys=forwarded_for_id)
    resolved_by: Mapped[Person | None] = relationship(foreign_keys=resolved_by_id)
