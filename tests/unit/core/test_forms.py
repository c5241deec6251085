"""Fields: their markup against GOV.UK's own macros, what they read, and what they say."""

from datetime import date
from typing import Any

import pytest
from bs4 import BeautifulSoup, Tag
from flask import Flask
from hypothesis import given, settings
from hypothesis import strategies as st
from jinja2 import Environment, PackageLoader, PrefixLoader
from werkzeug.datastructures import MultiDict

from tests.unit.core.page_app import State, TryForm, make_app

MACROS = Environment(
    loader=PrefixLoader({"govuk_frontend_jinja": PackageLoader("govuk_frontend_jinja")}), autoescape=True
)
HINT = "For example, 27 3 2026"


@pytest.fixture(scope="module")
def app() -> Flask:
    app = make_app(State())
    app.config["WTF_CSRF_ENABLED"] = False
    return app


def form(app: Flask, data: dict[str, str] | None = None) -> TryForm:
    with app.test_request_context():
        made = TryForm(MultiDict(data)) if data is not None else TryForm(formdata=None)
        if data is not None:
            made.validate()
        return made


def tree(html: str) -> Any:
    """Tags, attributes and words, whatever the white space and the order of attributes."""

    def node(tag: Tag) -> Any:
        attributes = {
            name: sorted(value) if isinstance(value, list) else value
            for name, value in tag.attrs.items()
            if (name, value) not in (("spellcheck", "true"),)
        }
        children = [
            node(child) if isinstance(child, Tag) else " ".join(child.split())
            for child in tag.children
            if isinstance(child, Tag) or child.strip()
        ]
        return (tag.name, attributes, children)

    return [node(tag) for tag in BeautifulSoup(html, "html.parser").find_all(True, recursive=False)]


def govuk(component: str, macro: str, params: dict[str, Any]) -> str:
    source = (
        f'{{% from "govuk_frontend_jinja/components/{component}/macro.html" import {macro} %}}{{{{ {macro}(params) }}}}'
    )
    return MACROS.from_string(source).render(params=params)


def same(ours: str, component: str, macro: str, params: dict[str, Any]) -> None:
    assert tree(ours) == tree(govuk(component, macro, params))


@pytest.mark.parametrize("wrong", [False, True])
def test_text_is_as_govuk(app: Flask, wrong: bool) -> None:
    made = form(app, {"name": ""} if wrong else None)
    params: dict[str, Any] = {"id": "name", "name": "name", "label": {"text": "Name", "classes": "govuk-label--m"}}
    params["hint"] = {"text": "<As> written"}
    if wrong:
        params["errorMessage"] = {"text": "Enter the name"}
    same(made.name(label_classes="govuk-label--m", hint="<As> written"), "input", "govukInput", params)


def test_label_as_heading_is_as_govuk(app: Flask) -> None:
    params = {"id": "name", "name": "name", "label": {"text": "Name", "isPageHeading": True}}
    same(form(app).name(heading=True), "input", "govukInput", params)


@pytest.mark.parametrize("wrong", [False, True])
def test_radios_are_as_govuk(app: Flask, wrong: bool) -> None:
    params: dict[str, Any] = {
        "idPrefix": "grade",
        "name": "grade",
        "fieldset": {"legend": {"text": "Grade"}},
        "items": [
            {"value": "good", "text": "Good", "hint": {"text": "Help is right"}},
            {"value": "bad", "text": "Inadequate", "checked": not wrong, "conditional": {"html": "Say more"}},
        ],
    }
    if wrong:
        params["errorMessage"] = {"text": "Choose a grade"}
    made = form(app, {"grade": "" if wrong else "bad"} if not wrong else {"name": "A"})
    html = made.grade(hints={"good": "Help is right"}, conditional={"bad": "Say more"})
    same(html, "radios", "govukRadios", params)


def test_checkboxes_are_as_govuk(app: Flask) -> None:
    params = {
        "idPrefix": "held",
        "name": "held",
        "fieldset": {"legend": {"text": "Conversations"}},
        "items": [{"value": "worker", "text": "Social worker", "checked": True}, {"value": "parent", "text": "Parent"}],
    }
    same(form(app, {"held": "worker"}).held(), "checkboxes", "govukCheckboxes", params)


def test_select_is_as_govuk(app: Flask) -> None:
    items = [{"value": "", "text": "All"}, {"value": "1", "text": "Team 1", "selected": True}]
    params = {"id": "team", "name": "team", "label": {"text": "Team"}, "items": items}
    same(form(app, {"team": "1"}).team(), "select", "govukSelect", params)


def test_text_area_is_as_govuk(app: Flask) -> None:
    made = form(app, {"why": "line\r\n<b>"})
    params = {"id": "why", "name": "why", "label": {"text": "Why"}, "value": "line\n<b>"}
    assert "line\n&lt;b&gt;</textarea>" in made.why()
    same(made.why(), "textarea", "govukTextarea", params)


def test_character_count_is_as_govuk(app: Flask) -> None:
    params = {"id": "why", "name": "why", "maxlength": 20, "label": {"text": "Why"}}
    same(form(app).why(count=20), "character-count", "govukCharacterCount", params)


@pytest.mark.parametrize("wrong", [False, True])
def test_date_is_as_govuk(app: Flask, wrong: bool) -> None:
    typed = {"day": "27", "month": "" if wrong else "3", "year": "2026"}
    made = form(app, {f"due-{part}": text for part, text in typed.items()})
    red = " govuk-input--error" if wrong else ""
    widths = {"day": 2, "month": 2, "year": 4}
    params: dict[str, Any] = {
        "id": "due",
        "namePrefix": "due",
        "fieldset": {"legend": {"text": "When?"}},
        "hint": {"text": HINT},
        "items": [
            {"name": part, "value": text or None, "classes": f"govuk-input--width-{widths[part]}{'' if text else red}"}
            for part, text in typed.items()
        ],
    }
    if wrong:
        params["errorMessage"] = {"text": "The date must include a month"}
    same(made.due(), "date-input", "govukDateInput", params)


@pytest.mark.parametrize(
    ("typed", "found", "error"),
    [
        (("27", "3", "2026"), date(2026, 3, 27), None),
        ((" 27 ", "March", "2026"), date(2026, 3, 27), None),
        (("29", "2", "2028"), date(2028, 2, 29), None),
        (("", "", ""), None, "Enter the date"),
        (("27", "", ""), None, "The date must include a month and year"),
        (("29", "2", "2027"), None, "The date must be a real date, such as 27 3 2026"),
        (("x", "2", "2027"), None, "The date must be a real date, such as 27 3 2026"),
        (("1", "2", "26"), None, "The date must have a year of 4 numbers, such as 2026"),
        (("1", "2", "99999"), None, "The date must be a real date, such as 27 3 2026"),
    ],
)
def test_date_reads_and_says(app: Flask, typed: tuple[str, str, str], found: date | None, error: str | None) -> None:
    made = form(app, dict(zip(("due-day", "due-month", "due-year"), typed, strict=True)))
    assert made.due.data == found
    assert list(made.due.errors) == ([error] if error else [])


@settings(max_examples=50, deadline=None)
@given(st.tuples(st.text(max_size=6), st.text(max_size=6), st.text(max_size=6)))
def test_no_typed_date_breaks_the_form(app: Flask, typed: tuple[str, str, str]) -> None:
    made = form(app, dict(zip(("due-day", "due-month", "due-year"), typed, strict=True)))
    assert isinstance(made.due.data, date) != bool(made.due.errors)
    made.due()


@pytest.mark.parametrize(("text", "number"), [("12", 12), (" 1,204 ", 1204), ("", None), ("0", 0)])
def test_whole_number_reads(app: Flask, text: str, number: int | None) -> None:
    made = form(app, {"number": text})
    assert (made.number.data, list(made.number.errors)) == (number, [])


@pytest.mark.parametrize("text", ["1.5", "ten", "²", "1" * 12, "--"])
def test_whole_number_says_what_to_enter(app: Flask, text: str) -> None:
    assert form(app, {"number": text}).number.errors[0].startswith("Enter how many there are as a whole number")


def test_choice_not_offered_is_refused(app: Flask) -> None:
    made = form(app, {"grade": "splendid", "team": "9", "held": "nobody"})
    for field in (made.grade, made.team, made.held):
        assert list(field.errors) == ["Choose one of the answers in the list"]


def test_text_loses_outer_spaces_and_windows_line_ends(app: Flask) -> None:
    made = form(app, {"name": "  A B ", "why": " a\r\nb "})
    assert (made.name.data, made.why.data) == ("A B", "a\nb")


@settings(max_examples=50, deadline=None)
@given(st.text(min_size=15, max_size=25))
def test_longest_text_counts_as_the_browser_does(app: Flask, text: str) -> None:
    made = form(app, {"why": text})
    stripped = text.strip().replace("\r\n", "\n")
    assert bool(made.why.errors) == (len(stripped) > 20)


def test_errors_of_an_operation_stand_at_their_field(app: Flask) -> None:
    made = form(app, {"name": "A"})
    made.add_errors({"name": "Enter another name", "unknown": "The round is closed"})
    lines = [(line.text, line.href) for line in made.error_list()]
    assert ("Enter another name", "#name") in lines
    assert ("The round is closed", "") in lines


def test_hidden_fields_have_no_ids(app: Flask) -> None:
    with app.test_request_context():
        html = TryForm(formdata=None).hidden_tag()
    assert 'name="version" value="3"' in html
    assert 'name="csrf_token"' in html
    assert "id=" not in html


def test_everything_typed_is_escaped(app: Flask) -> None:
    nasty = '"><script>x()</script>'
    made = form(app, dict.fromkeys(("name", "number", "why", "due-day", "due-month", "due-year", "version"), nasty))
    for field in made:
        assert "<script" not in field()
        assert '"&gt;' not in field()
