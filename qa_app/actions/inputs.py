"""What is said of an action when it is raised."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Source:
    """What an action comes from: the kind of thing, its id, and which part of it (a section's key)."""

    kind: str
    id: int
    part: str = ""


@dataclass(frozen=True, slots=True)
class ActionInput:
    """What is to be done, by whom, by when, and whether a child may be at risk now."""

    what: str
    owner_id: int
    due_on: date
    is_immediate: bool = False
