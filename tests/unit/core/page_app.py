"""A small app with a list and a long form, to try the page frame, lists, forms and scripts without the rest."""

import sqlite3
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any

from flask import Flask, Response, g, render_template, request
from flask_wtf import CSRFProtect
from jinja2 import ChoiceLoader, DictLoader
from sqlalchemy import column
from sqlalchemy.exc import OperationalError

import qa_app
from qa_app.core import assets, headers, web
from qa_app.core.errors import NotAllowed, NotFound, Stale
from qa_app.core.format import day
from qa_app.core.forms import (
    CheckboxesField,
    CheckboxField,
    DateField,
    FileField,
    Form,
    HiddenField,
    MaxLength,
    RadioField,
    Required,
    SelectField,
    TextAreaField,
    TextField,
    WholeNumberField,
)
from qa_app.core.lists import Choice, Column, ListPage, Search

PEOPLE = [
    {"name": f"Person {n:03}", "team": f"Team {n % 7}", "due": date(2026, 6, 30), "count": n % 3} for n in range(1, 231)
]
COLUMNS: tuple[Column[dict[str, Any]], ...] = (
    Column("name", "Name", lambda row: row["name"], sort=column("name"), header=True),
    Column("team", "Team", lambda row: row["team"], sort=column("team")),
    Column("due", "Due", lambda row: day(row["due"]), value=lambda row: row["due"]),
    Column("count", "Expected", lambda row: row["count"], sort=column("count"), numeric=True),
)
FILTERS = (Choice("team", "Team", [(f"Team {n}", f"Team {n}") for n in range(7)]), Search("q", "Name"))

TEMPLATES = {
    "try/list.html": """{% extends "base.html" %}
{% from "components/lists.html" import filter_panel %}{% from "components/parts.html" import figures, breadcrumbs, steps %}
{% set title = list.total|plural("person", "people") %}{% set wide = true %}
{% block beforeContent %}{{ breadcrumbs([("Home", "/")]) }}{% endblock %}
{% block content %}<h1 class="govuk-heading-l">{{ title }}</h1>
{{ figures([{"number": 92, "text": "expected", "href": "/"}, {"number": 4, "text": "late"}]) }}
{{ steps([{"text": "Dates", "state": "done", "href": "/"}, {"text": "Sample", "state": "now"}, {"text": "Issue"}]) }}
{{ filter_panel(list) }}{% include "try/_list.html" %}{% endblock %}""",
    "try/_list.html": """{% from "components/lists.html" import results %}{{ results(list, "People", "/export") }}""",
    "try/form.html": """{% extends "base.html" %}{% set title = "Section" %}
{% from "components/parts.html" import button, back_link, task_list, timeline, strip, empty, progress_bar, warning,
   details, inset, date_with_days, summary_list, one_button, tag, sub_navigation, link_button %}
{% block beforeContent %}{{ back_link("/") }}{% endblock %}
{% block content %}<h1 class="govuk-heading-l">{{ title }}</h1>
<form method="post" action="/form" novalidate data-autosave data-conflict="conflict" enctype="multipart/form-data">
{{ form.hidden_tag() }}{{ form.name() }}{{ form.number() }}{{ form.due() }}
{{ form.grade(hints={"good": "Help is right"}, conditional={"bad": "Say more"}) }}{{ form.held() }}{{ form.team() }}
{{ form.why(count=20) }}{{ form.file() }}{{ form.sure() }}<p class="app-saved" data-saved role="status"></p>
{{ button("Send") }}</form><div id="conflict"></div>
{{ strip([("Team", "Team 4")]) }}{{ task_list([{"title": "Planning", "href": "/", "status": "Done"},
 {"title": "Review", "status": "In progress", "colour": "blue", "hint": "Started"}]) }}
{{ timeline([{"title": "Submitted", "at": now, "by": "A", "text": "hello"}]) }}<p class="govuk-body">{{ progress_bar(4, 12) }}
4 of 12 {{ tag("Late", "red") }} {{ date_with_days(now, -2) }}</p>{{ warning("This starts the process") }}
{{ empty("No audits this month", "Look again later", "/", "Home") }}{{ sub_navigation([{"text": "A", "href": "/", "current": true}]) }}
{{ summary_list([{"name": "Grade", "value": "Good", "href": "/"}, {"name": "By", "value": "A"}]) }}
{{ one_button("Remind", "/sent") }}{{ link_button("Start", "/") }}
{% call details("What good looks like") %}Words{% endcall %}{% call inset() %}Words{% endcall %}
<button type="button" class="govuk-button" hx-post="/refused" hx-target="#conflict">Refused</button>
<button type="button" class="govuk-button" hx-post="/broken" hx-target="#conflict">Broken</button>
<button type="button" class="govuk-button" hx-post="/sent" hx-target="#conflict">Moved</button>{% endblock %}""",
}


class TryForm(Form):
    """One field of each kind."""

    name = TextField("Name", [Required("Enter the name")])
    number = WholeNumberField("How many?", what="how many there are")
    due = DateField("When?", [Required("Enter the date")], what="the date", description="For example, 27 3 2026")
    grade = RadioField("Grade", [Required("Choose a grade")], choices=[("good", "Good"), ("bad", "Inadequate")])
    held = CheckboxesField("Conversations", choices=[("worker", "Social worker"), ("parent", "Parent")])
    team = SelectField("Team", choices=[("", "All"), ("1", "Team 1")])
    why = TextAreaField("Why", [MaxLength(20)])
    file = FileField("File")
    sure = CheckboxField("I am sure")
    version = HiddenField(default="3")


@dataclass
class Person:
    """As much of a viewer as the frame shows."""

    person_id: int = 1
    name: str = "Asha Okafor"


@dataclass
class State:
    """What the autosave route answers, and what it got."""

    answer: str = "saved"
    version: int = 3
    saves: list[tuple[str, str]] = field(default_factory=list)
    viewer: Person | None = field(default_factory=Person)


def make_app(state: State) -> Flask:
    """The app; `state` steers it while it runs."""
    app = Flask("try", static_folder=None, root_path=qa_app.__path__[0])
    app.config.update(SECRET_KEY="for tests only, as long as a real one", TESTING=True)
    assert app.jinja_loader
    app.jinja_loader = ChoiceLoader([app.jinja_loader, DictLoader(TEMPLATES)])
    CSRFProtect(app)
    headers.protect(app)
    web.register_web(app)
    assets.serve_assets(app)
    app.before_request(lambda: setattr(g, "viewer", state.viewer))
    app.context_processor(_frame)
    _add_routes(app, state)
    _add_faults(app)
    return app


def _frame() -> dict[str, Any]:
    entries = [{"text": text, "href": f"/?{text}", "current": text == "Progress"} for text in ("Home", "Progress")]
    return {
        "product_name": "Case audits",
        "demo": True,
        "navigation": entries,
        "sign_in_url": "/sign-in",
        "sign_out_url": "/sign-out",
        "account_url": "/account",
        "accessibility_url": "/accessibility",
    }


def people_page() -> ListPage[dict[str, Any]]:
    """The list as the request asks for it, filled as a room's query would."""
    page = ListPage(COLUMNS, FILTERS, request.args, request.path, "name")
    team, words = page.filters.get("team"), page.filters.get("q", "").lower()
    rows = [row for row in PEOPLE if team in (None, row["team"]) and words in str(row["name"]).lower()]
    rows.sort(key=lambda row: str(row[page.sort]), reverse=page.descending)
    return page.fill(rows[page.offset : page.offset + page.limit], len(rows), ("Total", "", "", len(rows)))


def _add_routes(app: Flask, state: State) -> None:
    @app.get("/")
    def index() -> Response:
        return web.page_or_fragment("try/list.html", "try/_list.html", list=people_page())

    @app.route("/form", methods=["GET", "POST"])
    def section() -> Response:
        if web.autosaving():
            return _autosave(state)
        form = TryForm()
        if form.validate_on_submit():
            return web.see_other("/", "Sent. The Head of Service hears now.")
        now = datetime(2026, 6, 30, 13, 2, tzinfo=UTC)
        status = 422 if form.errors else 200
        return web.page_or_fragment("try/form.html", "try/form.html", status=status, form=form, now=now)

    @app.post("/sent")
    def sent() -> Response:
        return web.see_other("/", "Sent.")

    @app.post("/refused")
    def refused() -> Response:
        raise NotAllowed("Only the Head of Service forwards a request.")


def _sqlite_error(name: str, words: str) -> OperationalError:
    cause = sqlite3.OperationalError(words)
    cause.sqlite_errorname = name
    return OperationalError("UPDATE", {}, cause)


def _add_faults(app: Flask) -> None:
    @app.post("/broken")
    def broken() -> Response:
        return Response("<h1>Proxy error</h1>", status=502)

    @app.get("/raise/<kind>")
    def raises(kind: str) -> Response:
        raise {
            "missing": NotFound("There is no audit 12"),
            "stale": Stale("Somebody saved first."),
            "locked": _sqlite_error("SQLITE_BUSY", "database is locked"),
            "gone": _sqlite_error("SQLITE_ERROR", "no such table: disk"),
            "fault": ZeroDivisionError(),
        }[kind]

    @app.get("/message")
    def message() -> Response:
        web.flash("Reminded 4 people.")
        return web.page_or_fragment("try/list.html", "try/_list.html", list=people_page())

    @app.get("/wrong")
    def wrong() -> str:
        return render_template("base.html", title="No heading")


def _autosave(state: State) -> Response:
    if state.answer.isdigit():
        return web.error_answer(int(state.answer))
    if state.answer == "conflict":
        return Response('<h2 class="govuk-heading-m">Both texts</h2>', status=409)
    state.saves.append((request.form["version"], request.form["name"]))
    state.version += 1
    return web.saved(state.version, "14:02")
