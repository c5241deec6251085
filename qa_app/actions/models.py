"""Actions, and what was said, promised and found of each (domain.md section 8)."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from qa_app.actions.rules import reference_of
from qa_app.actions.states import ActionState, ForWhom
from qa_app.core.database import Base, Instant, UpdatedAt
from qa_app.people.models import Person, Service, Team


class Action(UpdatedAt, Base):
    """One action. Its source is a value (`audit`, id), so that it needs nobody above it."""

    __tablename__ = "action"
    __table_args__ = (
        Index("ix_action_source", "source_type", "source_id"),
        # Lists are of one state, overdue first, of an owner, a team, a service or all.
        Index("ix_action_owner", "owner_id", "state", "due_on"),
        Index("ix_action_team", "team_id", "state", "due_on"),
        Index("ix_action_service", "service_id", "state", "due_on"),
        # With all that the totals of a list ask for, so that no row is read for them.
        Index("ix_action_state", "state", "due_on", "owner_id", "source_type", "source_id"),
        Index("ix_action_case", "case_id", "state"),
        Index("ix_action_reported", "state", "reported_at"),
        Index("ix_action_updated", "updated_at", "id"),
        {"sqlite_autoincrement": True},  # a removed draft's reference is never given again
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    source_type: Mapped[str]
    source_id: Mapped[int]
    source_part: Mapped[str] = mapped_column(default="", comment="the section's key")
    source_label: Mapped[str] = mapped_column(default="", comment="how people call the source: Audit 2026-06/017")
    team_id: Mapped[int | None] = mapped_column(ForeignKey("team.id"), comment="whom it is about, else the owner's")
    service_id: Mapped[int | None] = mapped_column(ForeignKey("service.id"))
    case_id: Mapped[int | None] = mapped_column(ForeignKey("case.id"), comment="restricted ones are not for everybody")
    what: Mapped[str]
    for_whom: Mapped[str] = mapped_column(default=ForWhom.CHILD)
    owner_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    due_on: Mapped[date] = mapped_column(comment="the date that holds now")
    first_due_on: Mapped[date] = mapped_column(comment="what was first promised; never overwritten")
    is_immediate: Mapped[bool] = mapped_column(default=False, comment="a child may be at risk now")
    state: Mapped[str] = mapped_column(default=ActionState.OPEN)
    version: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[datetime] = mapped_column(Instant)
    created_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    opened_at: Mapped[datetime | None] = mapped_column(Instant, comment="or opened again; none: a draft")
    reported_at: Mapped[datetime | None] = mapped_column(Instant, comment="done, or not done; none while it is open")
    reported_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    reported_for_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), comment="on whose behalf a deputy did")
    evidence: Mapped[str] = mapped_column(default="", comment="what was done, or why it will not be")
    verified_at: Mapped[datetime | None] = mapped_column(Instant)
    outcome: Mapped[str | None] = mapped_column(comment="what the newest verification found")
    chased_on: Mapped[date | None] = mapped_column(comment="the newest reminder that it is overdue")
    escalated_at: Mapped[datetime | None] = mapped_column(Instant, comment="once for each time that it was opened")

    owner: Mapped[Person] = relationship(foreign_keys=owner_id)
    team: Mapped[Team | None] = relationship()
    service: Mapped[Service | None] = relationship()
    created_by: Mapped[Person] = relationship(foreign_keys=created_by_id)

    @property
    def reference(self) -> str:
        """How people call it: `A-0123`."""
        return reference_of(self.id)


class ActionNote(Base):
    """A word on how an action goes."""

    __tablename__ = "action_note"
    __table_args__ = (Index("ix_action_note_action", "action_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    action_id: Mapped[int] = mapped_column(ForeignKey("action.id"))
    text: Mapped[str]
    at: Mapped[datetime] = mapped_column(Instant)
    by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    for_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), comment="on whose behalf a deputy did")


class DueChange(Base):
    """A date that was put off or forward, and why."""

    __tablename__ = "action_due_change"
    __table_args__ = (Index("ix_action_due_change_action", "action_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    action_id: Mapped[int] = mapped_column(ForeignKey("action.id"))
    from_on: Mapped[date]
    to_on: Mapped[date]
    reason: Mapped[str]
    at: Mapped[datetime] = mapped_column(Instant)
    by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    for_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), comment="on whose behalf a deputy did")


class Verification(Base):
    """What somebody else found when an action was said to be done."""

    __tablename__ = "action_verification"
    __table_args__ = (Index("ix_action_verification_action", "action_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    action_id: Mapped[int] = mapped_column(ForeignKey("action.id"))
    outcome: Mapped[str]
    evidence: Mapped[str] = mapped_column(comment="what the verifier saw")
    owner_id: Mapped[int] = mapped_column(ForeignKey("person.id"), comment="the owner then")
    reported_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"), comment="who said that it was done")
    at: Mapped[datetime] = mapped_column(Instant)
    by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    for_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), comment="on whose behalf a deputy did")


class ActionHandover(Base):
    """An action that went from one owner to another, and why."""

    __tablename__ = "action_handover"
    __table_args__ = (Index("ix_action_handover_action", "action_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    action_id: Mapped[int] = mapped_column(ForeignKey("action.id"))
    from_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    to_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    reason: Mapped[str]
    at: Mapped[datetime] = mapped_column(Instant)
    by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    for_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), comment="on whose behalf a deputy did")


class ActionLink(Base):
    """A further source that points at an action which was open already, instead of raising it twice."""

    __tablename__ = "action_link"
    __table_args__ = (
        UniqueConstraint("action_id", "source_type", "source_id", "source_part"),
        Index("ix_action_link_source", "source_type", "source_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    action_id: Mapped[int] = mapped_column(ForeignKey("action.id"))
    source_type: Mapped[str]
    source_id: Mapped[int]
    source_part: Mapped[str] = mapped_column(default="")
    source_label: Mapped[str] = mapped_column(default="")
    at: Mapped[datetime] = mapped_column(Instant)
    by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    shown_at: Mapped[datetime | None] = mapped_column(
        Instant, comment="none: the source is a draft, its author's alone"
    )

    action: Mapped[Action] = relationship()
