"""What became of the actions that an audit raised, for whoever reads it. Pure."""

from collections.abc import Sequence
from typing import NamedTuple

from qa_app.actions.models import Action
from qa_app.actions.states import ACTION, OUTCOME_LABELS, ActionState, Outcome
from qa_app.core.format import long_day


class ActionLine(NamedTuple):
    """One action: what it is, its page, whose it is and by when, and how it stands today."""

    what: str
    href: str
    who: str
    state: str


def put_right(actions: Sequence[Action]) -> list[ActionLine]:
    """The actions in the order in which they were raised."""
    return [
        ActionLine(
            one.what,
            f"/actions/{one.reference}",
            f"{one.owner.name}, by {long_day(one.due_on)}",
            _state(one),
        )
        for one in actions
    ]


def _state(action: Action) -> str:
    """`Open`, or with what the second look found: `Verified: fully implemented`."""
    label = ACTION.labels[ActionState(action.state)]
    if action.state == ActionState.VERIFIED and action.outcome:
        return f"{label}: {OUTCOME_LABELS[Outcome(action.outcome)].lower()}"
    return label
