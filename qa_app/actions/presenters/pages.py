"""One action whole, and the short pages on which something is said of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from qa_app.actions.models import Action
from qa_app.actions.presenters.words import due_words, near_day, outcome_words, re_opens, state_tag
from qa_app.actions.queries import Event
from qa_app.actions.states import FOR_WHOM_LABELS, ActionState, ForWhom
from qa_app.core.format import initial_capital, long_day, plural
from qa_app.people.models import Person


@dataclass(frozen=True, slots=True)
class Happening:
    """One line of the history."""

    title: str
    at: datetime
    by: str
    text: str


@dataclass(frozen=True, slots=True)
class ActionPage:
    """An action with what was promised, said and found."""

    reference: str
    path: str
    version: int
    title: str
    what: str
    state: str
    colour: str
    is_open: bool
    is_immediate: bool
    facts: list[tuple[str, str]]
    revised: str
    said: str
    said_title: str
    found: str
    found_title: str
    source: str
    source_path: str | None
    further: Sequence[str]
    history: list[Happening]


def action_page(
    action: Action, events: Sequence[Event], source_path: str | None, today: date, *, left: bool
) -> ActionPage:
    """Everything about one action. Its case is named nowhere; whoever may read its source is led there."""
    state, colour = state_tag(action.state, action.due_on, today)
    newest = next((event for event in reversed(events) if event.kind == "verification"), None)
    shown = newest if newest and action.outcome else None
    return ActionPage(
        reference=action.reference,
        path=f"/actions/{action.reference}",
        version=action.version,
        title=f"Action {action.reference}",
        what=action.what,
        state=state,
        colour=colour,
        is_open=action.state == ActionState.OPEN,
        is_immediate=action.is_immediate,
        facts=_facts(action, today, left=left),
        revised=_revised(action, events, today),
        said=action.evidence,
        said_title=_said(action),
        found=shown.text if shown else "",
        found_title=_found(shown),
        source=action.source_label or initial_capital(action.source_type),
        source_path=source_path,
        further=[str(event.before) for event in events if event.kind == "link"],
        history=[_happening(event, today) for event in [_raised(action), *events]],
    )


def _facts(action: Action, today: date, *, left: bool) -> list[tuple[str, str]]:
    facts = [
        ("Owner", f"{action.owner.name}, has left" if left else action.owner.name),
        ("Due", due_words(action.due_on, today, action.state)),
    ]
    if action.first_due_on != action.due_on:
        facts.append(("First promised for", near_day(action.first_due_on, today)))
    facts += [
        ("For", FOR_WHOM_LABELS[ForWhom(action.for_whom)]),
        ("Priority", "Immediate" if action.is_immediate else "Normal"),
        ("Team", action.team.name if action.team else "None"),
        ("Service", action.service.name if action.service else "None"),
    ]
    return facts


def _revised(action: Action, events: Sequence[Event], today: date) -> str:
    changes = [event for event in events if event.kind == "date"]
    if not changes:
        return ""
    times = "once" if len(changes) == 1 else f"{len(changes)} times"
    return f"The date was changed {times}. It was first promised for {near_day(action.first_due_on, today)}."


def _said(action: Action) -> str:
    if not action.evidence:
        return ""
    return "Why it is not done" if action.state == ActionState.NOT_DONE else "What was done, and how one can see it"


def _found(event: Event | None) -> str:
    if event is None:
        return ""
    again = ", so it is open again" if re_opens(str(event.before)) else ""
    return f"{outcome_words(str(event.before))}{again}"


def _raised(action: Action) -> Event:
    return Event("raised", action.created_at, action.created_by.name, "", "")


def _happening(event: Event, today: date) -> Happening:
    by = f"{event.by}, on behalf of {event.on_behalf_of}" if event.on_behalf_of else event.by
    return Happening(_title(event, today), event.at, by, event.text)


TITLES = {
    "raised": "Raised",
    "open": "Opened when its source was submitted",
    "report_done": "Reported as done",
    "report_not_done": "Reported as not done",
    "reopen": "Opened again",
    "note": "Note",
}


def _title(event: Event, today: date) -> str:
    if event.kind == "date":
        assert isinstance(event.before, date)
        assert isinstance(event.after, date)
        return f"Due date changed from {long_day(event.before)} to {long_day(event.after)}"
    if event.kind == "verification":
        return f"Verified: {outcome_words(str(event.before)).lower()}"
    if event.kind == "handover":
        return f"Given by {event.before} to {event.after}"
    if event.kind == "link":
        return f"{event.before} found the same"
    return TITLES[event.kind]


@dataclass(frozen=True, slots=True)
class ShortPage:
    """What stands above a form on one action."""

    reference: str
    path: str
    what: str
    owner: str
    due: str
    first_due: str
    said: str
    said_title: str
    is_immediate: bool


def short_page(action: Action, today: date) -> ShortPage:
    """The action in a few lines."""
    return ShortPage(
        reference=action.reference,
        path=f"/actions/{action.reference}",
        what=action.what,
        owner=action.owner.name,
        due=due_words(action.due_on, today, action.state),
        first_due=near_day(action.first_due_on, today) if action.first_due_on != action.due_on else "",
        said=action.evidence,
        said_title=_said(action),
        is_immediate=action.is_immediate,
    )


@dataclass(frozen=True, slots=True)
class LeaverPage:
    """Whose actions are given to others, and how they stand."""

    name: str
    title: str
    why: str
    path: str


def leaver_page(owner: Person, count: int, today: date) -> LeaverPage:
    """The head of the page on which somebody's actions change hands."""
    why = "" if owner.works_on(today) or owner.leaves_on is None else f"Their last day was {long_day(owner.leaves_on)}."
    actions = plural(count, "open action")
    return LeaverPage(
        owner.name, f"Give {actions} of {owner.name} to others", why, f"/actions/reassign?from={owner.id}"
    )


def offered_words(action: Action, today: date) -> str:
    """One action beside its box."""
    what = action.what if len(action.what) <= MOST_SHOWN else action.what[:MOST_SHOWN].rstrip() + "…"
    immediate = "Immediate. " if action.is_immediate else ""
    return f"{action.reference}: {immediate}{what} (due {due_words(action.due_on, today, action.state)})"


MOST_SHOWN = 140
