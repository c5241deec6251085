"""What people say of an action."""

from dataclasses import dataclass
from datetime import date

from qa_app.actions.states import ForWhom, Outcome


@dataclass(frozen=True, slots=True)
class Source:
    """What an action comes from: the kind of thing, its id, and which part of it (a section's key).

    `label` is how people call it (`Audit 2026-06/017`). The team and the service are those that the action is about, or
    else its owner's; the case keeps actions on a restricted one from those who may not know of it.
    """

    kind: str
    id: int
    part: str = ""
    label: str = ""
    team_id: int | None = None
    service_id: int | None = None
    case_id: int | None = None


@dataclass(frozen=True, slots=True)
class ActionInput:
    """What is to be done, by whom, by when, whether a child may be at risk now, and for whom it is."""

    what: str
    owner_id: int
    due_on: date
    is_immediate: bool = False
    for_whom: ForWhom = ForWhom.CHILD


@dataclass(frozen=True, slots=True)
class VerifyInput:
    """What was found, on what evidence; the new date where that re-opens the action."""

    outcome: Outcome
    evidence: str
    due_on: date | None = None


@dataclass(frozen=True, slots=True)
class HandOver:
    """To whom an action goes, and why."""

    owner_id: int
    reason: str
