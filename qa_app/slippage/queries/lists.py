"""Lists of slippage notices, each only as far as the viewer may see (domain.md section 12)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from typing import Any, cast

from sqlalchemy import ColumnElement, Select, and_, false, func, or_, select, true
from sqlalchemy.orm import joinedload

from qa_app.access.permissions import Permission
from qa_app.access.viewer import Viewer
from qa_app.audits.models import Audit
from qa_app.core.database import db, plain_rows
from qa_app.people.models import Person, Service
from qa_app.rounds.models import Round
from qa_app.slippage.models import SlippageNotice
from qa_app.slippage.permissions import can_forward
from qa_app.slippage.states import OPEN_STATES, SlippageState, Source

N = SlippageNotice
SORT_CLOCK = func.coalesce(N.forwarded_at, N.acknowledged_at, N.raised_at)
"""Since when whoever has the notice has had it."""

ALL = "all"


def visible(viewer: Viewer) -> ColumnElement[bool]:
    """Which notices the viewer may know of. The query must join Person, the auditor."""
    scope = viewer.scope(Permission.SLIPPAGE_READ)
    if scope.everything:
        return true()
    reach: list[ColumnElement[bool]] = [N.person_id == scope.own_of] if scope.own_of else []
    if scope.service_ids:
        reach.append(N.service_id.in_(scope.service_ids))
    if scope.team_ids:
        reach.append(Person.team_id.in_(scope.team_ids))
    return or_(*reach) if reach else false()


@dataclass(frozen=True, slots=True)
class NoticeRow:
    """One line of the list."""

    id: int
    auditor: str
    service: str | None
    reference: str
    month: date
    due_on: date
    source: str
    state: str
    outcome: str | None
    raised_at: datetime
    since: datetime


def find_notices(
    viewer: Viewer, filters: Mapping[str, str], order_by: Sequence[Any], *, limit: int, offset: int
) -> tuple[list[NoticeRow], int]:
    """The notices that the filters (state, service, month) leave, one page of them, and how many in all.

    Without a state, those that are open.
    """
    narrowed, total = _narrowed(viewer, filters), count_notices(viewer, filters)
    rows = db.session.execute(narrowed.order_by(*order_by, N.id).limit(limit).offset(offset))
    return [NoticeRow(**row._mapping) for row in rows], total


def count_notices(viewer: Viewer, filters: Mapping[str, str]) -> int:
    """How many notices the filters leave."""
    ((number,),) = plain_rows(_counting(viewer, tuple(sorted(filters.items()))))
    return int(number)


@lru_cache(maxsize=256)
def _counting(viewer: Viewer, filters: tuple[tuple[str, str], ...]) -> Select[Any]:
    return select(func.count()).select_from(_narrowed(viewer, dict(filters)).subquery())


def _narrowed(viewer: Viewer, filters: Mapping[str, str]) -> Select[Any]:
    found: Any = (
        select(
            N.id,
            Person.name.label("auditor"),
            Service.name.label("service"),
            Audit.reference,
            Round.month,
            Audit.due_on,
            N.source,
            N.state,
            N.outcome,
            N.raised_at,
            SORT_CLOCK.label("since"),
        )
        .join(Person, Person.id == N.person_id)
        .join(Audit, Audit.id == N.audit_id)
        .join(Round, Round.id == Audit.round_id)
        .outerjoin(Service, Service.id == N.service_id)
        .where(visible(viewer))
    )
    state = filters.get("state")
    if state is None:
        found = found.where(N.state.in_(OPEN_STATES))
    elif state != ALL:
        found = found.where(N.state == state)
    if service := filters.get("service"):
        found = found.where(N.service_id == int(service))
    if month := filters.get("month"):
        found = found.where(Round.month == date.fromisoformat(f"{month}-01"))
    return cast(Select[Any], found)


def months(viewer: Viewer) -> list[date]:
    """The months of which the viewer may see notices, newest first."""
    found = (
        select(Round.month)
        .join(Audit, Audit.round_id == Round.id)
        .join(N, N.audit_id == Audit.id)
        .join(Person, Person.id == N.person_id)
        .where(visible(viewer))
    )
    return list(db.session.scalars(found.distinct().order_by(Round.month.desc())))


def waiting_for(viewer: Viewer, today: date) -> Sequence[SlippageNotice]:
    """The open notices that wait for this viewer to act today, oldest clock first, with auditor, audit and round.

    Heads of Service (and their deputies): those of their service that are not forwarded; the QA team: those that are.
    """
    forward, reach = viewer.scope(Permission.SLIPPAGE_FORWARD), []
    if forward.service_ids:
        with_head = N.state.in_((SlippageState.RAISED, SlippageState.WITH_HEAD_OF_SERVICE))
        reach.append(and_(with_head, N.service_id.in_(forward.service_ids)))
    if viewer.can(Permission.SLIPPAGE_ANSWER):
        reach.append(N.state == SlippageState.WITH_QA_TEAM)
    if not reach:
        return ()
    found = db.session.scalars(
        select(N)
        .where(or_(*reach))
        .options(joinedload(N.person), joinedload(N.audit).joinedload(Audit.round))
        .order_by(SORT_CLOCK, N.id)
        .limit(200)
    )
    with_qa_team = SlippageState.WITH_QA_TEAM
    return [notice for notice in found if notice.state == with_qa_team or can_forward(viewer, notice)]


def foreseen_of(viewer: Viewer) -> Sequence[SlippageNotice]:
    """Open notices that the system raised on the viewer's own audits and of which they have said nothing yet."""
    return db.session.scalars(
        select(N)
        .where(N.person_id == viewer.person_id, N.source == Source.SYSTEM, N.state.in_(OPEN_STATES), N.reason == "")
        .options(joinedload(N.audit).joinedload(Audit.round))
        .order_by(N.raised_at, N.id)
    ).all()


def open_by_auditor(round_id: int) -> dict[int, int]:
    """How many audits of a round have an open notice, by the auditor whom they have now."""
    rows = db.session.execute(
        select(Audit.auditor_id, func.count(N.id))
        .join(N, N.audit_id == Audit.id)
        .where(Audit.round_id == round_id, N.state.in_(OPEN_STATES), Audit.auditor_id.is_not(None))
        .group_by(Audit.auditor_id)
    )
    return {person_id: count for person_id, count in rows if person_id is not None}
