"""Who is told by mail of an action (domain.md sections 8 and 10).

Every mail has the action as its subject, so that whatever settles it takes back what is not sent yet. None says what is
to be done: that may be about a child. Nobody is mailed about their own act.
"""

from collections.abc import Iterable
from datetime import datetime

from qa_app.access.viewer import Viewer
from qa_app.actions.models import Action
from qa_app.actions.permissions import involved_in
from qa_app.actions.queries.people import heads_of, nearest_managers, who_acts
from qa_app.core.clock import london_day, working_days_between
from qa_app.outbox.catalogue import Value
from qa_app.outbox.operations import queue, take_back


def subject_of(action_id: int) -> str:
    """What the mails about an action are about."""
    return f"action:{action_id}"


def page_of(action: Action) -> str:
    """The action's page."""
    return f"/actions/{action.reference}"


def variables_of(action: Action, **further: Value) -> dict[str, Value]:
    """What a mail about it may say."""
    common: dict[str, Value] = {"reference": action.reference, "due_on": action.due_on, "path": page_of(action)}
    return common | further


def tell_of_opened(action: Action, viewer: Viewer, now: datetime) -> int:
    """Its owner hears that it is theirs: at once where a child may be at risk now, and then its manager hears too."""
    today = london_day(now)
    owners = who_acts([action], today)[action.id]
    if not action.is_immediate:
        return _tell("action_given", owners, action, viewer, now)
    managers = set(nearest_managers(action.team_id, action.service_id, today, {action.owner_id})) - set(owners)
    told = _tell("action_immediate", owners, action, viewer, now)
    return told + _tell("action_immediate_raised", managers, action, viewer, now, person=action.owner.name)


def tell_owner(message: str, action: Action, viewer: Viewer, now: datetime) -> int:
    """Its owner hears what a verifier said."""
    return _tell(message, who_acts([action], london_day(now))[action.id], action, viewer, now)


def tell_verifiers(message: str, action: Action, viewer: Viewer, now: datetime) -> int:
    """The nearest managers who had no part in it are asked to look."""
    today = london_day(now)
    asked = nearest_managers(action.team_id, action.service_id, today, involved_in(action))
    return _tell(message, asked, action, viewer, now, person=action.owner.name)


def chase(action: Action, viewer: Viewer, now: datetime) -> int:
    """Whoever acts for its owner today is reminded."""
    today = london_day(now)
    days = working_days_between(today, action.due_on)
    message = "action_immediate_chased" if action.is_immediate else "action_overdue"
    owners = who_acts([action], today)[action.id]
    return _tell(message, owners, action, viewer, now, slot=today.isoformat(), working_days=days)


def escalate(action: Action, viewer: Viewer, now: datetime) -> int:
    """The Head of Service, or the QA team where there is no other, hears that it is overdue."""
    today = london_day(now)
    days = working_days_between(today, action.due_on)
    heads = heads_of(action.service_id, today, {action.owner_id})
    return _tell("action_escalated", heads, action, viewer, now, person=action.owner.name, working_days=days)


def nobody_need_act(action: Action) -> None:
    """Take back everything about it that is not sent yet: what it asked is settled, or has changed."""
    take_back(subject_of(action.id))


def not_yet_told(action: Action) -> dict[str, None]:
    """Take back what would tell the Head of Service, where it is not sent: then they have not been told of it yet.

    As the columns to set, since its clock begins anew.
    """
    return {"escalated_at": None} if take_back(subject_of(action.id), ["action_escalated"]) else {}


def _tell(
    message: str,
    person_ids: Iterable[int],
    action: Action,
    viewer: Viewer,
    now: datetime,
    *,
    slot: str = "",
    **further: Value,
) -> int:
    return queue(
        message,
        [person_id for person_id in person_ids if person_id != viewer.person_id],
        subject_key=subject_of(action.id),
        slot=slot or f"version:{action.version}",
        now=now,
        variables=variables_of(action, **further),
    )
