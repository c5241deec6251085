"""What the pages of improvement processes accept."""

from collections.abc import Mapping, Sequence
from typing import Any

from qa_app.core.forms import (
    DateField,
    Form,
    HiddenField,
    MaxLength,
    RadioField,
    Required,
    SelectField,
    TextAreaField,
    TextField,
    VersionForm,
)
from qa_app.improvement.inputs import CaseloadInput, CorrectionInput, MeetingInput, PlannedAction, ReviewInput
from qa_app.improvement.states import CONCERN_LABELS, ConcernAbout, StageKind

MOST_CHARACTERS = 4000
SHORT = 300
ROWS, MOST_ROWS = 3, 15
NO_CONCERN = "none"
People = Sequence[tuple[int, str]]


class MeetingForm(VersionForm):
    """The record of the day-three meeting; `meeting_form` adds a row of fields for each action."""

    rows = HiddenField()
    held_on = DateField("When was the meeting?", what="the date of the meeting")
    present = TextAreaField("Who was there?", [MaxLength(SHORT)])
    agreed = TextAreaField("What was agreed?", [MaxLength(MOST_CHARACTERS)])
    no_action_reason = TextAreaField("If there is no action: why does the plan need none?", [MaxLength(SHORT)])
    concern_about = RadioField("Is there a concern about another professional's part in this case?")
    concern = TextAreaField("What is the concern?", [MaxLength(MOST_CHARACTERS)])
    next_step = TextAreaField("What happens next?", [MaxLength(SHORT)])
    late_reason = TextAreaField("Why was the meeting held late?", [MaxLength(SHORT)])
    count: int

    @property
    def action_rows(self) -> list[tuple[int, Any, Any, Any]]:
        """Each row of the plan: its number and its three fields."""
        return [(n, self[f"what_{n}"], self[f"owner_{n}"], self[f"due_on_{n}"]) for n in range(1, self.count + 1)]

    def typed(self) -> MeetingInput:
        """The record, once the form is valid. A row in which nothing was typed is no action."""
        about = self.concern_about.data
        return MeetingInput(
            held_on=self.held_on.data,
            present=self.present.data or "",
            agreed=self.agreed.data or "",
            actions=[action for action in map(_planned, self.action_rows) if action is not None],
            no_action_reason=self.no_action_reason.data or "",
            late_reason=self.late_reason.data or "",
            concern_about=None if about in (None, "", NO_CONCERN) else ConcernAbout(about),
            concern=self.concern.data or "",
            next_step=self.next_step.data or "",
        )


def _planned(row: tuple[int, Any, Any, Any]) -> PlannedAction | None:
    n, what, owner, due_on = row
    text, chosen = (what.data or "").strip(), owner.data or ""
    if not text and not chosen and due_on.data is None:
        return None
    offered = {str(value) for value, *_ in owner.iter_choices()} - {""}
    return PlannedAction(n, text, int(chosen) if chosen in offered else None, due_on.data)


def meeting_form(owners: People, sent: Mapping[str, str] | None, **values: Any) -> MeetingForm:
    """The form with as many rows for actions as were sent, one more where one was asked for, else three."""
    count = _rows(sent)
    fields: dict[str, Any] = {"count": count}
    for n in range(1, count + 1):
        fields[f"what_{n}"] = TextAreaField(f"Action {n}: what should be done?", [MaxLength(SHORT)])
        fields[f"owner_{n}"] = SelectField(f"Action {n}: who does it?", validate_choice=False)
        fields[f"due_on_{n}"] = DateField(f"Action {n}: by when?", what=f"the date of action {n}")
    made: MeetingForm = type("MeetingFormOf", (MeetingForm,), fields)(**values)
    for n in range(1, count + 1):
        made[f"owner_{n}"].choices = [("", "Choose a person"), *((str(key), words) for key, words in owners)]
    made.concern_about.choices = [(NO_CONCERN, "No"), *((str(key), label) for key, label in CONCERN_LABELS.items())]
    made.rows.data = str(count)
    return made


def _rows(sent: Mapping[str, str] | None) -> int:
    if sent is None:
        return ROWS
    typed = sent.get("rows", "")
    count = int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 3 else ROWS
    return min(MOST_ROWS, max(1, count + (1 if "more" in sent else 0)))


class CorrectionForm(VersionForm):
    """What the record of the meeting should say."""

    held_on = DateField("When was the meeting?", what="the date of the meeting")
    late_reason = TextAreaField("If it was held after its date: why?", [MaxLength(SHORT)])
    present = TextAreaField("Who was there?", [MaxLength(SHORT)])
    agreed = TextAreaField("What was agreed?", [MaxLength(MOST_CHARACTERS)])
    no_action_reason = TextAreaField("Why does the plan need no action?", [MaxLength(SHORT)])
    next_step = TextAreaField("What happens next?", [MaxLength(SHORT)])
    reason = TextAreaField("Why do you correct the record?", [MaxLength(SHORT)])

    def typed(self) -> CorrectionInput:
        """What it should say, once the form is valid."""
        texts = (self.present, self.agreed, self.next_step, self.no_action_reason, self.late_reason, self.reason)
        return CorrectionInput(self.held_on.data, *(field.data or "" for field in texts))


class ReviewForm(VersionForm):
    """The service manager's review."""

    effective = RadioField(
        "Are the remedial actions happening, and are they effective?",
        [Required("Choose whether the remedial actions are happening and effective")],
        choices=[("yes", "Yes, they are happening and effective"), ("not_yet", "Not yet: a further review follows")],
    )
    again_on = DateField("When is the further review?", what="the date of the further review")
    note = TextAreaField("What did you look at, and what did you find?", [MaxLength(MOST_CHARACTERS)])

    def typed(self) -> ReviewInput:
        """What the service manager found, once the form is valid."""
        return ReviewInput(self.effective.data == "yes", self.note.data or "", self.again_on.data)


class CaseloadForm(VersionForm):
    """A whole caseload review: held, or not required."""

    outcome = RadioField(
        "What became of the whole caseload review?",
        [Required("Choose whether it was held or is not required")],
        choices=[("held", "It was held"), ("waived", "The criteria are met, but it is not required")],
    )
    held_on = DateField("When was it held?", what="the date of the review")
    held_by = TextField("Who reviewed the caseload?", [MaxLength(SHORT)])
    authorised_by = SelectField("Who authorised that it is not required?", validate_choice=False)
    note = TextAreaField("What was found; or why is it not required?", [MaxLength(MOST_CHARACTERS)])

    def __init__(self, authorisers: People, **values: Any) -> None:
        super().__init__(**values)
        self.authorised_by.choices = [("", "Choose a person"), *((str(key), words) for key, words in authorisers)]

    def typed(self) -> CaseloadInput:
        """What became of it, once the form is valid."""
        chosen = self.authorised_by.data or ""
        offered = {str(value) for value, *_ in self.authorised_by.iter_choices()} - {""}
        return CaseloadInput(
            held=self.outcome.data == "held",
            note=self.note.data or "",
            held_on=self.held_on.data,
            held_by=self.held_by.data or "",
            authorised_by_id=int(chosen) if chosen in offered else None,
        )


class ReauditForm(VersionForm):
    """Who audits the case again."""

    auditor = RadioField("Who audits the case again?", [Required("Choose who audits the case again")])

    def __init__(self, takers: People, **values: Any) -> None:
        super().__init__(**values)
        self.auditor.choices = [(str(key), words) for key, words in takers]


class SkipForm(VersionForm):
    """Leave out a step."""

    stage = RadioField("Which step is left out?", [Required("Choose which step is left out")])
    reason = TextAreaField("Why?", [MaxLength(MOST_CHARACTERS)])

    def __init__(self, stages: Sequence[tuple[str, str]], **values: Any) -> None:
        super().__init__(**values)
        self.stage.choices = list(stages)

    @property
    def kind(self) -> StageKind:
        """The stage, once the form is valid."""
        return StageKind(self.stage.data)


class CloseForm(VersionForm):
    """The closing words."""

    note = TextAreaField("What has changed, and what goes on?", [MaxLength(MOST_CHARACTERS)])


class EndForm(VersionForm):
    """Why a process ends early."""

    reason = TextAreaField("Why does the process end?", [MaxLength(MOST_CHARACTERS)])


class ConcernForm(Form):
    """What became of a concern."""

    answer = TextAreaField("What became of it?", [MaxLength(MOST_CHARACTERS)])
