"""What the pages of calibration sets accept. Own grades are given as in a moderation."""

from collections.abc import Sequence
from typing import Any

from qa_app.calibration.inputs import SetInput
from qa_app.core.forms import (
    CheckboxesField,
    DateField,
    Form,
    MaxLength,
    Required,
    TextField,
    VersionForm,
)


class SetForm(Form):
    """A new calibration set."""

    name = TextField("Name of this set", [Required("Enter a name for this set"), MaxLength(100)])
    reference = TextField("Case", [Required("Enter the reference of a case, or of a submitted audit"), MaxLength(100)])
    people = CheckboxesField("Who grades it?")
    due_on = DateField("By when?", [Required("Enter the date by which they grade it")], what="the date")

    def __init__(self, people: Sequence[tuple[int, str]], **values: Any) -> None:
        super().__init__(**values)
        self.people.choices = [(str(person_id), words) for person_id, words in people]

    def typed(self) -> SetInput:
        """The set, as far as it is typed."""
        people = [int(person_id) for person_id in self.people.data or []]
        return SetInput(self.name.data or "", self.reference.data or "", people, self.due_on.data)


class HandInForm(VersionForm):
    """One button: hand in."""


class RevealForm(VersionForm):
    """One button: reveal."""
