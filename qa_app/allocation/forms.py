"""What the allocation pages accept."""

from qa_app.core.forms import Form, MaxLength, RadioField, SelectField, TextAreaField


class SwapForm(Form):
    """Who is to have the audit, and why where a rule must be broken."""

    suggested = RadioField("Who should have it?", choices=[])
    other = SelectField("Somebody else", choices=[])
    reason = TextAreaField("Reason", validators=[MaxLength(1000)])

    def auditor_id(self) -> int | None:
        """The person chosen: one of those suggested, or somebody else from the list."""
        chosen = self.suggested.data if self.suggested.data not in (None, "", "other") else self.other.data
        return int(chosen) if chosen else None
