"""Slippage notices in any state, walked there by the operations."""

from datetime import date, datetime
from typing import Any

from qa_app.audits.models import Audit
from qa_app.slippage import operations
from qa_app.slippage.inputs import AnswerInput, RaiseInput
from qa_app.slippage.models import SlippageNotice
from qa_app.slippage.states import Outcome, SlippageState
from tests.factories.audits import Scene, issued_round

WISH = RaiseInput("Two court hearings fell into the same week.", date(2026, 7, 3), "Somebody to cover a duty day")


def raised(scene: Scene, audit: Audit | None = None, wish: RaiseInput = WISH) -> SlippageNotice:
    """A notice that an audit's own auditor has just raised."""
    audit = audit or scene.audit
    return operations.raise_notice(audit, wish, scene.viewer(audit.auditor), scene.now)


def walk_to(scene: Scene, notice: SlippageNotice, state: str) -> SlippageNotice:
    """Take a raised notice on to a state: resolved means answered that there is no capacity."""
    head, now = scene.viewer(scene.council.head_of_service), scene.now
    if state in (SlippageState.WITH_HEAD_OF_SERVICE, SlippageState.WITH_QA_TEAM, SlippageState.RESOLVED):
        operations.acknowledge(notice, "", head, now)
    if state in (SlippageState.WITH_QA_TEAM, SlippageState.RESOLVED):
        operations.forward(notice, "One audit less for two weeks", head, now)
    if state == SlippageState.RESOLVED:
        operations.answer(notice, AnswerInput(Outcome.NO_CAPACITY, "Nobody is free."), scene.qa, now)
    assert notice.state == state
    return notice


def notice_at(database: Any, state: str, now: datetime) -> tuple[Scene, SlippageNotice]:
    """An issued round, and a notice of its first audit in a state."""
    scene = issued_round(database, now)
    return scene, walk_to(scene, raised(scene), state)
