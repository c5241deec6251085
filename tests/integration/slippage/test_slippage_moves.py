"""Every state x every move x every role: who can do what, when, and the refusal for all the rest."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime
from typing import Any

import pytest
from sqlalchemy import update

from qa_app.access.viewer import Viewer
from qa_app.core.errors import BadInput, IllegalMove, NotAllowed, NotFound, Stale
from qa_app.slippage import operations
from qa_app.slippage.inputs import AnswerInput, RaiseInput
from qa_app.slippage.models import SlippageNotice
from qa_app.slippage.operations import raising
from qa_app.slippage.operations.deciding import ANSWERS
from qa_app.slippage.operations.holding import hold_audit
from qa_app.slippage.permissions import can_raise
from qa_app.slippage.queries import open_notice_of
from qa_app.slippage.states import Outcome, SlippageState
from tests.factories.audits import Scene, allocated_round, issued_round
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


@pytest.mark.parametrize(
    ("wish", "fields"),
    [
        (replace(WISH, reason=" "), {"reason": "Enter why it may not be finished in time"}),
        (replace(WISH, could_be_done_on=None), {"could_be_done_on": "Enter the date it could be done"}),
        (
            replace(WISH, could_be_done_on=date(2026, 6, 16)),
            {"could_be_done_on": "The date it could be done must be today or later"},
        ),
    ],
)
def test_a_notice_needs_its_reason_and_a_date_to_come(
    database: Any, now: datetime, wish: RaiseInput, fields: dict[str, str]
) -> None:
    scene = issued_round(database, now)
    with pytest.raises(BadInput) as refusal:
        operations.raise_notice(scene.audit, wish, scene.auditor, now)
    assert refusal.value.fields == fields
    assert open_notice_of(scene.audit.id) is None
    today = replace(WISH, could_be_done_on=now.date())
    assert operations.raise_notice(scene.audit, today, scene.auditor, now).could_be_done_on == now.date()


def test_nobody_says_of_an_audit_before_its_issue_that_it_slips(database: Any, now: datetime) -> None:
    scene = allocated_round(database, now)
    with pytest.raises(NotAllowed, match="not issued yet"):
        operations.raise_notice(scene.audit, WISH, scene.auditor, now)
    assert not can_raise(scene.auditor, scene.audit)


def test_a_notice_that_changed_after_it_was_read_is_not_written_over(
    database: Any, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    scene, notice = notice_at(database, S.RAISED, now)
    monkeypatch.setattr(raising, "open_notice_of", lambda _audit_id: notice)  # as it was read
    elsewhere = update(SlippageNotice).values(version=SlippageNotice.version + 1, reason="Changed")
    database.execute(elsewhere.execution_options(synchronize_session=False))
    with pytest.raises(Stale):
        operations.raise_notice(scene.audit, replace(WISH, reason="And ill"), scene.auditor, now)
    database.refresh(notice)
    assert notice.reason == "Changed"


def test_an_audit_that_is_gone_is_not_found(database: Any) -> None:
    with pytest.raises(NotFound):
        hold_audit(0)


def test_the_head_of_service_may_say_something_when_they_acknowledge(database: Any, now: datetime) -> None:
    scene, notice = notice_at(database, S.RAISED, now)
    operations.acknowledge(notice, " I cover the duty day. ", scene.viewer(scene.council.head_of_service), now)
    assert (notice.state, notice.head_note) == (S.WITH_HEAD_OF_SERVICE, "I cover the duty day.")


def test_forwarding_says_what_is_asked_for(database: Any, now: datetime) -> None:
    scene, notice = notice_at(database, S.RAISED, now)
    with pytest.raises(BadInput) as refusal:
        operations.forward(notice, " ", scene.viewer(scene.council.head_of_service), now)
    assert refusal.value.fields == {"note": "Enter what you ask the QA team for"}
    assert (notice.state, notice.forwarded_at) == (S.RAISED, None)


@pytest.mark.parametrize(
    ("given", "fields"),
    [
        (AnswerInput(Outcome.NO_CAPACITY, " "), {"note": "Enter a sentence for the auditor"}),
        (AnswerInput(Outcome.REASSIGNED, "Yes"), {"auditor": "Choose the new auditor"}),
        *((AnswerInput(one, "Yes"), {"outcome": "Choose what happens now"}) for one in Outcome if one not in ANSWERS),
    ],
)
def test_an_answer_is_whole_or_the_notice_stays_open(
    database: Any, now: datetime, given: AnswerInput, fields: dict[str, str]
) -> None:
    scene, notice = notice_at(database, S.WITH_QA_TEAM, now)
    with pytest.raises(BadInput) as refusal:
        operations.answer(notice, given, scene.qa, now)
    assert refusal.value.fields == fields
    assert (notice.state, notice.outcome) == (S.WITH_QA_TEAM, None)
