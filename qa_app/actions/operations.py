"""Raise and remove actions (domain.md section 8). The source (`audit`, its id) is a value; its area decides who may."""

from datetime import date, datetime

from sqlalchemy import delete

from qa_app.access.viewer import Viewer
from qa_app.actions.inputs import ActionInput, Source
from qa_app.actions.models import Action
from qa_app.core.database import db
from qa_app.core.errors import BadInput
from qa_app.trail import operations as trail


def raise_action(source: Source, wanted: ActionInput, viewer: Viewer, today: date, now: datetime) -> Action:
    """Add an action to its source.

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
    action = Action(
        source_type=source.kind,
        source_id=source.id,
        source_part=source.part,
        what=wanted.what.strip(),
        owner_id=wanted.owner_id,
        due_on=wanted.due_on,
        is_immediate=wanted.is_immediate,
        created_at=now,
        created_by_id=viewer.person_id,
    )
    db.session.add(action)
    db.session.flush()
    trail.append("action:raised", viewer, now, ("action", action.id), source=source.kind, source_id=source.id)
    return action


def remove_action(action: Action, viewer: Viewer, now: datetime) -> None:
    """Take an action out of a draft. The caller has checked that its source is still a draft of the viewer's.

    A second removal of the same action does nothing.
    """
    gone = db.session.execute(delete(Action).where(Action.id == action.id))
    if gone.rowcount:  # type: ignore[attr-defined]
        detail = {"source": action.source_type, "source_id": action.source_id, "what": action.what}
        trail.append("action:removed", viewer, now, ("action", action.id), **detail)
