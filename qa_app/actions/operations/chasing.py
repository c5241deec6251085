"""Overdue actions are chased, then the Head of Service hears of them once (domain.md sections 8 and 10)."""

from datetime import date, datetime

from qa_app.access.viewer import Viewer, system
from qa_app.actions import messages
from qa_app.actions.models import Action
from qa_app.actions.operations.working import hold
from qa_app.actions.queries import to_look_at
from qa_app.actions.rules import Clock, is_to_chase, is_to_escalate
from qa_app.actions.states import ActionState
from qa_app.core.clock import is_working_day, london_day
from qa_app.core.database import db, transaction
from qa_app.core.errors import NotFound, Stale
from qa_app.core.jobs import Done
from qa_app.settings.queries import values_at
from qa_app.trail import operations as trail

DAYS = ("action_escalate_days", "action_immediate_escalate_days")


def chase(now: datetime) -> Done:
    """Chase, or escalate, every open action whose clock says so, each in a transaction of its own.

    Run twice on a day it finds nothing more to do.
    """
    done, today, who = Done(), london_day(now), system("Actions are chased")
    if not is_working_day(today):
        done.skip("no working day")
        return done
    with transaction():
        limits = values_at(DAYS, today)
        found = to_look_at(today)
    for action_id, clock in found:
        done.looked_at += 1
        days = limits[DAYS[clock.is_immediate]]
        if not is_to_chase(clock, today) and not is_to_escalate(clock, days, today):
            done.skip("not due for a reminder")
            continue
        try:
            with transaction():
                _chase_one(action_id, days, who, now, done)
        except (NotFound, Stale):
            done.skip("changed meanwhile")
    return done


def clock_of(action: Action) -> Clock:
    """What the clock of one open action is read from."""
    opened = action.opened_at or action.created_at
    escalated = action.escalated_at is not None
    return Clock(action.due_on, action.is_immediate, london_day(opened), action.chased_on, escalated)


def _chase_one(action_id: int, days: int, who: Viewer, now: datetime, done: Done) -> None:
    action, today = db.session.get(Action, action_id), london_day(now)
    if action is None:
        raise NotFound
    hold(action)
    if action.state != ActionState.OPEN:
        raise Stale("This action was settled meanwhile.")
    clock = clock_of(action)
    if is_to_chase(clock, today):
        done.queued += _chased(action, today, who, now)
    if is_to_escalate(clock, days, today):
        done.queued += _escalated(action, who, now)


def _chased(action: Action, today: date, who: Viewer, now: datetime) -> int:
    action.chased_on = today
    told = messages.chase(action, who, now)
    trail.append("action:chased", who, now, ("action", action.id), told=told)
    return told


def _escalated(action: Action, who: Viewer, now: datetime) -> int:
    action.escalated_at = now
    told = messages.escalate(action, who, now)
    trail.append("action:escalated", who, now, ("action", action.id), told=told)
    return told
