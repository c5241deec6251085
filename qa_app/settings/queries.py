"""Read policy settings as they hold on a day."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from sqlalchemy import select

from qa_app.core.database import db
from qa_app.settings.definitions import BY_NAME
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
