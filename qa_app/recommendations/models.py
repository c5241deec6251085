"""Reports with their recommendations, what owners say of them, and follow-up audits (domain.md section 8)."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from qa_app.core.database import Base, Instant
from qa_app.people.models import Person, Service
from qa_app.recommendations.states import FollowUpState, RecommendationState

_DRAFT = text("state = 'draft'")


class ReportKind(StrEnum):
    """Where recommendations come from."""

    AUDIT_REPORT = "audit_report"
    INSPECTION = "inspection"
    REVIEW = "review"
    OTHER = "other"


class Report(Base):
    """A report whose recommendations are followed up. `reference` is how people name it: R-0003."""

    __tablename__ = "recommendation_report"
    __table_args__ = (Index("ix_recommendation_report_dated", "dated"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    title: Mapped[str]
    kind: Mapped[str]
    dated: Mapped[date]
    service_id: Mapped[int | None] = mapped_column(ForeignKey("service.id"), comment="none: the whole department")
    objective: Mapped[str] = mapped_column(default="", comment="the original objective, in the report's words")
    version: Mapped[int] = mapped_column(default=1)
    added_at: Mapped[datetime] = mapped_column(Instant)
    added_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))

    service: Mapped[Service | None] = relationship()

    @property
    def reference(self) -> str:
        """`R-0003`."""
        return f"R-{self.id:04d}"


class Recommendation(Base):
    """One recommendation. `outcome` is what the newest published follow-up found, kept by its publication."""

    __tablename__ = "recommendation"
    __table_args__ = (
        UniqueConstraint("report_id", "number"),
        CheckConstraint("number > 0", name="number_positive"),
        Index("ix_recommendation_owner", "owner_id", "state", "due_on"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    report_id: Mapped[int] = mapped_column(ForeignKey("recommendation_report.id"))
    number: Mapped[int]
    text: Mapped[str]
    owner_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    due_on: Mapped[date | None]
    first_due_on: Mapped[date | None] = mapped_column(comment="what was first promised, never overwritten")
    state: Mapped[str] = mapped_column(default=RecommendationState.OPEN)
    outcome: Mapped[str | None]
    version: Mapped[int] = mapped_column(default=1)

    report: Mapped[Report] = relationship()
    owner: Mapped[Person | None] = relationship()


class ProgressNote(Base):
    """What an owner says was done: dated, one under the other, never changed."""

    __tablename__ = "progress_note"
    __table_args__ = (Index("ix_progress_note_recommendation", "recommendation_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    recommendation_id: Mapped[int] = mapped_column(ForeignKey("recommendation.id"))
    text: Mapped[str]
    is_done: Mapped[bool] = mapped_column(comment="the owner says that it is done")
    at: Mapped[datetime] = mapped_column(Instant)
    by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    for_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), comment="on whose behalf a deputy did")

    by: Mapped[Person] = relationship(foreign_keys=by_id)
    on_behalf_of: Mapped[Person | None] = relationship(foreign_keys=for_id)


class FollowUp(Base):
    """A follow-up audit of a report: the first, or a re-follow-up of what was not fully implemented."""

    __tablename__ = "follow_up"
    __table_args__ = (
        UniqueConstraint("report_id", "number"),
        # A report has at most one draft, however often a button is pressed.
        Index("uq_follow_up_draft", "report_id", unique=True, sqlite_where=_DRAFT, postgresql_where=_DRAFT),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    report_id: Mapped[int] = mapped_column(ForeignKey("recommendation_report.id"))
    number: Mapped[int]
    state: Mapped[str] = mapped_column(default=FollowUpState.DRAFT)
    version: Mapped[int] = mapped_column(default=1, comment="counts moves and saves of its summary")
    dated: Mapped[date | None] = mapped_column(comment="when the follow-up was made")
    period: Mapped[str] = mapped_column(default="", comment="which time it looks at, in words")
    audits: Mapped[int | None]
    inadequate: Mapped[int | None]
    repeat_inadequate: Mapped[int | None]
    summary: Mapped[str] = mapped_column(default="")
    started_at: Mapped[datetime] = mapped_column(Instant)
    started_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    published_at: Mapped[datetime | None] = mapped_column(Instant)
    published_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))

    report: Mapped[Report] = relationship()
    started_by: Mapped[Person | None] = relationship(foreign_keys=started_by_id)
    published_by: Mapped[Person | None] = relationship(foreign_keys=published_by_id)


class Judgement(Base):
    """What one follow-up says of one recommendation: an outcome and the evidence for it. Version 0: not begun."""

    __tablename__ = "judgement"
    __table_args__ = (
        UniqueConstraint("follow_up_id", "recommendation_id"),
        Index("ix_judgement_recommendation", "recommendation_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    follow_up_id: Mapped[int] = mapped_column(ForeignKey("follow_up.id"))
    recommendation_id: Mapped[int] = mapped_column(ForeignKey("recommendation.id"))
    outcome: Mapped[str | None]
    evidence: Mapped[str] = mapped_column(default="")
    version: Mapped[int] = mapped_column(default=0)
    saved_at: Mapped[datetime | None] = mapped_column(Instant)
    saved_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), comment="whose judgement it is")
    owner_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), comment="whose it was when it was published")

    follow_up: Mapped[FollowUp] = relationship()
    recommendation: Mapped[Recommendation] = relationship()
    saved_by: Mapped[Person | None] = relationship(foreign_keys=saved_by_id)
    owner: Mapped[Person | None] = relationship(foreign_keys=owner_id)


class RecommendationImport(Base):
    """A list of recommendations that was uploaded, kept from its preview until it is applied."""

    __tablename__ = "recommendation_import"
    __table_args__ = (Index("ix_recommendation_import_report", "report_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    report_id: Mapped[int] = mapped_column(ForeignKey("recommendation_report.id"))
    file_name: Mapped[str]
    uploaded_at: Mapped[datetime] = mapped_column(Instant)
    uploaded_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    headings: Mapped[list[str]] = mapped_column(JSON)
    rows: Mapped[list[list[Any]]] = mapped_column(
        JSON, comment="row number, then the cells as text; emptied when applied"
    )
    applied_at: Mapped[datetime | None] = mapped_column(Instant)

    report: Mapped[Report] = relationship()
