"""What the pages of actions accept."""

from collections.abc import Sequence
from typing import Any

from qa_app.actions.inputs import HandOver, VerifyInput
from qa_app.actions.states import OUTCOME_LABELS, Outcome
from qa_app.core.forms import (
    CheckboxesField,
    DateField,
    Form,
    MaxLength,
    RadioField,
    Required,
    SelectField,
    TextAreaField,
    VersionForm,
)

MOST_CHARACTERS = 4000


class NoteForm(Form):
    """A word on how it goes."""

    text = TextAreaField("How does it go?", [Required("Enter how it goes"), MaxLength(MOST_CHARACTERS)])

    def typed(self) -> str:
        """The note."""
        return self.text.data or ""


class DoneForm(VersionForm):
    """It is done."""

    evidence = TextAreaField(
        "What was done, and how can one see it?",
        [Required("Enter what was done, and how one can see it"), MaxLength(MOST_CHARACTERS)],
    )

    def typed(self) -> str:
        """The evidence."""
        return self.evidence.data or ""


class NotDoneForm(VersionForm):
    """It will not be done."""

    evidence = TextAreaField(
        "Why will it not be done?", [Required("Enter why it will not be done"), MaxLength(MOST_CHARACTERS)]
    )

    def typed(self) -> str:
        """The reason."""
        return self.evidence.data or ""


class ReviseForm(VersionForm):
    """Another date."""

    due_on = DateField("By when?", [Required("Enter the date it should be done by")], what="the date")
    reason = TextAreaField(
        "Why does the date change?", [Required("Enter why the date changes"), MaxLength(MOST_CHARACTERS)]
    )

    def typed(self) -> str:
        """The reason."""
        return self.reason.data or ""


class VerifyForm(VersionForm):
    """How far it was done."""

    outcome = RadioField(
        "How far was it done?",
        [Required("Choose how far it was done")],
        choices=[(outcome, OUTCOME_LABELS[outcome]) for outcome in Outcome],
    )
    evidence = TextAreaField("What did you see?", [Required("Enter what you saw"), MaxLength(MOST_CHARACTERS)])
    due_on = DateField("By when should it be done, if it is opened again?", what="the date")

    def typed(self) -> VerifyInput:
        """What was found, once the form is valid."""
        return VerifyInput(Outcome(self.outcome.data), self.evidence.data or "", self.due_on.data)


class ReopenForm(VersionForm):
    """It is to be done after all."""

    evidence = TextAreaField(
        "Why is it to be done after all?",
        [Required("Enter why it is to be done after all"), MaxLength(MOST_CHARACTERS)],
    )
    due_on = DateField("By when?", [Required("Enter the date it should be done by")], what="the date")

    def typed(self) -> str:
        """The reason."""
        return self.evidence.data or ""


class ReassignForm(VersionForm):
    """Somebody else does it."""

    owner = SelectField("Who will do it?", [Required("Choose who will do it")])
    reason = TextAreaField(
        "Why does the owner change?", [Required("Enter why the owner changes"), MaxLength(MOST_CHARACTERS)]
    )

    def __init__(self, owners: Sequence[tuple[int, str]], **values: Any) -> None:
        super().__init__(**values)
        self.owner.choices = [("", "Choose a person"), *((str(person), words) for person, words in owners)]

    def typed(self) -> HandOver:
        """To whom, and why, once the form is valid."""
        return HandOver(int(self.owner.data or 0), self.reason.data or "")


class ReassignManyForm(ReassignForm):
    """Somebody else does all that is ticked."""

    actions = CheckboxesField("Which actions?", [Required("Choose at least one action")])

    def __init__(self, owners: Sequence[tuple[int, str]], offered: Sequence[tuple[int, str]], **values: Any) -> None:
        super().__init__(owners, **values)
        self.actions.choices = [(str(action), words) for action, words in offered]

    def chosen(self) -> list[int]:
        """The ids of the actions that are ticked."""
        return [int(value) for value in self.actions.data or []]
