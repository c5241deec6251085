"""What happened to one action."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import bindparam, select
from sqlalchemy.orm import aliased

from qa_app.access.viewer import Viewer
from qa_app.actions.models import Action, ActionHandover, ActionLink, ActionNote, DueChange, Verification
from qa_app.actions.queries.one import clear
from qa_app.actions.states import ACTION
from qa_app.core.database import plain_rows
from qa_app.core.states import StateChange
from qa_app.people.models import Person

By, For, From, To = aliased(Person), aliased(Person), aliased(Person), aliased(Person)


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that happened: what kind, when, by whom and on whose behalf, in whose words, and the particulars."""

    kind: str
    at: datetime
    by: str
    on_behalf_of: str
    text: str
    before: str | date | None = None
    after: str | date | None = None


TOLD = ("open", "report_done", "report_not_done", "reopen")
"""Moves that have no row of their own."""


def _of(model: Any, *columns: Any) -> Any:
    return (
        select(model.at, By.name, For.name, *columns)
        .join(By, By.id == model.by_id)
        .outerjoin(For, For.id == model.for_id)
        .where(model.action_id == bindparam("action_id"))
        .order_by(model.id)
    )


# Put together once: to build them anew took longer than to run them.
_MOVES = (
    select(StateChange.move, StateChange.at, By.name, StateChange.reason)
    .outerjoin(By, By.id == StateChange.person_id)
    .where(
        StateChange.subject_type == ACTION.name,
        StateChange.subject_id == bindparam("action_id"),
        StateChange.move.in_(TOLD),
    )
    .order_by(StateChange.id)
)
_LINKS = (
    select(ActionLink.shown_at, By.name, ActionLink.source_label)
    .join(By, By.id == ActionLink.by_id)
    .where(ActionLink.action_id == bindparam("action_id"), ActionLink.shown_at.is_not(None))
    .order_by(ActionLink.id)
)
_ROWS = {
    "note": _of(ActionNote, ActionNote.text),
    "date": _of(DueChange, DueChange.reason, DueChange.from_on, DueChange.to_on),
    "verification": _of(Verification, Verification.evidence, Verification.outcome),
    "handover": _of(ActionHandover, ActionHandover.reason, From.name, To.name)
    .join(From, From.id == ActionHandover.from_id)
    .join(To, To.id == ActionHandover.to_id),
}


def history_of(action: Action, viewer: Viewer) -> list[Event]:
    """Everything that happened to it since it was raised, oldest first.

    Links only of what is submitted, a draft being its author's alone, and of nothing that is hidden from the viewer.
    """
    of, links = {"action_id": action.id}, _LINKS.where(clear(viewer, ActionLink))
    found = [Event(move, at, by or "", "", reason) for move, at, by, reason in plain_rows(_MOVES, of)]
    for kind, statement in _ROWS.items():
        found += [Event(kind, at, by, behalf or "", *rest) for at, by, behalf, *rest in plain_rows(statement, of)]
    found += [Event("link", at, by, "", "", label) for at, by, label in plain_rows(links, of)]
    return sorted(found, key=lambda event: event.at)
