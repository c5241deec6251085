"""What an owner does with an action, or whoever manages it: notes, another date, done, not done."""

from datetime import date, datetime
from typing import Any

from qa_app.access.viewer import Viewer
from qa_app.actions import messages
from qa_app.actions.models import Action, ActionNote, DueChange
from qa_app.actions.permissions import check_can_revise, check_can_work
from qa_app.actions.states import ACTION, ActionState
from qa_app.core.clock import london_day
from qa_app.core.database import db
from qa_app.core.errors import BadInput, IllegalMove
from qa_app.core.states import move
from qa_app.trail import operations as trail


def add_note(action: Action, text: str, viewer: Viewer, now: datetime) -> ActionNote:
    """Say how it goes. Two people's notes never meet: each is a line of its own.

    Raises:
        NotAllowed: the viewer is not its owner and does not manage it.
        IllegalMove: it is not open.
        BadInput: nothing said.
    """
    who = check_can_work(viewer, action)
    need(text, "text", "Enter how it goes")
    hold(action)
    if action.state != ActionState.OPEN:
        raise IllegalMove(f"This action is {ACTION.labels[action.state].lower()}, so nothing can be added to it now.")
    note = ActionNote(action_id=action.id, text=text.strip(), at=now, by_id=who.person_id, for_id=who.on_behalf_of)
    db.session.add(note)
    db.session.flush()
    trail.append("action:noted", who, now, ("action", action.id), note=note.id)
    return note


def revise(
    action: Action, due_on: date | None, reason: str, viewer: Viewer, now: datetime, version: int | None = None
) -> None:
    """Promise another date, with a reason. What was first promised stays beside it.

    Raises:
        NotAllowed: the viewer does not work on it; or a child may be at risk now and they don't manage it.
        IllegalMove, Stale: it is not open, or was changed meanwhile.
        BadInput: no reason, no date from today on, or the date that it has.
    """
    who = check_can_revise(viewer, action)
    faults = due_faults(due_on, now)
    if not faults and due_on == action.due_on and version in (None, action.version):
        faults["due_on"] = "Enter another date than it has now"
    if not reason.strip():
        faults["reason"] = "Enter why the date changes"
    if faults or due_on is None:
        raise BadInput("Check what you entered.", faults)
    before = action.due_on
    values: dict[str, Any] = {"due_on": due_on} | messages.not_yet_told(action)
    move(action, ACTION, "revise", now=now, person_id=who.person_id, reason=reason.strip(), version=version, **values)
    change_due(action, before, due_on, reason, who, now)
    trail.append("action:revised", who, now, ("action", action.id), before=before, after=due_on)
    messages.nobody_need_act(action)


def report_done(action: Action, evidence: str, viewer: Viewer, now: datetime, version: int | None = None) -> None:
    """Say that it is done, and how one can see that. Somebody else then verifies it.

    Raises:
        NotAllowed: the viewer is not its owner and does not manage it.
        IllegalMove, Stale: it is not open, or was changed meanwhile.
        BadInput: no evidence.
    """
    _report(action, "report_done", evidence, "Enter what was done, and how one can see it", viewer, now, version)
    trail.append("action:done", _acting(action, viewer), now, ("action", action.id), due_on=action.due_on)
    messages.tell_verifiers("action_done", action, viewer, now)


def report_not_done(action: Action, reason: str, viewer: Viewer, now: datetime, version: int | None = None) -> None:
    """Say that it will not be done, and why. A verifier may open it again.

    Raises:
        NotAllowed: the viewer is not its owner and does not manage it.
        IllegalMove, Stale: it is not open, or was changed meanwhile.
        BadInput: no reason.
    """
    _report(action, "report_not_done", reason, "Enter why it will not be done", viewer, now, version)
    trail.append("action:not-done", _acting(action, viewer), now, ("action", action.id), due_on=action.due_on)
    messages.tell_verifiers("action_not_done", action, viewer, now)


def _report(
    action: Action, name: str, words: str, sentence: str, viewer: Viewer, now: datetime, version: int | None
) -> None:
    who = check_can_work(viewer, action)
    need(words, "evidence", sentence)
    move(
        action,
        ACTION,
        name,
        now=now,
        person_id=who.person_id,
        reason=words.strip(),
        version=version,
        evidence=words.strip(),
        reported_at=now,
        reported_by_id=who.person_id,
        reported_for_id=who.on_behalf_of,
    )
    messages.nobody_need_act(action)


def _acting(action: Action, viewer: Viewer) -> Viewer:
    return viewer.acting_for(action.reported_for_id)


def hold(action: Action) -> None:
    """Take its row until the transaction ends, and see it as it then is."""
    db.session.refresh(action, with_for_update=True)


def need(words: str, field: str, sentence: str) -> None:
    """Raise BadInput where nothing was said."""
    if not words.strip():
        raise BadInput(f"{sentence}.", {field: sentence})


def due_faults(due_on: date | None, now: datetime) -> dict[str, str]:
    """What is wrong with a new date."""
    if due_on is None:
        return {"due_on": "Enter the date it should be done by"}
    return {"due_on": "The date must be today or later"} if due_on < london_day(now) else {}


def change_due(action: Action, before: date, after: date, reason: str, who: Viewer, now: datetime) -> None:
    """Keep what was promised before, and why it changed."""
    change = DueChange(
        action_id=action.id,
        from_on=before,
        to_on=after,
        reason=reason.strip(),
        at=now,
        by_id=who.person_id,
        for_id=who.on_behalf_of,
    )
    db.session.add(change)
    db.session.flush()
