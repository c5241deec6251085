"""Every state x every move x every role: who can do what, when, and the refusal for all the rest."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest

from qa_app.access.viewer import Viewer
from qa_app.core.errors import IllegalMove, NotAllowed
from qa_app.slippage import operations
from qa_app.slippage.inputs import AnswerInput
from qa_app.slippage.models import SlippageNotice
from qa_app.slippage.states import Outcome, SlippageState
from tests.factories.audits import Scene
from tests.factories.slippage import WISH, notice_at

S = SlippageState
ROLES = [
    "auditor", "auditor_b", "moderator", "lead_auditor", "team_manager", "service_manager", "head_of_service",
    "head_of_service_b", "practice_lead", "qa", "director", "executive", "scrutiny", "administrator",
]  # fmt: skip
OPEN = {S.RAISED, S.WITH_HEAD_OF_SERVICE, S.WITH_QA_TEAM}

Verb = Callable[[Scene, SlippageNotice, Viewer], Any]


def _answer(outcome: Outcome) -> Verb:
    def verb(scene: Scene, notice: SlippageNotice, who: Viewer) -> None:
        taker = scene.council.moderator.id if outcome is Outcome.REASSIGNED else None
        operations.answer(notice, AnswerInput(outcome, "We have looked.", taker), who, scene.now)

    return verb


VERBS: dict[str, tuple[Verb, str, set[S]]] = {
    "raise": (
        lambda scene, _notice, who: operations.raise_notice(scene.audit, WISH, who, scene.now), "auditor", set(S),
    ),
    "acknowledge": (
        lambda scene, notice, who: operations.acknowledge(notice, "", who, scene.now), "head_of_service", {S.RAISED},
    ),
    "forward": (
        lambda scene, notice, who: operations.forward(notice, "Help", who, scene.now), "head_of_service",
        {S.RAISED, S.WITH_HEAD_OF_SERVICE},
    ),
    "capacity found": (_answer(Outcome.CAPACITY_FOUND), "qa", OPEN),
    "no capacity": (_answer(Outcome.NO_CAPACITY), "qa", OPEN),
    "on track, says the QA team": (_answer(Outcome.BACK_ON_TRACK), "qa", OPEN),
    "on track, says the auditor": (
        lambda scene, notice, who: operations.back_on_track(notice, "", who, scene.now), "auditor", OPEN,
    ),
}  # fmt: skip


@pytest.mark.parametrize("state", S)
def test_every_verb_by_every_role(database: Any, now: datetime, state: SlippageState) -> None:
    scene, notice = notice_at(database, state, now)
    for name, (verb, role, states) in VERBS.items():
        for person in ROLES:
            who = scene.viewer(getattr(scene.council, person))
            point = database.begin_nested()
            try:
                if person != role:
                    with pytest.raises(NotAllowed):
                        verb(scene, notice, who)
                elif state not in states:
                    with pytest.raises(IllegalMove):
                        verb(scene, notice, who)
                else:
                    verb(scene, notice, who)
            except BaseException as error:
                error.add_note(f"{name} by {person} in {state}")
                raise
            point.rollback()
            database.expire_all()
