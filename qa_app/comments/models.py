"""Comments on an audit (domain.md section 3)."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column, relationship

from qa_app.core.database import Base, Instant
from qa_app.people.models import Person


class AuditComment(Base):
    """One comment. It is never changed: who has more to say writes another."""

    __tablename__ = "audit_comment"
    __table_args__ = (Index("ix_audit_comment_audit", "audit_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    audit_id: Mapped[int] = mapped_column(ForeignKey("audit.id"))
    text: Mapped[str]
    at: Mapped[datetime] = mapped_column(Instant)
    by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    for_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), comment="on whose behalf a deputy did")
    said_as: Mapped[str] = mapped_column(comment="what its writer was to the audit then: a key of permissions.Part")

    by: Mapped[Person] = relationship(foreign_keys=by_id)
