"""GOV.UK form markup for WTForms fields, written as text.

Equal to what the GOV.UK macros give (a test compares them part by part) at a small part of their time: a section of
an audit holds a dozen fields, and by macros they alone would cost more than the rest of the page.

Every widget takes, when the field is called in a template: `label_classes` (such as `govuk-label--m`), `heading=True`
when the label is the page's h1, `hide_label=True`, `hint`, `classes`, and any attribute. `render_kw` holds defaults.
"""

from collections.abc import Iterator
from typing import Any

from markupsafe import Markup, escape
from wtforms import Field

Attributes = dict[str, Any]


def attributes(values: Attributes) -> str:
    """` name="value"` for each; True gives the bare name, None and False give nothing."""
    parts = []
    for name, value in values.items():
        if value is True:
            parts.append(f" {name}")
        elif value is not None and value is not False:
            parts.append(f' {name}="{escape(value)}"')
    return "".join(parts)


def classes(*names: str) -> str:
    """Class names with the empty ones left out."""
    return " ".join(filter(None, names))


class Options:
    """What a template and the field asked for, apart from plain attributes."""

    def __init__(self, field: Field, given: Attributes) -> None:
        asked = {**(field.render_kw or {}), **given}
        self.hint = asked.pop("hint", None) or field.description
        self.classes = asked.pop("classes", "")
        self.label_classes = asked.pop("label_classes", "")
        self.heading = asked.pop("heading", False)
        if asked.pop("hide_label", False):
            self.label_classes = classes(self.label_classes, "govuk-visually-hidden")
        self.rows = asked.pop("rows", 5)
        self.count = asked.pop("count", None)
        self.inline = asked.pop("inline", False)
        self.small = asked.pop("small", False)
        self.hints = asked.pop("hints", {})
        self.conditional = asked.pop("conditional", {})
        self.error = field.errors[0] if field.errors else None
        # GOV.UK shows its own errors, so the browser's bubble is never wanted.
        asked.pop("required", None)
        self.attributes: Attributes = asked

    def described_by(self, field: Field) -> str | None:
        """Ids of the hint and the error, in the order they stand on the page."""
        ids = [f"{field.id}-hint"] if self.hint else []
        if self.error:
            ids.append(f"{field.id}-error")
        return " ".join(ids) or None


def label(field: Field, options: Options) -> str:
    """The field's label, as the page's h1 where it is the only question."""
    names = classes("govuk-label", options.label_classes)
    html = f'<label class="{names}" for="{field.id}">{escape(field.label.text)}</label>'
    return f'<h1 class="govuk-label-wrapper">{html}</h1>' if options.heading else html


def notes(field: Field, options: Options) -> str:
    """Hint and error, which stand between the label and what is filled in."""
    html = ""
    if options.hint:
        html = f'<div id="{field.id}-hint" class="govuk-hint">{escape(options.hint)}</div>'
    if options.error:
        html += (
            f'<p id="{field.id}-error" class="govuk-error-message">'
            f'<span class="govuk-visually-hidden">Error:</span> {escape(options.error)}</p>'
        )
    return html


def group(options: Options, content: str, *, name: str = "", before: str = "") -> Markup:
    """The form group around one field; `name` is a component's class and `before` its attributes."""
    wrong = "govuk-form-group--error" if options.error else ""
    html = f'<div class="{classes("govuk-form-group", wrong, name)}"{before}>{content}</div>'
    return Markup(html)  # noqa: S704 - the one place; every value went through escape() on its way here


def fieldset(field: Field, options: Options, content: str, role: str | None = None) -> str:
    """Fieldset with the field's label as its legend, for several inputs that answer one question."""
    text = f"{escape(field.label.text)}"
    if options.heading:
        text = f'<h1 class="govuk-fieldset__heading">{text}</h1>'
    described = attributes({"role": role, "aria-describedby": options.described_by(field)})
    legend = f'<legend class="{classes("govuk-fieldset__legend", options.label_classes)}">{text}</legend>'
    return f'<fieldset class="govuk-fieldset"{described}>{legend}{notes(field, options)}{content}</fieldset>'


class Widget:
    """What every widget shares. WTForms reads `validation_attrs`; none is wanted: the server speaks for itself."""

    validation_attrs: tuple[str, ...] = ()
    block = ""

    def own(self, field: Field, options: Options, **more: Any) -> str:
        """Attributes of the element that is filled in."""
        wrong = f"{self.block}--error" if options.error else ""
        values = {
            "class": classes(self.block, options.classes, wrong),
            "id": field.id,
            "name": field.name,
            "aria-describedby": options.described_by(field),
        }
        return attributes({**values, **more, **options.attributes})


class TextWidget(Widget):
    """One line of text, a number, an email address or a password."""

    block = "govuk-input"

    def __init__(self, input_type: str = "text") -> None:
        self.input_type = input_type

    def __call__(self, field: Any, **given: Any) -> Markup:
        """The whole form group."""
        options = Options(field, given)
        # A password is never sent back to the page.
        value = None if self.input_type == "password" else field._value() or None
        html = f"<input{self.own(field, options, type=self.input_type, value=value)}>"
        return group(options, label(field, options) + notes(field, options) + html)


class FileWidget(Widget):
    """A file to send; the form needs `enctype="multipart/form-data"`."""

    block = "govuk-file-upload"

    def __call__(self, field: Field, **given: Any) -> Markup:
        """The whole form group."""
        options = Options(field, given)
        html = f"<input{self.own(field, options, type='file')}>"
        return group(options, label(field, options) + notes(field, options) + html)


class TextAreaWidget(Widget):
    """Several lines of text; `rows`, and `count` for the most characters, counted as one types."""

    block = "govuk-textarea"

    def __call__(self, field: Any, **given: Any) -> Markup:
        """The whole form group."""
        options = Options(field, given)
        value = escape(field._value())
        before = label(field, options) + notes(field, options)
        if not options.count:
            area = f"<textarea{self.own(field, options, rows=options.rows)}>\n{value}</textarea>"
            return group(options, before + area)
        described = " ".join(filter(None, (f"{field.id}-info", options.described_by(field))))
        options.classes = classes(options.classes, "govuk-js-character-count")
        own = self.own(field, options, rows=options.rows, **{"aria-describedby": described})
        info = f'<div id="{field.id}-info" class="govuk-hint govuk-character-count__message">'
        html = f"{before}<textarea{own}>\n{value}</textarea>{info}You can enter up to {options.count} characters</div>"
        module = f' data-module="govuk-character-count" data-maxlength="{options.count}"'
        return group(options, html, name="govuk-character-count", before=module)


class SelectWidget(Widget):
    """A choice from a long list. Few choices are better as radios."""

    block = "govuk-select"

    def __call__(self, field: Any, **given: Any) -> Markup:
        """The whole form group."""
        options = Options(field, given)
        items = "".join(
            f'<option value="{escape(value)}"{" selected" if chosen else ""}>{escape(text)}</option>'
            for value, text, chosen, *_ in field.iter_choices()
        )
        html = f"<select{self.own(field, options)}>{items}</select>"
        return group(options, label(field, options) + notes(field, options) + html)


class ChoicesWidget(Widget):
    """Radios or checkboxes. `hints` maps a value to its line below, `conditional` a value to what choosing it opens."""

    def __init__(self, block: str, input_type: str) -> None:
        self.block = block
        self.input_type = input_type

    def __call__(self, field: Any, **given: Any) -> Markup:
        """The whole form group; the first choice has the field's own id, where the error summary leads."""
        options = Options(field, given)
        block = self.block
        names = classes(
            block,
            options.classes,
            f"{block}--inline" if options.inline else "",
            f"{block}--small" if options.small else "",
        )
        items = "".join(self._items(field, options))
        content = f'<div class="{names}" data-module="{block}">{items}</div>'
        return group(options, fieldset(field, options, content))

    def _items(self, field: Any, options: Options) -> Iterator[str]:
        for number, (value, text, chosen, *_) in enumerate(field.iter_choices(), 1):
            item_id = field.id if number == 1 else f"{field.id}-{number}"
            hint, inside = options.hints.get(value), options.conditional.get(value)
            controls = f"conditional-{item_id}" if inside else None
            described = f"{item_id}-item-hint" if hint else None
            yield f'<div class="{self.block}__item">'
            yield self._input(
                field.name, item_id, value, chosen, {"data-aria-controls": controls, **options.attributes}, described
            )
            yield f'<label class="govuk-label {self.block}__label" for="{item_id}">{escape(text)}</label>'
            if hint:
                yield f'<div id="{described}" class="govuk-hint {self.block}__hint">{escape(hint)}</div>'
            yield "</div>"
            if inside:
                hidden = "" if chosen else f"{self.block}__conditional--hidden"
                names = classes(f"{self.block}__conditional", hidden)
                yield f'<div class="{names}" id="{controls}">{escape(inside)}</div>'

    def _input(self, name: str, item_id: str, value: Any, chosen: bool, more: Attributes, described: str | None) -> str:
        return (
            f'<input class="{self.block}__input" id="{item_id}" name="{name}" type="{self.input_type}"'
            f' value="{escape(value)}"{" checked" if chosen else ""}'
            f"{attributes({**more, 'aria-describedby': described})}>"
        )


class CheckboxWidget(Widget):
    """One box to tick; its label says what ticking means."""

    block = "govuk-checkboxes"

    def __call__(self, field: Field, **given: Any) -> Markup:
        """The whole form group."""
        options = Options(field, given)
        described = options.described_by(field)
        values = {"value": "y", "checked": bool(field.data), "aria-describedby": described, **options.attributes}
        html = (
            '<div class="govuk-checkboxes" data-module="govuk-checkboxes"><div class="govuk-checkboxes__item">'
            f'<input class="govuk-checkboxes__input" id="{field.id}" name="{field.name}" type="checkbox"'
            f"{attributes(values)}>"
            f'<label class="govuk-label govuk-checkboxes__label" for="{field.id}">{escape(field.label.text)}</label>'
            "</div></div>"
        )
        return group(options, notes(field, options) + html)


class DateWidget(Widget):
    """Day, month and year in three inputs, as GOV.UK asks for dates that people know."""

    def __call__(self, field: Any, **given: Any) -> Markup:
        """The whole form group."""
        options = Options(field, given)
        wrong = field.wrong_parts() if options.error else ()
        parts = "".join(self._part(field, part, value, part in wrong) for part, value in field.typed().items())
        content = f'<div class="govuk-date-input" id="{field.id}">{parts}</div>'
        return group(options, fieldset(field, options, content, role="group"))

    def _part(self, field: Any, part: str, value: str, wrong: bool) -> str:
        names = classes(
            "govuk-input govuk-date-input__input",
            "govuk-input--width-4" if part == "year" else "govuk-input--width-2",
            "govuk-input--error" if wrong else "",
        )
        part_id = f"{field.id}-{part}"
        return (
            '<div class="govuk-date-input__item"><div class="govuk-form-group">'
            f'<label class="govuk-label govuk-date-input__label" for="{part_id}">{part.capitalize()}</label>'
            f'<input class="{names}" id="{part_id}" name="{field.name}-{part}" type="text"'
            f'{attributes({"value": value or None})} inputmode="numeric"></div></div>'
        )
