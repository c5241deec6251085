"""The list of actions: overdue first, filters, heading, and what of them waits for its reader."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from markupsafe import Markup, escape

from qa_app.actions.presenters.words import due_words, outcome_words, state_tag
from qa_app.actions.queries import ALL, MINE, SORTS, YES, ActionRow, Place, Totals
from qa_app.actions.queries.lists import SHOWN
from qa_app.actions.queries.waiting import OF_LEAVERS, TO_VERIFY
from qa_app.actions.rules import reference_of
from qa_app.actions.states import ACTION, ActionState
from qa_app.core.format import day, plural
from qa_app.core.lists import Choice, Column, Filter, Search
from qa_app.core.waiting import Waiting

SOONEST = "due"
STATES = (
    *((str(state), ACTION.labels[state]) for state in (ActionState.DONE, ActionState.NOT_DONE, ActionState.VERIFIED)),
    (ALL, "All"),
)
_WHAT = (
    Markup('<span><a class="govuk-link app-nowrap" href="/actions/'),
    Markup('">'),
    Markup('</a> <span class="govuk-!-font-weight-regular">'),
    Markup("</span></span>"),
)
_TAG = Markup('<strong class="govuk-tag govuk-tag--{}">{}</strong>')
_IMMEDIATE = Markup('<strong class="govuk-tag govuk-tag--red">Immediate</strong> ')
_DUE = Markup('<span class="app-late">{}</span>')


def filters(places: Sequence[Place], kinds: Sequence[tuple[str, str]]) -> tuple[Filter, ...]:
    """What the list is narrowed by; whoever sees only their own has few."""
    own: tuple[Filter, ...] = (
        Choice("state", "State", STATES, unchosen="Open"),
        Choice("overdue", "Overdue", ((YES, "Overdue only"),)),
        Choice("immediate", "Immediate", ((YES, "Immediate only"),)),
    )
    if not places:
        return own
    services = dict.fromkeys((str(place.service_id), place.service) for place in places)
    teams = tuple((str(place.team_id), place.team) for place in places)
    return (
        Choice("whose", "Whose", ((MINE, "Mine"), (ALL, "All that I may see")), unchosen="Mine first"),
        *own,
        Search("owner", "Owner"),
        Choice("service", "Service", tuple(services)),
        Choice("team", "Team", teams),
        *([Choice("source", "From", tuple(kinds))] if len(kinds) > 1 else []),
    )


def columns(today: date, *, whole: bool = False) -> tuple[Column[ActionRow], ...]:
    """What is to be done, by whom and when, where it is and where it comes from; `whole` for a file."""
    there: tuple[Column[ActionRow], ...] = (
        Column("action", "Action", _what, sort=SORTS["action"], header=True, value=lambda row: reference_of(row.id)),
        Column("owner", "Owner", lambda row: _owner(row, today), sort=SORTS["owner"], value=lambda row: row.owner),
        Column("team", "Team", lambda row: row.team or "None", sort=SORTS["team"]),
        Column("due", "Due", lambda row: _due(row, today), sort=SORTS["due"], value=lambda row: row.due_on),
        Column("state", "State", lambda row: _tags(row, today), sort=SORTS["state"], value=_state),
        Column("source", "From", lambda row: row.source, sort=SORTS["source"]),
    )
    if not whole:
        return there
    return (
        *there,
        Column("what", "What is to be done", lambda row: row.what),
        Column("first", "First promised for", lambda row: row.first_due_on),
        Column("immediate", "Immediate", lambda row: "Yes" if row.is_immediate else "No"),
        Column("outcome", "Verified as", lambda row: outcome_words(row.outcome)),
    )


def _what(row: ActionRow) -> Markup:
    reference = reference_of(row.id)
    what = row.what if len(row.what) <= SHOWN else row.what[: SHOWN - 1].rstrip() + "…"
    begin, named, said, end = _WHAT
    return begin + reference + named + reference + said + what + end  # each part is escaped as it is added


def _owner(row: ActionRow, today: date) -> str:
    left = row.owner_leaves_on is not None and row.owner_leaves_on < today
    return f"{row.owner}, has left" if left else row.owner


def _due(row: ActionRow, today: date) -> Markup:
    return _due_cell(row.due_on, row.state, today)


@lru_cache(maxsize=4096)
def _due_cell(due_on: date, state: str, today: date) -> Markup:
    words = due_words(due_on, today, state)
    return _DUE.format(words) if state == ActionState.OPEN and due_on < today else escape(words)


def _tags(row: ActionRow, today: date) -> Markup:
    return _tag_cell(*state_tag(row.state, row.due_on, today), row.is_immediate)


@lru_cache(maxsize=64)
def _tag_cell(text: str, colour: str, is_immediate: bool) -> Markup:
    return (_IMMEDIATE if is_immediate else Markup("")) + _TAG.format(colour, text)


def _state(row: ActionRow) -> str:
    return ACTION.labels[ActionState(row.state)]


def reads_as(state: str) -> str:
    """How actions of a state are counted: `open action`."""
    words = {
        ActionState.OPEN: "open action",
        ActionState.DONE: "action to verify",
        ActionState.NOT_DONE: "action not done",
        ActionState.VERIFIED: "verified action",
    }
    return words.get(state, "action")  # type: ignore[call-overload, no-any-return]


MANY = {"action to verify": "actions to verify", "action not done": "actions not done"}


def heading(totals: Totals, chosen: Mapping[str, str]) -> str:
    """`3 open actions of yours, 1 overdue`."""
    one = reads_as(chosen.get("state", ActionState.OPEN))
    text = plural(totals.number, one, MANY.get(one))
    if chosen.get("whose") == MINE:
        text += " of yours"
    if totals.overdue and chosen.get("overdue") != YES:
        text += f", {totals.overdue:,} overdue"
    elif chosen.get("overdue") == YES:
        text += ", overdue"
    return text


@dataclass(frozen=True, slots=True)
class Line:
    """A sentence above the list, with the one link that does something about it."""

    text: str
    action: str
    href: str


def notices(waiting: Mapping[str, Waiting], chosen: Mapping[str, str], *, reaches: bool) -> list[Line]:
    """What waits for the reader besides the list itself, and the way between their own and all."""
    lines = []
    if found := waiting.get(TO_VERIFY):
        text = f"1 action is done since {day(found.at)}, and waits for somebody to verify it."
        if found.number > 1:
            text = f"{found.number:,} actions are done and wait for somebody to verify them, "
            text += f"the longest since {day(found.at)}."
        lines.append(Line(text, "See what is done", "/actions?whose=all&state=done"))
    if found := waiting.get(OF_LEAVERS):
        text = f"{plural(found.number, 'open action is', 'open actions are')} with people who have left."
        lines.append(Line(text, "Give them to others", "/actions/reassign"))
    if reaches and chosen.get("whose") == MINE:
        lines.append(Line("This list has your own.", "See all that you may see", "/actions?whose=all"))
    return lines
