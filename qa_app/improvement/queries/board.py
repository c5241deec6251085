"""The monitoring board: every process that the viewer may know of, one page at a time, with its stages."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import lru_cache
from typing import Any, cast

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import aliased

from qa_app.access.viewer import Viewer
from qa_app.core.clock import add_working_days
from qa_app.core.database import db, plain_rows
from qa_app.improvement.models import ImprovementProcess, Stage
from qa_app.improvement.queries.one import visible
from qa_app.improvement.rules import SOON
from qa_app.improvement.states import ProcessState
from qa_app.people.models import Person, Service, Team

P = ImprovementProcess
Worker, InTurn = aliased(Person), aliased(Person)

SORTS: dict[str, Any] = {
    "reference": P.id,
    "team": [Team.name, P.id],
    "next": [P.next_due_on.is_(None), P.next_due_on, P.id],
    "turn": [InTurn.name, P.id],
    "started": P.started_at,
}
LATE, DUE, IN_TIME = "late", "due", "in_time"
OPEN, CLOSED, ALL = "open", "closed", "all"
MINE, NOBODY = "mine", "nobody"


@dataclass(frozen=True, slots=True)
class StagePoint:
    """One stage on the line of its process."""

    kind: str
    number: int
    due_on: date | None
    done_on: date | None
    outcome: str | None


@dataclass(frozen=True, slots=True)
class BoardRow:
    """One process as the board shows it."""

    id: int
    team_id: int
    service_id: int
    team: str
    service: str
    worker: str | None
    started_at: datetime
    closed_at: datetime | None
    state: str
    close_outcome: str | None
    mark: str
    previous_id: int | None
    reaudit_id: int | None
    next_kind: str
    next_due_on: date | None
    turn: str | None
    turn_id: int | None
    stages: Sequence[StagePoint] = field(default=())

    @property
    def reference(self) -> str:
        """`IP-0012`."""
        return f"IP-{self.id:04d}"


@dataclass(frozen=True, slots=True)
class Counts:
    """How many processes the filters leave, how many of them are open, late, due, and covered by nobody."""

    all: int
    open: int
    late: int
    due: int
    uncovered: int


def soon(today: date) -> date:
    """Up to which date an open stage is due."""
    return add_working_days(today, SOON)


def _in_state(state: str, today: date) -> ColumnElement[bool]:
    if state == LATE:
        return P.next_due_on < today
    if state == DUE:
        return P.next_due_on.between(today, soon(today))
    return P.next_due_on.is_(None) | (P.next_due_on > soon(today))


def _conditions(viewer: Viewer, filters: Mapping[str, str], today: date) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = [visible(viewer)]
    show = filters.get("show", OPEN)
    if show == OPEN:
        found.append(P.state == ProcessState.OPEN)
    elif show == CLOSED:
        found.append(P.state != ProcessState.OPEN)
    if state := filters.get("state"):
        found += [P.state == ProcessState.OPEN, _in_state(state, today)]
    if service := filters.get("service"):
        found.append(P.service_id == int(service))
    if team := filters.get("team"):
        found.append(P.team_id == int(team))
    if stage := filters.get("stage"):
        found += [P.state == ProcessState.OPEN, P.next_kind == stage]
    if turn := filters.get("turn"):
        found.append(P.state == ProcessState.OPEN)
        whose = {MINE: P.turn_id == viewer.person_id, NOBODY: P.turn_id.is_(None)}
        found.append(whose[turn] if turn in whose else P.turn_id == int(turn))
    return found


def counts(viewer: Viewer, filters: Mapping[str, str], today: date) -> Counts:
    """The numbers of the heading."""
    (row,) = plain_rows(_counting(viewer, tuple(sorted(filters.items())), today))
    return Counts(*row)


@lru_cache(maxsize=256)
def _counting(viewer: Viewer, filters: tuple[tuple[str, str], ...], today: date) -> Select[Any]:
    is_open = P.state == ProcessState.OPEN
    counts: Any = select(
        func.count(P.id),
        func.count(P.id).filter(is_open),
        func.count(P.id).filter(is_open & (P.next_due_on < today)),
        func.count(P.id).filter(is_open & P.next_due_on.between(today, soon(today))),
        func.count(P.id).filter(is_open & P.turn_id.is_(None)),
    )
    return cast("Select[Any]", counts.where(*_conditions(viewer, dict(filters), today)))


def find_processes(
    viewer: Viewer,
    filters: Mapping[str, str],
    order_by: Sequence[Any],
    today: date,
    *,
    limit: int | None = None,
    offset: int = 0,
) -> list[BoardRow]:
    """One page of the processes that the filters leave, with their stages; the one with the earliest date first."""
    narrowed = _rows().where(*_conditions(viewer, filters, today))
    rows = db.session.execute(narrowed.order_by(*(order_by or SORTS["next"]), P.id).limit(limit).offset(offset)).all()
    stages = _stages([row.id for row in rows])
    return [BoardRow(**row._mapping, stages=stages.get(row.id, ())) for row in rows]


def _rows() -> Select[Any]:
    columns: tuple[Any, ...] = (
        P.id,
        P.team_id,
        P.service_id,
        Team.name.label("team"),
        Service.name.label("service"),
        Worker.name.label("worker"),
        P.started_at,
        P.closed_at,
        P.state,
        P.close_outcome,
        P.mark,
        P.previous_id,
        P.reaudit_id,
        P.next_kind,
        P.next_due_on,
        InTurn.name.label("turn"),
        P.turn_id,
    )
    return (
        select(*columns)
        .join(Team, Team.id == P.team_id)
        .join(Service, Service.id == P.service_id)
        .outerjoin(Worker, Worker.id == P.caseworker_id)
        .outerjoin(InTurn, InTurn.id == P.turn_id)
    )


def _stages(process_ids: Sequence[int]) -> dict[int, list[StagePoint]]:
    found: dict[int, list[StagePoint]] = defaultdict(list)
    rows: Any = db.session.execute(
        select(Stage.process_id, Stage.kind, Stage.number, Stage.due_on, Stage.done_on, Stage.outcome)
        .where(Stage.process_id.in_(process_ids))
        .order_by(Stage.process_id, Stage.position, Stage.number)
    )
    for process_id, *point in rows:
        found[process_id].append(StagePoint(*point))
    return found


def whose_turns(viewer: Viewer) -> list[tuple[int, str]]:
    """Everybody whose turn it is on an open process that the viewer may know of, by name."""
    rows: Any = db.session.execute(
        select(InTurn.id, InTurn.name)
        .join(P, P.turn_id == InTurn.id)
        .where(P.state == ProcessState.OPEN, visible(viewer))
        .distinct()
        .order_by(InTurn.name, InTurn.id)
    )
    return [(person_id, name) for person_id, name in rows]


def places(viewer: Viewer) -> tuple[list[tuple[int, str]], list[tuple[int, str]]]:
    """The services and the teams of which the viewer may know a process, by name."""
    rows: Any = db.session.execute(
        select(Service.id, Service.name, Team.id, Team.name)
        .join(P, P.service_id == Service.id)
        .join(Team, Team.id == P.team_id)
        .where(visible(viewer))
        .distinct()
        .order_by(Service.name, Team.name)
    ).all()
    services = {service_id: name for service_id, name, *_ in rows}
    return list(services.items()), [(team_id, name) for *_, team_id, name in rows]
