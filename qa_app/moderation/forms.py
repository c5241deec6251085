"""What the pages of moderation accept. A save needs nothing: the check says what is missing."""

from collections.abc import Sequence
from typing import Any

from qa_app.audits.content import NOT_APPLICABLE_LABEL
from qa_app.audits.rules import NOT_APPLICABLE, Grade
from qa_app.core.drafts import DraftForm
from qa_app.core.forms import (
    CheckboxesField,
    DateField,
    MaxLength,
    RadioField,
    Required,
    SelectField,
    TextAreaField,
    TextField,
    VersionForm,
)
from qa_app.moderation.inputs import DecisionInput, GradesInput, SectionInput
from qa_app.tools.models import Domain

MOST_CHARACTERS = 4000


class GradesForm(DraftForm):
    """Own grades: a grade and a reason for each section of the tool, and overall where it has an overall grade.

    Feedback is on the page once the auditor's grades may be seen.
    """

    keys: Sequence[str] = ()
    overall = RadioField("Your overall grade")
    reasons = TextAreaField("Your reasons", [MaxLength(MOST_CHARACTERS)])
    feedback = TextAreaField("Feedback for the auditor", [MaxLength(MOST_CHARACTERS)])

    def grade_of(self, key: str) -> Any:
        """The field of a section's grade."""
        return self[f"grade_{key}"]

    def reason_of(self, key: str) -> Any:
        """The field of a section's reason."""
        return self[f"reason_{key}"]

    def typed(self) -> GradesInput:
        """What the moderator has typed so far."""
        sections = {
            key: SectionInput(self.grade_of(key).data or None, self.reason_of(key).data or "") for key in self.keys
        }
        return GradesInput(sections, self.overall.data or None, self.reasons.data or "", self.feedback.data or "")


def grades_form(tool: Sequence[Domain], scale: Sequence[Grade], kept: GradesInput, version: int) -> GradesForm:
    """The form of own grades for a tool, with what is kept so far."""

    class OfTool(GradesForm):
        """The sections of this tool."""

        keys = [domain.key for domain in tool]

    choices = [(grade.key, grade.label) for grade in scale]
    values: dict[str, Any] = {"version": version, "overall": kept.overall, "reasons": kept.reasons}
    values["feedback"] = kept.feedback
    for domain in tool:
        own = [*choices, (NOT_APPLICABLE, NOT_APPLICABLE_LABEL)] if domain.may_be_not_applicable else choices
        setattr(OfTool, f"grade_{domain.key}", RadioField(f"Your grade for {domain.title.lower()}", choices=own))
        setattr(
            OfTool,
            f"reason_{domain.key}",
            TextAreaField(f"Why, for {domain.title.lower()}", [MaxLength(MOST_CHARACTERS)]),
        )
        one = kept.sections.get(domain.key, SectionInput())
        values |= {f"grade_{domain.key}": one.grade, f"reason_{domain.key}": one.reason}
    form = OfTool(data=values)
    form.overall.choices = choices
    return form


class LockForm(VersionForm):
    """One button: lock own grades."""


class ResultForm(VersionForm):
    """The grade that stands."""

    grade = RadioField("Which grade stands?")

    def __init__(self, scale: Sequence[Grade], **values: Any) -> None:
        super().__init__(**values)
        self.grade.choices = [(grade.key, grade.label) for grade in scale]


class ModeratorForm(VersionForm):
    """Another moderator, chosen by the QA team."""

    moderator = SelectField("New moderator", [Required("Choose the new moderator")])
    reason = TextField("Why must it be somebody who is away?", [MaxLength(MOST_CHARACTERS)])

    def __init__(self, people: Sequence[tuple[int, str]], **values: Any) -> None:
        super().__init__(**values)
        self.moderator.choices = [("", "Choose a person"), *((str(person_id), words) for person_id, words in people)]


class AcknowledgeForm(VersionForm):
    """One button: I have read it and accept it."""


class DisputeForm(VersionForm):
    """Why a grade is disputed."""

    reason = TextAreaField(
        "Why do you dispute this grade?", [Required("Enter why you dispute the grade"), MaxLength(MOST_CHARACTERS)]
    )


class PanelForm(VersionForm):
    """What the moderation panel decided."""

    on = DateField("When did the panel meet?", [Required("Enter the date on which the panel met")], what="the date")
    people = CheckboxesField("Who was there?")
    grade = RadioField("Which grade stands?")
    reasons = TextAreaField("The panel's reasons", [Required("Enter the panel's reasons"), MaxLength(MOST_CHARACTERS)])

    def __init__(self, people: Sequence[tuple[int, str]], scale: Sequence[Grade], **values: Any) -> None:
        super().__init__(**values)
        self.people.choices = [(str(person_id), name) for person_id, name in people]
        self.grade.choices = [(grade.key, grade.label) for grade in scale]

    def typed(self) -> DecisionInput:
        """The decision, as far as it is typed."""
        people = [int(person_id) for person_id in self.people.data or []]
        return DecisionInput(self.on.data, people, self.grade.data or None, self.reasons.data or "")
