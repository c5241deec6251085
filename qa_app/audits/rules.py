"""When is a section, and a whole audit, complete; when is it late (domain.md section 3). Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

from qa_app.core.clock import end_of_day

NOT_APPLICABLE = "not_applicable"


@dataclass(frozen=True, slots=True)
class Grade:
    """One grade of the tool's scale."""

    key: str
    label: str
    good_or_better: bool
    inadequate: bool
    starts_improvement: bool = False


@dataclass(frozen=True, slots=True)
class SectionFacts:
    """What decides whether a section is complete. Grade None: not chosen yet."""

    key: str
    title: str
    required: bool
    grade: str | None = None
    affects_child_now: bool | None = None
    has_text: bool = False
    actions: int = 0


class SectionState(StrEnum):
    """How far a section is."""

    NOT_STARTED = "not_started"
    IN_PROGRESS = "in_progress"
    COMPLETE = "complete"


class Lack(StrEnum):
    """What a section, a conversation or the overall grade still needs."""

    GRADE = "grade"
    AFFECTS_CHILD = "affects_child"
    ACTION = "action"
    SOCIAL_WORKER = "social_worker"
    HELD = "held"
    WHY_NOT = "why_not"
    OVERALL_GRADE = "overall_grade"
    OVERALL_REASONS = "overall_reasons"


@dataclass(frozen=True, slots=True)
class ConversationFacts:
    """One conversation: held or not (None: not answered), and whether it says why not."""

    with_whom: str
    title: str
    held: bool | None
    says_why_not: bool = False


@dataclass(frozen=True, slots=True)
class AuditFacts:
    """Everything that decides whether an audit may be submitted."""

    sections: Sequence[SectionFacts]
    conversations: Sequence[ConversationFacts]
    scale: Mapping[str, Grade]
    has_overall_grade: bool = True
    overall_grade: str | None = None
    has_overall_reasons: bool = False


@dataclass(frozen=True, slots=True)
class Missing:
    """One thing that stands between the audit and its submission: where (`sections/<key>`, ...), and what."""

    part: str
    title: str
    lack: Lack
    anchor: str = field(default="")


def asks_about_child(grade: str | None, scale: Mapping[str, Grade]) -> bool:
    """Whether "does a weakness affect the child now?" must be answered: for a grade below good."""
    return grade is not None and grade in scale and not scale[grade].good_or_better


def section_lacks(section: SectionFacts, scale: Mapping[str, Grade]) -> list[Lack]:
    """What a section still needs. One that is not required and has no grade needs nothing."""
    if section.grade is None:
        return [Lack.GRADE] if section.required else []
    lacks = []
    if section.affects_child_now is None and asks_about_child(section.grade, scale):
        lacks.append(Lack.AFFECTS_CHILD)
    if section.affects_child_now and section.grade != NOT_APPLICABLE and not section.actions:
        lacks.append(Lack.ACTION)
    return lacks


def section_complete(section: SectionFacts, scale: Mapping[str, Grade]) -> bool:
    """Whether a section is graded, and each of its weaknesses that affects the child now has an action."""
    return section.grade is not None and not section_lacks(section, scale)


def section_state(section: SectionFacts, scale: Mapping[str, Grade]) -> SectionState:
    """How far a section is, for the list of sections."""
    if section_complete(section, scale):
        return SectionState.COMPLETE
    begun = section.grade is not None or section.has_text or section.affects_child_now is not None or section.actions
    return SectionState.IN_PROGRESS if begun else SectionState.NOT_STARTED


def sections_done(sections: Sequence[SectionFacts], scale: Mapping[str, Grade]) -> int:
    """How many sections are complete: the slow way to what the audit's row keeps."""
    return sum(section_complete(section, scale) for section in sections)


def conversation_lacks(conversation: ConversationFacts) -> list[Lack]:
    """What a conversation still needs: an answer, and the reason where it was not held.

    The one with the social worker is always expected (domain.md section 3); every one needs an answer.
    """
    if conversation.held is None:
        return [Lack.SOCIAL_WORKER if conversation.with_whom == "social_worker" else Lack.HELD]
    return [Lack.WHY_NOT] if not conversation.held and not conversation.says_why_not else []


def overall_lacks(audit: AuditFacts) -> list[Lack]:
    """What the overall grade still needs, where the tool has one."""
    if not audit.has_overall_grade:
        return []
    lacks = [] if audit.overall_grade in audit.scale else [Lack.OVERALL_GRADE]
    return lacks if audit.has_overall_reasons else [*lacks, Lack.OVERALL_REASONS]


_ANCHORS = {
    Lack.GRADE: "grade",
    Lack.AFFECTS_CHILD: "affects_child_now",
    Lack.ACTION: "actions",
    Lack.OVERALL_GRADE: "grade",
    Lack.OVERALL_REASONS: "reasons",
}


def missing(audit: AuditFacts) -> list[Missing]:
    """Everything that an audit still needs before it may be submitted, in the order of its pages. Empty: nothing."""
    found = [
        Missing(f"sections/{section.key}", section.title, lack, _ANCHORS[lack])
        for section in audit.sections
        for lack in section_lacks(section, audit.scale)
    ]
    for talk in audit.conversations:
        for lack in conversation_lacks(talk):
            suffix = "why_not" if lack is Lack.WHY_NOT else "held"
            found.append(Missing("conversations", talk.title, lack, f"{talk.with_whom}_{suffix}"))
    found += [Missing("overall", "Overall grade", lack, _ANCHORS[lack]) for lack in overall_lacks(audit)]
    return found


def is_late(submitted_at: datetime, due_on: date) -> bool:
    """Whether a first submission came after the end of the due date in London."""
    return submitted_at >= end_of_day(due_on)
