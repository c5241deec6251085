"""Draws: what could be drawn, what was left out and why, what was drawn, and the reserves in order."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from qa_app.cases.models import Case
from qa_app.core.database import Base, Instant


class SampleDraw(Base):
    """One draw for a round. It is never edited; a later draw replaces it as a whole, with a reason."""

    __tablename__ = "sample_draw"
    __table_args__ = (UniqueConstraint("round_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    round_id: Mapped[int] = mapped_column(ForeignKey("round.id"))
    number: Mapped[int]
    seed: Mapped[str]
    size: Mapped[dict[str, Any]] = mapped_column(JSON, comment="how the size was asked for")
    exclusions: Mapped[dict[str, Any]] = mapped_column(JSON, comment="the exclusion rules in force")
    strata: Mapped[list[dict[str, Any]]] = mapped_column(JSON, comment="a row a service: open, left out, quota, drawn")
    notes: Mapped[list[str]] = mapped_column(JSON, comment="shortages, in sentences")
    frame_digest: Mapped[str] = mapped_column(comment="of the case list that it was drawn from")
    reason: Mapped[str] = mapped_column(default="", comment="why it was drawn again")
    drawn_at: Mapped[datetime] = mapped_column(Instant)
    drawn_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    replaced_at: Mapped[datetime | None] = mapped_column(Instant)

    cases: Mapped[list["SampledCase"]] = relationship(order_by="SampledCase.position", back_populates="draw")


class SampledCase(Base):
    """A case that was drawn, or is a reserve of its service."""

    __tablename__ = "sampled_case"
    __table_args__ = (UniqueConstraint("draw_id", "case_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    draw_id: Mapped[int] = mapped_column(ForeignKey("sample_draw.id"), index=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("case.id"))
    service_id: Mapped[int] = mapped_column(ForeignKey("service.id"))
    is_reserve: Mapped[bool]
    position: Mapped[int]
    used_at: Mapped[datetime | None] = mapped_column(Instant, comment="when a reserve replaced a case")

    draw: Mapped[SampleDraw] = relationship(back_populates="cases")
    case: Mapped[Case] = relationship()


class LeftOut(Base):
    """A case that could not be drawn, and the reason."""

    __tablename__ = "left_out"
    __table_args__ = (Index("ix_left_out_draw_reason", "draw_id", "reason"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    draw_id: Mapped[int] = mapped_column(ForeignKey("sample_draw.id"))
    case_id: Mapped[int] = mapped_column(ForeignKey("case.id"))
    service_id: Mapped[int] = mapped_column(ForeignKey("service.id"))
    reason: Mapped[str] = mapped_column(comment="the first that holds: the one that the strata table counts")
    explanation: Mapped[str] = mapped_column(comment="every reason that held on the day of the draw, in sentences")

    case: Mapped[Case] = relationship()
