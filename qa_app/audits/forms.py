"""What the pages of an audit accept. A save needs nothing: the list and the check say what is missing."""

from collections.abc import Sequence
from typing import Any

from qa_app.actions.inputs import ActionInput
from qa_app.actions.states import FOR_WHOM_LABELS, ForWhom
from qa_app.audits.content import NOT_APPLICABLE_LABEL
from qa_app.audits.inputs import ConversationInput, Outcome, OverallInput, SectionInput
from qa_app.audits.models import ConversationWith, DeclarationKind
from qa_app.audits.rules import NOT_APPLICABLE, Grade
from qa_app.core.drafts import DraftForm
from qa_app.core.forms import (
    CheckboxField,
    DateField,
    Form,
    MaxLength,
    RadioField,
    Required,
    SelectField,
    TextAreaField,
)

YES_NO = (("yes", "Yes"), ("no", "No"))
_TO_BOOL = {"yes": True, "no": False}
_TO_WORD = {True: "yes", False: "no"}
MOST_CHARACTERS = 4000


def word_of(value: bool | None) -> str | None:
    """`yes`, `no` or nothing, as the radios hold it."""
    return None if value is None else _TO_WORD[value]


def _text(value: str | None) -> str:
    # PostgreSQL refuses NUL, which a paste from a document may hold.
    return (value or "").replace("\x00", "")


class SectionForm(DraftForm):
    """One section."""

    grade = RadioField("Grade")
    strengths = TextAreaField("Strengths")
    improvements = TextAreaField("Areas for improvement")
    affects_child_now = RadioField("Does a weakness affect the child now?", choices=YES_NO)

    def __init__(self, scale: Sequence[Grade], may_be_not_applicable: bool, **values: Any) -> None:
        super().__init__(**values)
        choices = [(grade.key, grade.label) for grade in scale]
        self.grade.choices = [*choices, (NOT_APPLICABLE, NOT_APPLICABLE_LABEL)] if may_be_not_applicable else choices

    def typed(self) -> SectionInput:
        """What the person has typed so far."""
        return SectionInput(
            self.grade.data or None,
            _text(self.strengths.data),
            _text(self.improvements.data),
            _TO_BOOL.get(self.affects_child_now.data or ""),
        )


class ConversationsForm(DraftForm):
    """The conversations, each held or not."""

    social_worker_held = RadioField("Did you talk with the social worker?", choices=YES_NO)
    social_worker_learned = TextAreaField("What did you learn from the social worker?")
    social_worker_why_not = TextAreaField("Why did you not talk with the social worker?")
    parent_or_carer_held = RadioField("Did you talk with a parent or carer?", choices=YES_NO)
    parent_or_carer_learned = TextAreaField("What did you learn from the parent or carer?")
    parent_or_carer_why_not = TextAreaField("Why did you not talk with a parent or carer?")
    child_held = RadioField("Did you talk with the child?", choices=YES_NO)
    child_learned = TextAreaField("What did you learn from the child?")
    child_why_not = TextAreaField("Why did you not talk with the child?")

    def typed(self) -> dict[ConversationWith, ConversationInput]:
        """What the person has answered so far."""
        return {
            whom: ConversationInput(
                _TO_BOOL.get(self[f"{whom}_held"].data or ""),
                _text(self[f"{whom}_why_not"].data),
                _text(self[f"{whom}_learned"].data),
            )
            for whom in ConversationWith
        }


class OverallForm(DraftForm):
    """The overall grade."""

    grade = RadioField("Overall grade")
    reasons = TextAreaField("Reasons for the overall grade")

    def __init__(self, scale: Sequence[Grade], **values: Any) -> None:
        super().__init__(**values)
        self.grade.choices = [(grade.key, grade.label) for grade in scale]

    def typed(self) -> OverallInput:
        """What the person has typed so far."""
        return OverallInput(self.grade.data or None, _text(self.reasons.data))


class ActionForm(Form):
    """One action of a section."""

    what = TextAreaField("What should be done?", [Required("Enter what should be done"), MaxLength(MOST_CHARACTERS)])
    owner = SelectField("Who will do it?", [Required("Choose who will do it")])
    due_on = DateField("By when?", [Required("Enter the date it should be done by")], what="the date")
    for_whom = RadioField("For whom is it?", choices=list(FOR_WHOM_LABELS.items()), default=ForWhom.CHILD)
    is_immediate = CheckboxField("Immediate: a child may be at risk now")

    def __init__(self, owners: Sequence[tuple[int, str]], **values: Any) -> None:
        super().__init__(**values)
        self.owner.choices = [("", "Choose a person"), *((str(person), words) for person, words in owners)]

    def typed(self) -> ActionInput:
        """The action, once the form is valid."""
        assert self.due_on.data is not None
        return ActionInput(
            _text(self.what.data),
            int(self.owner.data),
            self.due_on.data,
            bool(self.is_immediate.data),
            ForWhom(self.for_whom.data or ForWhom.CHILD),
        )


class SubmitForm(Form):
    """The declaration before an audit is submitted."""

    declared = CheckboxField(
        "I have read this child's file, and these answers are my own judgement",
        [Required("Tick the box to say that the answers are your own judgement")],
    )


class DeclareForm(Form):
    """Why an auditor can't audit this case."""

    kind = RadioField(
        "Why can't you audit this case?",
        [Required("Choose why you can't audit this case")],
        choices=(
            (DeclarationKind.CONFLICT, "I have a conflict of interest"),
            (DeclarationKind.UNSUITABLE, "The case is unsuitable"),
        ),
    )
    reason = TextAreaField(
        "Tell the QA team more", [Required("Enter why you can't audit this case"), MaxLength(MOST_CHARACTERS)]
    )


class CommentForm(Form):
    """A return, with what should be looked at again."""

    comment = TextAreaField(
        "What should the auditor look at again?",
        [Required("Enter what the auditor should look at again"), MaxLength(MOST_CHARACTERS)],
    )


class WithdrawForm(Form):
    """A withdrawal, with its reason."""

    reason = TextAreaField(
        "Why is this audit withdrawn?",
        [Required("Enter why the audit is withdrawn"), MaxLength(MOST_CHARACTERS)],
    )


class AnswerForm(Form):
    """The QA team's answer to a declaration."""

    outcome = RadioField(
        "What happens now?",
        [Required("Choose what happens now")],
        choices=(
            (Outcome.REASSIGNED, "Another auditor does this audit"),
            (Outcome.REPLACED, "This auditor gets another case, the next reserve of the service"),
            (Outcome.KEPT, "The audit stays as it is"),
        ),
    )
    auditor = SelectField("New auditor")
    note = TextAreaField(
        "What should the auditor know?", [Required("Enter a sentence for the auditor"), MaxLength(MOST_CHARACTERS)]
    )

    def __init__(self, auditors: Sequence[tuple[int, str]], **values: Any) -> None:
        super().__init__(**values)
        self.auditor.choices = [("", "Choose a person"), *((str(person), words) for person, words in auditors)]
