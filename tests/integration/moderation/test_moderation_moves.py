"""Every state x every verb x every role: who can do what, when, and the refusal for all the rest."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest

from qa_app.access.viewer import Viewer
from qa_app.core.errors import BadInput, IllegalMove, NotAllowed
from qa_app.moderation import operations
from qa_app.moderation.states import ModerationState
from tests.factories.moderation import Moderated, decision, moderation_at, own_grades

S = ModerationState
ROLES = [
    "auditor", "auditor_b", "moderator", "lead_auditor", "team_manager", "service_manager", "head_of_service",
    "head_of_service_b", "practice_lead", "qa", "director", "executive", "scrutiny", "administrator",
]  # fmt: skip

Verb = Callable[[Moderated, Viewer], Any]


def _save(made: Moderated, who: Viewer) -> None:
    typed = own_grades(made.moderation, reason="Seen again.")
    operations.save_grades(made.moderation, typed, made.moderation.grades_version, who, made.now)


VERBS: dict[str, tuple[Verb, set[str], set[S]]] = {
    "save": (_save, {"moderator"}, {S.WAITING, S.IN_PROGRESS}),
    "lock": (lambda made, who: operations.lock_grades(made.moderation, who, made.now), {"moderator"}, {S.IN_PROGRESS}),
    "complete": (
        lambda made, who: operations.complete(made.moderation, "good", who, made.now), {"moderator"}, set(),
    ),
    "reassign": (
        lambda made, who: operations.reassign(made.moderation, made.other.id, "", who, made.now), {"qa"},
        {S.WAITING, S.IN_PROGRESS},
    ),
    "acknowledge": (
        lambda made, who: operations.acknowledge(made.moderation, who, made.now), {"auditor"}, {S.MODERATED},
    ),
    "dispute": (
        lambda made, who: operations.dispute(made.moderation, "No.", who, made.now), {"auditor", "head_of_service"},
        {S.MODERATED},
    ),
    "decide": (
        lambda made, who: operations.decide(made.moderation, decision(made), who, made.now), {"qa"}, {S.DISPUTED},
    ),
}  # fmt: skip


@pytest.mark.parametrize("state", S)
def test_every_verb_by_every_role(database: Any, now: datetime, state: ModerationState) -> None:
    made = moderation_at(database, state, now)
    for name, (verb, roles, states) in VERBS.items():
        for person in ROLES:
            who = made.scene.viewer(getattr(made.scene.council, person))
            point = database.begin_nested()
            accepted = state == S.ACCEPTED and name == "dispute" and person == "auditor"
            try:
                if person not in roles or accepted:
                    with pytest.raises(NotAllowed):
                        verb(made, who)
                elif state not in states:
                    with pytest.raises((IllegalMove, BadInput) if state == S.WAITING else IllegalMove):
                        verb(made, who)
                else:
                    verb(made, who)
            except BaseException as error:
                error.add_note(f"{name} by {person} in {state}")
                raise
            point.rollback()
            database.expire_all()
