"""Actions that are open already, offered to a finding so that nothing is raised twice."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from qa_app.actions.models import Action
from qa_app.actions.presenters import due_words


@dataclass(frozen=True, slots=True)
class Offered:
    """An action that is open already, offered to be linked to."""

    id: int
    reference: str
    what: str
    why: str


def to_link(actions: Sequence[Action], today: date) -> list[Offered]:
    """Open actions that say the same, perhaps, as what is about to be added."""
    return [
        Offered(
            action.id,
            action.reference,
            action.what,
            f"{action.owner.name}, {due_words(action.due_on, today, action.state)}",
        )
        for action in actions
    ]
