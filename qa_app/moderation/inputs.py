"""What moderators, and those who dispute or decide, say."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date


@dataclass(frozen=True, slots=True)
class SectionInput:
    """The own grade of one section, and why."""

    grade: str | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class GradesInput:
    """A moderator's own grades by the section's key, and overall; and feedback for the auditor.

    All of it may be missing while it is a draft.
    """

    sections: Mapping[str, SectionInput] = field(default_factory=dict)
    overall: str | None = None
    reasons: str = ""
    feedback: str = ""


@dataclass(frozen=True, slots=True)
class DecisionInput:
    """What the panel decided: when, who was present (ids), the grade that stands, and why."""

    on: date | None
    people: Sequence[int]
    grade: str | None
    reasons: str
