"""The trail's tables. The database itself refuses to change or delete an entry (see the first migration)."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from qa_app.core.database import Base, Instant


class TrailEntry(Base):
    """One thing that happened. `digest` covers this row and the digest of the one before."""

    __tablename__ = "trail_entry"
    __table_args__ = (Index("ix_trail_entry_subject", "subject_type", "subject_id"), Index("ix_trail_entry_at", "at"))

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False, comment="1, 2, 3 ... without gaps")
    at: Mapped[datetime] = mapped_column(Instant)
    person_id: Mapped[int | None] = mapped_column(index=True, comment="None: the system")
    on_behalf_of_id: Mapped[int | None]
    event: Mapped[str] = mapped_column(comment="subject:what-happened, e.g. audit:submitted")
    subject_type: Mapped[str]
    subject_id: Mapped[int | None]
    detail_digest: Mapped[str]
    previous_digest: Mapped[str]
    digest: Mapped[str]


class TrailDetail(Base):
    """What was said or changed: beside its entry, so that it can be erased by law and the chain stays whole."""

    __tablename__ = "trail_detail"

    entry_id: Mapped[int] = mapped_column(ForeignKey("trail_entry.id"), primary_key=True, autoincrement=False)
    detail: Mapped[dict[str, Any]] = mapped_column(JSON)


class TrailHead(Base):
    """The newest entry's number and digest: one row, locked by whoever appends."""

    __tablename__ = "trail_head"

    id: Mapped[int] = mapped_column(primary_key=True)
    last_id: Mapped[int]
    digest: Mapped[str]
