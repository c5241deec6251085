"""Read rounds, audit types and what a round expects of whom."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from qa_app.access.permissions import Permission
from qa_app.access.viewer import Viewer
from qa_app.core.clock import london_day
from qa_app.core.database import db
from qa_app.core.errors import NotFound
from qa_app.core.states import StateChange
from qa_app.people.models import Person
from qa_app.rounds.models import AuditType, Round, RoundAuditor
from qa_app.rounds.rules import MONTHLY
from qa_app.rounds.states import ROUND, RoundState
from qa_app.sampling.model import SampleSize
from qa_app.sampling.options import size_of
from qa_app.sampling.queries import current_draw, settings_in_force

SORTS: dict[str, Any] = {"month": Round.month, "type": AuditType.name, "state": Round.state, "due": Round.due_on}
"""What the list of rounds can be sorted by."""


def audit_types() -> Sequence[AuditType]:
    """Every audit type, the monthly one first, then by name."""
    return db.session.scalars(select(AuditType).order_by(AuditType.key != MONTHLY, AuditType.name)).all()


def audit_type(key: str) -> AuditType:
    """The audit type of a key.

    Raises:
        NotFound: there is none.
    """
    found = db.session.scalar(select(AuditType).where(AuditType.key == key))
    if found is None:
        raise NotFound("There is no audit type of that name. Run: qa-app db upgrade")
    return found


def round_by_reference(reference: str) -> Round:
    """The round of a reference (2026-06), for any reader: a round names no case and no person.

    Raises:
        NotFound: there is none.
    """
    found = db.session.scalar(select(Round).options(joinedload(Round.audit_type)).where(Round.reference == reference))
    if found is None:
        raise NotFound(f"There is no round {reference}. Create it first: qa-app round create --month YYYY-MM")
    return found


def state_now(round: Round) -> RoundState:
    """A round's state as it is kept now, which somebody else may have moved since the round was read."""
    return RoundState(db.session.execute(select(Round.state).where(Round.id == round.id)).scalar_one())


def managed_round(reference: str, viewer: Viewer) -> Round:
    """The round, for those who run it; for anybody else it is as if absent.

    Raises:
        NotFound: there is none, or the viewer does not run rounds.
    """
    if not viewer.scope(Permission.ROUND_MANAGE).everything:
        raise NotFound
    return round_by_reference(reference)


def rounds(order_by: Sequence[Any] = (), *, limit: int | None = None, offset: int = 0) -> tuple[Sequence[Round], int]:
    """A page of all rounds (the newest month first, where no order is asked for), and how many there are."""
    found = db.session.scalars(
        select(Round)
        .join(Round.audit_type)
        .options(joinedload(Round.audit_type))
        .order_by(*(order_by or [Round.month.desc()]), Round.id)
        .limit(limit)
        .offset(offset)
    ).all()
    return found, db.session.scalar(select(func.count()).select_from(Round)) or 0


def current_rounds() -> Sequence[Round]:
    """The rounds that are issued and not closed yet, the next to fall due first."""
    return _in_states(RoundState.ISSUED)


def open_rounds() -> Sequence[Round]:
    """The rounds that the QA team still has to bring on: all that are not closed, the earliest month first."""
    return _in_states(RoundState.PLANNED, RoundState.SAMPLED, RoundState.ALLOCATED, RoundState.ISSUED)


def _in_states(*states: RoundState) -> Sequence[Round]:
    return db.session.scalars(
        select(Round)
        .options(joinedload(Round.audit_type))
        .where(Round.state.in_(states))
        .order_by(Round.due_on, Round.id)
    ).all()


def newest_issued_round(type_key: str = MONTHLY) -> Round | None:
    """The newest round of a type whose audits were issued, whether it is still running or not."""
    return db.session.scalar(
        select(Round)
        .join(Round.audit_type)
        .options(joinedload(Round.audit_type))
        .where(AuditType.key == type_key, Round.issued_at.is_not(None))
        .order_by(Round.month.desc(), Round.id.desc())
        .limit(1)
    )


def due_to_close(now: datetime) -> Sequence[Round]:
    """The issued rounds whose due date has ended in London, the oldest first."""
    return db.session.scalars(
        select(Round)
        .where(Round.state == RoundState.ISSUED, Round.due_on < london_day(now))
        .order_by(Round.due_on, Round.id)
    ).all()


def others_of_month(round: Round) -> list[int]:
    """The ids of the other rounds of the same month: what they drew is not drawn twice."""
    return list(db.session.scalars(select(Round.id).where(Round.month == round.month, Round.id != round.id)))


def months_taken(today: date) -> set[date]:
    """The months, from this one on, that have a round of the monthly type."""
    return set(
        db.session.scalars(
            select(Round.month)
            .join(Round.audit_type)
            .where(AuditType.key == MONTHLY, Round.month >= today.replace(day=1))
        )
    )


def planned_size(round: Round, day: date) -> SampleSize:
    """The size asked for when the round was created, else the setting in force on `day`."""
    return size_of(round.sample_size or settings_in_force(day)["sample_size"])


def sample_to_ask(round: Round, day: date) -> tuple[dict[str, Any], dict[str, Any], str]:
    """Size, rules and seed that the page of a sample offers, as they are kept.

    Those of the draw in force, but with a new seed; before there is one, what the round was created with, else the
    settings in force on `day`.
    """
    before = current_draw(round.id)
    if before:
        return before.size, before.exclusions, ""
    settings = settings_in_force(day)
    return round.sample_size or settings["sample_size"], settings, round.sample_seed or ""


def expectations(round_id: int) -> Sequence[RoundAuditor]:
    """What the round expects of each auditor, by name."""
    return db.session.scalars(
        select(RoundAuditor)
        .join(RoundAuditor.person)
        .options(joinedload(RoundAuditor.person))
        .where(RoundAuditor.round_id == round_id)
        .order_by(Person.name, RoundAuditor.id)
    ).all()


@dataclass(frozen=True, slots=True)
class PastMove:
    """One move of a round, for its history."""

    move: str
    to_state: str
    at: datetime
    person: str | None
    reason: str


def history(round_id: int) -> list[PastMove]:
    """The moves of a round, the oldest first; no person means that the system did it."""
    rows = db.session.execute(
        select(StateChange.move, StateChange.to_state, StateChange.at, Person.name, StateChange.reason)
        .outerjoin(Person, Person.id == StateChange.person_id)
        .where(StateChange.subject_type == ROUND.name, StateChange.subject_id == round_id)
        .order_by(StateChange.id)
    )
    return [PastMove(*row) for row in rows]
