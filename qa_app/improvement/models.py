"""The improvement process, its stages, its meeting record and concerns about other roles (domain.md section 8)."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from qa_app.audits.models import Audit
from qa_app.core.database import Base, Instant, UpdatedAt
from qa_app.improvement.states import ProcessState
from qa_app.people.models import Person, Service, Team


class ImprovementProcess(UpdatedAt, Base):
    """What follows one audit whose grade starts it. What it says of team, service and worker was true at its start.

    `next_kind`, `next_due_on` and `turn_id` are kept by every operation (`operations.turns.retime`), so that the board
    finds and orders open processes without reading all stages; a test compares them with the stages.
    """

    __tablename__ = "improvement_process"
    __table_args__ = (
        UniqueConstraint("audit_id"),
        Index("ix_improvement_process_state", "state", "next_due_on"),
        Index("ix_improvement_process_service", "service_id", "state"),
        Index("ix_improvement_process_caseworker", "caseworker_id", "started_at"),
        Index("ix_improvement_process_turn", "turn_id", "state"),
        Index("ix_improvement_process_reaudit", "reaudit_id"),
        Index("ix_improvement_process_updated", "updated_at", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    audit_id: Mapped[int] = mapped_column(ForeignKey("audit.id"))
    previous_id: Mapped[int | None] = mapped_column(
        ForeignKey("improvement_process.id"), comment="whose re-audit was inadequate again: a repeat inadequate"
    )
    team_id: Mapped[int] = mapped_column(ForeignKey("team.id"))
    service_id: Mapped[int] = mapped_column(ForeignKey("service.id"))
    caseworker_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    lead_id: Mapped[int | None] = mapped_column(
        ForeignKey("person.id"), comment="the Practice Lead; none: there is none"
    )
    grade: Mapped[str] = mapped_column(comment="the grade's key that started it")
    started_at: Mapped[datetime] = mapped_column(Instant)
    state: Mapped[str] = mapped_column(default=ProcessState.OPEN)
    version: Mapped[int] = mapped_column(default=1)
    caseload_basis: Mapped[str] = mapped_column(
        default="", comment="why a whole caseload review is, or is not, considered"
    )
    mark: Mapped[str] = mapped_column(default="", comment="what makes a person decide whether it goes on")
    marked_at: Mapped[datetime | None] = mapped_column(Instant)
    reaudit_id: Mapped[int | None] = mapped_column(ForeignKey("audit.id"), comment="the re-audit that is scheduled")
    next_kind: Mapped[str] = mapped_column(default="")
    next_due_on: Mapped[date | None]
    turn_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), comment="whose turn the next stage is")
    closed_at: Mapped[datetime | None] = mapped_column(Instant)
    closed_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), comment="none: the system")
    closed_for_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    close_outcome: Mapped[str | None]
    close_note: Mapped[str] = mapped_column(default="")

    audit: Mapped[Audit] = relationship(foreign_keys=audit_id)
    reaudit: Mapped[Audit | None] = relationship(foreign_keys=reaudit_id)
    previous: Mapped["ImprovementProcess | None"] = relationship(remote_side=id)
    team: Mapped[Team] = relationship()
    service: Mapped[Service] = relationship()
    caseworker: Mapped[Person | None] = relationship(foreign_keys=caseworker_id)
    lead: Mapped[Person | None] = relationship(foreign_keys=lead_id)
    closed_by: Mapped[Person | None] = relationship(foreign_keys=closed_by_id)
    closed_for: Mapped[Person | None] = relationship(foreign_keys=closed_for_id)
    stages: Mapped[list["Stage"]] = relationship(back_populates="process", order_by="Stage.position, Stage.id")
    meeting: Mapped["Meeting | None"] = relationship(back_populates="process")
    concerns: Mapped[list["Concern"]] = relationship(order_by="Concern.id")

    @property
    def reference(self) -> str:
        """`IP-0012`."""
        return f"IP-{self.id:04d}"

    @property
    def is_repeat(self) -> bool:
        """Whether the same case was inadequate in the audit before."""
        return self.previous_id is not None


class Stage(UpdatedAt, Base):
    """One stage of a process: its date, who is responsible, who covers, and how it was settled.

    The date follows from the settings in force when the process started. A further service manager review is a row of
    its own.
    """

    __tablename__ = "improvement_stage"
    __table_args__ = (
        UniqueConstraint("process_id", "kind", "number"),
        Index("ix_improvement_stage_due", "outcome", "due_on"),
        Index("ix_improvement_stage_updated", "updated_at", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    process_id: Mapped[int] = mapped_column(ForeignKey("improvement_process.id"))
    kind: Mapped[str]
    number: Mapped[int] = mapped_column(default=1)
    position: Mapped[int]
    due_on: Mapped[date | None] = mapped_column(comment="none: not before the re-audit is settled")
    owner_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    cover_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), comment="who covers when it is needed")
    covered_since: Mapped[datetime | None] = mapped_column(Instant, comment="it is the cover's turn since then")
    uncovered_since: Mapped[datetime | None] = mapped_column(Instant, comment="the owner is away and nobody covers")
    turn_reason: Mapped[str] = mapped_column(default="", comment="why it is not the owner's turn")
    outcome: Mapped[str | None]
    done_on: Mapped[date | None] = mapped_column(comment="when it happened")
    done_at: Mapped[datetime | None] = mapped_column(Instant, comment="when it was recorded")
    done_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), comment="none: the system")
    done_for_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), comment="on whose behalf a deputy did")
    authorised_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    note: Mapped[str] = mapped_column(default="", comment="what was found; or why it was skipped or waived")

    process: Mapped[ImprovementProcess] = relationship(back_populates="stages")
    owner: Mapped[Person | None] = relationship(foreign_keys=owner_id)
    cover: Mapped[Person | None] = relationship(foreign_keys=cover_id)
    done_by: Mapped[Person | None] = relationship(foreign_keys=done_by_id)
    done_for: Mapped[Person | None] = relationship(foreign_keys=done_for_id)
    authorised_by: Mapped[Person | None] = relationship(foreign_keys=authorised_by_id)

    @property
    def turn_id(self) -> int | None:
        """Whose turn it is: the cover's while it is covered, nobody's while nobody covers, else the owner's."""
        if self.uncovered_since is not None:
            return None
        return self.cover_id if self.covered_since is not None else self.owner_id


class Meeting(Base):
    """The record of the day-three meeting. Its actions are rows of the actions room."""

    __tablename__ = "improvement_meeting"
    __table_args__ = (UniqueConstraint("process_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    process_id: Mapped[int] = mapped_column(ForeignKey("improvement_process.id"))
    held_on: Mapped[date]
    present: Mapped[str] = mapped_column(comment="who was there")
    agreed: Mapped[str] = mapped_column(comment="the improvement plan")
    next_step: Mapped[str] = mapped_column(default="")
    no_action_reason: Mapped[str] = mapped_column(default="", comment="why the plan has no action")
    late_reason: Mapped[str] = mapped_column(default="", comment="why it was held after its date")
    recorded_at: Mapped[datetime] = mapped_column(Instant)
    recorded_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    recorded_for_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))

    process: Mapped[ImprovementProcess] = relationship(back_populates="meeting")
    recorded_by: Mapped[Person] = relationship(foreign_keys=recorded_by_id)
    recorded_for: Mapped[Person | None] = relationship(foreign_keys=recorded_for_id)
    corrections: Mapped[list["Correction"]] = relationship(order_by="Correction.id")


class Correction(Base):
    """A correction of a meeting's record: who corrected it and why, and the words that stood before."""

    __tablename__ = "improvement_correction"
    __table_args__ = (Index("ix_improvement_correction_meeting", "meeting_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    meeting_id: Mapped[int] = mapped_column(ForeignKey("improvement_meeting.id"))
    held_on: Mapped[date] = mapped_column(comment="what stood before, as the five below")
    present: Mapped[str]
    agreed: Mapped[str]
    next_step: Mapped[str]
    no_action_reason: Mapped[str]
    late_reason: Mapped[str]
    reason: Mapped[str]
    at: Mapped[datetime] = mapped_column(Instant)
    by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    for_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), comment="on whose behalf a deputy did")

    by: Mapped[Person] = relationship(foreign_keys=by_id)
    on_behalf_of: Mapped[Person | None] = relationship(foreign_keys=for_id)


class Concern(Base):
    """A concern about another professional's part in the case. The process can't be closed before it is answered."""

    __tablename__ = "improvement_concern"
    __table_args__ = (Index("ix_improvement_concern_process", "process_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    process_id: Mapped[int] = mapped_column(ForeignKey("improvement_process.id"))
    about: Mapped[str]
    what: Mapped[str]
    raised_at: Mapped[datetime] = mapped_column(Instant)
    raised_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    answer: Mapped[str] = mapped_column(default="", comment="what became of it")
    answered_at: Mapped[datetime | None] = mapped_column(Instant)
    answered_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))

    raised_by: Mapped[Person] = relationship(foreign_keys=raised_by_id)
    answered_by: Mapped[Person | None] = relationship(foreign_keys=answered_by_id)
