"""Policy settings: what holds, changing it from a date on, and the decisions to confirm at first run."""

from datetime import date
from http import HTTPStatus
from typing import Any

from flask import Blueprint, g, make_response, render_template, request, url_for
from flask.typing import ResponseReturnValue

from qa_app.core.database import commits
from qa_app.core.errors import BadInput, NotFound
from qa_app.core.format import long_day, plural
from qa_app.core.web import see_other
from qa_app.settings import operations, presenters, queries
from qa_app.settings.forms import ValueForm, form_for
from qa_app.settings.values import shown

settings = Blueprint("settings", __name__, url_prefix="/settings")


@settings.get("")
def settings_list() -> ResponseReturnValue:
    """Every setting with its value in force."""
    found = queries.settings_on(g.today)
    return render_template(
        "settings/settings.html", groups=presenters.groups(found), undecided=len(queries.unconfirmed(g.today))
    )


@settings.get("/first-run")
def first_run() -> ResponseReturnValue:
    """The decisions that a council must confirm."""
    open_ones = {definition.name for definition in queries.unconfirmed(g.today)}
    lines = [presenters.line(one) for one in queries.settings_on(g.today) if one.definition.to_confirm]
    return render_template(
        "settings/first_run.html",
        undecided=[line for line in lines if line.name in open_ones],
        decided=[line for line in lines if line.name not in open_ones],
    )


@settings.post("/<string:name>/keep")
@commits
def keep(name: str) -> ResponseReturnValue:
    """Confirm a plain default as the council's own decision."""
    operations.keep_default(name, g.viewer, g.now)
    left = len(queries.unconfirmed(g.today))
    told = f"{plural(left, 'decision')} left." if left else "Every decision is made."
    return see_other(url_for("settings.first_run"), f"Kept. {told}")


@settings.route("/<string:name>", methods=["GET", "POST"])
@commits
def change(name: str) -> ResponseReturnValue:
    """One setting: what holds, what held, what is planned, and a new value from a date on."""
    setting = queries.setting_on(name, g.today)
    definition = setting.definition
    sent = request.form if request.method == "POST" else None
    form = form_for(definition, setting.in_force.value, g.today, sent)
    if form.validate_on_submit() and _took(form, name):
        begins = "now" if form.first_day <= g.today else f"from {long_day(form.first_day)}"
        return see_other(url_for("settings.change", name=name), f"Saved. The new value holds {begins}.")
    page = render_template(
        "settings/change.html",
        form=form,
        setting=setting,
        definition=definition,
        value=shown(definition, setting.in_force.value),
        since=presenters.since(setting.in_force),
        planned=[(value.from_date, presenters.told(definition, value)) for value in setting.planned],
        past=[presenters.told(definition, value) for value in setting.past],
        may_be_past=setting.in_force.from_date is None and not setting.planned,
    )
    return make_response(page, HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK)


def _took(form: ValueForm, name: str) -> bool:
    try:
        operations.set_value(name, form.typed(), form.first_day, g.viewer, g.now)
    except BadInput as refusal:
        form.add_errors(refusal.fields)
        return False
    return True


@settings.post("/<string:name>/planned/<string:day>/cancel")
@commits
def cancel_planned(name: str, day: str) -> ResponseReturnValue:
    """Take back a value whose day has not come."""
    operations.cancel_planned(name, _day(day), g.viewer, g.now)
    return see_other(url_for("settings.change", name=name), "Planned value taken back.")


def _day(text: Any) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise NotFound from None
