"""The audit as one document: what 'check your answers' shows and what a submission freezes. Plain values, no tables."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from qa_app.audits.rules import (
    NOT_APPLICABLE,
    AuditFacts,
    ConversationFacts,
    Grade,
    SectionFacts,
)

NOT_APPLICABLE_LABEL = "Not applicable"


@dataclass(frozen=True, slots=True)
class ActionContent:
    """One action as it stood. `due_on` is an ISO date."""

    what: str
    owner: str
    due_on: str
    is_immediate: bool

    @property
    def due(self) -> date:
        """The due date."""
        return date.fromisoformat(self.due_on)


@dataclass(frozen=True, slots=True)
class SectionContent:
    """One section as it was answered."""

    key: str
    title: str
    grade: str | None
    grade_label: str
    strengths: str
    improvements: str
    affects_child_now: bool | None
    required: bool
    actions: Sequence[ActionContent]

    def facts(self) -> SectionFacts:
        """What decides whether it is complete."""
        has_text = bool(self.strengths or self.improvements)
        return SectionFacts(
            self.key, self.title, self.required, self.grade, self.affects_child_now, has_text, len(self.actions)
        )


@dataclass(frozen=True, slots=True)
class ConversationContent:
    """One conversation as it was answered."""

    with_whom: str
    title: str
    held: bool | None
    why_not: str
    learned: str


@dataclass(frozen=True, slots=True)
class Content:
    """The whole audit. `scale` holds the grades, best first."""

    scale: Sequence[Grade]
    sections: Sequence[SectionContent]
    conversations: Sequence[ConversationContent]
    has_overall_grade: bool
    overall_grade: str | None
    overall_label: str
    overall_reasons: str
    auditor: str

    def facts(self) -> AuditFacts:
        """What decides whether it may be submitted."""
        return AuditFacts(
            [section.facts() for section in self.sections],
            [ConversationFacts(c.with_whom, c.title, c.held, bool(c.why_not)) for c in self.conversations],
            {grade.key: grade for grade in self.scale},
            self.has_overall_grade,
            self.overall_grade,
            bool(self.overall_reasons),
        )

    @property
    def is_inadequate(self) -> bool:
        """Whether the overall grade is one that the council counts as inadequate."""
        return any(grade.key == self.overall_grade and grade.inadequate for grade in self.scale)

    def as_json(self) -> dict[str, Any]:
        """For the submission's row."""
        return asdict(self)


def read_scale(rows: Sequence[Mapping[str, Any]]) -> list[Grade]:
    """The grades of a tool version, best first."""
    return [
        Grade(row["key"], row["label"], row["good_or_better"], row["inadequate"], row.get("starts_improvement", False))
        for row in rows
    ]


def grade_label(grade: str | None, scale: Sequence[Grade]) -> str:
    """How a grade's key reads; empty where none is chosen."""
    if grade == NOT_APPLICABLE:
        return NOT_APPLICABLE_LABEL
    return next((known.label for known in scale if known.key == grade), grade or "")


def read_content(stored: Mapping[str, Any]) -> Content:
    """The content that a submission's row holds."""
    values = dict(stored)
    values["scale"] = [Grade(**row) for row in values["scale"]]
    values["sections"] = [
        SectionContent(**{**row, "actions": [ActionContent(**action) for action in row["actions"]]})
        for row in values["sections"]
    ]
    values["conversations"] = [ConversationContent(**row) for row in values["conversations"]]
    return Content(**values)
