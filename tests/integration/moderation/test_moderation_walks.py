"""Any order of acts by anybody, with days that pass: never the auditor, never two finals, never a grade shown early."""

from datetime import datetime, timedelta
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select

from qa_app.audits import operations as audits
from qa_app.audits.states import AuditState
from qa_app.core.database import db
from qa_app.core.errors import Refusal
from qa_app.core.states import StateChange
from qa_app.moderation import operations
from qa_app.moderation.models import ModeratedDomain
from qa_app.moderation.states import GRADING, MODERATION, UNSETTLED, WITH_RESULT, ModerationState
from qa_app.outbox.models import Mail
from tests.databases import examples
from tests.factories.audits import fill
from tests.factories.moderation import Moderated, decision, moderation_at, own_grades

S = ModerationState
GRADES = ("outstanding", "good", "requires_improvement", "inadequate")
PEOPLE = ("auditor", "moderator", "qa", "head_of_service", "head_of_service_b")
ACTS = ("save", "save", "lock", "complete", "give", "accept", "dispute", "decide", "return", "submit", "clock")
DOER = {"save": "moderator", "lock": "moderator", "complete": "moderator", "accept": "auditor", "dispute": "auditor",
        "give": "qa", "decide": "qa", "return": "qa"}  # fmt: skip
AUDIT_IN = {
    S.WAITING: "submitted", S.IN_PROGRESS: "submitted", S.ON_HOLD: "in_progress", S.MODERATED: "moderated",
    S.DISPUTED: "moderated", S.DECIDED: "final", S.ACCEPTED: "final",
}  # fmt: skip


class Walk:
    """One moderation, and a clock that only goes forward."""

    def __init__(self, made: Moderated) -> None:
        self.made, self.now, self.finals = made, made.now, set[str | None]()

    def act(self, name: str, who: str, grade: str) -> None:
        one, scene, now = self.made.moderation, self.made.scene, self.now
        viewer = scene.viewer(getattr(scene.council, who))
        if who == DOER.get(name) == "moderator" and one.moderator is not None:
            viewer = scene.viewer(one.moderator)
        taker = self.made.other if one.moderator_id == scene.council.moderator.id else scene.council.moderator
        acts: dict[str, Any] = {
            "save": lambda: operations.save_grades(one, own_grades(one, grade), one.grades_version, viewer, now),
            "lock": lambda: operations.lock_grades(one, viewer, now),
            "complete": lambda: operations.complete(one, grade, viewer, now),
            "give": lambda: operations.reassign(one, taker.id, "", viewer, now),
            "accept": lambda: operations.acknowledge(one, viewer, now),
            "dispute": lambda: operations.dispute(one, "No.", viewer, now),
            "decide": lambda: operations.decide(one, decision(self.made, grade=grade, on=now.date()), viewer, now),
            "return": lambda: audits.return_audit(scene.audit, "Look again.", viewer, now),
            "submit": lambda: self.submit(grade),
            "clock": lambda: (operations.give_waiting(now), operations.settle_due(now)),
        }
        acts[name]()

    def submit(self, grade: str) -> None:
        audit = self.made.scene.audit
        if audit.state == AuditState.IN_PROGRESS:
            who = self.made.scene.viewer(audit.auditor)
            fill(audit, who, self.now, grade)
            audits.submit_audit(audit, who, self.now)

    def check(self) -> None:
        one, audit = self.made.moderation, self.made.scene.audit
        assert audit.auditor_id not in (one.moderator_id, one.moderated_by_id)
        assert audit.state == AUDIT_IN[S(one.state)]
        assert (audit.final_grade is not None) is (one.state in WITH_RESULT)
        if one.state in WITH_RESULT:
            assert audit.final_grade == (one.panel_grade or one.moderated_grade)
            assert not one.is_blind or one.locked_at is not None
        hidden = one.is_blind and one.locked_at is None and one.state in UNSETTLED
        assert audit.blind_for_id == (one.moderator_id if hidden else None)
        if one.locked_at is not None and one.state in GRADING:
            assert None not in set(db.session.scalars(select(ModeratedDomain.grade)))
        if audit.state == AuditState.FINAL:
            self.finals.add(audit.final_grade)
            assert len(self.finals) == 1
        self._check_history()

    def _check_history(self) -> None:
        one = self.made.moderation
        moves = select(StateChange).where(StateChange.subject_type == MODERATION.name, StateChange.subject_id == one.id)
        state = S.WAITING
        for change in db.session.scalars(moves.order_by(StateChange.id)):
            assert change.from_state == state
            state = S(change.to_state)
        assert one.state == state
        twice = select(Mail.message).group_by(Mail.message, Mail.person_id, Mail.subject_key, Mail.slot)
        assert db.session.scalars(twice.having(func.count() > 1)).all() == []
        waiting = set(db.session.scalars(select(Mail.message).where(Mail.subject_key == f"moderation:{one.id}")))
        if one.state == S.ON_HOLD:
            assert waiting == set()
        if one.state == S.ACCEPTED:
            assert "moderation_feedback" not in waiting


STEP = st.tuples(
    st.sampled_from(ACTS), st.sampled_from(PEOPLE), st.sampled_from(GRADES), st.integers(0, 2), st.booleans()
)
"""An act, who tries it (a third of the time anybody, else whose it is), with which grade, after how many days."""


@settings(
    max_examples=examples(25),
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(blind=st.booleans(), theirs=st.sampled_from(GRADES), steps=st.lists(STEP, min_size=4, max_size=16))
def test_any_order_of_acts_keeps_a_moderation_whole(
    database: Any, now: datetime, blind: bool, theirs: str, steps: list[tuple[str, str, str, int, bool]]
) -> None:
    """A refused act leaves nothing behind."""
    database.remove()
    whole = database.get_bind().begin_nested()  # below the session, whose commits the jobs make
    try:
        walk = Walk(moderation_at(database, S.WAITING, now, blind=blind, theirs=theirs))
        database.commit()
        for name, anybody, grade, days, any_of_them in steps:
            walk.now += timedelta(days=days)
            who = anybody if any_of_them else DOER.get(name, anybody)
            try:
                walk.act(name, who, grade)
                database.commit()
            except Refusal:
                database.rollback()
            database.expire_all()
            walk.check()
    finally:
        database.remove()
        whole.rollback()
