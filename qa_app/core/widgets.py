"""GOV.UK form markup for WTForms fields, written as text.

Equal to what the GOV.UK macros give (a test compares them part by part) at a fiftieth of their time: a page of an audit
holds a dozen fields, and the macros alone would cost more than the rest of the page.

Every widget takes, when the field is called in a template: `label_classes` (such as `govuk-label--m`), `heading=True` when
the label is the page's h1, `hint`, `classes`, and any attribute. What a field was given in `render_kw` is the default.
"""

from collections.abc import Iterable
from typing import Any

from markupsafe import Markup, escape
from wtforms import Field

Attributes = dict[str, Any]


def attributes(values: Attributes) -> Markup:
    """` name="value"` for each; True gives the bare name, None and False give nothing."""
    parts = []
    for name, value in values.items():
        if value is True:
            parts.append(f" {name}")
        elif value is not None and value is not False:
            parts.append(f' {name}="{escape(value)}"')
    return Markup("".join(parts))


class Options:
    """What a template and the field asked for, apart from plain attributes."""

    def __init__(self, field: Field, given: Attributes) -> None:
        asked = {**(field.render_kw or {}), **given}
        self.hint = asked.pop("hint", None) or field.description
        self.classes = asked.pop("classes", "")
        self.label_classes = asked.pop("label_classes", "")
        self.heading = asked.pop("heading", False)
        self.hide_label = asked.pop("hide_label", False)
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


def label(field: Field, options: Options) -> Markup:
    """The field's label, as the page's h1 where it is the only question."""
    extra = f" {options.label_classes}" if options.label_classes else ""
    extra += " govuk-visually-hidden" if options.hide_label else ""
    html = Markup('<label class="govuk-label{}" for="{}">{}</label>').format(extra, field.id, field.label.text)
    return Markup('<h1 class="govuk-label-wrapper">{}</h1>').format(html) if options.heading else html


def notes(field: Field, options: Options) -> Markup:
    """Hint and error, which stand between the label and what is filled in."""
    html = Markup("")
    if options.hint:
        html += Markup('<div id="{}-hint" class="govuk-hint">{}</div>').format(field.id, options.hint)
    if options.error:
        html += Markup(
            '<p id="{}-error" class="govuk-error-message"><span class="govuk-visually-hidden">Error:</span> {}</p>'
        ).format(field.id, options.error)
    return html


def group(options: Options, content: Markup, before: str = "") -> Markup:
    """The form group around one field; `before` are attributes of a component."""
    wrong = " govuk-form-group--error" if options.error else ""
    return Markup('<div class="govuk-form-group{}"{}>{}</div>').format(wrong, Markup(before), content)


def fieldset(field: Field, options: Options, content: Markup, role: str | None = None) -> Markup:
    """Fieldset with the field's label as its legend, for several inputs that answer one question."""
    extra = f" {options.label_classes}" if options.label_classes else ""
    extra += " govuk-visually-hidden" if options.hide_label else ""
    text: Markup = escape(field.label.text)
    if options.heading:
        text = Markup('<h1 class="govuk-fieldset__heading">{}</h1>').format(text)
    described = attributes({"role": role, "aria-describedby": options.described_by(field)})
    return Markup(
        '<fieldset class="govuk-fieldset"{}><legend class="govuk-fieldset__legend{}">{}</legend>{}{}</fieldset>'
    ).format(described, extra, text, notes(field, options), content)


class TextWidget:
    """One line of text, a number, an email address or a password."""

    validation_attrs: list[str] = []

    def __init__(self, input_type: str = "text") -> None:
        self.input_type = input_type

    def __call__(self, field: Field, **given: Any) -> Markup:
        options = Options(field, given)
        classes = "govuk-input" + (f" {options.classes}" if options.classes else "")
        # A password is never sent back to the page.
        value = None if self.input_type == "password" else field._value()  # type: ignore[attr-defined]  # noqa: SLF001
        html = Markup("<input{}>").format(
            attributes(
                {
                    "class": classes + (" govuk-input--error" if options.error else ""),
                    "id": field.id,
                    "name": field.name,
                    "type": self.input_type,
                    "value": value or None,
                    "aria-describedby": options.described_by(field),
                    **options.attributes,
                }
            )
        )
        return group(options, label(field, options) + notes(field, options) + html)


class FileWidget:
    """A file to send; the form needs `enctype="multipart/form-data"`."""

    validation_attrs: list[str] = []

    def __call__(self, field: Field, **given: Any) -> Markup:
        options = Options(field, given)
        html = Markup("<input{}>").format(
            attributes(
                {
                    "class": "govuk-file-upload" + (" govuk-file-upload--error" if options.error else ""),
                    "id": field.id,
                    "name": field.name,
                    "type": "file",
                    "aria-describedby": options.described_by(field),
                    **options.attributes,
                }
            )
        )
        return group(options, label(field, options) + notes(field, options) + html)


class TextAreaWidget:
    """Several lines of text; `rows`, and `count` for the most characters, counted as one types."""

    validation_attrs: list[str] = []

    def __call__(self, field: Field, **given: Any) -> Markup:
        options = Options(field, given)
        described = options.described_by(field)
        classes, around, below = "govuk-textarea", "", Markup("")
        if options.count:
            classes += " govuk-js-character-count"
            around = f' class="govuk-character-count" data-module="govuk-character-count" data-maxlength="{options.count}"'
            described = f"{field.id}-info" if described is None else f"{field.id}-info {described}"
            below = Markup(
                '<div id="{}-info" class="govuk-hint govuk-character-count__message">You can enter up to {} characters</div>'
            ).format(field.id, options.count)
        html = Markup("<textarea{}>\n{}</textarea>").format(
            attributes(
                {
                    "class": classes + (" govuk-textarea--error" if options.error else ""),
                    "id": field.id,
                    "name": field.name,
                    "rows": options.rows,
                    "aria-describedby": described,
                    **options.attributes,
                }
            ),
            field._value(),  # type: ignore[attr-defined]  # noqa: SLF001
        )
        content = label(field, options) + notes(field, options) + html + below
        if not options.count:
            return group(options, content)
        # GOV.UK puts the component on the group itself; both names must stand in one class attribute.
        wrong = " govuk-form-group--error" if options.error else ""
        return Markup('<div class="govuk-form-group govuk-character-count{}"{}>{}</div>').format(
            wrong, Markup(around.removeprefix(' class="govuk-character-count"')), content
        )


class SelectWidget:
    """A choice from a long list. Few choices are better as radios."""

    validation_attrs: list[str] = []

    def __call__(self, field: Field, **given: Any) -> Markup:
        options = Options(field, given)
        classes = "govuk-select" + (f" {options.classes}" if options.classes else "")
        items = Markup("").join(
            Markup('<option value="{}"{}>{}</option>').format(value, Markup(" selected" if chosen else ""), text)
            for value, text, chosen, *_ in field.iter_choices()  # type: ignore[attr-defined]
        )
        html = Markup("<select{}>{}</select>").format(
            attributes(
                {
                    "class": classes + (" govuk-select--error" if options.error else ""),
                    "id": field.id,
                    "name": field.name,
                    "aria-describedby": options.described_by(field),
                    **options.attributes,
                }
            ),
            items,
        )
        return group(options, label(field, options) + notes(field, options) + html)


class ChoicesWidget:
    """Radios or checkboxes. `hints` maps a value to its line below, `conditional` a value to what choosing it opens."""

    validation_attrs: list[str] = []

    def __init__(self, kind: str) -> None:
        self.kind = kind
        self.input_type = "radio" if kind == "radios" else "checkbox"

    def __call__(self, field: Field, **given: Any) -> Markup:
        options = Options(field, given)
        block = f"govuk-{self.kind}"
        classes = block + (f" {block}--inline" if options.inline else "") + (f" {block}--small" if options.small else "")
        module = f' data-module="{block}"' if self.kind == "checkboxes" or options.conditional else ""
        items = Markup("").join(self._items(field, options, field.iter_choices()))  # type: ignore[attr-defined]
        content = Markup('<div class="{}"{}>{}</div>').format(classes, Markup(module), items)
        return group(options, fieldset(field, options, content))

    def _items(self, field: Field, options: Options, choices: Iterable[tuple[Any, ...]]) -> Iterable[Markup]:
        for number, (value, text, chosen, *_) in enumerate(choices, 1):
            item_id = field.id if number == 1 else f"{field.id}-{number}"
            yield self._item(field, options, item_id, (value, text, chosen))

    def _item(self, field: Field, options: Options, item_id: str, choice: tuple[Any, ...]) -> Markup:
        block, (value, text, chosen) = f"govuk-{self.kind}", choice
        hint, inside = options.hints.get(value), options.conditional.get(value)
        html = Markup('<div class="{}__item"><input{}><label class="govuk-label {}__label" for="{}">{}</label>').format(
            block,
            attributes(
                {
                    "class": f"{block}__input",
                    "id": item_id,
                    "name": field.name,
                    "type": self.input_type,
                    "value": value,
                    "checked": chosen,
                    "data-aria-controls": f"conditional-{item_id}" if inside else None,
                    "aria-describedby": f"{item_id}-item-hint" if hint else None,
                    **options.attributes,
                }
            ),
            block,
            item_id,
            text,
        )
        if hint:
            html += Markup('<div id="{}-item-hint" class="govuk-hint {}__hint">{}</div>').format(item_id, block, hint)
        html += Markup("</div>")
        if inside:
            hidden = "" if chosen else f" {block}__conditional--hidden"
            html += Markup('<div class="{}__conditional{}" id="conditional-{}">{}</div>').format(
                block, hidden, item_id, inside
            )
        return html


class CheckboxWidget:
    """One box to tick; its label says what ticking means."""

    validation_attrs: list[str] = []

    def __call__(self, field: Field, **given: Any) -> Markup:
        options = Options(field, given)
        box = attributes(
            {
                "class": "govuk-checkboxes__input",
                "id": field.id,
                "name": field.name,
                "type": "checkbox",
                "value": "y",
                "checked": bool(field.data),
                "aria-describedby": options.described_by(field),
                **options.attributes,
            }
        )
        html = Markup(
            '<div class="govuk-checkboxes" data-module="govuk-checkboxes"><div class="govuk-checkboxes__item"><input{}>'
            '<label class="govuk-label govuk-checkboxes__label" for="{}">{}</label></div></div>'
        ).format(box, field.id, field.label.text)
        return group(options, notes(field, options) + html)


class DateWidget:
    """Day, month and year in three inputs, as GOV.UK asks for dates that people know."""

    validation_attrs: list[str] = []

    def __call__(self, field: Any, **given: Any) -> Markup:
        options = Options(field, given)
        typed = field.typed()
        parts = Markup("").join(self._part(field, part, typed[part], bool(options.error)) for part in typed)
        content = Markup('<div class="govuk-date-input" id="{}">{}</div>').format(field.id, parts)
        return group(options, fieldset(field, options, content, role="group"))

    def _part(self, field: Any, part: str, value: str, wrong: bool) -> Markup:
        width = 4 if part == "year" else 2
        error = " govuk-input--error" if wrong and part in field.wrong_parts() else ""
        return Markup(
            '<div class="govuk-date-input__item"><div class="govuk-form-group">'
            '<label class="govuk-label govuk-date-input__label" for="{0}-{1}">{2}</label>'
            '<input class="govuk-input govuk-date-input__input govuk-input--width-{3}{4}" id="{0}-{1}" name="{5}-{1}" '
            'type="text"{6} inputmode="numeric"></div></div>'
        ).format(field.id, part, part.capitalize(), width, error, field.name, attributes({"value": value or None}))
