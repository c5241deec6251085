"""Which audits are moderated, by when, what a moderation still needs, and who decides (domain.md section 7). Pure."""

import hashlib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from qa_app.audits.rules import NOT_APPLICABLE, Grade
from qa_app.core.clock import add_working_days
from qa_app.moderation.states import Reason, Rule

PARTS = 10_000
"""A draw is one of so many numbers, from 0 on: a hundredth of a per cent."""


@dataclass(frozen=True, slots=True)
class Graded:
    """What an audit was graded: overall, and by section. A tool without an overall grade has none."""

    overall: str | None
    sections: Sequence[str | None] = ()

    @property
    def counted(self) -> list[str]:
        """The grades that stand for the audit: the overall one, or where the tool has none those of its sections."""
        if self.overall is not None:
            return [self.overall]
        return [grade for grade in self.sections if grade not in (None, NOT_APPLICABLE)]


def is_inadequate(graded: Graded, scale: Sequence[Grade]) -> bool:
    """Whether the audit, or one of its sections where there is no overall grade, is inadequate."""
    inadequate = {grade.key for grade in scale if grade.inadequate}
    return any(grade in inadequate for grade in graded.counted)


def is_outstanding(graded: Graded, scale: Sequence[Grade]) -> bool:
    """Whether the audit, or each of its sections where there is no overall grade, has the best grade of the scale."""
    return bool(graded.counted) and set(graded.counted) == {scale[0].key}


def draw(seed: str, number: int) -> int:
    """The audit's lot, which the round's recorded seed and the audit's number give to anybody who asks again."""
    digest = hashlib.sha256(f"moderation:{seed}:{number}".encode()).digest()
    return int.from_bytes(digest[:8], "big") % PARTS


def reason_for(rule: Rule, share: int, drawn: int, graded: Graded, scale: Sequence[Grade]) -> Reason:
    """Why an audit with these grades is moderated, or that it is not."""
    if rule is Rule.ALL:
        return Reason.EVERY
    if is_inadequate(graded, scale):
        return Reason.INADEQUATE
    if rule is Rule.INADEQUATE_TO_HEAD:
        return Reason.NOT_SELECTED
    if is_outstanding(graded, scale):
        return Reason.OUTSTANDING
    return Reason.SHARE if drawn * 100 < share * PARTS else Reason.NOT_SELECTED


def reason_after(before: Reason | None, found: Reason) -> Reason:
    """The reason that stands after a resubmission: what was selected stays so, whatever it says now."""
    return before if before is not None and found is Reason.NOT_SELECTED else found


def due_on(round_moderation_due_on: date, submitted_on: date, least_days: int) -> date:
    """When the moderation is due: on the round's date, or so many working days after submission where that is later."""
    return max(round_moderation_due_on, add_working_days(submitted_on, least_days))


def dispute_until(moderated_on: date, days: int) -> date:
    """The last day on which the grade can be disputed."""
    return add_working_days(moderated_on, days)


class Lack(StrEnum):
    """What a moderation still needs."""

    GRADE = "grade"
    REASON = "reason"
    OVERALL_GRADE = "overall_grade"
    OVERALL_REASONS = "overall_reasons"
    FEEDBACK = "feedback"


@dataclass(frozen=True, slots=True)
class OwnSection:
    """One section: the moderator's own grade, whether it says why, and the auditor's grade where it may be seen."""

    key: str
    title: str
    required: bool
    grade: str | None = None
    has_reason: bool = False
    theirs: str | None = None

    @property
    def differs(self) -> bool:
        """Whether the two disagree, as far as both may be seen."""
        return self.grade is not None and self.theirs is not None and self.grade != self.theirs


@dataclass(frozen=True, slots=True)
class Missing:
    """One thing that is missing, and where on the page it is mended."""

    title: str
    lack: Lack
    anchor: str = field(default="")


@dataclass(frozen=True, slots=True)
class OwnWhole:
    """What there is beside the sections. `overall` is asked only where the tool has an overall grade, `feedback` only
    once the auditor's grades may be seen.
    """

    overall: str | None
    has_reasons: bool
    has_feedback: bool
    asks_overall: bool = True
    asks_feedback: bool = True


def missing(sections: Sequence[OwnSection], whole: OwnWhole) -> list[Missing]:
    """What is missing before own grades can be locked, or the moderation finished, in the order of the page.

    A section needs a grade where the auditor's form required one, and a reason where the two grades are seen to differ.
    """
    found = []
    for one in sections:
        if one.grade is None and one.required:
            found.append(Missing(one.title, Lack.GRADE, f"grade_{one.key}"))
        elif one.differs and not one.has_reason:
            found.append(Missing(one.title, Lack.REASON, f"reason_{one.key}"))
    if whole.asks_overall and whole.overall is None:
        found.append(Missing("Overall grade", Lack.OVERALL_GRADE, "overall"))
    if not whole.has_reasons:
        title = "Overall grade" if whole.asks_overall else "All in all"
        found.append(Missing(title, Lack.OVERALL_REASONS, "reasons"))
    if whole.asks_feedback and not whole.has_feedback:
        found.append(Missing("Feedback", Lack.FEEDBACK, "feedback"))
    return found


def panel_faults(people: Collection[int], auditor_id: int | None, moderator_id: int | None) -> str:
    """What is wrong with a panel of these people, as a sentence; empty when nothing is.

    Two or more decide, and never the auditor and the moderator between themselves.
    """
    if len(set(people)) < 2:
        return "Choose at least two people who were there"
    if not set(people) - {auditor_id, moderator_id}:
        return "Choose somebody besides the auditor and the moderator: the two can't decide alone"
    return ""


def agreement(pairs: Mapping[str, tuple[str | None, str | None]]) -> tuple[int, int]:
    """How many of the sections that both graded have the same grade, and how many both graded."""
    both = [(one, other) for one, other in pairs.values() if one is not None and other is not None]
    return sum(one == other for one, other in both), len(both)
