"""What the pages of recommendations accept."""

from collections.abc import Sequence
from typing import Any

from qa_app.core.drafts import DraftForm
from qa_app.core.forms import (
    CheckboxField,
    DateField,
    FileField,
    Form,
    HiddenField,
    MaxLength,
    RadioField,
    Required,
    SelectField,
    TextAreaField,
    TextField,
    VersionForm,
    WholeNumberField,
)
from qa_app.recommendations.importing import LONGEST_TEXT
from qa_app.recommendations.inputs import JudgementInput, RecommendationInput, ReportInput, SummaryInput
from qa_app.recommendations.models import ReportKind
from qa_app.recommendations.presenters.words import OUTCOMES
from qa_app.recommendations.states import Outcome

Choices = Sequence[tuple[int, str]]


class ReportForm(VersionForm):
    """A report: what it is called, where it comes from, when, of which service, and what it was to find out."""

    title = TextField("Title", [Required("Enter the report's title"), MaxLength(200)])
    kind = RadioField("What kind of report is it?", [Required("Choose what kind of report it is")])
    dated = DateField("Date of the report", [Required("Enter the report's date")], what="the report's date")
    service = SelectField("Service")
    objective = TextAreaField("Original objective", [MaxLength(LONGEST_TEXT)])

    def __init__(self, kinds: Sequence[tuple[str, str]], services: Choices, **values: Any) -> None:
        super().__init__(**values)
        self.kind.choices = list(kinds)
        self.service.choices = [("", "The whole department"), *((str(key), name) for key, name in services)]

    def typed(self) -> ReportInput:
        """The report, once the form is valid."""
        service_id = int(self.service.data) if self.service.data else None
        kind = ReportKind(self.kind.data)
        return ReportInput(self.title.data or "", kind, self.dated.data, service_id, self.objective.data or "")


class RecommendationForm(VersionForm):
    """One recommendation. The number is asked for only where it is added."""

    number = WholeNumberField("Number in the report", what="the number")
    text = TextAreaField("What is recommended?", [Required("Enter what is recommended"), MaxLength(LONGEST_TEXT)])
    owner = SelectField("Who owns it?")
    due_on = DateField("By when?", what="the date")
    reason = TextAreaField("Why does the date change?", [MaxLength(500)])

    def __init__(self, owners: Choices, **values: Any) -> None:
        super().__init__(**values)
        self.owner.choices = [("", "Nobody yet"), *((str(key), words) for key, words in owners)]

    def typed(self) -> RecommendationInput:
        """The recommendation, once the form is valid."""
        owner_id = int(self.owner.data) if self.owner.data else None
        return RecommendationInput(self.text.data or "", owner_id, self.due_on.data, self.number.data)


class ProgressForm(VersionForm):
    """What the owner says was done."""

    text = TextAreaField("What was done?", [Required("Enter what was done"), MaxLength(LONGEST_TEXT)])
    is_done = CheckboxField("This recommendation is done")


class JudgementForm(DraftForm):
    """One judgement. A save needs nothing: the check says what is missing."""

    outcome = RadioField(
        "How far is it implemented?", choices=tuple((str(outcome), words) for outcome, words in OUTCOMES.items())
    )
    evidence = TextAreaField("What shows it?", [MaxLength(LONGEST_TEXT)])

    def typed(self) -> JudgementInput:
        """What is typed so far."""
        return JudgementInput(Outcome(self.outcome.data) if self.outcome.data else None, self.evidence.data or "")


class SummaryForm(DraftForm):
    """The follow-up as a whole."""

    dated = DateField("When was the follow-up made?", what="the follow-up's date")
    period = TextField("Which period does it look at?", [MaxLength(100)])
    audits = WholeNumberField("Audits", what="the number of audits")
    inadequate = WholeNumberField("Inadequate", what="the number of inadequate audits")
    repeat_inadequate = WholeNumberField("Repeat inadequate", what="the number of repeat inadequate audits")
    summary = TextAreaField("Summary", [MaxLength(20_000)])

    def typed(self) -> SummaryInput:
        """What is typed so far."""
        return SummaryInput(
            self.dated.data,
            self.period.data or "",
            self.audits.data,
            self.inadequate.data,
            self.repeat_inadequate.data,
            self.summary.data or "",
        )


class ImportForm(Form):
    """The list to upload."""

    file = FileField("List of recommendations", [Required("Choose a file")])


class ApplyForm(Form):
    """The preview that was seen."""

    seen = HiddenField()
