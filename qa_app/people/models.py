"""Services, teams, people, their roles, auditors, absences and deputies (domain.md section 2)."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from qa_app.core.database import Base, Instant, UpdatedAt
from qa_app.people.states import TrainingStatus


class Service(UpdatedAt, Base):
    """A division of the department with one Head of Service."""

    __tablename__ = "service"
    __table_args__ = (Index("ix_service_updated", "updated_at", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(unique=True)
    ends_on: Mapped[date | None] = mapped_column(comment="closed from this day; its history stays")


class Team(UpdatedAt, Base):
    """Part of a service, with a team manager who answers to a service manager."""

    __tablename__ = "team"
    __table_args__ = (Index("ix_team_updated", "updated_at", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(unique=True)
    service_id: Mapped[int] = mapped_column(ForeignKey("service.id"), index=True)
    manager_id: Mapped[int | None] = mapped_column(ForeignKey("person.id", use_alter=True))
    service_manager_id: Mapped[int | None] = mapped_column(ForeignKey("person.id", use_alter=True))
    ends_on: Mapped[date | None]

    service: Mapped[Service] = relationship()
    manager: Mapped["Person | None"] = relationship(foreign_keys=manager_id)
    service_manager: Mapped["Person | None"] = relationship(foreign_keys=service_manager_id)


class Person(UpdatedAt, Base):
    """A member of staff. Caseworkers are people too; only those with an account sign in."""

    __tablename__ = "person"
    __table_args__ = (Index("ix_person_name", "name"), Index("ix_person_updated", "updated_at", "id"))

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    email: Mapped[str | None] = mapped_column(
        unique=True, comment="lower case; none for a caseworker known by the case list only"
    )
    job_title: Mapped[str] = mapped_column(default="")
    team_id: Mapped[int | None] = mapped_column(ForeignKey("team.id"), index=True)
    line_manager_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    starts_on: Mapped[date | None]
    leaves_on: Mapped[date | None] = mapped_column(comment="the last day of work")
    version: Mapped[int] = mapped_column(default=1)

    team: Mapped[Team | None] = relationship(foreign_keys=team_id)
    line_manager: Mapped["Person | None"] = relationship(remote_side=id)
    role_grants: Mapped[list["RoleGrant"]] = relationship(back_populates="person", order_by="RoleGrant.id")
    auditor: Mapped["Auditor | None"] = relationship(back_populates="person")
    absences: Mapped[list["Absence"]] = relationship(order_by="Absence.starts_on")
    deputies: Mapped[list["Deputy"]] = relationship(foreign_keys="Deputy.person_id", order_by="Deputy.starts_on")

    def works_on(self, day: date) -> bool:
        """Whether the person is employed on a day."""
        return (self.starts_on is None or self.starts_on <= day) and (self.leaves_on is None or day <= self.leaves_on)


class RoleGrant(UpdatedAt, Base):
    """A role held by a person, perhaps for one service or team only."""

    __tablename__ = "role_grant"
    __table_args__ = (
        UniqueConstraint("person_id", "role", "service_id", "team_id"),
        Index("ix_role_grant_updated", "updated_at", "id"),
        {"sqlite_autoincrement": True},  # the id of a role that was taken away is never given again
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    role: Mapped[str]
    service_id: Mapped[int | None] = mapped_column(ForeignKey("service.id"))
    team_id: Mapped[int | None] = mapped_column(ForeignKey("team.id"))
    granted_at: Mapped[datetime] = mapped_column(Instant)

    person: Mapped[Person] = relationship(back_populates="role_grants")
    service: Mapped[Service | None] = relationship()
    team: Mapped[Team | None] = relationship()


class Auditor(Base):
    """What makes a person an auditor: training, and how many audits a month are expected."""

    __tablename__ = "auditor"
    __table_args__ = (CheckConstraint("expectation >= 0", name="expectation_not_negative"),)

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    training_status: Mapped[str] = mapped_column(default=TrainingStatus.TRAINED)
    trained_on: Mapped[date | None]
    expectation: Mapped[int | None] = mapped_column(comment="audits a month; none: the council's default in force")
    is_moderator: Mapped[bool] = mapped_column(default=False)
    pool_service_id: Mapped[int | None] = mapped_column(ForeignKey("service.id"), comment="the lead auditor's pool")

    person: Mapped[Person] = relationship(back_populates="auditor")
    pool_service: Mapped[Service | None] = relationship()


class Absence(Base):
    """Dates when a person is away."""

    __tablename__ = "absence"
    __table_args__ = (CheckConstraint("ends_on >= starts_on", name="dates_in_order"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    starts_on: Mapped[date]
    ends_on: Mapped[date]


class Deputy(Base):
    """Who receives the mail, sees the queue and may decide while a person is away."""

    __tablename__ = "deputy"
    __table_args__ = (
        CheckConstraint("ends_on >= starts_on", name="dates_in_order"),
        CheckConstraint("deputy_id <> person_id", name="not_oneself"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    deputy_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    starts_on: Mapped[date]
    ends_on: Mapped[date]

    deputy: Mapped[Person] = relationship(foreign_keys=deputy_id)


class PersonImport(Base):
    """A staff list that was uploaded, kept from its preview until it is applied."""

    __tablename__ = "person_import"

    id: Mapped[int] = mapped_column(primary_key=True)
    file_name: Mapped[str]
    uploaded_at: Mapped[datetime] = mapped_column(Instant)
    uploaded_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    headings: Mapped[list[str]] = mapped_column(JSON)
    rows: Mapped[list[list[Any]]] = mapped_column(
        JSON, comment="row number, then the cells as text; emptied when applied"
    )
    applied_at: Mapped[datetime | None] = mapped_column(Instant)
