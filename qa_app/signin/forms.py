"""What the sign-in pages accept."""

from typing import Any

import wtforms
from wtforms.validators import ValidationError

from qa_app.core.forms import EmailField, Form, PasswordField, Required
from qa_app.signin.rules import SHORTEST, password_fault


class SignInForm(Form):
    """Email and password. Where to go on to is carried in the form's own address."""

    email = EmailField(
        "Work email",
        validators=[Required("Enter your work email")],
        render_kw={"autocomplete": "username", "spellcheck": "false", "autocapitalize": "none"},
    )
    password = PasswordField(
        "Password",
        validators=[Required("Enter your password")],
        render_kw={"autocomplete": "current-password"},
    )


class _NewPassword(Form):
    """A new password, typed once: it can be pasted, and a new link is easily had."""

    own_words: tuple[str, ...] = ()

    new_password = PasswordField(
        "New password",
        validators=[Required("Enter a new password")],
        description=f"At least {SHORTEST} characters of any kind. Three or four unrelated words are easy to remember.",
        render_kw={"autocomplete": "new-password"},
    )

    def __init__(self, *own_words: str, **options: Any) -> None:
        super().__init__(**options)
        self.own_words = own_words

    def validate_new_password(self, field: wtforms.Field) -> None:
        """Refuse what is short or easily guessed."""
        fault = password_fault(field.data or "", self.own_words)
        if fault:
            raise ValidationError(fault)


class ChoosePasswordForm(_NewPassword):
    """The first password, or a new one after it was forgotten."""


class ChangePasswordForm(_NewPassword):
    """A new password, with the one in use."""

    password = PasswordField(
        "Password now",
        validators=[Required("Enter the password that you use now")],
        render_kw={"autocomplete": "current-password"},
    )
