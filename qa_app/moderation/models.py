"""Whether an audit is moderated and why, its moderation, and the moderator's own grades (domain.md section 7)."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from qa_app.audits.models import Audit
from qa_app.core.database import Base, Instant, UpdatedAt
from qa_app.moderation.states import OPEN, ModerationState
from qa_app.people.models import Person
from qa_app.tools.models import Domain

_OPEN = text(f"state IN ({', '.join(repr(str(one)) for one in sorted(OPEN))})")


class ModerationSelection(Base):
    """Whether an audit is moderated, by which rule, and the draw that anybody can make again."""

    __tablename__ = "moderation_selection"

    id: Mapped[int] = mapped_column(primary_key=True)
    audit_id: Mapped[int] = mapped_column(ForeignKey("audit.id"), unique=True)
    rule: Mapped[str] = mapped_column(comment="in force when the audit was issued")
    share: Mapped[int] = mapped_column(comment="per cent of the other audits, in force then")
    draw: Mapped[int] = mapped_column(comment="0 to 9999, from the round's seed and the audit's number; never anew")
    reason: Mapped[str]
    decided_at: Mapped[datetime] = mapped_column(Instant)


class Moderation(UpdatedAt, Base):
    """One audit's moderation. The final grade stands on the audit too."""

    __tablename__ = "moderation"
    __table_args__ = (
        Index("ix_moderation_state", "state", "due_on"),
        Index("ix_moderation_due", "due_on", "id"),
        Index("ix_moderation_open", "due_on", "id", sqlite_where=_OPEN, postgresql_where=_OPEN),
        Index("ix_moderation_moderator", "moderator_id", "state"),
        Index("ix_moderation_updated", "updated_at", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    audit_id: Mapped[int] = mapped_column(ForeignKey("audit.id"), unique=True)
    reason: Mapped[str]
    by_head: Mapped[bool] = mapped_column(comment="the Head of Service moderates, by the rule then in force")
    is_blind: Mapped[bool] = mapped_column(comment="own grades come before the auditor's are seen")
    moderator_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), comment="none: nobody may yet")
    why: Mapped[str] = mapped_column(default="", comment="why this moderator, in one line")
    override_reason: Mapped[str] = mapped_column(default="", comment="why a rule was set aside for the moderator")
    state: Mapped[str] = mapped_column(default=ModerationState.WAITING)
    version: Mapped[int] = mapped_column(default=1)
    selected_at: Mapped[datetime] = mapped_column(Instant)
    due_on: Mapped[date]
    dispute_days: Mapped[int] = mapped_column(comment="in force when the audit was issued")
    started_at: Mapped[datetime | None] = mapped_column(Instant)
    locked_at: Mapped[datetime | None] = mapped_column(
        Instant, comment="own grades are fixed, and the auditor's are seen"
    )
    grades_version: Mapped[int] = mapped_column(default=0, comment="counts saves, so that no tab overwrites another")
    grades_saved_at: Mapped[datetime | None] = mapped_column(Instant)
    own_grade: Mapped[str | None] = mapped_column(comment="the moderator's own overall grade")
    own_reasons: Mapped[str] = mapped_column(default="")
    grade_before: Mapped[str | None] = mapped_column(comment="the auditor's overall grade, when it was moderated")
    moderated_grade: Mapped[str | None]
    feedback: Mapped[str] = mapped_column(default="")
    moderated_at: Mapped[datetime | None] = mapped_column(Instant)
    moderated_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    moderated_for_id: Mapped[int | None] = mapped_column(
        ForeignKey("person.id"), comment="on whose behalf a deputy did"
    )
    is_late: Mapped[bool] = mapped_column(default=False)
    dispute_until: Mapped[date | None]
    acknowledged_at: Mapped[datetime | None] = mapped_column(Instant)
    disputed_at: Mapped[datetime | None] = mapped_column(Instant)
    disputed_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    disputed_for_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    dispute_reason: Mapped[str] = mapped_column(default="")
    panel_on: Mapped[date | None]
    panel: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list, comment="who was present: id and name")
    panel_grade: Mapped[str | None]
    panel_reasons: Mapped[str] = mapped_column(default="")
    decided_at: Mapped[datetime | None] = mapped_column(Instant)
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    accepted_at: Mapped[datetime | None] = mapped_column(Instant)

    audit: Mapped[Audit] = relationship()
    moderator: Mapped[Person | None] = relationship(foreign_keys=moderator_id)
    moderated_by: Mapped[Person | None] = relationship(foreign_keys=moderated_by_id)
    moderated_for: Mapped[Person | None] = relationship(foreign_keys=moderated_for_id)
    disputed_by: Mapped[Person | None] = relationship(foreign_keys=disputed_by_id)
    disputed_for: Mapped[Person | None] = relationship(foreign_keys=disputed_for_id)
    decided_by: Mapped[Person | None] = relationship(foreign_keys=decided_by_id)


class ModeratedDomain(Base):
    """The moderator's own grade of one section, and why."""

    __tablename__ = "moderated_domain"
    __table_args__ = (UniqueConstraint("moderation_id", "domain_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    moderation_id: Mapped[int] = mapped_column(ForeignKey("moderation.id"))
    domain_id: Mapped[int] = mapped_column(ForeignKey("domain.id"))
    grade: Mapped[str | None] = mapped_column(comment="a grade's key, or not_applicable")
    reason: Mapped[str] = mapped_column(default="")

    domain: Mapped[Domain] = relationship()
