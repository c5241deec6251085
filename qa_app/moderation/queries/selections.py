"""Which audits of a round were selected for moderation and why, for the QA team."""

from collections.abc import Sequence
from typing import Any, NamedTuple

from sqlalchemy import func, select

from qa_app.audits.models import Audit
from qa_app.core.database import db
from qa_app.moderation.models import ModerationSelection
from qa_app.people.models import Person, Team
from qa_app.rounds.models import Round

SORTS: dict[str, Any] = {
    "audit": Audit.number,
    "team": Team.name,
    "auditor": Person.name,
}
"""What the list can be sorted by. Not lot or reason: their place would tell a blind moderator what the page hides."""


class SelectionRow(NamedTuple):
    """One submitted audit, its lot and what came of it; `blind_for_id` is from whom the reason is hidden."""

    reference: str
    number: int
    team: str
    auditor: str | None
    rule: str
    share: int
    draw: int
    reason: str
    blind_for_id: int | None


def selections_of(round_id: int, order_by: Sequence[Any], *, limit: int, offset: int) -> tuple[list[SelectionRow], int]:
    """A page of a round's submitted audits with their selection, and how many there are."""
    found = (
        select(
            Audit.reference,
            Audit.number,
            Team.name,
            Person.name,
            ModerationSelection.rule,
            ModerationSelection.share,
            ModerationSelection.draw,
            ModerationSelection.reason,
            Audit.blind_for_id,
        )
        .join(ModerationSelection, ModerationSelection.audit_id == Audit.id)
        .join(Team, Team.id == Audit.team_id)
        .outerjoin(Person, Person.id == Audit.auditor_id)
        .where(Audit.round_id == round_id)
    )
    total = db.session.scalar(select(func.count()).select_from(found.with_only_columns(Audit.id).subquery())) or 0
    rows = db.session.execute(found.order_by(*order_by, Audit.number).limit(limit).offset(offset))
    return [SelectionRow._make(row) for row in rows], total


def counts_of(round_id: int) -> dict[str, int]:
    """How many submitted audits of a round have each reason."""
    rows = db.session.execute(
        select(ModerationSelection.reason, func.count())
        .join(Audit, Audit.id == ModerationSelection.audit_id)
        .where(Audit.round_id == round_id)
        .group_by(ModerationSelection.reason)
    )
    return {row[0]: row[1] for row in rows}


def issued_references() -> list[str]:
    """The references of issued rounds, newest first."""
    found = select(Round.reference).where(Round.issued_at.is_not(None))
    return list(db.session.scalars(found.order_by(Round.month.desc(), Round.id.desc()).limit(60)))
