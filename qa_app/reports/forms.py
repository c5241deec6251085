"""What the pages of reports accept."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from qa_app.core.drafts import DraftForm
from qa_app.core.forms import MaxLength, RadioField, Required, SelectField, TextAreaField, VersionForm
from qa_app.reports.blocks import LONGEST_NARRATIVE, Narrative
from qa_app.reports.states import AUDIENCE_LABELS, KIND_LABELS, Audience, ReportKind


class NewReportForm(VersionForm):
    """Which report, of which month, for whom."""

    kind = RadioField("Which report?", [Required("Choose which report to make")])
    month = SelectField("Which month does it end with?", [Required("Choose a month")])
    audience = RadioField("Who is it for?", [Required("Choose who it is for")])

    def __init__(self, months: Sequence[tuple[str, str]], **values: Any) -> None:
        super().__init__(**values)
        self.kind.choices = [(kind.value, KIND_LABELS[kind]) for kind in ReportKind]
        self.month.choices = list(months)
        self.audience.choices = [(one.value, AUDIENCE_LABELS[one]) for one in Audience]

    def typed(self) -> tuple[ReportKind, date, Audience]:
        """Kind, month and audience, once the form is valid."""
        return ReportKind(self.kind.data), date.fromisoformat(f"{self.month.data}-01"), Audience(self.audience.data)


class CorrectForm(VersionForm):
    """Why a published report is corrected."""

    reason = TextAreaField("What is corrected, and why?", [Required("Enter what is corrected and why"), MaxLength(500)])


class WordsForm(DraftForm):
    """The QA team's words: one field for each place of the report."""

    places: Sequence[Narrative] = ()

    def field_of(self, key: str) -> Any:
        """The field of a place."""
        return self[f"words_{key}"]

    def typed(self) -> dict[str, str]:
        """What is written so far, by place."""
        return {place.key: self.field_of(place.key).data or "" for place in self.places}


def words_form(of: Sequence[Narrative], kept: Mapping[str, str], version: int) -> WordsForm:
    """The form for a report's places, with what is kept so far."""

    class OfReport(WordsForm):
        """The places of this report."""

        places = of

    values: dict[str, Any] = {"version": version}
    for place in of:
        setattr(OfReport, f"words_{place.key}", TextAreaField(place.prompt, [MaxLength(LONGEST_NARRATIVE)]))
        values[f"words_{place.key}"] = kept.get(place.key, "")
    return OfReport(data=values)
