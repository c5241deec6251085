"""Read policy settings as they hold on a day."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from qa_app.core.database import db
from qa_app.core.errors import NotFound
from qa_app.settings.definitions import BY_NAME, DEFINITIONS, Definition
from qa_app.settings.models import PolicySetting


def value_at(name: str, day: date) -> Any:
    """The value of a setting in force on a day: the newest that has begun, else the plain default.

    Raises:
        KeyError: there is no setting of that name.
    """
    return values_at([name], day)[name]


def values_at(names: Iterable[str], day: date) -> dict[str, Any]:
    """The values of several settings in force on a day, by name, with one query."""
    wanted = {name: BY_NAME[name].default for name in names}
    rows = db.session.execute(
        select(PolicySetting.name, PolicySetting.value)
        .where(PolicySetting.name.in_(wanted), PolicySetting.from_date <= day)
        .order_by(PolicySetting.from_date)
    )
    return wanted | {name: value for name, value in rows}


@dataclass(frozen=True, slots=True)
class Value:
    """A value of a setting, from when it holds, and who set it; the plain default has neither."""

    value: Any
    from_date: date | None = None
    set_by: str | None = None
    set_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Setting:
    """A setting as it stands on a day: in force, planned (soonest first), and everything that was set, newest first."""

    definition: Definition
    in_force: Value
    planned: tuple[Value, ...]
    past: tuple[Value, ...]


def settings_on(today: date) -> list[Setting]:
    """Every setting as it stands on a day, in the order of the definitions, with one query."""
    values: dict[str, list[Value]] = {}
    rows = db.session.scalars(
        select(PolicySetting).options(joinedload(PolicySetting.set_by)).order_by(PolicySetting.from_date)
    )
    for row in rows:
        by = row.set_by.name if row.set_by else None
        values.setdefault(row.name, []).append(Value(row.value, row.from_date, by, row.set_at))
    return [_setting(definition, values.get(definition.name, []), today) for definition in DEFINITIONS]


def setting_on(name: str, today: date) -> Setting:
    """One setting as it stands on a day. Raises NotFound."""
    for setting in settings_on(today):
        if setting.definition.name == name:
            return setting
    raise NotFound


def _setting(definition: Definition, values: list[Value], today: date) -> Setting:
    begun = [value for value in values if value.from_date and value.from_date <= today]
    planned = tuple(value for value in values if value not in begun)
    default = Value(definition.default)
    in_force = begun[-1] if begun else default
    # What was in force before, newest first; before anything was set, the plain default held.
    past = [*reversed(begun[:-1]), default] if begun else []
    return Setting(definition, in_force, planned, tuple(past))


def unconfirmed(today: date) -> list[Definition]:
    """The decisions that no source fixes and that this council has not made yet. A planned value is a decision."""
    return [
        setting.definition
        for setting in settings_on(today)
        if setting.definition.to_confirm and setting.in_force.from_date is None and not setting.planned
    ]
