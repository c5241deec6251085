"""Set policy settings from a date on. What held on a day that is over never changes (domain.md section 11)."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import func, select

from qa_app.access.viewer import Viewer
from qa_app.core.clock import london_day
from qa_app.core.database import db
from qa_app.core.errors import BadInput, NotFound
from qa_app.settings.definitions import BY_NAME, Definition
from qa_app.settings.models import PolicySetting
from qa_app.settings.permissions import check_can_change_settings
from qa_app.settings.values import check_value, shown
from qa_app.trail import operations as trail


def set_value(name: str, value: Any, from_date: date, viewer: Viewer, now: datetime) -> PolicySetting:
    """Let a value hold from a day on: today or later, or any day where the setting is set for the first time.

    A value that was to begin on the same day, or began today, is replaced.

    Raises NotAllowed, NotFound (no such setting), or BadInput with what to mend by field.
    """
    check_can_change_settings(viewer)
    definition = _definition(name)
    value = check_value(definition, value)
    today = london_day(now)
    if from_date < today and _is_set(name):
        message = "Enter today or a later date: what held in the past never changes"
        raise BadInput(message, {"from_date": message})
    row = _row(name, from_date)
    before = shown(definition, row.value) if row else None
    if row is None:
        row = PolicySetting(name=name, from_date=from_date)
        db.session.add(row)
    row.value, row.set_by_id, row.set_at = value, viewer.person_id, now
    db.session.flush()
    detail = {"setting": definition.label, "value": shown(definition, value), "from_date": from_date}
    trail.append(
        "setting:set", viewer, now, ("setting", row.id), **detail, **({"instead_of": before} if before else {})
    )
    return row


def cancel_planned(name: str, from_date: date, viewer: Viewer, now: datetime) -> None:
    """Take back a value whose day has not come. Raises NotAllowed, NotFound, or BadInput (it has begun)."""
    check_can_change_settings(viewer)
    definition = _definition(name)
    row = _row(name, from_date)
    if row is None:
        raise NotFound
    if from_date <= london_day(now):
        raise BadInput("This value has begun, so it can't be taken back. Set another one from today on.")
    words = shown(definition, row.value)
    detail = {"setting": definition.label, "value": words, "from_date": from_date}
    trail.append("setting:cancelled", viewer, now, ("setting", row.id), **detail)
    db.session.delete(row)
    db.session.flush()


def keep_default(name: str, viewer: Viewer, now: datetime) -> None:
    """Confirm a setting's plain default as the council's own decision, from today on.

    Raises NotAllowed, or NotFound (no such setting, or none that needs confirming). Confirming twice is one effect.
    """
    check_can_change_settings(viewer)
    definition = _definition(name)
    if not definition.to_confirm:
        raise NotFound
    if not _is_set(name):
        set_value(name, definition.default, london_day(now), viewer, now)


def _definition(name: str) -> Definition:
    if name not in BY_NAME:
        raise NotFound
    return BY_NAME[name]


def _row(name: str, from_date: date) -> PolicySetting | None:
    return db.session.scalar(
        select(PolicySetting).where(PolicySetting.name == name, PolicySetting.from_date == from_date).with_for_update()
    )


def _is_set(name: str) -> bool:
    return bool(db.session.scalar(select(func.count()).where(PolicySetting.name == name)))
