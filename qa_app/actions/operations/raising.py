"""Raise, open, link and remove actions (domain.md section 8). A source is a value; its area decides who may."""

from collections.abc import Mapping
from datetime import date, datetime

from sqlalchemy import ColumnElement, Select, delete, select, update

from qa_app.access.viewer import Viewer
from qa_app.actions import messages
from qa_app.actions.inputs import ActionInput, Source
from qa_app.actions.models import Action, ActionLink
from qa_app.actions.states import ACTION, ActionState
from qa_app.core.database import db
from qa_app.core.errors import BadInput, IllegalMove
from qa_app.core.states import move
from qa_app.people.models import Person, Team
from qa_app.trail import operations as trail


def raise_action(
    source: Source, wanted: ActionInput, viewer: Viewer, today: date, now: datetime, *, draft: bool = False
) -> Action:
    """Add an action to its source. Unless it is a draft it is open at once, and its owner is told.

    The caller has checked that the viewer may add to this source.

    Raises:
        BadInput: nothing to do, or a due date before today (London).
    """
    faults = {}
    if not wanted.what.strip():
        faults["what"] = "Enter what should be done"
    if wanted.due_on < today:
        faults["due_on"] = "The due date must be today or later"
    if faults:
        raise BadInput("Check what you entered.", faults)
    team_id, service_id = _place(source, wanted.owner_id)
    action = Action(
        source_type=source.kind,
        source_id=source.id,
        source_part=source.part,
        source_label=source.label,
        team_id=team_id,
        service_id=service_id,
        case_id=source.case_id,
        what=wanted.what.strip(),
        for_whom=wanted.for_whom,
        owner_id=wanted.owner_id,
        due_on=wanted.due_on,
        first_due_on=wanted.due_on,
        is_immediate=wanted.is_immediate,
        state=ActionState.DRAFT if draft else ActionState.OPEN,
        created_at=now,
        created_by_id=viewer.person_id,
        opened_at=None if draft else now,
    )
    db.session.add(action)
    db.session.flush()
    trail.append("action:raised", viewer, now, ("action", action.id), source=source.kind, source_id=source.id)
    if not draft:
        messages.tell_of_opened(action, viewer, now)
    return action


def _place(source: Source, owner_id: int) -> tuple[int | None, int | None]:
    """The team and the service that it is about: the source's, else its owner's."""
    team_id, service_id = source.team_id, source.service_id
    if team_id is None and service_id is None:
        team_id = db.session.scalar(select(Person.team_id).where(Person.id == owner_id))
    if team_id is not None and service_id is None:
        service_id = db.session.scalar(select(Team.service_id).where(Team.id == team_id))
    return team_id, service_id


def open_drafts(kind: str, source_id: int, viewer: Viewer, now: datetime) -> int:
    """Open the drafts of a source that is submitted, tell their owners, and show its links; how many were opened."""
    drafts = db.session.scalars(_drafts(kind, source_id).order_by(Action.id)).all()
    for action in drafts:
        move(action, ACTION, "open", now=now, person_id=viewer.person_id, opened_at=now)
        trail.append("action:opened", viewer, now, ("action", action.id), due_on=action.due_on)
        messages.tell_of_opened(action, viewer, now)
    hidden = update(ActionLink).where(
        ActionLink.source_type == kind, ActionLink.source_id == source_id, ActionLink.shown_at.is_(None)
    )
    db.session.execute(hidden.values(shown_at=now))
    return len(drafts)


def discard_drafts(kind: str, source_id: int, viewer: Viewer, now: datetime) -> int:
    """Take out the drafts and the unseen links of a source that comes to nothing; how many drafts there were."""
    drafts = db.session.scalars(_drafts(kind, source_id)).all()
    for action in drafts:
        remove_action(action, viewer, now)
    db.session.execute(
        delete(ActionLink).where(
            ActionLink.source_type == kind, ActionLink.source_id == source_id, ActionLink.shown_at.is_(None)
        )
    )
    return len(drafts)


def remove_action(action: Action, viewer: Viewer, now: datetime) -> None:
    """Take a draft out. The caller has checked that its source is still a draft of the viewer's.

    A second removal of the same action does nothing.

    Raises:
        IllegalMove: it was opened, so it is in somebody's list.
    """
    gone = db.session.execute(delete(Action).where(Action.id == action.id, Action.state == ActionState.DRAFT))
    if gone.rowcount:  # type: ignore[attr-defined]
        detail = {"source": action.source_type, "source_id": action.source_id, "what": action.what}
        trail.append("action:removed", viewer, now, ("action", action.id), **detail)
    elif db.session.scalar(select(Action.id).where(Action.id == action.id)) is not None:
        raise IllegalMove("This action is open already, so it can't be removed. Its owner can say that it is not done.")


def link(action: Action, source: Source, viewer: Viewer, now: datetime, *, draft: bool = False) -> None:
    """Point a further source at an action that is open already, instead of raising it twice. Again, it does nothing.

    The caller has checked that the viewer may add to this source, and know of this action.

    Raises:
        IllegalMove: it is not open, or was raised by this very source.
    """
    db.session.refresh(action, with_for_update=True)
    if action.state != ActionState.OPEN:
        raise IllegalMove("This action is not open any more. Add a new one instead.")
    if (action.source_type, action.source_id, action.source_part) == (source.kind, source.id, source.part):
        raise IllegalMove("This action stands here already.")
    known = select(ActionLink.id).where(ActionLink.action_id == action.id, *_from(source))
    if db.session.scalar(known) is not None:
        return
    db.session.add(
        ActionLink(
            action_id=action.id,
            source_type=source.kind,
            source_id=source.id,
            source_part=source.part,
            source_label=source.label,
            at=now,
            by_id=viewer.person_id,
            shown_at=None if draft else now,
        )
    )
    db.session.flush()
    trail.append("action:linked", viewer, now, ("action", action.id), source=source.kind, source_id=source.id)


def unlink(action: Action, source: Source, viewer: Viewer, now: datetime) -> None:
    """Take a link out again, as long as its source is a draft. A second time it does nothing."""
    gone = db.session.execute(
        delete(ActionLink).where(ActionLink.action_id == action.id, *_from(source), ActionLink.shown_at.is_(None))
    )
    if gone.rowcount:  # type: ignore[attr-defined]
        trail.append("action:unlinked", viewer, now, ("action", action.id), source=source.kind, source_id=source.id)


def record_export(filters: Mapping[str, str], viewer: Viewer, now: datetime) -> None:
    """Record that the list was downloaded, and with which filters."""
    trail.append("action:exported", viewer, now, ("action", None), filters=dict(filters))


def _drafts(kind: str, source_id: int) -> Select[Action]:
    return select(Action).where(
        Action.source_type == kind, Action.source_id == source_id, Action.state == ActionState.DRAFT
    )


def _from(source: Source) -> tuple[ColumnElement[bool], ...]:
    return (
        ActionLink.source_type == source.kind,
        ActionLink.source_id == source.id,
        ActionLink.source_part == source.part,
    )
