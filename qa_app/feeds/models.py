"""The tokens that a feed is read with, and what its tables no longer hold."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, ForeignKey, Index, event, insert
from sqlalchemy.orm import Mapped, Mapper, mapped_column, relationship

from qa_app.core.database import Base, Instant, UpdatedAt
from qa_app.people.models import Person, RoleGrant


class FeedToken(Base):
    """One token of a person. Only its digest is kept: whoever reads the database can't read the feed."""

    __tablename__ = "feed_token"
    __table_args__ = (Index("ix_feed_token_person", "person_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    name: Mapped[str] = mapped_column(comment="what it is for, in its owner's words")
    digest: Mapped[str] = mapped_column(unique=True)
    made_at: Mapped[datetime] = mapped_column(Instant)
    expires_on: Mapped[date] = mapped_column(comment="its last day")
    last_used_at: Mapped[datetime | None] = mapped_column(Instant)
    revoked_at: Mapped[datetime | None] = mapped_column(Instant)

    person: Mapped[Person] = relationship()


class FeedRemoval(UpdatedAt, Base):
    """A row that a table of the feed held and that was deleted since, so that an increment can tell of it.

    Roles alone are ever deleted: audits are served from their issue and actions from their submission on, and from
    then on neither they nor anything else that is served is.
    """

    __tablename__ = "feed_removal"
    __table_args__ = (Index("ix_feed_removal_updated", "updated_at", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    removed_from: Mapped[str] = mapped_column(comment="the feed's table that held it")
    removed_id: Mapped[int]
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), comment="whose role it was: who may know")


@event.listens_for(RoleGrant, "after_delete")
def _note_removal(_mapper: Mapper[Any], connection: Connection, grant: RoleGrant) -> None:
    connection.execute(insert(FeedRemoval).values(removed_from="roles", removed_id=grant.id, person_id=grant.person_id))
