"""The audit, its answers, its submitted versions and what its auditor declared (domain.md section 3)."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from qa_app.audits.states import AuditState
from qa_app.core.database import Base, Instant, UpdatedAt
from qa_app.people.models import Person, Service, Team
from qa_app.rounds.models import Round
from qa_app.tools.models import Domain

_SUBMITTED, _BLIND = text("state = 'submitted'"), text("blind_for_id IS NOT NULL")


class Audit(UpdatedAt, Base):
    """One case looked at by one auditor in one round. What it says of the case was true when it was allocated."""

    __tablename__ = "audit"
    __table_args__ = (
        UniqueConstraint("round_id", "number"),
        Index("ix_audit_round_auditor", "round_id", "auditor_id", "state"),
        Index("ix_audit_auditor_due", "auditor_id", "due_on"),
        Index("ix_audit_case", "case_id", "submitted_at"),
        Index("ix_audit_caseworker", "caseworker_id", "state"),
        Index("ix_audit_team_round", "team_id", "round_id"),
        # What is submitted and not final yet: a month's audits or two, found without reading those of years.
        Index("ix_audit_submitted", "submitted_at", sqlite_where=_SUBMITTED, postgresql_where=_SUBMITTED),
        # Every list of what follows from audits leaves out those that are hidden from its reader.
        Index("ix_audit_blind", "blind_for_id", sqlite_where=_BLIND, postgresql_where=_BLIND),
        Index("ix_audit_updated", "updated_at", "id"),
        Index("ix_audit_round_updated", "round_id", "updated_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    reference: Mapped[str] = mapped_column(unique=True, comment="2026-06/017")
    round_id: Mapped[int] = mapped_column(ForeignKey("round.id"))
    number: Mapped[int]
    case_id: Mapped[int] = mapped_column(ForeignKey("case.id"))
    case_reference: Mapped[str]
    case_type: Mapped[str]
    case_opened_on: Mapped[date | None]
    team_id: Mapped[int] = mapped_column(ForeignKey("team.id"))
    service_id: Mapped[int] = mapped_column(ForeignKey("service.id"))
    caseworker_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    auditor_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), comment="none: not enough capacity yet")
    # No foreign key: SQLite would copy the whole table for it.
    reaudit_of_id: Mapped[int | None] = mapped_column(comment="the audit whose grade this re-audit looks at again")
    state: Mapped[str] = mapped_column(default=AuditState.ALLOCATED)
    version: Mapped[int] = mapped_column(default=1)
    due_on: Mapped[date]
    allocated_at: Mapped[datetime] = mapped_column(Instant)
    issued_at: Mapped[datetime | None] = mapped_column(Instant)
    started_at: Mapped[datetime | None] = mapped_column(Instant)
    submitted_at: Mapped[datetime | None] = mapped_column(Instant, comment="the newest submission")
    first_submitted_at: Mapped[datetime | None] = mapped_column(Instant, comment="what decides whether it is late")
    is_late: Mapped[bool] = mapped_column(default=False)
    last_activity_at: Mapped[datetime | None] = mapped_column(Instant)
    sections_done: Mapped[int] = mapped_column(default=0, comment="kept by save_section, checked by a test")
    sections_total: Mapped[int] = mapped_column(default=0)
    overall_grade: Mapped[str | None]
    overall_reasons: Mapped[str] = mapped_column(default="")
    overall_version: Mapped[int] = mapped_column(default=0)
    final_grade: Mapped[str | None] = mapped_column(comment="after moderation; the auditor's own where there was none")
    moderated_at: Mapped[datetime | None] = mapped_column(Instant)
    final_at: Mapped[datetime | None] = mapped_column(Instant)
    blind_for_id: Mapped[int | None] = mapped_column(
        comment="a person whom the grades stay hidden from: they moderate it blind and have not graded yet"
    )
    withdrawn_reason: Mapped[str] = mapped_column(default="")
    withdrawn_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))

    round: Mapped[Round] = relationship()
    team: Mapped[Team] = relationship()
    service: Mapped[Service] = relationship()
    caseworker: Mapped[Person | None] = relationship(foreign_keys=caseworker_id)
    auditor: Mapped[Person | None] = relationship(foreign_keys=auditor_id)


class SectionAnswer(Base):
    """What the auditor wrote in one section. `version` counts saves, so that two tabs never overwrite each other."""

    __tablename__ = "section_answer"
    __table_args__ = (UniqueConstraint("audit_id", "domain_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    audit_id: Mapped[int] = mapped_column(ForeignKey("audit.id"))
    domain_id: Mapped[int] = mapped_column(ForeignKey("domain.id"))
    grade: Mapped[str | None] = mapped_column(comment="a grade's key, or not_applicable")
    strengths: Mapped[str] = mapped_column(default="")
    improvements: Mapped[str] = mapped_column(default="")
    affects_child_now: Mapped[bool | None] = mapped_column(
        comment="a weakness that affects the child now needs an action"
    )
    version: Mapped[int] = mapped_column(default=1)
    saved_at: Mapped[datetime] = mapped_column(Instant)
    saved_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))

    domain: Mapped[Domain] = relationship()


class ConversationWith(StrEnum):
    """Whom the auditor talks to."""

    SOCIAL_WORKER = "social_worker"
    PARENT_OR_CARER = "parent_or_carer"
    CHILD = "child"


class Conversation(Base):
    """Held or not, why not, and what was learned."""

    __tablename__ = "conversation"
    __table_args__ = (UniqueConstraint("audit_id", "with_whom"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    audit_id: Mapped[int] = mapped_column(ForeignKey("audit.id"))
    with_whom: Mapped[str]
    held: Mapped[bool | None]
    why_not: Mapped[str] = mapped_column(default="")
    learned: Mapped[str] = mapped_column(default="")
    version: Mapped[int] = mapped_column(default=1)
    saved_at: Mapped[datetime] = mapped_column(Instant)
    saved_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))


class Submission(Base):
    """The audit as it was submitted, whole. Every version stays readable."""

    __tablename__ = "submission"
    __table_args__ = (UniqueConstraint("audit_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    audit_id: Mapped[int] = mapped_column(ForeignKey("audit.id"))
    number: Mapped[int]
    content: Mapped[dict[str, Any]] = mapped_column(JSON)
    submitted_at: Mapped[datetime] = mapped_column(Instant)
    submitted_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    returned_at: Mapped[datetime | None] = mapped_column(Instant)
    returned_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    return_comment: Mapped[str] = mapped_column(default="")


class DeclarationKind(StrEnum):
    """Why an auditor says that they can't audit this case."""

    CONFLICT = "conflict"
    UNSUITABLE = "unsuitable"


class Declaration(Base):
    """A conflict of interest or an unsuitable case, and what the QA team did about it."""

    __tablename__ = "declaration"
    __table_args__ = (
        CheckConstraint("outcome IN ('', 'reassigned', 'replaced', 'kept')", name="known_outcome"),
        Index("ix_declaration_audit", "audit_id"),
        # What waits for an answer is found from here; without it every audit was read.
        Index("ix_declaration_waiting", "outcome", "made_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    audit_id: Mapped[int] = mapped_column(ForeignKey("audit.id"))
    kind: Mapped[str]
    reason: Mapped[str]
    made_at: Mapped[datetime] = mapped_column(Instant)
    made_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    outcome: Mapped[str] = mapped_column(default="", comment="empty: the QA team has not answered yet")
    outcome_note: Mapped[str] = mapped_column(default="")
    answered_at: Mapped[datetime | None] = mapped_column(Instant)
    answered_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))

    audit: Mapped[Audit] = relationship()
