"""Read actions: one, those of a source, lists, what waits, and whom they concern."""

from qa_app.actions.models import Action
from qa_app.actions.queries.history import Event, history_of
from qa_app.actions.queries.leavers import Leaver, leavers, to_reassign
from qa_app.actions.queries.lists import (
    ALL,
    MINE,
    SORTS,
    YES,
    ActionRow,
    Place,
    Totals,
    count_actions,
    every_action,
    find_actions,
    may_list,
    owns_any,
    places,
)
from qa_app.actions.queries.one import (
    LinkedAction,
    action,
    action_for,
    action_of,
    actions_of,
    count_by_part,
    linked_to,
    seen_of,
    to_link,
    to_look_at,
    visible,
)
from qa_app.actions.queries.people import heads_of, nearest_managers, possible_owners, who_acts
from qa_app.actions.queries.waiting import waiting_actions, waiting_for

__all__ = [
    "ALL",
    "MINE",
    "SORTS",
    "YES",
    "Action",
    "ActionRow",
    "Event",
    "Leaver",
    "LinkedAction",
    "Place",
    "Totals",
    "action",
    "action_for",
    "action_of",
    "actions_of",
    "count_actions",
    "count_by_part",
    "every_action",
    "find_actions",
    "heads_of",
    "history_of",
    "leavers",
    "linked_to",
    "may_list",
    "nearest_managers",
    "owns_any",
    "places",
    "possible_owners",
    "seen_of",
    "to_link",
    "to_look_at",
    "to_reassign",
    "visible",
    "waiting_actions",
    "waiting_for",
    "who_acts",
]
