"""What the page of inspection packs accepts."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from qa_app.core.format import month_name
from qa_app.core.forms import CheckboxField, Form, SelectField


class WindowForm(Form):
    """From which month to which; for those who may see cases, whether with their references."""

    first = SelectField("From")
    last = SelectField("To")
    with_cases = CheckboxField("Put the cases' references on the sheet of audits")

    def __init__(self, months: Sequence[date], **values: Any) -> None:
        super().__init__(**values)
        self.first.choices = self.last.choices = [(f"{month:%Y-%m}", month_name(month)) for month in months]

    def months(self) -> tuple[date, date]:
        """The two months, once the form is valid."""
        return date.fromisoformat(f"{self.first.data}-01"), date.fromisoformat(f"{self.last.data}-01")
