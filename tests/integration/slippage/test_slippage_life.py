"""Any order of acts by anybody, with days that pass: never two open notices, never two mails, never a lost step."""

from datetime import datetime, timedelta
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select

from qa_app.audits import operations as audits
from qa_app.core.database import db
from qa_app.core.errors import Refusal
from qa_app.core.states import StateChange
from qa_app.outbox.models import Mail
from qa_app.slippage import operations
from qa_app.slippage.inputs import AnswerInput
from qa_app.slippage.models import SlippageNotice
from qa_app.slippage.states import OPEN_STATES, SLIPPAGE, Outcome, SlippageState
from tests.databases import examples
from tests.factories.audits import Scene, fill, issued_round
from tests.factories.slippage import WISH

ACTS = (
    "raise",
    "acknowledge",
    "forward",
    "found",
    "none",
    "reassign",
    "track",
    "submit",
    "withdraw",
    "predict",
    "chase",
)


class Walk:
    """One audit, and a clock that only goes forward."""

    def __init__(self, scene: Scene) -> None:
        self.scene, self.audit, self.now = scene, scene.audit, scene.now

    def newest(self) -> SlippageNotice | None:
        found = select(SlippageNotice).where(SlippageNotice.audit_id == self.audit.id)
        return db.session.scalar(found.order_by(SlippageNotice.id.desc()).limit(1))

    def act(self, name: str) -> None:
        people, now, notice = self.scene.council, self.now, self.newest()
        auditor = self.scene.viewer(self.audit.auditor)
        head, qa = self.scene.viewer(people.head_of_service), self.scene.qa
        if name == "raise":
            operations.raise_notice(self.audit, WISH, auditor, now)
        elif name == "submit":
            fill(self.audit, auditor, now)
            audits.submit_audit(self.audit, auditor, now)
        elif name == "withdraw":
            audits.withdraw_audit(self.audit, "Moved", qa, now)
        elif name == "predict":
            operations.predict(now)
        elif name == "chase":
            operations.chase(now)
        elif notice is not None:
            self._decide(name, notice, auditor, head, qa)

    def _decide(self, name: str, notice: SlippageNotice, auditor: Any, head: Any, qa: Any) -> None:
        people, now = self.scene.council, self.now
        if name == "acknowledge":
            operations.acknowledge(notice, "", head, now)
        elif name == "forward":
            operations.forward(notice, "Help", head, now)
        elif name == "track":
            operations.back_on_track(notice, "", auditor, now)
        else:
            taker = people.lead_auditor.id if self.audit.auditor_id == people.moderator.id else people.moderator.id
            outcome = {"found": Outcome.CAPACITY_FOUND, "none": Outcome.NO_CAPACITY}.get(name, Outcome.REASSIGNED)
            given = AnswerInput(outcome, "x", taker if outcome is Outcome.REASSIGNED else None)
            operations.answer(notice, given, qa, now)

    def check(self) -> None:
        of_audit = SlippageNotice.audit_id == self.audit.id
        every = db.session.scalars(select(SlippageNotice).where(of_audit).order_by(SlippageNotice.id)).all()
        still_open = [notice for notice in every if notice.state in OPEN_STATES]
        assert still_open in ([], every[-1:])
        if self.audit.state in ("submitted", "withdrawn"):
            assert still_open == []
        for notice in every:
            self._check_one(notice)
        twice = select(Mail.message).group_by(Mail.message, Mail.person_id, Mail.subject_key, Mail.slot)
        assert db.session.scalars(twice.having(func.count() > 1)).all() == []

    def _check_one(self, notice: SlippageNotice) -> None:
        resolved = notice.state == SlippageState.RESOLVED
        assert resolved == (notice.outcome is not None) == (notice.resolved_at is not None)
        moves = select(StateChange).where(
            StateChange.subject_type == SLIPPAGE.name, StateChange.subject_id == notice.id
        )
        state = SlippageState.RAISED
        for change in db.session.scalars(moves.order_by(StateChange.id)):
            assert change.from_state == state
            state = SlippageState(change.to_state)
        assert notice.state == state
        about = Mail.subject_key == f"slippage:{notice.id}"
        waiting = set(db.session.scalars(select(Mail.message).where(about)))
        if resolved:
            assert waiting <= {"slippage_answered"}
        times = [notice.raised_at, notice.acknowledged_at, notice.forwarded_at, notice.resolved_at]
        known = [at for at in times if at is not None]
        assert known == sorted(known)


@settings(
    max_examples=examples(25),
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(steps=st.lists(st.tuples(st.sampled_from(ACTS), st.integers(0, 3), st.booleans()), min_size=3, max_size=12))
def test_any_order_of_acts_keeps_a_notice_whole(
    database: Any, now: datetime, steps: list[tuple[str, int, bool]]
) -> None:
    """A refused act, and one that is rolled back, leave nothing behind."""
    database.remove()
    whole = database.get_bind().begin_nested()  # below the session, whose commits the jobs make
    try:
        walk = Walk(issued_round(database, now))
        for audit in walk.scene.audits[1:]:
            audit.state = "withdrawn"
        database.commit()
        for name, days, comes_to_nothing in [("raise", 0, False), *steps]:
            walk.now += timedelta(days=days)
            refused = False
            try:
                walk.act(name)
            except Refusal:
                refused = True
            if refused or comes_to_nothing:
                database.rollback()  # what a job has committed stays
            else:
                database.commit()
            database.expire_all()
            walk.check()
    finally:
        database.remove()
        whole.rollback()
