"""Rows of progress by manager, and the rounds and places that they are of (domain.md section 6)."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import (
    Boolean,
    ColumnElement,
    Select,
    and_,
    bindparam,
    case,
    exists,
    func,
    or_,
    select,
)
from sqlalchemy.orm import joinedload

from qa_app.access.permissions import Permission
from qa_app.access.viewer import Viewer
from qa_app.audits.models import Audit
from qa_app.audits.queries import visible
from qa_app.audits.states import SUBMITTED_STATES, AuditState
from qa_app.cases.models import Case
from qa_app.core.database import db, plain_rows
from qa_app.core.errors import NotFound
from qa_app.exemptions.models import ExemptionRequest
from qa_app.exemptions.states import WAITING_STATES
from qa_app.people.models import Person, Service, Team
from qa_app.progress.rules import HAVING, ManagerRow, TaggedAudit, figures_of
from qa_app.rounds.models import AuditType, Round, RoundAuditor
from qa_app.rounds.states import RoundState
from qa_app.slippage.models import SlippageNotice
from qa_app.slippage.states import OPEN_STATES
from qa_app.trail.kept import kept

NOT_ALLOCATED = "Not allocated"


_ROUNDS = select(Round).options(joinedload(Round.audit_type))
_BY_REFERENCE = _ROUNDS.where(Round.reference == bindparam("reference"))
_RUNNING_FIRST = case((Round.state == RoundState.ISSUED, 0), (Round.issued_at.is_not(None), 1), else_=2)
_COUNTED_FIRST = AuditType.counts_toward_expectation.desc()
_CURRENT = (
    _ROUNDS.join(Round.audit_type).order_by(_COUNTED_FIRST, _RUNNING_FIRST, Round.month.desc(), Round.id).limit(1)
)
_REFERENCES = select(Round.reference).order_by(Round.month.desc(), Round.id.desc()).limit(24)


def round_by_reference(reference: str) -> Round:
    """The round of a reference, with its type.

    Raises:
        NotFound: there is none.
    """
    found = db.session.scalars(_BY_REFERENCE, {"reference": reference}).one_or_none()
    if found is None:
        raise NotFound
    return found


def current_round() -> Round | None:
    """The round whose progress matters now: the newest that is running, else the newest that was issued, else any.

    One that counts toward the expectation comes before any other, such as a round of re-audits.
    """
    return db.session.scalars(_CURRENT).one_or_none()


def rounds_to_look_at() -> Sequence[str]:
    """References of the newest twenty-four rounds, for the choice of another."""
    return kept(_references)


def _references() -> Sequence[str]:
    return tuple(reference for (reference,) in plain_rows(_REFERENCES))


@dataclass(frozen=True)
class Places:
    """Services and teams that the viewer can narrow by: pairs of id and name, by name."""

    services: Sequence[tuple[int, str]]
    teams: Sequence[tuple[int, str]]


@dataclass(frozen=True)
class Organisation:
    """Every service and team by id, in the order of their names: a few dozen, read once for a page."""

    services: Mapping[int, str]
    teams: Mapping[int, tuple[str, int]]

    def places(self, viewer: Viewer) -> Places:
        """The teams inside the viewer's scope, and the services of these teams."""
        scope = viewer.scope(Permission.PROGRESS_READ)
        teams = [
            (team_id, name, service_id)
            for team_id, (name, service_id) in self.teams.items()
            if scope.covers(service_id=service_id, team_id=team_id)
        ]
        services = dict.fromkeys(service_id for _, _, service_id in teams)
        return Places(
            [(service_id, self.services[service_id]) for service_id in services],
            [(team_id, name) for team_id, name, _ in teams],
        )

    def of(self, team_id: int | None, service_id: int | None) -> tuple[str, int | None, str]:
        """A team's name, and the id and name of the service: the one given, else the team's own."""
        team, own = self.teams[team_id] if team_id is not None else ("", None)
        service_id = own if service_id is None else service_id
        return team, service_id, self.services[service_id] if service_id is not None else ""


# Statements stand here ready made, with what changes as parameters: putting one together takes longer than running it.

_ORGANISATION = (
    select(Service.id, Service.name, Team.id, Team.name)
    .outerjoin(Team, Team.service_id == Service.id)
    .order_by(Service.name, Team.name)
)


def organisation() -> Organisation:
    """The services and teams as they are now."""
    return kept(_organisation)


def _organisation() -> Organisation:
    services: dict[int, str] = {}
    teams: dict[int, tuple[str, int]] = {}
    for service_id, service, team_id, team in plain_rows(_ORGANISATION):
        services[service_id] = service
        if team_id is not None:
            teams[team_id] = (team, service_id)
    return Organisation(services, teams)


def of_round(round_: Round) -> dict[str, Any]:
    """The parameters of `LIVE`."""
    return {"round_id": round_.id, "is_issued": round_.issued_at is not None}


LIVE = and_(
    Audit.round_id == bindparam("round_id"),
    Audit.state != AuditState.WITHDRAWN,
    or_(Audit.issued_at.is_not(None), and_(bindparam("is_issued", type_=Boolean), Audit.auditor_id.is_(None))),
)
"""Audits of the round that progress is about: issued and not withdrawn.

One without an auditor was issued to nobody; it counts as issued once its round is.
"""


STATES: dict[str, ColumnElement[bool]] = {
    "not_started": Audit.state == AuditState.ALLOCATED,
    "in_progress": Audit.state == AuditState.IN_PROGRESS,
    "on_time": and_(Audit.state.in_(SUBMITTED_STATES), Audit.is_late.is_(False)),
    "late": and_(Audit.state.in_(SUBMITTED_STATES), Audit.is_late.is_(True)),
}
"""What each figure counts. An audit that was returned is in progress again."""

SLIPPING = exists().where(SlippageNotice.audit_id == Audit.id, SlippageNotice.state.in_(OPEN_STATES))
"""Audits with an open slippage notice."""


@lru_cache(maxsize=128)
def _audits(viewer: Viewer) -> Select[Any]:
    """Every audit of the round with whom it belongs to. Kept: to put it together takes longer than to run it."""
    return (
        select(
            Audit.auditor_id,
            case((Audit.auditor_id.is_(None), Audit.team_id)),
            Audit.reference,
            Audit.state,
            Audit.is_late,
            Audit.due_on,
            Audit.last_activity_at,
            SLIPPING,
            visible(viewer),
        )
        .outerjoin(Case, Case.id == Audit.case_id)
        .where(LIVE)
        .order_by(Audit.number)
    )


_EXPECTED = (
    select(
        RoundAuditor.person_id,
        Person.name,
        RoundAuditor.team_id,
        RoundAuditor.service_id,
        RoundAuditor.expected,
        RoundAuditor.exempted,
    )
    .join(Person, Person.id == RoundAuditor.person_id)
    .where(RoundAuditor.round_id == bindparam("round_id"))
)
_PENDING = (
    select(ExemptionRequest.person_id, func.max(ExemptionRequest.id))
    .where(
        ExemptionRequest.state.in_(WAITING_STATES),
        ExemptionRequest.first_month <= bindparam("month"),
        ExemptionRequest.last_month >= bindparam("month"),
    )
    .group_by(ExemptionRequest.person_id)
)
"""Exemption requests that nobody has decided."""
_OTHERS = select(Person.id, Person.name, Person.team_id).where(Person.id.in_(bindparam("ids", expanding=True)))


def progress(round_: Round, viewer: Viewer, filters: Mapping[str, str]) -> list[ManagerRow]:
    """A row for each manager whom the viewer may see, and for each team with audits that nobody has.

    `filters`: `service` and `team` (ids), `q` (part of the name), `having` (a key of rules.HAVING). Whoever has audits
    has a row, expected or not. Ordered by name. Audits of the round are read by one statement; rows are put together
    and narrowed here, since a round has a few hundred.
    """
    rows: Iterable[ManagerRow] = kept(_all_rows, round_.id, round_.month, round_.issued_at is not None, viewer)
    for wanted in _narrowing(viewer, filters):
        rows = filter(wanted, rows)
    return sorted(rows, key=lambda row: (row.name.casefold(), row.team, row.person_id or 0))


def _all_rows(round_id: int, month: date, is_issued: bool, viewer: Viewer) -> tuple[ManagerRow, ...]:
    return tuple(_rows_of(round_id, month, is_issued, viewer))


def _rows_of(round_id: int, month: date, is_issued: bool, viewer: Viewer) -> Iterator[ManagerRow]:
    audits: dict[tuple[int | None, int | None], list[TaggedAudit]] = defaultdict(list)
    known, tagged = organisation(), TaggedAudit._make
    for person_id, team_id, *rest in plain_rows(_audits(viewer), {"round_id": round_id, "is_issued": is_issued}):
        audits[person_id, team_id].append(tagged(rest))
    pending = {person_id: request_id for person_id, request_id in plain_rows(_PENDING, {"month": month})}
    people = plain_rows(_EXPECTED, {"round_id": round_id})
    others = {person_id for person_id, _ in audits if person_id is not None}.difference(row[0] for row in people)
    if others:
        found = plain_rows(_OTHERS, {"ids": sorted(others)})
        people = [*people, *((person_id, name, team_id, None, 0, 0) for person_id, name, team_id in found)]
    nobody = [(None, NOT_ALLOCATED, team_id, None, 0, 0) for person_id, team_id in audits if person_id is None]
    for person_id, name, team_id, service_id, expected, exempted in (*people, *nobody):
        own = audits.get((person_id, team_id if person_id is None else None), ())
        request_id = pending.get(person_id)
        figures = figures_of(expected, exempted, own, 0 if request_id is None else 1)
        last = _last_activity(own)
        place = known.of(team_id, service_id)
        yield ManagerRow(person_id, name, team_id, *place, figures, last, request_id, tuple(own))


def _last_activity(audits: Sequence[TaggedAudit]) -> datetime | None:
    if len(audits) == 1:
        return audits[0].last_activity_at
    return max([audit.last_activity_at for audit in audits if audit.last_activity_at], default=None)


def _narrowing(viewer: Viewer, filters: Mapping[str, str]) -> list[Callable[[ManagerRow], bool]]:
    """What a row has to be, to be inside the viewer's scope and the filters: nothing where these leave nobody out."""
    scope, wanted = viewer.scope(Permission.PROGRESS_READ), list[Callable[[ManagerRow], bool]]()
    service, team = filters.get("service"), filters.get("team")
    name, having = filters.get("q", "").casefold(), HAVING.get(filters.get("having", ""))
    if not scope.everything:
        wanted.append(lambda row: scope.covers(service_id=row.service_id, team_id=row.team_id, person_id=row.person_id))
    if service:
        wanted.append(lambda row: row.service_id == int(service))
    if team:
        wanted.append(lambda row: row.team_id == int(team))
    if name:
        wanted.append(lambda row: name in row.name.casefold())
    if having:
        wanted.append(lambda row: having(row.figures))
    return wanted
