"""What the pages of slippage notices accept."""

from collections.abc import Sequence
from typing import Any

from qa_app.core.forms import (
    DateField,
    Form,
    MaxLength,
    RadioField,
    Required,
    SelectField,
    TextAreaField,
    VersionForm,
)
from qa_app.slippage.inputs import AnswerInput, RaiseInput
from qa_app.slippage.states import Outcome

MOST_CHARACTERS = 2000


class RaiseForm(Form):
    """I may not finish in time."""

    reason = TextAreaField(
        "Why may you not finish in time?",
        [Required("Enter why you may not finish in time"), MaxLength(MOST_CHARACTERS)],
    )
    could_be_done_on = DateField(
        "When could it be done?", [Required("Enter the date it could be done")], what="the date it could be done"
    )
    would_help = TextAreaField("What would help?", [MaxLength(MOST_CHARACTERS)])

    def typed(self) -> RaiseInput:
        """What the auditor says, once the form is valid."""
        return RaiseInput(self.reason.data or "", self.could_be_done_on.data, self.would_help.data or "")


class ForwardForm(VersionForm):
    """What the Head of Service asks the QA team for."""

    note = TextAreaField(
        "What do you ask the QA team for?", [Required("Enter what you ask the QA team for"), MaxLength(MOST_CHARACTERS)]
    )


class AnswerForm(VersionForm):
    """The QA team's answer."""

    outcome = RadioField("What happens now?", [Required("Choose what happens now")])
    # Not on the page where nobody can take it over; the operation says what is missing where it is needed.
    auditor = SelectField("New auditor", validate_choice=False)
    note = TextAreaField(
        "What should the auditor know?", [Required("Enter a sentence for the auditor"), MaxLength(MOST_CHARACTERS)]
    )

    def __init__(self, takers: Sequence[tuple[int, str]], **values: Any) -> None:
        super().__init__(**values)
        reassigned = [(Outcome.REASSIGNED, "Another auditor does this audit")] if takers else []
        self.outcome.choices = [
            *reassigned,
            (Outcome.CAPACITY_FOUND, "Capacity is found: this auditor gets the time or the help"),
            (Outcome.NO_CAPACITY, "There is no capacity: the audit stays due as it is"),
            (Outcome.BACK_ON_TRACK, "It is back on track: nothing more is needed"),
        ]
        people = [(str(person_id), words) for person_id, words in takers]
        self.auditor.choices = [("", "Choose a person"), *people]

    def typed(self) -> AnswerInput:
        """The answer, once the form is valid."""
        outcome, chosen = Outcome(self.outcome.data), self.auditor.data
        offered = {str(value) for value, *_ in self.auditor.iter_choices()} - {""}
        auditor_id = int(chosen) if outcome is Outcome.REASSIGNED and chosen in offered else None
        return AnswerInput(outcome, self.note.data or "", auditor_id)
