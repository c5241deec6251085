"""The exemption request (domain.md section 6). What it costs a round's denominator stands in `round_auditor`."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column, relationship

from qa_app.core.database import Base, Instant
from qa_app.exemptions.states import ExemptionState
from qa_app.people.models import Person, Service, Team


class ExemptionRequest(Base):
    """One person's request not to audit for a month or a span of months.

    Its statement may hold health details: only the requester, their Head of Service, the Director and the deputies of
    these read it, and nothing else of the application ever shows, exports or mails it.
    """

    __tablename__ = "exemption_request"
    __table_args__ = (
        CheckConstraint("last_month >= first_month", name="months_in_order"),
        Index("ix_exemption_request_person_months", "person_id", "first_month", "last_month"),
        Index("ix_exemption_request_state", "state", "asked_at"),
        Index("ix_exemption_request_service", "service_id", "state"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    team_id: Mapped[int | None] = mapped_column(ForeignKey("team.id"), comment="the requester's, then")
    service_id: Mapped[int | None] = mapped_column(ForeignKey("service.id"), comment="whose Head of Service forwards")
    first_month: Mapped[date] = mapped_column(comment="its first day")
    last_month: Mapped[date] = mapped_column(comment="its first day; the same for one month")
    category: Mapped[str]
    statement: Mapped[str] = mapped_column(comment="special-category data: for the deciders alone")
    timing: Mapped[str]
    late_reason: Mapped[str] = mapped_column(default="", comment="asked for in the last week: why only now")
    state: Mapped[str] = mapped_column(default=ExemptionState.WITH_HEAD_OF_SERVICE)
    version: Mapped[int] = mapped_column(default=1)
    asked_at: Mapped[datetime] = mapped_column(Instant)
    head_answered_at: Mapped[datetime | None] = mapped_column(Instant, comment="forwarded or declined")
    head_answered_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    head_answered_for_id: Mapped[int | None] = mapped_column(
        ForeignKey("person.id"), comment="on whose behalf a deputy did"
    )
    head_note: Mapped[str] = mapped_column(default="", comment="to the Director; or why it is declined")
    decided_at: Mapped[datetime | None] = mapped_column(Instant, comment="approved or refused")
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    decided_for_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), comment="on whose behalf a deputy did")
    decision_reason: Mapped[str] = mapped_column(default="", comment="the requester sees it")
    withdrawn_at: Mapped[datetime | None] = mapped_column(Instant)

    person: Mapped[Person] = relationship(foreign_keys=person_id)
    team: Mapped[Team | None] = relationship()
    service: Mapped[Service | None] = relationship()
    head_answered_by: Mapped[Person | None] = relationship(foreign_keys=head_answered_by_id)
    head_answered_for: Mapped[Person | None] = relationship(foreign_keys=head_answered_for_id)
    decided_by: Mapped[Person | None] = relationship(foreign_keys=decided_by_id)
    decided_for: Mapped[Person | None] = relationship(foreign_keys=decided_for_id)
