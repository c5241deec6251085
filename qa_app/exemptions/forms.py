"""What the pages of exemptions accept. What may be asked is the rules' to say; an operation names the field."""

import re
from collections.abc import Sequence
from datetime import date
from typing import Any

from qa_app.core.format import month_name
from qa_app.core.forms import Form, RadioField, SelectField, TextAreaField, VersionForm
from qa_app.exemptions.inputs import AskInput
from qa_app.exemptions.states import Category

CATEGORIES = (
    (Category.ABSENCE, "Prolonged absence"),
    (Category.OTHER_ACTIVITY, "Other quality assurance activity"),
    (Category.STATUTORY_WORK, "Unusually high statutory work"),
    (Category.OTHER, "Other exceptional circumstances"),
)
CATEGORY_HINTS = {
    Category.ABSENCE: "Such as ill health",
    Category.OTHER_ACTIVITY: "Such as a multi-agency audit",
    Category.STATUTORY_WORK: "Such as evidence at final hearings",
}
SAME_MONTH = ""
_MONTH = re.compile(r"20[0-9]{2}-(?:0[1-9]|1[0-2])")


def read_month(text: str | None) -> date | None:
    """The first day of a month of this century written as `2026-06`; None when it is not one."""
    if not text or not _MONTH.fullmatch(text):
        return None
    return date(int(text[:4]), int(text[5:]), 1)


class AskForm(Form):
    """The three pages of asking. Each page shows some of the fields and carries the others along unseen."""

    first_month = SelectField("First month")
    last_month = SelectField("Last month")
    category = RadioField("Why do you ask?", choices=CATEGORIES)
    statement = TextAreaField("Your statement")
    late_reason = TextAreaField("Why do you ask only now?")

    def __init__(self, months: Sequence[date], **values: Any) -> None:
        super().__init__(**values)
        choices = [(f"{month:%Y-%m}", month_name(month)) for month in months]
        self.first_month.choices = choices
        self.last_month.choices = [(SAME_MONTH, "The same month"), *choices]
        self.months = months

    def typed(self) -> AskInput | None:
        """What is asked so far; None where no month of the list is chosen, which the form then says."""
        first = read_month(self.first_month.data)
        last = read_month(self.last_month.data) if self.last_month.data else first
        faults = {
            name: "Choose a month from the list"
            for name, month in (("first_month", first), ("last_month", last))
            if month is None
        }
        if first is None or last is None:
            self.add_errors(faults)
            return None
        category = Category(self.category.data) if self.category.data in set(Category) else None
        return AskInput(first, last, category, self.statement.data or "", self.late_reason.data or "")


class AnswerForm(VersionForm):
    """The answer of the Head of Service or of the Director, on the page as they saw it."""

    reason = TextAreaField("Reason")
