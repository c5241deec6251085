"""What people type into an audit; all of it may be missing while it is a draft."""

from dataclasses import dataclass
from enum import StrEnum


@dataclass(frozen=True, slots=True)
class SectionInput:
    """What may be typed in a section; all of it may be missing."""

    grade: str | None = None
    strengths: str = ""
    improvements: str = ""
    affects_child_now: bool | None = None


@dataclass(frozen=True, slots=True)
class ConversationInput:
    """What may be answered about one conversation."""

    held: bool | None = None
    why_not: str = ""
    learned: str = ""


@dataclass(frozen=True, slots=True)
class OverallInput:
    """The overall grade and its reasons."""

    grade: str | None = None
    reasons: str = ""


class Outcome(StrEnum):
    """What the QA team does about a declaration."""

    REASSIGNED = "reassigned"
    REPLACED = "replaced"
    KEPT = "kept"
