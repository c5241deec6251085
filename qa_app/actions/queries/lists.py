"""Lists of actions, each only as far as the viewer may see, overdue first (domain.md sections 8 and 12)."""

from collections.abc import Mapping, Sequence
from datetime import date
from functools import lru_cache
from typing import Any, NamedTuple, cast

from sqlalchemy import ColumnElement, Select, bindparam, case, func, select
from sqlalchemy.orm import aliased

from qa_app.access.permissions import Permission
from qa_app.access.viewer import Viewer
from qa_app.actions.models import Action
from qa_app.actions.queries.one import own_of, visible
from qa_app.actions.states import ActionState
from qa_app.core.database import plain_rows
from qa_app.people.models import Person, Service, Team
from qa_app.trail.kept import kept

A = Action
ALL, MINE, YES = "all", "mine", "yes"
SHOWN = 140
"""Characters of what is to be done in a list; its page has the rest."""

Owner, Named = aliased(Person), aliased(Person)
SORTS: dict[str, Sequence[Any]] = {
    "due": (A.due_on,),
    "action": (A.id,),
    "owner": (Owner.name, A.due_on),
    "team": (Team.name, A.due_on),
    "state": (A.state, A.due_on),
    "source": (A.source_label, A.due_on),
}
"""What the list can be sorted by. By due date, those of one state come soonest first, so the overdue ones lead."""


class ActionRow(NamedTuple):
    """One line of the list."""

    id: int
    what: str
    owner: str
    team: str | None
    due_on: date
    first_due_on: date
    state: str
    outcome: str | None
    is_immediate: bool
    source: str
    owner_leaves_on: date | None


class Totals(NamedTuple):
    """How many actions a list holds, and how many of them are overdue."""

    number: int
    overdue: int


def find_actions(
    viewer: Viewer, filters: Mapping[str, str], sort: tuple[str, bool], today: date, *, limit: int, offset: int
) -> tuple[list[ActionRow], Totals]:
    """One page of the actions that the filters leave, and how many in all. `sort` is a key of SORTS, and descending."""
    narrowed = tuple(sorted(filters.items()))
    rows, totals = kept(_page, viewer, narrowed, sort, today, limit, offset)
    return list(rows), totals


def _page(
    viewer: Viewer,
    filters: tuple[tuple[str, str], ...],
    sort: tuple[str, bool],
    today: date,
    limit: int,
    offset: int,
) -> tuple[tuple[ActionRow, ...], Totals]:
    rows, totals = _statements(viewer, filters, sort)
    ((number, overdue),) = plain_rows(totals, {"today": today})
    found = plain_rows(rows, {"today": today, "limit": limit, "offset": offset})
    return tuple(map(ActionRow._make, found)), Totals(number, overdue or 0)


def count_actions(viewer: Viewer, filters: Mapping[str, str], today: date) -> Totals:
    """How many actions the filters leave, as the heading of their list says."""
    _, totals = _statements(viewer, tuple(sorted(filters.items())), ("due", False))
    ((number, overdue),) = plain_rows(totals, {"today": today})
    return Totals(number, overdue or 0)


def every_action(viewer: Viewer, filters: Mapping[str, str], sort: tuple[str, bool], today: date) -> list[ActionRow]:
    """All of them, whole, for a file."""
    statement = _ordered(_narrowed(viewer, filters, A.what), sort, _state_of(filters))
    return [ActionRow._make(row) for row in plain_rows(statement, {"today": today})]


@lru_cache(maxsize=256)
def _statements(
    viewer: Viewer, filters: tuple[tuple[str, str], ...], sort: tuple[str, bool]
) -> tuple[Select[Any], Select[Any]]:
    """The statements of a list, kept: to put them together takes longer than to run them."""
    chosen = dict(filters)
    rows = _ordered(_narrowed(viewer, chosen, func.substr(A.what, 1, SHOWN + 1)), sort, _state_of(chosen))
    overdue = func.count().filter(A.state == ActionState.OPEN, A.due_on < bindparam("today"))
    totals: Any = select(func.count(), overdue).select_from(A).where(visible(viewer), *_conditions(viewer, chosen))
    return rows.limit(bindparam("limit")).offset(bindparam("offset")), totals


def _ordered(found: Select[Any], sort: tuple[str, bool], state: str) -> Select[Any]:
    """Of several states the open ones come first; of one alone an index has them in order."""
    key, descending = sort
    parts = [_TURN, *SORTS[key]] if key == "due" and state == ALL else SORTS[key]
    return found.order_by(*(part.desc() if descending else part for part in parts), A.id)


_TURN = case((A.state == ActionState.OPEN, 0), (A.state == ActionState.DONE, 1), else_=2)


def _narrowed(viewer: Viewer, filters: Mapping[str, str], what: ColumnElement[Any] | Any) -> Select[Any]:
    found: Any = (
        select(
            A.id, what, Owner.name, Team.name, A.due_on, A.first_due_on, A.state, A.outcome, A.is_immediate,
            A.source_label, Owner.leaves_on,
        )
        .join(Owner, Owner.id == A.owner_id)
        .outerjoin(Team, Team.id == A.team_id)
        .where(visible(viewer), *_conditions(viewer, filters))
    )  # fmt: skip
    return cast(Select[Any], found)


def _state_of(filters: Mapping[str, str]) -> str:
    return filters.get("state", ActionState.OPEN)


def _conditions(viewer: Viewer, filters: Mapping[str, str]) -> list[ColumnElement[bool]]:
    wanted: list[ColumnElement[bool]] = []
    state = _state_of(filters)
    if state != ALL:
        wanted.append(A.state == state)
    if filters.get("whose") == MINE:
        wanted.append(own_of(viewer))
    if service := filters.get("service"):
        wanted.append(A.service_id == int(service))
    if team := filters.get("team"):
        wanted.append(A.team_id == int(team))
    if text := filters.get("owner"):
        # By themselves, since they are few: so their actions are found by the owner, and not all of them read.
        wanted.append(A.owner_id.in_(select(Named.id).where(Named.name.icontains(text, autoescape=True))))
    if filters.get("overdue") == YES:
        wanted += [A.state == ActionState.OPEN, A.due_on < bindparam("today")]
    if filters.get("immediate") == YES:
        wanted.append(A.is_immediate.is_(True))
    if kind := filters.get("source"):
        wanted.append(A.source_type == kind)
    return wanted


def owns_any(viewer: Viewer) -> bool:
    """Whether any open action is the viewer's own, or of somebody whom they stand in for."""
    return bool(plain_rows(_owned(viewer)))


@lru_cache(maxsize=256)
def _owned(viewer: Viewer) -> Select[Any]:
    statement = select(A.id).where(own_of(viewer), A.state == ActionState.OPEN).limit(1)
    return cast(Select[Any], statement)


def may_list(viewer: Viewer) -> bool:
    """Whether the list is for the viewer: by role, or because an action is or was theirs."""
    if viewer.can(Permission.ACTION_READ):
        return True
    return bool(plain_rows(select(A.id).where(own_of(viewer), A.state != ActionState.DRAFT).limit(1)))


class Place(NamedTuple):
    """A team that the viewer reaches, with its service."""

    team_id: int
    team: str
    service_id: int
    service: str


def places(viewer: Viewer) -> list[Place]:
    """The teams whose actions the viewer reaches, by service and name; none for whoever sees only their own."""
    scope = viewer.scope(Permission.ACTION_READ)
    found = [Place._make(row) for row in plain_rows(_PLACES)] if _reaches_others(viewer) else []
    return [
        place
        for place in found
        if scope.everything or place.service_id in scope.service_ids or place.team_id in scope.team_ids
    ]


def _reaches_others(viewer: Viewer) -> bool:
    scope = viewer.scope(Permission.ACTION_READ)
    return scope.everything or bool(scope.service_ids) or bool(scope.team_ids)


_PLACES = (
    select(Team.id, Team.name, Service.id, Service.name)
    .join(Service, Service.id == Team.service_id)
    .order_by(Service.name, Team.name, Team.id)
)
