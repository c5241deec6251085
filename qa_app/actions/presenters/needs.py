"""What home says of actions that wait for its reader: sentences, each with one link that does it. Pure."""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import NamedTuple

from qa_app.actions.presenters.words import near_day
from qa_app.actions.queries.waiting import OF_LEAVERS, OWN_IMMEDIATE, OWN_OVERDUE, OWN_SOON, TO_VERIFY
from qa_app.actions.rules import reference_of
from qa_app.core.clock import london_day
from qa_app.core.format import plural
from qa_app.core.waiting import Waiting


class Sentence(NamedTuple):
    """By when, what, and the link that does it."""

    by: date
    text: str
    action: str
    href: str


def needs(waiting: Mapping[str, Waiting], today: date) -> Iterator[Sentence]:
    """The reader's own actions, an immediate one before all else; what they may verify; what leavers left."""
    yield from _own(waiting, today)
    if found := waiting.get(TO_VERIFY):
        since = near_day(london_day(found.at), today) if found.at else ""
        if found.number == 1:
            text = f"Action {_reference(found)} is done since {since}, and nobody has verified it."
            yield Sentence(today, text, "Verify it", _page(found))
        else:
            text = f"{found.number:,} actions are done and not verified, the oldest since {since}."
            yield Sentence(today, text, "Verify them", "/actions?whose=all&state=done")
    if found := waiting.get(OF_LEAVERS):
        actions = plural(found.number, "open action is", "open actions are")
        yield Sentence(today, f"{actions} with people who have left.", "Give them to others", "/actions/reassign")


def _own(waiting: Mapping[str, Waiting], today: date) -> Iterator[Sentence]:
    if found := waiting.get(OWN_IMMEDIATE):
        if found.number == 1:
            text = f"Immediate: action {_reference(found)} is yours, and {_was(found, today)}."
            yield Sentence(date.min, text, "Open it", _page(found))
        else:
            text = f"{found.number:,} immediate actions are yours, the first {_was(found, today, short=True)}."
            yield Sentence(date.min, text, "Open the first", _page(found))
    if found := waiting.get(OWN_OVERDUE):
        if found.number == 1:
            text = f"Action {_reference(found)} of yours is overdue: it was due on {_on(found, today)}."
            yield Sentence(found.on or today, text, "Open it", _page(found))
        else:
            text = f"{found.number:,} actions of yours are overdue, the oldest since {_on(found, today)}."
            yield Sentence(found.on or today, text, "See them", "/actions?whose=mine&overdue=yes")
    if found := waiting.get(OWN_SOON):
        if found.number == 1:
            text = f"Action {_reference(found)} of yours {_was(found, today)}."
            yield Sentence(found.on or today, text, "Open it", _page(found))
        else:
            text = f"{found.number:,} actions of yours are due soon, the first {_was(found, today, short=True)}."
            yield Sentence(found.on or today, text, "See them", "/actions?whose=mine")


def _reference(found: Waiting) -> str:
    return reference_of(int(found.first or 0))


def _page(found: Waiting) -> str:
    return f"/actions/{_reference(found)}"


def _on(found: Waiting, today: date) -> str:
    return near_day(found.on or today, today)


def _was(found: Waiting, today: date, *, short: bool = False) -> str:
    """`is due on Tue 30 June`, `was due on Tue 30 June`, `is due today`; in short without the verb for the future."""
    due_on = found.on or today
    if due_on < today:
        return f"was due on {_on(found, today)}"
    when = "today" if due_on == today else f"on {_on(found, today)}"
    return when if short else f"is due {when}"
