"""Somebody else looks whether an action was done, and re-opens it where that is less than substantially so."""

from datetime import date, datetime
from typing import Any

from qa_app.access.viewer import Viewer
from qa_app.actions import messages
from qa_app.actions.inputs import VerifyInput
from qa_app.actions.models import Action, Verification
from qa_app.actions.operations.working import change_due, due_faults
from qa_app.actions.permissions import check_can_verify
from qa_app.actions.states import ACTION, GOOD_ENOUGH, OUTCOME_LABELS
from qa_app.core.database import db
from qa_app.core.errors import BadInput
from qa_app.core.states import move
from qa_app.trail import operations as trail

_ANEW: dict[str, Any] = {
    "reported_at": None,
    "reported_by_id": None,
    "reported_for_id": None,
    "evidence": "",
    "verified_at": None,
    "chased_on": None,
    "escalated_at": None,
}
"""An action that is open again is chased and escalated anew. What was said of it stays in its history."""


def verify(action: Action, found: VerifyInput, viewer: Viewer, now: datetime, version: int | None = None) -> None:
    """Say how far it was done, on what evidence. Less than substantially re-opens it, with a new date.

    Raises:
        NotAllowed: the viewer is its owner, reported it, or does not verify here.
        IllegalMove, Stale: it is not said to be done, or was changed meanwhile.
        BadInput: no evidence, or no date from today on for what is to be done again.
    """
    who = check_can_verify(viewer, action)
    good = found.outcome in GOOD_ENOUGH
    faults = {} if good else due_faults(found.due_on, now)
    if not found.evidence.strip():
        faults["evidence"] = "Enter what you saw"
    if faults:
        raise BadInput("Check what you entered.", faults)
    seen = Verification(
        action_id=action.id,
        outcome=found.outcome,
        evidence=found.evidence.strip(),
        owner_id=action.owner_id,
        reported_by_id=action.reported_by_id,
        at=now,
        by_id=who.person_id,
        for_id=who.on_behalf_of,
    )
    if good:
        values: dict[str, Any] = {"outcome": found.outcome, "verified_at": now}
        _move(action, "verify", found.evidence, who, now, version, values)
    else:
        reason = f"{OUTCOME_LABELS[found.outcome]} when it was verified"
        _open_again(action, "send_back", found.due_on, reason, (who, now, version), {"outcome": found.outcome})
    db.session.add(seen)
    db.session.flush()
    trail.append("action:verified", who, now, ("action", action.id), outcome=found.outcome, verification=seen.id)
    if good:
        messages.tell_owner("action_verified", action, viewer, now)
    else:
        messages.tell_owner("action_reopened", action, viewer, now)


def reopen(
    action: Action, reason: str, due_on: date | None, viewer: Viewer, now: datetime, version: int | None = None
) -> None:
    """Open one that was not to be done: it is to be done after all, by a new date.

    Raises:
        NotAllowed: the viewer is its owner, reported it, or does not verify here.
        IllegalMove, Stale: it is not one that was reported as not done, or was changed meanwhile.
        BadInput: no reason, or no date from today on.
    """
    who = check_can_verify(viewer, action)
    faults = due_faults(due_on, now)
    if not reason.strip():
        faults["evidence"] = "Enter why it is to be done after all"
    if faults:
        raise BadInput("Check what you entered.", faults)
    _open_again(action, "reopen", due_on, reason, (who, now, version), {})
    trail.append("action:reopened", who, now, ("action", action.id), due_on=action.due_on)
    messages.tell_owner("action_reopened", action, viewer, now)


def _open_again(
    action: Action,
    name: str,
    due_on: date | None,
    reason: str,
    by: tuple[Viewer, datetime, int | None],
    values: dict[str, Any],
) -> None:
    (who, now, version), before = by, action.due_on
    assert due_on is not None
    _move(action, name, reason, who, now, version, {**_ANEW, **values, "opened_at": now, "due_on": due_on})
    if due_on != before:
        change_due(action, before, due_on, reason, who, now)


def _move(
    action: Action, name: str, reason: str, who: Viewer, now: datetime, version: int | None, values: dict[str, Any]
) -> None:
    move(action, ACTION, name, now=now, person_id=who.person_id, reason=reason.strip(), version=version, **values)
    messages.nobody_need_act(action)
