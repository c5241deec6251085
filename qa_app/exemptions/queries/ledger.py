"""The ledger: who asked for what and when, how long each step took, and what it did to a month's denominator."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, cast

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import contains_eager, joinedload

from qa_app.access.permissions import Permission
from qa_app.access.viewer import Viewer
from qa_app.core.database import db
from qa_app.exemptions.models import ExemptionRequest
from qa_app.exemptions.queries.requests import visible
from qa_app.exemptions.rules import list_of_months
from qa_app.exemptions.states import WAITING_STATES, ExemptionState
from qa_app.people.models import Person, Service, Team
from qa_app.rounds.models import AuditType, Round, RoundAuditor

SORTS: dict[str, Any] = {
    "name": Person.name,
    "team": [Team.name, Person.name],
    "service": [Service.name, Person.name],
    "months": [ExemptionRequest.first_month, ExemptionRequest.last_month],
    "asked": ExemptionRequest.asked_at,
}
"""What the ledger can be sorted by."""

WAITING = "waiting"
MOST_MONTHS_OFFERED = 36


@dataclass(frozen=True, slots=True)
class Counts:
    """Requests behind a ledger, by state, and how many of them were asked for in the last week."""

    by_state: Mapping[str, int]
    last_week: int

    @property
    def total(self) -> int:
        """All of them."""
        return sum(self.by_state.values())

    @property
    def waiting(self) -> int:
        """Those not decided yet."""
        return sum(self.by_state.get(state, 0) for state in WAITING_STATES)


def ledger(
    viewer: Viewer, filters: Mapping[str, str], order_by: Sequence[Any], *, limit: int | None = None, offset: int = 0
) -> list[ExemptionRequest]:
    """A page of the requests that the viewer may know of and the filters leave."""
    found = (
        _narrowed(select(ExemptionRequest), viewer, filters)
        .options(
            contains_eager(ExemptionRequest.person),
            contains_eager(ExemptionRequest.team),
            contains_eager(ExemptionRequest.service),
            joinedload(ExemptionRequest.head_answered_by),
            joinedload(ExemptionRequest.decided_by),
        )
        .order_by(*order_by, ExemptionRequest.id)
        .limit(limit)
        .offset(offset)
    )
    return list(db.session.scalars(found))


def counts(viewer: Viewer, filters: Mapping[str, str]) -> Counts:
    """How many requests there are behind the filters."""
    counted: Any = select(ExemptionRequest.state, ExemptionRequest.timing, func.count(ExemptionRequest.id))
    narrowed = _narrowed(counted, viewer, filters)
    by_state: dict[str, int] = {}
    last_week = 0
    for state, timing, number in db.session.execute(narrowed.group_by(ExemptionRequest.state, ExemptionRequest.timing)):
        by_state[state] = by_state.get(state, 0) + number
        last_week += number if timing == "last_week" else 0
    return Counts(by_state, last_week)


def _narrowed(found: Select[Any], viewer: Viewer, filters: Mapping[str, str]) -> Select[Any]:
    found = (
        found.join(Person, Person.id == ExemptionRequest.person_id)
        .outerjoin(Team, Team.id == ExemptionRequest.team_id)
        .outerjoin(Service, Service.id == ExemptionRequest.service_id)
        .where(visible(viewer))
    )
    if chosen := filters.get("service"):
        found = found.where(ExemptionRequest.service_id == int(chosen))
    if chosen := filters.get("month"):
        month = date.fromisoformat(f"{chosen}-01")
        found = found.where(ExemptionRequest.first_month <= month, ExemptionRequest.last_month >= month)
    for key, column in (("category", ExemptionRequest.category), ("timing", ExemptionRequest.timing)):
        if chosen := filters.get(key):
            found = found.where(column == chosen)
    if chosen := filters.get("state"):
        states = sorted(WAITING_STATES) if chosen == WAITING else [chosen]
        found = found.where(ExemptionRequest.state.in_(states))
    if text := filters.get("q"):
        found = found.where(Person.name.icontains(text, autoescape=True))
    return found


def effects(requests: Sequence[ExemptionRequest]) -> dict[int, list[tuple[date, int]]]:
    """What each approved request takes off the denominators: pairs of month and audits, by the request's id."""
    approved = [request for request in requests if request.state == ExemptionState.APPROVED]
    if not approved:
        return {}
    rows: Any = db.session.execute(
        select(RoundAuditor.person_id, Round.month, func.sum(RoundAuditor.exempted))
        .join(Round, Round.id == RoundAuditor.round_id)
        .join(AuditType, AuditType.id == Round.audit_type_id)
        .where(
            RoundAuditor.person_id.in_({request.person_id for request in approved}),
            RoundAuditor.exempted > 0,
            AuditType.counts_toward_expectation,
        )
        .group_by(RoundAuditor.person_id, Round.month)
        .order_by(Round.month)
    ).all()
    found: dict[int, list[tuple[date, int]]] = {}
    for request in approved:
        found[request.id] = [
            (month, int(exempted))
            for person_id, month, exempted in rows
            if person_id == request.person_id and request.first_month <= month <= request.last_month
        ]
    return found


@dataclass(frozen=True, slots=True)
class Denominator:
    """What a month expects of everybody in scope, and how much of that is exempted."""

    expected: int
    exempted: int


def denominator(viewer: Viewer, month: date, service_id: int | None = None) -> Denominator:
    """A month's denominator, of the services that the viewer may know of or of one of them."""
    scope = viewer.scope(Permission.EXEMPTION_READ)
    reach: list[ColumnElement[bool]] = [Round.month == month, AuditType.counts_toward_expectation.is_(True)]
    if not scope.everything:
        reach.append(RoundAuditor.service_id.in_(scope.service_ids))
    if service_id is not None:
        reach.append(RoundAuditor.service_id == service_id)
    expected, exempted = db.session.execute(
        select(func.coalesce(func.sum(RoundAuditor.expected), 0), func.coalesce(func.sum(RoundAuditor.exempted), 0))
        .join(Round, Round.id == RoundAuditor.round_id)
        .join(AuditType, AuditType.id == Round.audit_type_id)
        .where(*reach)
    ).one()
    return Denominator(int(expected), int(exempted))


def months_asked_for(viewer: Viewer) -> list[date]:
    """The months that any request covers which the viewer may know of, the newest first."""
    first, last = cast(
        "tuple[date | None, date | None]",
        db.session.execute(
            select(func.min(ExemptionRequest.first_month), func.max(ExemptionRequest.last_month)).where(visible(viewer))
        ).one(),
    )
    if first is None or last is None:
        return []
    count = (last.year - first.year) * 12 + last.month - first.month + 1
    return list_of_months(first, count)[::-1][:MOST_MONTHS_OFFERED]


def services_in_reach(viewer: Viewer) -> list[tuple[int, str]]:
    """The services that the viewer can narrow the ledger by: pairs of id and name, by name."""
    scope = viewer.scope(Permission.EXEMPTION_READ)
    found = select(Service.id, Service.name).order_by(Service.name)
    if not scope.everything:
        found = found.where(Service.id.in_(scope.service_ids))
    return [(service_id, name) for service_id, name in db.session.execute(found)]
