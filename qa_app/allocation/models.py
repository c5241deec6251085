"""Allocation runs, and why each audit went to whom (domain.md section 5)."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from qa_app.core.database import Base, Instant


class AllocationRun(Base):
    """One decision for a whole round."""

    __tablename__ = "allocation_run"
    __table_args__ = (UniqueConstraint("round_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    round_id: Mapped[int] = mapped_column(ForeignKey("round.id"))
    number: Mapped[int]
    policy: Mapped[str]
    total_cost: Mapped[int]
    shortfall: Mapped[list[dict[str, Any]]] = mapped_column(JSON, comment="what is missing and where, in sentences")
    ran_at: Mapped[datetime] = mapped_column(Instant)
    ran_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))


class Assignment(Base):
    """Why this audit has this auditor: kept for each change of auditor, the newest last."""

    __tablename__ = "assignment"

    id: Mapped[int] = mapped_column(primary_key=True)
    audit_id: Mapped[int] = mapped_column(ForeignKey("audit.id"), index=True)
    auditor_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    run_id: Mapped[int | None] = mapped_column(ForeignKey("allocation_run.id"), comment="none: by hand")
    why: Mapped[dict[str, Any]] = mapped_column(JSON)
    override_reason: Mapped[str] = mapped_column(default="", comment="why a rule was overridden")
    at: Mapped[datetime] = mapped_column(Instant)
    by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
