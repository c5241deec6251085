"""The outbox: a row per person, message, subject and slot, written with the event it tells of."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from qa_app.core.database import Base, Instant
from qa_app.people.models import Person


class MailState(StrEnum):
    """Where a mail is."""

    QUEUED = "queued"
    SENT = "sent"
    FAILED = "failed"


class Mail(Base):
    """One mail to one person. The unique key makes sending it twice impossible."""

    __tablename__ = "mail"
    __table_args__ = (
        UniqueConstraint("person_id", "message", "subject_key", "slot"),
        Index("ix_mail_state_created_at", "state", "created_at"),
        Index("ix_mail_subject_key", "subject_key"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    message: Mapped[str] = mapped_column(comment="the folder under templates/emails")
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    subject_key: Mapped[str] = mapped_column(comment="what it is about, e.g. round:12")
    slot: Mapped[str] = mapped_column(comment="when, e.g. 2026-06-23: at most one mail per slot")
    subject: Mapped[str]
    text: Mapped[str]
    html: Mapped[str]
    state: Mapped[str] = mapped_column(default=MailState.QUEUED)
    created_at: Mapped[datetime] = mapped_column(Instant)
    sent_at: Mapped[datetime | None] = mapped_column(Instant)

    person: Mapped[Person] = relationship()
