"""What the page of tokens accepts."""

from typing import Any

from qa_app.core.forms import Form, MaxLength, Required, SelectField, TextField
from qa_app.feeds.rules import LIFETIMES, LONGEST_NAME


class TokenForm(Form):
    """A new token: what it is for, and how long it works."""

    name = TextField("What is it for?", [Required("Enter what the token is for"), MaxLength(LONGEST_NAME)])
    days = SelectField("How long is it to work?")

    def __init__(self, **values: Any) -> None:
        super().__init__(**values)
        self.days.choices = [(str(days), "A year" if days == 365 else f"{days} days") for days in LIFETIMES]
