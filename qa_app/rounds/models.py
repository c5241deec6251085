"""Audit types, rounds and what each round expects of each auditor (domain.md sections 3 and 6)."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from qa_app.core.database import Base, Instant, UpdatedAt
from qa_app.people.models import Person, Service, Team
from qa_app.rounds.states import RoundState
from qa_app.tools.models import AuditTool, ToolVersion


class AuditType(Base):
    """Monthly case audit, dip sample, themed audit and so on: its tool, and whether it counts."""

    __tablename__ = "audit_type"

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(unique=True, comment="e.g. monthly, the suffix of a round's reference")
    name: Mapped[str]
    tool_id: Mapped[int] = mapped_column(ForeignKey("audit_tool.id"))
    counts_toward_expectation: Mapped[bool] = mapped_column(default=True)
    allocation_policy: Mapped[str | None] = mapped_column(
        comment="own_team, other_team or any; none: the council's setting"
    )

    tool: Mapped[AuditTool] = relationship()


class Round(UpdatedAt, Base):
    """One issue of audits of one type, usually a month's."""

    __tablename__ = "round"
    __table_args__ = (Index("ix_round_state", "state"), Index("ix_round_updated", "updated_at", "id"))

    id: Mapped[int] = mapped_column(primary_key=True)
    reference: Mapped[str] = mapped_column(unique=True, comment="2026-06, or 2026-06-dip for another type")
    audit_type_id: Mapped[int] = mapped_column(ForeignKey("audit_type.id"))
    tool_version_id: Mapped[int] = mapped_column(ForeignKey("tool_version.id"))
    month: Mapped[date] = mapped_column(comment="its first day")
    issue_on: Mapped[date]
    due_on: Mapped[date]
    moderation_due_on: Mapped[date]
    report_due_on: Mapped[date]
    state: Mapped[str] = mapped_column(default=RoundState.PLANNED)
    version: Mapped[int] = mapped_column(default=1)
    sample_size: Mapped[dict[str, Any] | None] = mapped_column(
        JSON, comment="asked for when it was created; none: the council's setting"
    )
    sample_seed: Mapped[str | None] = mapped_column(comment="asked for when it was created; none: made at the draw")
    issued_at: Mapped[datetime | None] = mapped_column(Instant)
    closed_at: Mapped[datetime | None] = mapped_column(Instant)

    audit_type: Mapped[AuditType] = relationship()
    tool_version: Mapped[ToolVersion] = relationship()


class RoundAuditor(UpdatedAt, Base):
    """What a round expects of one auditor, fixed when it is allocated; an exemption lowers it."""

    __tablename__ = "round_auditor"
    __table_args__ = (
        UniqueConstraint("round_id", "person_id"),
        CheckConstraint("expected >= 0 AND exempted >= 0 AND exempted <= expected", name="exempted_within_expected"),
        Index("ix_round_auditor_updated", "updated_at", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    round_id: Mapped[int] = mapped_column(ForeignKey("round.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    team_id: Mapped[int | None] = mapped_column(ForeignKey("team.id"), comment="then")
    service_id: Mapped[int | None] = mapped_column(ForeignKey("service.id"), comment="then")
    expected: Mapped[int]
    exempted: Mapped[int] = mapped_column(default=0)

    person: Mapped[Person] = relationship()
    team: Mapped[Team | None] = relationship()
    service: Mapped[Service | None] = relationship()
