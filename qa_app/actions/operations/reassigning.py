"""Give actions to another owner: one, or all that somebody leaves behind."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from qa_app.access.viewer import Viewer
from qa_app.actions import messages
from qa_app.actions.inputs import HandOver
from qa_app.actions.models import Action, ActionHandover
from qa_app.actions.permissions import check_can_reassign
from qa_app.actions.states import ACTION
from qa_app.core.clock import london_day
from qa_app.core.database import db
from qa_app.core.errors import BadInput, IllegalMove, Stale
from qa_app.core.states import move
from qa_app.people.models import Person
from qa_app.trail import operations as trail


def reassign(action: Action, to: HandOver, viewer: Viewer, now: datetime, version: int | None = None) -> None:
    """Give it to another owner, who is told. The due date stays.

    Raises:
        NotAllowed: the viewer does not reassign here.
        IllegalMove, Stale: it is not open, or was changed meanwhile.
        BadInput: no reason; nobody, the same owner, or somebody who does not work here today.
    """
    who = check_can_reassign(viewer, action)
    faults = _faults(to, now)
    if not faults and to.owner_id == action.owner_id:
        faults["owner"] = "Choose somebody other than the owner it has now"
    if faults:
        raise BadInput("Check what you entered.", faults)
    before = action.owner_id
    values: dict[str, Any] = {"owner_id": to.owner_id, "chased_on": None} | messages.not_yet_told(action)
    move(
        action,
        ACTION,
        "reassign",
        now=now,
        person_id=who.person_id,
        reason=to.reason.strip(),
        version=version,
        **values,
    )
    handed = ActionHandover(
        action_id=action.id,
        from_id=before,
        to_id=to.owner_id,
        reason=to.reason.strip(),
        at=now,
        by_id=who.person_id,
        for_id=who.on_behalf_of,
    )
    db.session.add(handed)
    db.session.flush()
    trail.append("action:reassigned", who, now, ("action", action.id), previous=before, owner=to.owner_id)
    messages.nobody_need_act(action)
    messages.tell_of_opened(action, viewer, now)


def reassign_many(actions: Sequence[Action], to: HandOver, viewer: Viewer, now: datetime) -> int:
    """Give several to one new owner, all or none; how many. One that was settled meanwhile stays as it is.

    Raises:
        NotAllowed: the viewer does not reassign one of them.
        BadInput: none is chosen; no reason; nobody, or somebody who does not work here today.
    """
    faults = _faults(to, now)
    if not actions:
        faults["actions"] = "Choose at least one action"
    if faults:
        raise BadInput("Check what you entered.", faults)
    for action in actions:
        check_can_reassign(viewer, action)
    given = 0
    for action in actions:
        try:
            reassign(action, to, viewer, now)
        except (IllegalMove, Stale):
            continue
        given += 1
    return given


def _faults(to: HandOver, now: datetime) -> dict[str, str]:
    faults = {}
    person = db.session.get(Person, to.owner_id) if to.owner_id else None
    if person is None or not person.works_on(london_day(now)):
        faults["owner"] = "Choose who will do it"
    if not to.reason.strip():
        faults["reason"] = "Enter why the owner changes"
    return faults
