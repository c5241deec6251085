"""The forms about cases: upload a list, say which column is which, mark a case as restricted."""

from collections.abc import Sequence
from typing import Any, cast

from qa_app.cases.reading import ColumnMapping
from qa_app.cases.reading.mapped import FIELD_LABELS, REQUIRED_FIELDS
from qa_app.cases.states import Status
from qa_app.core.forms import FileField, Form, MaxLength, Required, SelectField, TextAreaField

STATUS_CHOICES = (
    ("", "Not known: leave these rows out"),
    *((status.name, "Care leaver" if status is Status.CARE_LEAVER else status.value[3:]) for status in Status),
)


class UploadForm(Form):
    """A case list, and perhaps a team lookup."""

    file = FileField("Case list", [Required("Choose a case list to upload")])
    teams = FileField("Team lookup (optional)")


class RestrictionForm(Form):
    """Why a case is marked as restricted, or the mark taken off."""

    reason = TextAreaField("Reason", [Required("Enter the reason"), MaxLength(500)])


class ColumnsForm(Form):
    """Which column holds what. The fields of `columns_form` are made for one file's headings and status words."""

    @property
    def mapping(self) -> ColumnMapping:
        """What was chosen."""
        headings = {name: self[name].data for name in FIELD_LABELS if self[name].data}
        words = {
            str(field.label.text): Status[field.data]
            for field in self
            if field.name.startswith(WORD_PREFIX) and field.data
        }
        return ColumnMapping(headings, words)

    @property
    def word_fields(self) -> list[Any]:
        """The fields for status words that are not known."""
        return [field for field in self if field.name.startswith(WORD_PREFIX)]


WORD_PREFIX = "word_"


def columns_form(headings: Sequence[str], before: ColumnMapping, words: Sequence[str]) -> ColumnsForm:
    """The form for a file's headings and unknown status words, filled in with what is known."""
    choices = [("", "Not in this file"), *((heading, heading) for heading in dict.fromkeys(headings) if heading)]
    fields: dict[str, Any] = {}
    for name, label in FIELD_LABELS.items():
        required = [Required(f"Choose the column for {label.lower()}")] if name in REQUIRED_FIELDS else []
        fields[name] = SelectField(label, required, choices=choices)
    data = dict(before.headings)
    for number, word in enumerate(dict.fromkeys((*before.status_words, *words))):
        fields[f"{WORD_PREFIX}{number}"] = SelectField(word, choices=list(STATUS_CHOICES))
        if word in before.status_words:
            data[f"{WORD_PREFIX}{number}"] = before.status_words[word].name
    made = type("FileColumnsForm", (ColumnsForm,), fields)
    return cast(ColumnsForm, made(data=data))
