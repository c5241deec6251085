"""Any order of acts by anybody, with days that pass and acts undone: an action stays whole, and nobody checks themselves."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select

from qa_app.actions import operations
from qa_app.actions.inputs import HandOver, VerifyInput
from qa_app.actions.models import Action, ActionHandover, ActionNote, DueChange, Verification
from qa_app.actions.states import ACTION, GOOD_ENOUGH, ActionState, Outcome
from qa_app.core.clock import london_day
from qa_app.core.database import db
from qa_app.core.errors import Refusal
from qa_app.core.states import StateChange
from qa_app.outbox.models import Mail
from qa_app.people.models import Deputy, Person
from tests.databases import examples
from tests.factories.actions import raised
from tests.factories.people import council
from tests.factories.rounds import viewer

ACTS = ("note", "revise", "done", "not done", "verify", "reopen", "reassign", "chase", "stand in")
PEOPLE = (
    "auditor",
    "team_manager",
    "service_manager",
    "head_of_service",
    "practice_lead",
    "qa",
    "moderator",
    "director",
)


class Walk:
    """One action, and a clock that only goes forward."""

    def __init__(self, database: Any, now: datetime, immediate: bool) -> None:
        self.people, self.now = council(database, now), now
        self.action = raised(self.people, now, immediate=immediate)
        self.first = self.action.first_due_on

    def act(self, name: str, by: str, outcome: Outcome) -> None:
        action, now, person = self.action, self.now, getattr(self.people, by)
        who, later = viewer(person, now), london_day(now) + timedelta(days=6)
        acts: dict[str, Callable[[], object]] = {
            "note": lambda: operations.add_note(action, "Half done", who, now),
            "revise": lambda: operations.revise(action, later, "A hearing", who, now),
            "done": lambda: operations.report_done(action, "Seen", who, now),
            "not done": lambda: operations.report_not_done(action, "Moved", who, now),
            "verify": lambda: operations.verify(action, VerifyInput(outcome, "I looked", later), who, now),
            "reopen": lambda: operations.reopen(action, "It must be", later, who, now),
            "reassign": lambda: operations.reassign(action, HandOver(self._other().id, "Left"), who, now),
            "chase": lambda: operations.chase(now),
            "stand in": lambda: self._stand_in(person),
        }
        acts[name]()

    def _other(self) -> Person:
        return self.people.moderator if self.action.owner_id == self.people.auditor.id else self.people.auditor

    def _stand_in(self, deputy: Person) -> None:
        """Somebody is named the deputy of whoever has the action."""
        if deputy.id != self.action.owner_id:
            today = london_day(self.now)
            db.session.add(Deputy(person_id=self.action.owner_id, deputy_id=deputy.id, starts_on=today, ends_on=today))
            db.session.flush()

    def check(self) -> None:
        action = db.session.get_one(Action, self.action.id)
        self._check_columns(action)
        self._check_moves(action)
        self._check_verifications(action)
        self._check_dates(action)
        twice = select(Mail.message).group_by(Mail.message, Mail.person_id, Mail.subject_key, Mail.slot)
        assert db.session.scalars(twice.having(func.count() > 1)).all() == []

    def _check_columns(self, action: Action) -> None:
        reported = action.state in (ActionState.DONE, ActionState.NOT_DONE, ActionState.VERIFIED)
        assert (
            reported == (action.reported_at is not None) == (action.reported_by_id is not None) == bool(action.evidence)
        )
        assert (action.state == ActionState.VERIFIED) == (action.verified_at is not None)
        assert action.state != ActionState.DRAFT
        waiting = set(db.session.scalars(select(Mail.message).where(Mail.subject_key == f"action:{action.id}")))
        asks = {"action_given", "action_overdue", "action_immediate", "action_immediate_chased", "action_escalated"}
        if reported:
            assert not waiting & asks

    def _check_moves(self, action: Action) -> None:
        moves = select(StateChange).where(StateChange.subject_type == ACTION.name, StateChange.subject_id == action.id)
        state, changes = ActionState.OPEN, db.session.scalars(moves.order_by(StateChange.id)).all()
        for change in changes:
            assert change.from_state == state
            state = ActionState(change.to_state)
        assert (action.state, action.version) == (state, 1 + len(changes))

    def _check_verifications(self, action: Action) -> None:
        found = select(Verification).where(Verification.action_id == action.id).order_by(Verification.id)
        seen = db.session.scalars(found).all()
        for one in seen:
            assert one.by_id not in (one.owner_id, one.reported_by_id)
            assert one.for_id not in (one.owner_id, one.reported_by_id)
        assert action.outcome == (seen[-1].outcome if seen else None)
        if action.state == ActionState.VERIFIED:
            assert Outcome(seen[-1].outcome) in GOOD_ENOUGH
            assert all(Outcome(one.outcome) not in GOOD_ENOUGH for one in seen[:-1])

    def _check_dates(self, action: Action) -> None:
        assert action.first_due_on == self.first
        due_on: date = action.first_due_on
        of_action = DueChange.action_id == action.id
        for change in db.session.scalars(select(DueChange).where(of_action).order_by(DueChange.id)):
            assert (change.from_on, bool(change.reason)) == (due_on, True)
            due_on = change.to_on
        assert action.due_on == due_on
        handed = select(ActionHandover).where(ActionHandover.action_id == action.id).order_by(ActionHandover.id)
        owner_id = self.people.auditor.id
        for one in db.session.scalars(handed):
            assert one.from_id == owner_id
            owner_id = one.to_id
        assert action.owner_id == owner_id
        notes = select(func.count()).select_from(ActionNote).where(ActionNote.text == "")
        assert db.session.scalar(notes) == 0


STEP = st.tuples(
    st.sampled_from(ACTS), st.sampled_from(PEOPLE), st.sampled_from(Outcome), st.integers(0, 5), st.booleans()
)


@settings(
    max_examples=examples(40),
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(steps=st.lists(STEP, min_size=3, max_size=16), immediate=st.booleans())
def test_any_order_of_acts_keeps_an_action_whole(
    database: Any, now: datetime, steps: list[tuple[str, str, Outcome, int, bool]], immediate: bool
) -> None:
    """A refused act, and one that is rolled back, leave nothing behind."""
    database.remove()
    whole = database.get_bind().begin_nested()  # below the session, whose commits the job makes
    try:
        walk = Walk(database, now, immediate)
        database.commit()
        for name, by, outcome, days, comes_to_nothing in steps:
            walk.now += timedelta(days=days)
            refused = False
            try:
                walk.act(name, by, outcome)
            except Refusal:
                refused = True
            if refused or comes_to_nothing:
                database.rollback()  # what the job has committed stays
            else:
                database.commit()
            database.expire_all()
            walk.check()
    finally:
        database.remove()
        whole.rollback()
