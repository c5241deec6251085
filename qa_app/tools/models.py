"""Audit tools: versioned forms of domains (domain.md section 3)."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from qa_app.core.database import Base, Instant


class AuditTool(Base):
    """A form, through all its versions."""

    __tablename__ = "audit_tool"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(unique=True)

    versions: Mapped[list["ToolVersion"]] = relationship(back_populates="tool", order_by="ToolVersion.number")


class ToolVersion(Base):
    """One version. Published, it never changes; editing makes the next."""

    __tablename__ = "tool_version"
    __table_args__ = (UniqueConstraint("tool_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    tool_id: Mapped[int] = mapped_column(ForeignKey("audit_tool.id"))
    number: Mapped[int]
    published_at: Mapped[datetime | None] = mapped_column(Instant)
    has_overall_grade: Mapped[bool] = mapped_column(default=True)
    scale: Mapped[list[dict[str, Any]]] = mapped_column(
        JSON, comment="the grades, best first, as in the setting grade_scale"
    )

    tool: Mapped[AuditTool] = relationship(back_populates="versions")
    domains: Mapped[list["Domain"]] = relationship(order_by="Domain.position")


class Domain(Base):
    """One section of the form."""

    __tablename__ = "domain"
    __table_args__ = (UniqueConstraint("tool_version_id", "key"), UniqueConstraint("tool_version_id", "position"))

    id: Mapped[int] = mapped_column(primary_key=True)
    tool_version_id: Mapped[int] = mapped_column(ForeignKey("tool_version.id"))
    position: Mapped[int]
    key: Mapped[str] = mapped_column(comment="stable through versions, e.g. risk")
    title: Mapped[str]
    prompt: Mapped[str] = mapped_column(comment="one or two sentences: what to look at")
    looks_good: Mapped[list[str]] = mapped_column(JSON, comment="what good looks like, in a few lines")
    guidance: Mapped[dict[str, str]] = mapped_column(JSON, comment="grade key -> one-line descriptor for this domain")
    questions: Mapped[list[str]] = mapped_column(JSON, comment="what to ask oneself")
    required: Mapped[bool] = mapped_column(default=True)
    may_be_not_applicable: Mapped[bool] = mapped_column(default=False)
