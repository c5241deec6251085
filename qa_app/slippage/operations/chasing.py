"""A notice that nobody acts on is chased once, then the next level hears of it once (domain.md section 6)."""

from datetime import datetime

from qa_app.access.viewer import Viewer, system
from qa_app.core.clock import is_working_day, london_day
from qa_app.core.database import db, transaction
from qa_app.core.errors import NotFound, Stale
from qa_app.core.jobs import Done
from qa_app.settings.queries import values_at
from qa_app.slippage import messages
from qa_app.slippage.models import SlippageNotice
from qa_app.slippage.operations.holding import hold
from qa_app.slippage.queries import chased_already, open_notices
from qa_app.slippage.rules import Step, stage_of, steps_due
from qa_app.slippage.states import OPEN_STATES, SlippageState
from qa_app.trail import operations as trail

_MESSAGES = {Step.CHASE: "slippage_chased", Step.ESCALATE: "slippage_escalated"}
_EVENTS = {Step.CHASE: "slippage:chased", Step.ESCALATE: "slippage:escalated"}
_TELL = {Step.CHASE: messages.chase, Step.ESCALATE: messages.escalate}


def chase(now: datetime) -> Done:
    """Chase, or escalate, every open notice that has waited too long, each in a transaction of its own."""
    done, today, who = Done(), london_day(now), system("Slippage is chased")
    if not is_working_day(today):
        done.skip("no working day")
        return done
    with transaction():
        days = values_at(("slippage_chase_days", "slippage_escalate_days"), today)
        waiting, already = open_notices(), chased_already()
    limits = days["slippage_chase_days"], days["slippage_escalate_days"]
    for notice_id, _ in waiting:
        done.looked_at += 1
        try:
            with transaction():
                _chase_one(notice_id, limits, already, who, now, done)
        except (NotFound, Stale):
            done.skip("changed meanwhile")
    return done


def _chase_one(
    notice_id: int, limits: tuple[int, int], already: set[tuple[str, str, str]], who: Viewer, now: datetime, done: Done
) -> None:
    notice = db.session.get_one(SlippageNotice, notice_id)
    hold(notice)
    if notice.state not in OPEN_STATES:
        raise Stale("This slippage notice was resolved meanwhile.")
    stage = stage_of(notice.state)
    due = steps_due(london_day(waits_since(notice)), *limits, london_day(now))
    if not due:
        done.skip("not waiting for long enough")
    for step in due:
        if (messages.subject_of(notice), _MESSAGES[step], str(stage)) in already:
            done.skip("told already")
        elif told := _TELL[step](notice, stage, who, now):
            done.queued += told
            trail.append(_EVENTS[step], who, now, ("audit", notice.audit_id), notice=notice.id, stage=stage)
        else:
            done.skip("nobody to tell")


def waits_since(notice: SlippageNotice) -> datetime:
    """Since when whoever has the notice has had it: an acknowledged one is in hand, so its clock begins anew."""
    if notice.state == SlippageState.WITH_QA_TEAM and notice.forwarded_at is not None:
        return notice.forwarded_at
    return notice.acknowledged_at or notice.raised_at
