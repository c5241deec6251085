"""What happened to one action."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import aliased

from qa_app.actions.models import Action, ActionHandover, ActionLink, ActionNote, DueChange, Verification
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


def history_of(action: Action) -> list[Event]:
    """Everything that happened to it since it was raised, oldest first."""
    found = [
        *_moves(action.id),
        *_rows("note", ActionNote, action.id, ActionNote.text),
        *_rows("date", DueChange, action.id, DueChange.reason, DueChange.from_on, DueChange.to_on),
        *_rows("verification", Verification, action.id, Verification.evidence, Verification.outcome),
        *_handovers(action.id),
        *_links(action.id),
    ]
    return sorted(found, key=lambda event: event.at)


def _moves(action_id: int) -> Sequence[Event]:
    """Only those that have no row of their own."""
    told = ("open", "report_done", "report_not_done", "reopen")
    rows = plain_rows(
        select(StateChange.move, StateChange.at, By.name, StateChange.reason)
        .outerjoin(By, By.id == StateChange.person_id)
        .where(StateChange.subject_type == ACTION.name, StateChange.subject_id == action_id, StateChange.move.in_(told))
        .order_by(StateChange.id)
    )
    return [Event(move, at, by or "", "", reason) for move, at, by, reason in rows]


def _rows(kind: str, model: Any, action_id: int, *columns: Any) -> Sequence[Event]:
    rows = plain_rows(
        select(model.at, By.name, For.name, *columns)
        .join(By, By.id == model.by_id)
        .outerjoin(For, For.id == model.for_id)
        .where(model.action_id == action_id)
        .order_by(model.id)
    )
    return [Event(kind, at, by, behalf or "", *rest) for at, by, behalf, *rest in rows]


def _handovers(action_id: int) -> Sequence[Event]:
    rows = plain_rows(
        select(ActionHandover.at, By.name, For.name, ActionHandover.reason, From.name, To.name)
        .join(By, By.id == ActionHandover.by_id)
        .outerjoin(For, For.id == ActionHandover.for_id)
        .join(From, From.id == ActionHandover.from_id)
        .join(To, To.id == ActionHandover.to_id)
        .where(ActionHandover.action_id == action_id)
        .order_by(ActionHandover.id)
    )
    return [Event("handover", at, by, behalf or "", *rest) for at, by, behalf, *rest in rows]


def _links(action_id: int) -> Sequence[Event]:
    """Those of sources that are submitted: a draft is its author's alone."""
    rows = plain_rows(
        select(ActionLink.shown_at, By.name, ActionLink.source_label)
        .join(By, By.id == ActionLink.by_id)
        .where(ActionLink.action_id == action_id, ActionLink.shown_at.is_not(None))
        .order_by(ActionLink.id)
    )
    return [Event("link", at, by, "", "", label) for at, by, label in rows]
