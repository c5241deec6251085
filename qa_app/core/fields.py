"""The kinds of field a form may have. Rooms import them from `core.forms`."""

from datetime import date
from typing import Any

import wtforms
from flask_wtf.file import FileField as FlaskFileField
from markupsafe import Markup
from werkzeug.datastructures import MultiDict
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined] # newer than its types
from wtforms.form import BaseForm
from wtforms.validators import StopValidation, ValidationError

from qa_app.core.widgets import (
    CheckboxWidget,
    ChoicesWidget,
    DateWidget,
    FileWidget,
    SelectWidget,
    TextAreaWidget,
    TextWidget,
)


def what_of(field: wtforms.Field) -> str:
    """What a field is called within a sentence: its `what`, else its label with a small first letter."""
    text = str(getattr(field, "what", "") or field.label.text)
    return text[:1].lower() + text[1:]


def _stripped(value: str | None) -> str | None:
    return value.strip().replace("\r\n", "\n") if value else value


class TextField(wtforms.StringField):
    """One line of text without outer spaces. `classes="govuk-input--width-10"` when called sets its width."""

    widget = TextWidget()

    def __init__(self, label: str, validators: list[Any] | None = None, **options: Any) -> None:
        super().__init__(label, validators, filters=[_stripped], **options)


class EmailField(TextField):
    """An email address."""

    widget = TextWidget("email")

    def __init__(self, label: str, validators: list[Any] | None = None, **options: Any) -> None:
        options.setdefault("render_kw", {"autocomplete": "email", "spellcheck": "false"})
        super().__init__(label, validators, **options)


class PasswordField(wtforms.PasswordField):
    """A password: never shown again, never trimmed."""

    widget = TextWidget("password")


class WholeNumberField(wtforms.IntegerField):
    """A whole number of few digits; `what` names it in its error."""

    widget = TextWidget()

    def __init__(self, label: str, validators: list[Any] | None = None, what: str = "", **options: Any) -> None:
        options.setdefault("render_kw", {"inputmode": "numeric", "classes": "govuk-input--width-3"})
        super().__init__(label, validators, **options)
        self.what = what

    def process_formdata(self, valuelist: list[Any]) -> None:
        """Read a number; an empty input is None. Raises ValueError with the sentence for the person."""
        text = valuelist[0].strip().replace(",", "") if valuelist else ""
        self.data = None
        if text and not (text.lstrip("-").isascii() and text.lstrip("-").isdigit() and len(text) < 10):
            raise ValueError(f"Enter {what_of(self)} as a whole number, such as 12")
        if text:
            self.data = int(text)


class TextAreaField(wtforms.TextAreaField):
    """Several lines of text; `rows=3` or `count=2000` when called."""

    widget = TextAreaWidget()

    def __init__(self, label: str, validators: list[Any] | None = None, **options: Any) -> None:
        super().__init__(label, validators, filters=[_stripped], **options)


class _Choices(wtforms.Field):
    """What selects, radios and checkboxes share: choices as pairs of value and words, and our own refusal."""

    def __init__(self, label: str, validators: list[Any] | None = None, *, choices: Any = None, **options: Any) -> None:
        if choices is not None and not callable(choices):
            choices = [SelectChoice(*choice) if isinstance(choice, tuple) else choice for choice in choices]
        super().__init__(label, validators, choices=choices, **options)  # type: ignore[call-arg]

    def pre_validate(self, form: BaseForm) -> None:
        """Raise StopValidation for a value that is not among the choices."""
        try:
            super().pre_validate(form)
        except ValidationError:
            raise StopValidation("Choose one of the answers in the list") from None


class SelectField(_Choices, wtforms.SelectField):
    """One choice from a long list."""

    widget = SelectWidget()


class RadioField(_Choices, wtforms.RadioField):
    """One choice of a few. Nothing chosen is None, so add `Required("Choose ...")` where an answer is needed."""

    widget = ChoicesWidget("govuk-radios", "radio")

    def pre_validate(self, form: BaseForm) -> None:
        """As in every choice, but an unanswered question passes."""
        if self.data not in (None, ""):
            super().pre_validate(form)

    def process_formdata(self, valuelist: list[Any]) -> None:
        """Read the chosen value."""
        if valuelist:
            super().process_formdata(valuelist)


class CheckboxesField(_Choices, wtforms.SelectMultipleField):
    """Any number of a few choices."""

    widget = ChoicesWidget("govuk-checkboxes", "checkbox")


class CheckboxField(wtforms.BooleanField):
    """One box to tick."""

    widget = CheckboxWidget()


class FileField(FlaskFileField):
    """A file; the form needs `enctype="multipart/form-data"`."""

    widget = FileWidget()


class HiddenField(wtforms.HiddenField):
    """A value that the page carries, such as the version of a draft. Shown by `form.hidden_tag()`."""

    def widget(self, field: Any, **_given: Any) -> Markup:
        """The input, without an id."""
        return Markup('<input type="hidden" name="{}" value="{}">').format(field.name, field._value())


class DateField(wtforms.Field):
    """A date in three inputs, `NAME-day`, `NAME-month` and `NAME-year`. `what` names it in errors ("the due date")."""

    widget = DateWidget()
    PARTS = ("day", "month", "year")
    MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")

    def __init__(self, label: str, validators: list[Any] | None = None, what: str = "", **options: Any) -> None:
        super().__init__(label, validators, **options)
        self.what = what
        self.data: date | None = None

    def process(self, formdata: Any, data: Any = wtforms.utils.unset_value, extra_filters: Any = None) -> None:
        """Gather the three inputs into one, then go on as every field does."""
        if formdata is not None and any(f"{self.name}-{part}" in formdata for part in self.PARTS):
            typed = [formdata.get(f"{self.name}-{part}", "") for part in self.PARTS]
            formdata = _FormData([(self.name, text) for text in typed])
        super().process(formdata, data, extra_filters)

    def process_formdata(self, valuelist: list[Any]) -> None:
        """Make the date. Raises ValueError with the sentence for the person."""
        if not valuelist:
            return
        self.data = None
        texts = [text.strip() for text in valuelist]
        missing = [part for part, text in zip(self.PARTS, texts, strict=False) if not text]
        if len(missing) == len(self.PARTS):
            return
        name = what_of(self)[:1].upper() + what_of(self)[1:]
        if missing:
            raise ValueError(f"{name} must include a {' and '.join(missing)}")
        try:
            day, month, year = int(texts[0]), self._month(texts[1]), int(texts[2])
            self.data = date(year, month, day)
        except ValueError:
            raise ValueError(f"{name} must be a real date, such as 27 3 2026") from None
        if year < 1900:
            self.data = None
            raise ValueError(f"{name} must have a year of 4 numbers, such as 2026")

    def _month(self, text: str) -> int:
        if text[:3].lower() in self.MONTHS:
            return self.MONTHS.index(text[:3].lower()) + 1
        return int(text)

    def typed(self) -> dict[str, str]:
        """What stands in the three inputs: what was typed, else the date."""
        if self.raw_data:
            return dict(zip(self.PARTS, [str(text) for text in self.raw_data], strict=False))
        if self.data:
            return {"day": str(self.data.day), "month": str(self.data.month), "year": str(self.data.year)}
        return dict.fromkeys(self.PARTS, "")

    def wrong_parts(self) -> list[str]:
        """The inputs that an error is about: the empty ones if some are filled in, else all."""
        missing = [part for part, text in self.typed().items() if not text.strip()]
        return missing or list(self.PARTS)


class _FormData(MultiDict[str, str]):
    """What WTForms reads a submitted field from."""

    def __init__(self, items: list[tuple[str, str]]) -> None:
        super().__init__(items)
