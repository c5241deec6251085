"""Read actions: one, those of a source, lists, and whom they concern."""

from qa_app.actions.models import Action
from qa_app.actions.queries.one import (
    action_for,
    action_of,
    actions_of,
    count_by_part,
    linked_to,
    to_link,
    to_look_at,
    visible,
)
from qa_app.actions.queries.people import heads_of, nearest_managers, possible_owners, who_acts

__all__ = [
    "Action",
    "action_for",
    "action_of",
    "actions_of",
    "count_by_part",
    "heads_of",
    "linked_to",
    "nearest_managers",
    "possible_owners",
    "to_link",
    "to_look_at",
    "visible",
    "who_acts",
]
