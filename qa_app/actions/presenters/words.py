"""States, dates and outcomes in words."""

from datetime import date
from functools import lru_cache

from qa_app.actions.states import ACTION, GOOD_ENOUGH, OUTCOME_LABELS, ActionState, Outcome
from qa_app.core.due import left_in_words
from qa_app.core.format import day, long_day, plural

COLOURS = {
    ActionState.DRAFT: "grey",
    ActionState.OPEN: "blue",
    ActionState.DONE: "yellow",
    ActionState.NOT_DONE: "orange",
    ActionState.VERIFIED: "green",
}
LONG_AGO = 60
"""Days after which a date is so long past that its working days say less than its months."""


def state_tag(state: str, due_on: date, today: date) -> tuple[str, str]:
    """Where an action is, and the colour of its tag. An open one that is late says so."""
    found = ActionState(state)
    if found is ActionState.OPEN and due_on < today:
        return "Overdue", "red"
    return ACTION.labels[found], COLOURS[found]


@lru_cache(maxsize=4096)
def left_words(due_on: date, today: date) -> str:
    """`6 working days left`, `due today`, `2 working days late`, `4 months late`."""
    late = (today - due_on).days
    if late > LONG_AGO:
        return f"{plural(late // 30, 'month')} late"
    return left_in_words(due_on, today)


def near_day(value: date, today: date) -> str:
    """`Tue 30 June`, with the year where it is not this year's or the date is far off."""
    return day(value) if abs((value - today).days) < 2 * LONG_AGO else long_day(value)


def due_words(due_on: date, today: date, state: str) -> str:
    """The due date, and how far it is where that still matters."""
    if state != ActionState.OPEN:
        return near_day(due_on, today)
    return f"{near_day(due_on, today)}, {left_words(due_on, today)}"


def outcome_words(outcome: str | None) -> str:
    """What a verification found."""
    return OUTCOME_LABELS[Outcome(outcome)] if outcome else ""


def re_opens(outcome: str) -> bool:
    """Whether an outcome opens the action again."""
    return Outcome(outcome) not in GOOD_ENOUGH
