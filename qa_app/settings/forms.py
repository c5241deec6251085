"""Forms that change a policy setting: one for each kind of value."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from qa_app.core.forms import (
    CheckboxesField,
    DateField,
    ErrorLine,
    Form,
    RadioField,
    Required,
    TextAreaField,
    TextField,
    WholeNumberField,
)
from qa_app.settings.definitions import Definition, Kind
from qa_app.settings.values import GRADE_FLAGS, MOST_GRADES, SIZE_KINDS, days_as_typed


class ValueForm(Form):
    """The date from which a value holds; each kind adds its own value."""

    def typed(self) -> Any:
        """The value as it was typed, for `check_value` to judge."""
        return self["value"].data

    from_date = DateField("From which date?", [Required()], what="the date from which it holds")

    @property
    def first_day(self) -> date:
        """The date of a form that was found right."""
        assert self.from_date.data
        return self.from_date.data

    def show_value(self, value: Any) -> None:
        """Put the value in force into a form that was not sent."""
        self["value"].data = value


class NumberForm(ValueForm):
    """A whole number, or a percentage."""

    value = WholeNumberField("New value", [Required("Enter a whole number")], what="the new value")


class ChoiceForm(ValueForm):
    """One of a few."""

    value = RadioField("New value", [Required("Choose one of the answers in the list")])


class ChoicesForm(ValueForm):
    """Any of a few."""

    value = CheckboxesField("New value")


class NumbersForm(ValueForm):
    """Several whole numbers."""

    value = TextField("New value", [Required("Enter whole numbers, such as 10, 5, 1, 0")])

    def show_value(self, value: Any) -> None:
        """Numbers with commas between."""
        self.value.data = ", ".join(str(number) for number in value)


class TextForm(ValueForm):
    """A line of text."""

    value = TextField("New value", [Required("Enter the new value")])


class DaysForm(ValueForm):
    """Days and spans of days, one a line; none is an answer too."""

    value = TextAreaField("New value")

    def show_value(self, value: Any) -> None:
        """One span a line."""
        self.value.data = days_as_typed(value)


class SizeForm(ValueForm):
    """A number, and what it counts."""

    kind = RadioField(
        "How is the size given?", [Required("Choose how the size is given")], choices=list(SIZE_KINDS.items())
    )
    value = WholeNumberField("Number", [Required("Enter a whole number")], what="the number")

    def typed(self) -> Any:
        """Both parts."""
        return {"kind": self.kind.data, "value": self.value.data}

    def show_value(self, value: Any) -> None:
        """Both parts."""
        self.kind.data, self.value.data = value["kind"], value["value"]


class ScaleForm(ValueForm):
    """The grades, best first, in rows that `typed_rows` reads. They are no fields: the page draws them."""

    rows: list[dict[str, Any]]
    scale_error: str = ""

    def error_list(self) -> list[ErrorLine]:
        """What is wrong with the grades as a whole leads to their table."""
        return [ErrorLine(self.scale_error, "#value")] * bool(self.scale_error) + super().error_list()

    @property
    def errors(self) -> Any:
        """The fields' errors, and that of the grades."""
        return {**super().errors, **({"value": [self.scale_error]} if self.scale_error else {})}

    def add_errors(self, fields: Mapping[str, str]) -> None:
        """The grades' error stands above their table, any other beside its field."""
        self.scale_error = fields.get("value", "")
        super().add_errors({name: text for name, text in fields.items() if name != "value"})

    def read(self, sent: Mapping[str, str] | None, in_force: list[dict[str, Any]]) -> None:
        """Take the rows that were sent, or those in force, with empty ones to add grades in."""
        rows = typed_rows(sent) if sent else [{**grade, "order": n} for n, grade in enumerate(in_force, 1)]
        empty = [{"key": "", "label": "", "order": ""} for _ in range(min(2, MOST_GRADES - len(rows)))]
        self.rows = rows + empty

    def typed(self) -> Any:
        """The rows that have a name, in their order."""
        return sorted((row for row in self.rows if row["label"]), key=lambda row: _order(row["order"]))

    def show_value(self, value: Any) -> None:
        """`read` has done it."""


def typed_rows(sent: Mapping[str, str]) -> list[dict[str, Any]]:
    """The rows of the scale as they were typed: those with a name or a key."""
    rows = []
    for number in range(1, MOST_GRADES + 1):
        row: dict[str, Any] = {
            "key": sent.get(f"key-{number}", ""),
            "label": sent.get(f"label-{number}", "").strip(),
            "order": sent.get(f"order-{number}", "").strip(),
        }
        row |= {flag: bool(sent.get(f"{flag}-{number}")) for flag in GRADE_FLAGS}
        if row["label"]:
            rows.append(row)
    return rows


def _order(text: Any) -> int:
    text = str(text)
    return int(text) if text.isascii() and text.isdigit() and len(text) < 5 else MOST_GRADES + 1


FORMS: dict[Kind, type[ValueForm]] = {
    Kind.NUMBER: NumberForm,
    Kind.PERCENT: NumberForm,
    Kind.CHOICE: ChoiceForm,
    Kind.CHOICES: ChoicesForm,
    Kind.DAYS: DaysForm,
    Kind.NUMBERS: NumbersForm,
    Kind.SCALE: ScaleForm,
    Kind.SIZE: SizeForm,
    Kind.TEXT: TextForm,
}


def form_for(definition: Definition, in_force: Any, today: date, sent: Mapping[str, str] | None) -> ValueForm:
    """The form of a setting, holding what was sent, or the value in force from today on."""
    form = FORMS[definition.kind](data={"from_date": today})
    if isinstance(form, ScaleForm):
        form.read(sent, in_force)
    if isinstance(form, ChoiceForm | ChoicesForm):
        form.value.choices = list(definition.choices)
    if sent is None:
        form.show_value(in_force)
    return form
