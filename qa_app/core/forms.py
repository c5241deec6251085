"""The base form and its fields, which look and speak like GOV.UK's.

A room's form lists its fields and says in words what to enter:

    class SlippageForm(Form):
        reason = RadioField("Why may it be late?", choices=..., validators=[Required("Choose why it may be late")])
        done_on = DateField("When could it be done?", what="the date it could be done", validators=[Required()])

In the template:

    <form method="post" action="..." novalidate>{{ form.hidden_tag() }}{{ form.reason() }}{{ button("Send") }}</form>

The base page shows the summary of errors by itself when the page is given `form`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import wtforms
from flask_wtf import FlaskForm
from markupsafe import Markup
from wtforms.validators import StopValidation, ValidationError

from qa_app.core.fields import (
    CheckboxesField,
    CheckboxField,
    DateField,
    EmailField,
    FileField,
    HiddenField,
    PasswordField,
    RadioField,
    SelectField,
    TextAreaField,
    TextField,
    WholeNumberField,
    what_of,
)
from qa_app.core.web import csrf_field

__all__ = [
    "CheckboxField",
    "CheckboxesField",
    "DateField",
    "EmailField",
    "ErrorLine",
    "FileField",
    "Form",
    "HiddenField",
    "MaxLength",
    "PasswordField",
    "RadioField",
    "Required",
    "SelectField",
    "TextAreaField",
    "TextField",
    "VersionForm",
    "WholeNumberField",
]


@dataclass(frozen=True, slots=True)
class ErrorLine:
    """One line of the summary: what to do, and the input it leads to."""

    text: str
    href: str


class Form(FlaskForm):
    """Base of every form: CSRF token, hidden inputs without ids, errors for the summary."""

    def hidden_tag(self, *fields: Any) -> Markup:
        """The CSRF token and every hidden field. Without ids, so that a page may hold several forms."""
        hidden = [field for field in self if isinstance(field, HiddenField)]
        return csrf_field() + Markup("").join(field() for field in hidden)

    def error_list(self) -> list[ErrorLine]:
        """Each field's first error in the order of the page, then errors of the form as a whole."""
        lines = [
            ErrorLine(str(field.errors[0]), f"#{error_target(field)}")
            for field in self
            if field.errors and field.name != "csrf_token"
        ]
        return lines + [ErrorLine(str(text), "") for text in self.form_errors]

    def add_errors(self, fields: Mapping[str, str]) -> None:
        """Show what an operation refused beside the field concerned; unknown names become errors of the whole form."""
        for name, text in fields.items():
            if name in self:
                self[name].errors = [*self[name].errors, text]
            else:
                self.form_errors.append(text)


class VersionForm(Form):
    """Which version of a thing its page showed: a button needs no more, and longer forms begin with it."""

    version = HiddenField()

    @property
    def seen(self) -> int:
        """The version that the person saw; 0, which nothing has, where the form names none or was tampered with."""
        typed = str(self.version.data or "")
        return int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 10 else 0


def error_target(field: Any) -> str:
    """Id of the input that the summary leads to."""
    if isinstance(field, DateField):
        return f"{field.id}-{field.wrong_parts()[0]}"
    return str(field.id)


class Required:
    """The field must be filled in; `message` says what to enter. Spaces alone are nothing."""

    def __init__(self, message: str = "") -> None:
        self.message = message

    def __call__(self, form: wtforms.Form, field: wtforms.Field) -> None:
        """Raise StopValidation when nothing was entered."""
        data = field.data
        if data is None or data is False or data == [] or (isinstance(data, str) and not data.strip()):
            if field.errors:  # the date that could not be read has said so already
                raise StopValidation()
            raise StopValidation(self.message or f"Enter {what_of(field)}")


class MaxLength:
    """At most this many characters; line breaks count as one, as in the browser's counter."""

    def __init__(self, limit: int) -> None:
        self.limit = limit

    def __call__(self, form: wtforms.Form, field: wtforms.Field) -> None:
        """Raise ValidationError saying how many characters are too many."""
        too_many = len((field.data or "").replace("\r\n", "\n")) - self.limit
        if too_many > 0:
            s = "" if too_many == 1 else "s"
            raise ValidationError(f"{field.label.text} is {too_many} character{s} too long: use {self.limit} or fewer")
