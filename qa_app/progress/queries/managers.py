"""Rows of progress by manager, and the rounds and places that they are of (domain.md section 6)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast

from sqlalchemy import ColumnElement, Select, and_, case, exists, func, literal, or_, select, union_all
from sqlalchemy.orm import joinedload

from qa_app.access.permissions import Permission
from qa_app.access.viewer import Scope, Viewer
from qa_app.audits.models import Audit
from qa_app.audits.states import SUBMITTED_STATES, AuditState
from qa_app.core.database import db
from qa_app.core.errors import NotFound
from qa_app.people.models import Person, Service, Team
from qa_app.progress.rules import HAVING, Figures, ManagerRow
from qa_app.rounds.models import Round, RoundAuditor
from qa_app.rounds.states import RoundState

NOT_ALLOCATED = "Not allocated"


def round_by_reference(reference: str) -> Round:
    """The round of a reference, with its type.

    Raises:
        NotFound: there is none.
    """
    found = db.session.scalars(
        select(Round).where(Round.reference == reference).options(joinedload(Round.audit_type))
    ).one_or_none()
    if found is None:
        raise NotFound
    return found


def current_round() -> Round | None:
    """The round whose progress matters now: the newest that is running, else the newest that was issued, else any."""
    running = case((Round.state == RoundState.ISSUED, 0), (Round.issued_at.is_not(None), 1), else_=2)
    return db.session.scalars(
        select(Round).options(joinedload(Round.audit_type)).order_by(running, Round.month.desc(), Round.id).limit(1)
    ).one_or_none()


def rounds_to_look_at() -> Sequence[str]:
    """References of the newest twenty-four rounds, for the choice of another."""
    return db.session.scalars(select(Round.reference).order_by(Round.month.desc(), Round.id).limit(24)).all()


@dataclass(frozen=True)
class Places:
    """Services and teams that the viewer can narrow by: pairs of id and name, by name."""

    services: Sequence[tuple[int, str]]
    teams: Sequence[tuple[int, str]]


def places(viewer: Viewer) -> Places:
    """The services and teams inside the viewer's scope."""
    rows = db.session.execute(
        select(Service.id, Service.name, Team.id, Team.name)
        .join(Team, Team.service_id == Service.id)
        .where(_within(viewer.scope(Permission.PROGRESS_READ), Service.id, Team.id, None))
        .order_by(Service.name, Team.name)
    ).all()
    return Places(list(dict.fromkeys((row[0], row[1]) for row in rows)), [(row[2], row[3]) for row in rows])


def _within(scope: Scope, service_id: Any, team_id: Any, person_id: Any) -> ColumnElement[bool]:
    """The scope as a condition on columns."""
    if scope.everything:
        return literal(True)
    parts: list[ColumnElement[bool]] = [service_id.in_(scope.service_ids), team_id.in_(scope.team_ids)]
    if person_id is not None:
        parts.append(person_id == scope.own_of)
    return or_(*parts)


def live(round_: Round) -> ColumnElement[bool]:
    """Audits of the round that progress is about: issued and not withdrawn.

    One without an auditor was issued to nobody; it counts as issued once its round is.
    """
    issued: ColumnElement[bool] = Audit.issued_at.is_not(None)
    if round_.issued_at is not None:
        issued = or_(issued, Audit.auditor_id.is_(None))
    return and_(Audit.round_id == round_.id, Audit.state != AuditState.WITHDRAWN, issued)


def _count(condition: ColumnElement[bool]) -> ColumnElement[int]:
    return func.sum(case((condition, 1), else_=0))


STATES: dict[str, ColumnElement[bool]] = {
    "not_started": Audit.state == AuditState.ALLOCATED,
    "in_progress": Audit.state == AuditState.IN_PROGRESS,
    "on_time": and_(Audit.state.in_(SUBMITTED_STATES), Audit.is_late.is_(False)),
    "late": and_(Audit.state.in_(SUBMITTED_STATES), Audit.is_late.is_(True)),
}
"""What each figure counts. An audit that was returned is in progress again."""

COUNTS = [_count(condition).label(name) for name, condition in STATES.items()]


def progress(round_: Round, viewer: Viewer, filters: Mapping[str, str]) -> list[ManagerRow]:
    """A row for each manager whom the viewer may see, and for each team with audits that nobody has.

    `filters`: `service` and `team` (ids), `q` (part of the name), `having` (a key of rules.HAVING). Whoever has audits
    has a row, expected or not. Ordered by name. Audits of the round are read once.
    """
    rows = [_row(found) for found in db.session.execute(_managers(round_, viewer, filters))]
    rows += [_row(found) for found in db.session.execute(_not_allocated(round_, viewer, filters))]
    if name := filters.get("q", "").casefold():
        rows = [row for row in rows if name in row.name.casefold()]
    if having := HAVING.get(filters.get("having", "")):
        rows = [row for row in rows if having(row.figures)]
    return sorted(rows, key=lambda row: (row.name.casefold(), row.team, row.person_id or 0))


def _row(found: Any) -> ManagerRow:
    """A row of either query; the columns stand in the same order in both."""
    person_id, name, team_id, team, service_id, service, last, *figures = found
    return ManagerRow(
        person_id, name, team_id, team or "", service_id, service or "", Figures(*(int(n or 0) for n in figures)), last
    )


def _members(round_: Round) -> Any:
    """Who is in the round: those it expects audits of, and those who have audits though it expects none."""
    expected = select(
        RoundAuditor.person_id.label("person_id"),
        RoundAuditor.team_id.label("team_id"),
        RoundAuditor.service_id.label("service_id"),
        RoundAuditor.expected.label("expected"),
        RoundAuditor.exempted.label("exempted"),
    ).where(RoundAuditor.round_id == round_.id)
    is_expected = exists().where(RoundAuditor.round_id == round_.id, RoundAuditor.person_id == Person.id)
    auditors = select(Audit.auditor_id).where(live(round_), Audit.auditor_id.is_not(None))
    others = (
        select(Person.id, Person.team_id, Team.service_id, literal(0), literal(0))
        .outerjoin(Team, Team.id == Person.team_id)
        .where(Person.id.in_(auditors), ~is_expected)
    )
    return union_all(expected, others).subquery("member")


def _managers(round_: Round, viewer: Viewer, filters: Mapping[str, str]) -> Select[Any]:
    member = _members(round_)
    counted = (
        select(Audit.auditor_id, func.max(Audit.last_activity_at).label("last_activity"), *COUNTS)
        .where(live(round_), Audit.auditor_id.is_not(None))
        .group_by(Audit.auditor_id)
        .subquery("counted")
    )
    service_id = func.coalesce(member.c.service_id, Team.service_id)
    statement = (
        select(
            Person.id,
            Person.name,
            member.c.team_id,
            Team.name,
            service_id,
            Service.name,
            counted.c.last_activity,
            member.c.expected,
            member.c.exempted,
            *(counted.c[name] for name in STATES),
        )
        .select_from(member)
        .join(Person, Person.id == member.c.person_id)
        .outerjoin(Team, Team.id == member.c.team_id)
        .outerjoin(Service, Service.id == service_id)
        .outerjoin(counted, counted.c.auditor_id == member.c.person_id)
    )
    scope = viewer.scope(Permission.PROGRESS_READ)
    statement = statement.where(_within(scope, service_id, member.c.team_id, member.c.person_id))
    return _narrowed(statement, filters, service_id, member.c.team_id)


def _not_allocated(round_: Round, viewer: Viewer, filters: Mapping[str, str]) -> Select[Any]:
    statement = (
        select(
            literal(None),
            literal(NOT_ALLOCATED),
            Audit.team_id,
            Team.name,
            Audit.service_id,
            Service.name,
            func.max(Audit.last_activity_at),
            literal(0),
            literal(0),
            *COUNTS,
        )
        .join(Team, Team.id == Audit.team_id)
        .join(Service, Service.id == Audit.service_id)
        .where(live(round_), Audit.auditor_id.is_(None))
        .where(_within(viewer.scope(Permission.PROGRESS_READ), Audit.service_id, Audit.team_id, None))
        .group_by(Audit.team_id, Team.name, Audit.service_id, Service.name)
    )
    return _narrowed(cast("Select[Any]", statement), filters, Audit.service_id, Audit.team_id)


def _narrowed(statement: Select[Any], filters: Mapping[str, str], service_id: Any, team_id: Any) -> Select[Any]:
    if service := filters.get("service"):
        statement = statement.where(service_id == int(service))
    if team := filters.get("team"):
        statement = statement.where(team_id == int(team))
    return statement
