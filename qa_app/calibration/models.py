"""A calibration set, those who take part, and what each of them thinks. No audit, so it enters no count of audits."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from qa_app.audits.models import Audit
from qa_app.calibration.states import CalibrationState
from qa_app.cases.models import Case
from qa_app.core.database import Base, Instant
from qa_app.people.models import Person, Team
from qa_app.tools.models import Domain, ToolVersion


class CalibrationSet(Base):
    """One case for several auditors. What it says of the case was true when it was made."""

    __tablename__ = "calibration_set"
    __table_args__ = (Index("ix_calibration_set_state", "state", "due_on"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    case_id: Mapped[int] = mapped_column(ForeignKey("case.id"))
    audit_id: Mapped[int | None] = mapped_column(ForeignKey("audit.id"), comment="the one that was named, if one was")
    team_id: Mapped[int] = mapped_column(ForeignKey("team.id"))
    tool_version_id: Mapped[int] = mapped_column(ForeignKey("tool_version.id"))
    due_on: Mapped[date]
    state: Mapped[str] = mapped_column(default=CalibrationState.RUNNING)
    version: Mapped[int] = mapped_column(default=1)
    made_at: Mapped[datetime] = mapped_column(Instant)
    made_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    revealed_at: Mapped[datetime | None] = mapped_column(Instant)

    case: Mapped[Case] = relationship()
    audit: Mapped[Audit | None] = relationship()
    team: Mapped[Team] = relationship()
    tool_version: Mapped[ToolVersion] = relationship()
    parts: Mapped[list["CalibrationPart"]] = relationship(order_by="CalibrationPart.id", back_populates="set")


class CalibrationPart(Base):
    """One auditor's part: their grades are theirs alone until the set is revealed."""

    __tablename__ = "calibration_part"
    __table_args__ = (
        UniqueConstraint("set_id", "person_id"),
        Index("ix_calibration_part_person", "person_id", "handed_in_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    set_id: Mapped[int] = mapped_column(ForeignKey("calibration_set.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    grades_version: Mapped[int] = mapped_column(default=0, comment="counts saves")
    saved_at: Mapped[datetime | None] = mapped_column(Instant)
    own_grade: Mapped[str | None]
    own_reasons: Mapped[str] = mapped_column(default="")
    handed_in_at: Mapped[datetime | None] = mapped_column(Instant)

    set: Mapped[CalibrationSet] = relationship(back_populates="parts")
    person: Mapped[Person] = relationship()


class CalibrationGrade(Base):
    """What one auditor thinks of one section."""

    __tablename__ = "calibration_grade"
    __table_args__ = (UniqueConstraint("part_id", "domain_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    part_id: Mapped[int] = mapped_column(ForeignKey("calibration_part.id"))
    domain_id: Mapped[int] = mapped_column(ForeignKey("domain.id"))
    grade: Mapped[str | None]
    reason: Mapped[str] = mapped_column(default="")

    domain: Mapped[Domain] = relationship()
