"""Read actions by where they come from."""

from collections.abc import Sequence

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from qa_app.actions.models import Action
from qa_app.core.database import db
from qa_app.core.errors import NotFound


def actions_of(kind: str, source_id: int, part: str | None = None) -> Sequence[Action]:
    """The actions of one source (of one part of it), oldest first, with their owners."""
    statement = select(Action).where(Action.source_type == kind, Action.source_id == source_id)
    if part is not None:
        statement = statement.where(Action.source_part == part)
    return db.session.scalars(statement.order_by(Action.id).options(joinedload(Action.owner))).all()


def count_by_part(kind: str, source_id: int) -> dict[str, int]:
    """How many actions each part of a source has."""
    rows = db.session.execute(
        select(Action.source_part, func.count(Action.id))
        .where(Action.source_type == kind, Action.source_id == source_id)
        .group_by(Action.source_part)
    )
    return {part: count for part, count in rows}


def action_of(kind: str, source_id: int, action_id: int, part: str) -> Action:
    """One action of a part of a source.

    Raises:
        NotFound: it has no such action.
    """
    found = db.session.scalar(
        select(Action)
        .where(
            Action.id == action_id,
            Action.source_type == kind,
            Action.source_id == source_id,
            Action.source_part == part,
        )
        .options(joinedload(Action.owner))
    )
    if found is None:
        raise NotFound()
    return found
