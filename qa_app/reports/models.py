"""Editions of reports: what was built, what the QA team wrote beside it, how it was published (domain.md section 9)."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from qa_app.core.database import Base, Instant
from qa_app.people.models import Person
from qa_app.reports.states import EditionState


class Edition(Base):
    """One edition of a report of one kind, period and audience.

    Its content is built once and frozen with the QA team's words when it is published: later changes of audits never
    reach it. A correction is a further edition, with the reason that every reader sees.
    """

    __tablename__ = "report_edition"
    __table_args__ = (
        UniqueConstraint("kind", "last_month", "audience", "number"),
        Index("ix_report_edition_state", "state", "last_month"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    reference: Mapped[str] = mapped_column(unique=True, comment="monthly-2026-06-internal, with -2 for a correction")
    kind: Mapped[str]
    first_month: Mapped[date] = mapped_column(comment="its first day")
    last_month: Mapped[date] = mapped_column(comment="its first day; the same for one month")
    audience: Mapped[str]
    number: Mapped[int] = mapped_column(default=1, comment="2 and on: a correction")
    state: Mapped[str] = mapped_column(default=EditionState.BUILDING)
    version: Mapped[int] = mapped_column(default=1)
    progress: Mapped[int] = mapped_column(default=0, comment="per cent of the building done")
    content: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict, deferred=True)
    narrative: Mapped[dict[str, str]] = mapped_column(JSON, default=dict, deferred=True)
    narrative_version: Mapped[int] = mapped_column(default=0, comment="counts saves, so that no tab overwrites another")
    correction_reason: Mapped[str] = mapped_column(default="", comment="why it takes the place of the edition before")
    made_at: Mapped[datetime] = mapped_column(Instant)
    made_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    built_at: Mapped[datetime | None] = mapped_column(Instant, comment="the figures are as they were then")
    sent_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), comment="who sent it for review")
    published_at: Mapped[datetime | None] = mapped_column(Instant)
    published_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))

    made_by: Mapped[Person | None] = relationship(foreign_keys=made_by_id)
    sent_by: Mapped[Person | None] = relationship(foreign_keys=sent_by_id)
    published_by: Mapped[Person | None] = relationship(foreign_keys=published_by_id)
