"""What somebody must say when they work on an action, or nothing changes and the form tells what is missing."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest

from qa_app.actions import operations
from qa_app.actions.inputs import HandOver, VerifyInput
from qa_app.actions.states import ActionState, Outcome
from qa_app.core.errors import BadInput
from tests.factories.actions import Desk, action_at

S = ActionState
Act = Callable[[Desk, Any], object]


def later(desk: Desk) -> Any:
    return desk.today + timedelta(days=3)


REFUSED: dict[str, tuple[S, Act, dict[str, str]]] = {
    "given to who has it": (
        S.OPEN,
        lambda d, who: operations.reassign(d.action, HandOver(d.action.owner_id, "Left"), who, d.now),
        {"owner": "Choose somebody other than the owner it has now"},
    ),
    "given to nobody, for no reason": (
        S.OPEN,
        lambda d, who: operations.reassign(d.action, HandOver(0, " "), who, d.now),
        {"owner": "Choose who will do it", "reason": "Enter why the owner changes"},
    ),
    "none chosen": (
        S.OPEN,
        lambda d, who: operations.reassign_many([], HandOver(d.council.moderator.id, "Left"), who, d.now),
        {"actions": "Choose at least one action"},
    ),
    "verified on no evidence": (
        S.DONE,
        lambda d, who: operations.verify(d.action, VerifyInput(Outcome.FULLY, " "), who, d.now),
        {"evidence": "Enter what you saw"},
    ),
    "opened again for no reason": (
        S.NOT_DONE,
        lambda d, who: operations.reopen(d.action, " ", later(d), who, d.now),
        {"evidence": "Enter why it is to be done after all"},
    ),
    "put off to the day that it has": (
        S.OPEN,
        lambda d, who: operations.revise(d.action, d.action.due_on, "Sick", who, d.now),
        {"due_on": "Enter another date than it has now"},
    ),
    "put off for no reason": (
        S.OPEN,
        lambda d, who: operations.revise(d.action, later(d), " ", who, d.now),
        {"reason": "Enter why the date changes"},
    ),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_missing_is_said_and_nothing_changes(database: Any, now: datetime, name: str) -> None:
    state, act, fields = REFUSED[name]
    desk = action_at(database, state, now)
    before = (desk.action.version, desk.action.owner_id, desk.action.due_on)
    with pytest.raises(BadInput) as refusal:
        act(desk, desk.viewer(desk.council.qa))
    assert refusal.value.fields == fields
    assert (desk.action.version, desk.action.owner_id, desk.action.due_on) == before
    assert desk.action.state == state


def test_of_several_handed_over_the_one_that_was_settled_stays(database: Any, now: datetime) -> None:
    desk = action_at(database, S.DONE, now)
    to = HandOver(desk.council.moderator.id, "Left")
    assert operations.reassign_many([desk.action], to, desk.viewer(desk.council.qa), now) == 0
    assert (desk.action.state, desk.action.owner_id) == (S.DONE, desk.council.auditor.id)
