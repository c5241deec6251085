"""Read one action, the actions of a source, and what happened to one. Out of scope looks exactly like absent."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import NamedTuple

from sqlalchemy import ColumnElement, and_, bindparam, func, or_, select, true
from sqlalchemy.orm import joinedload

from qa_app.access.permissions import Permission
from qa_app.access.viewer import Viewer
from qa_app.actions.models import Action, ActionLink
from qa_app.actions.rules import Clock, id_of, reference_of
from qa_app.actions.sources import kinds
from qa_app.actions.states import ActionState, ForWhom
from qa_app.cases.models import Case
from qa_app.core.clock import london_day
from qa_app.core.database import db, plain_rows
from qa_app.core.errors import NotFound
from qa_app.people.models import Person

A = Action
MOST_OFFERED = 20


def own_of(viewer: Viewer) -> ColumnElement[bool]:
    """Which actions are the viewer's own, or of somebody whom they stand in for today."""
    return A.owner_id.in_({viewer.person_id, *(grant.on_behalf_of for grant in viewer.grants)} - {None})


def clear(viewer: Viewer, of: type[Action] | type[ActionLink] = Action) -> ColumnElement[bool]:
    """Which actions (or links) come from nothing that is hidden from the viewer as yet."""
    if viewer.person_id is None:
        return true()
    hidden = [and_(of.source_type == name, of.source_id.in_(kind.hidden(viewer))) for name, kind in kinds().items()]
    return and_(*(~one for one in hidden))


def visible(viewer: Viewer) -> ColumnElement[bool]:
    """Which actions the viewer may know of: their own, those of whom they stand in for, and as far as they reach.

    Drafts are nobody's. Those on a restricted case are their owner's and the QA team's. What would tell of an
    audit that the viewer is to grade by themselves is not for them yet, unless it is theirs to do.
    """
    own = own_of(viewer)
    scope = viewer.scope(Permission.ACTION_READ)
    reach: list[ColumnElement[bool]] = [true()] if scope.everything else []
    if scope.service_ids:
        reach.append(A.service_id.in_(scope.service_ids))
    if scope.team_ids:
        reach.append(A.team_id.in_(scope.team_ids))
    opened = A.state != ActionState.DRAFT
    if not reach:
        return and_(opened, own)
    if viewer.can(Permission.AUDIT_MANAGE):
        return and_(opened, or_(own, and_(clear(viewer), *reach)))
    hidden = select(Case.id).where(Case.id == A.case_id, Case.restricted.is_(True)).exists()
    return and_(opened, or_(own, and_(or_(*reach), ~hidden, clear(viewer))))


def action_for(viewer: Viewer, reference: str) -> Action:
    """One action with its owner, team and service.

    Raises:
        NotFound: there is none that the viewer may see.
    """
    found = db.session.scalar(
        select(A)
        .where(A.id == (id_of(reference) or 0), visible(viewer))
        .options(joinedload(A.owner), joinedload(A.team), joinedload(A.service), joinedload(A.created_by))
    )
    if found is None:
        raise NotFound
    return found


def action(action_id: int) -> Action:
    """One action, for whoever has made sure that they may know of it.

    Raises:
        NotFound: there is none.
    """
    found = db.session.get(Action, action_id)
    if found is None:
        raise NotFound
    return found


_OF_SOURCE = (
    select(A)
    .where(A.source_type == bindparam("kind"), A.source_id == bindparam("source_id"))
    .order_by(A.id)
    .options(joinedload(A.owner))
)
_OF_PART = _OF_SOURCE.where(A.source_part == bindparam("part"))


def actions_of(kind: str, source_id: int, part: str | None = None) -> Sequence[Action]:
    """The actions that one source has raised (in one part of it), oldest first, with their owners."""
    statement = _OF_SOURCE if part is None else _OF_PART
    return db.session.scalars(statement, {"kind": kind, "source_id": source_id, "part": part}).all()


def seen_of(viewer: Viewer, kind: str, source_id: int) -> Sequence[Action]:
    """Those of a source's actions that the viewer may open, oldest first, with their owners."""
    seen = _OF_SOURCE.where(visible(viewer))
    return db.session.scalars(seen, {"kind": kind, "source_id": source_id}).all()


class LinkedAction(NamedTuple):
    """An action that was open already when a finding was linked to it."""

    id: int
    part: str
    what: str
    owner: str
    due_on: date
    is_immediate: bool
    shown_at: datetime | None

    @property
    def reference(self) -> str:
        """How people call it."""
        return reference_of(self.id)

    @property
    def is_draft(self) -> bool:
        """Whether the link is its author's alone as yet, who may take it out again."""
        return self.shown_at is None


_LINKED = (
    select(A.id, ActionLink.source_part, A.what, Person.name, A.due_on, A.is_immediate, ActionLink.shown_at)
    .join(ActionLink, ActionLink.action_id == A.id)
    .join(Person, Person.id == A.owner_id)
    .where(ActionLink.source_type == bindparam("kind"), ActionLink.source_id == bindparam("source_id"))
    .order_by(ActionLink.id)
)


def linked_to(kind: str, source_id: int, part: str | None = None) -> list[LinkedAction]:
    """What one source (one part of it) is linked to, instead of raising it twice; oldest link first."""
    rows = map(LinkedAction._make, plain_rows(_LINKED, {"kind": kind, "source_id": source_id}))
    return [row for row in rows if part is None or row.part == part]


def count_by_part(kind: str, source_id: int) -> dict[str, int]:
    """How many actions each part of a source has, those that it links to among them."""
    raised = select(A.source_part).where(A.source_type == kind, A.source_id == source_id)
    linked = select(ActionLink.source_part).where(ActionLink.source_type == kind, ActionLink.source_id == source_id)
    every = raised.union_all(linked).subquery()
    rows = db.session.execute(select(every.c.source_part, func.count()).group_by(every.c.source_part))
    return {part: count for part, count in rows}


def action_of(kind: str, source_id: int, action_id: int, part: str) -> Action:
    """One draft of a part of a source.

    Raises:
        NotFound: it has no such draft.
    """
    found = db.session.scalar(
        select(A)
        .where(
            A.id == action_id,
            A.source_type == kind,
            A.source_id == source_id,
            A.source_part == part,
            A.state == ActionState.DRAFT,
        )
        .options(joinedload(A.owner))
    )
    if found is None:
        raise NotFound()
    return found


def to_link(viewer: Viewer, case_id: int, team_id: int, kind: str, source_id: int) -> Sequence[Action]:
    """Open actions that a finding on a case may be linked to, the soonest due first: of that very case, and those for
    its whole team. Of another child nothing is offered, nor what the source has already.
    """
    whole_team = and_(A.team_id == team_id, A.for_whom.in_((ForWhom.TEAM, ForWhom.SERVICE)))
    linked = select(ActionLink.action_id).where(ActionLink.source_type == kind, ActionLink.source_id == source_id)
    return db.session.scalars(
        select(A)
        .where(
            A.state == ActionState.OPEN,
            clear(viewer),
            or_(A.case_id == case_id, whole_team),
            ~and_(A.source_type == kind, A.source_id == source_id),
            A.id.not_in(linked),
        )
        .order_by(A.due_on, A.id)
        .options(joinedload(A.owner))
        .limit(MOST_OFFERED)
    ).all()


def to_look_at(today: date) -> list[tuple[int, Clock]]:
    """Every open action that is overdue or immediate, with what its clock is read from."""
    rows = db.session.execute(
        select(A.id, A.due_on, A.is_immediate, A.opened_at, A.created_at, A.chased_on, A.escalated_at)
        .where(A.state == ActionState.OPEN, or_(A.due_on < today, A.is_immediate.is_(True)))
        .order_by(A.due_on, A.id)
    )
    return [
        (action_id, Clock(due_on, immediate, london_day(opened or created), chased_on, escalated is not None))
        for action_id, due_on, immediate, opened, created, chased_on, escalated in rows
    ]
