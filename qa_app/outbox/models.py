"""The outbox: a row per person, message, subject and slot, written with the event it tells of."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from qa_app.core.database import Base, Instant
from qa_app.people.models import Person


class MailState(StrEnum):
    """Where a mail is."""

    QUEUED = "queued"
    SENDING = "sending"
    SENT = "sent"
    FAILED = "failed"
    DROPPED = "dropped"


class Mail(Base):
    """One mail to one person. The unique key makes sending it twice impossible."""

    __tablename__ = "mail"
    __table_args__ = (
        UniqueConstraint("person_id", "message", "subject_key", "slot"),
        Index("ix_mail_state_created_at", "state", "created_at"),
        Index("ix_mail_state_send_at", "state", "send_at"),
        Index("ix_mail_digest", "digest_id"),
        Index("ix_mail_subject_key", "subject_key"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    message: Mapped[str] = mapped_column(comment="the folder under templates/emails")
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    subject_key: Mapped[str] = mapped_column(comment="what it is about, e.g. round:12")
    slot: Mapped[str] = mapped_column(comment="when, e.g. 2026-06-23: at most one mail per slot")
    variables: Mapped[dict[str, Any]] = mapped_column(JSON, comment="what the templates were given; dates as text")
    subject: Mapped[str]
    text: Mapped[str]
    html: Mapped[str]
    state: Mapped[str] = mapped_column(default=MailState.QUEUED)
    created_at: Mapped[datetime] = mapped_column(Instant)
    send_at: Mapped[datetime] = mapped_column(Instant, comment="not before; later after each attempt that failed")
    attempts: Mapped[int] = mapped_column(default=0)
    claimed_at: Mapped[datetime | None] = mapped_column(Instant, comment="a sender has it in hand since then")
    sent_at: Mapped[datetime | None] = mapped_column(Instant)
    error: Mapped[str] = mapped_column(default="", comment="why the newest attempt failed, or it was dropped")
    digest_id: Mapped[int | None] = mapped_column(ForeignKey("mail.id"), comment="the mail that it went in with others")

    person: Mapped[Person] = relationship()


class MailSwitch(Base):
    """The master switch: one row, off until a council has tested its mail."""

    __tablename__ = "mail_switch"

    id: Mapped[int] = mapped_column(primary_key=True)
    is_on: Mapped[bool]
    changed_at: Mapped[datetime] = mapped_column(Instant)
    changed_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
