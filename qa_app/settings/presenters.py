"""What the pages of settings say."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from qa_app.core.format import long_day
from qa_app.settings.definitions import Definition
from qa_app.settings.queries import Setting, Value
from qa_app.settings.values import shown


@dataclass(frozen=True, slots=True)
class Line:
    """A setting on the list, or one of its values in its history."""

    name: str
    label: str
    help: str
    value: str
    since: str
    planned: str
    to_confirm: bool


@dataclass(frozen=True, slots=True)
class Told:
    """One value in words."""

    value: str
    since: str
    by: str


def groups(settings: Sequence[Setting]) -> list[tuple[str, list[Line]]]:
    """Settings by group, in their order."""
    return [(group, [line(one) for one in ones]) for group, ones in groupby(settings, lambda s: s.definition.group)]


def line(setting: Setting) -> Line:
    """A setting in words."""
    definition = setting.definition
    planned = "; ".join(f"{shown(definition, v.value)} from {long_day(v.from_date)}" for v in setting.planned)
    return Line(
        definition.name,
        definition.label,
        definition.help,
        shown(definition, setting.in_force.value),
        since(setting.in_force),
        planned,
        definition.to_confirm and setting.in_force.from_date is None and not setting.planned,
    )


def since(value: Value) -> str:
    """From when a value holds."""
    return f"Since {long_day(value.from_date)}" if value.from_date else "The product's own value"


def told(definition: Definition, value: Value) -> Told:
    """A value of the history in words."""
    by = f"Set by {value.set_by}, {long_day(value.set_at)}" if value.set_by else ""
    start = f"From {long_day(value.from_date)}" if value.from_date else "Before that: the product's own value"
    return Told(shown(definition, value.value), start, by)
