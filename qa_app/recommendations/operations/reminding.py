"""Owners are reminded of recommendations before their due date, and once after it (domain.md section 10)."""

from datetime import datetime
from typing import Any

from sqlalchemy import func, select

from qa_app.core.clock import add_working_days, london_day
from qa_app.core.database import db
from qa_app.core.jobs import Done
from qa_app.people.queries import stand_ins
from qa_app.recommendations import messages
from qa_app.recommendations.models import Recommendation
from qa_app.recommendations.rules import reminder_step
from qa_app.recommendations.states import RecommendationState
from qa_app.settings.queries import value_at


def remind_owners(now: datetime) -> Done:
    """Queue the reminders that hold today: one mail for those of a report that are due on one day.

    Where the owner is away it goes to their deputy. Commits nothing.
    """
    done, today = Done(), london_day(now)
    days: list[int] = value_at("recommendation_reminder_days", today)
    R = Recommendation  # noqa: N806 - four columns of one table
    rows: Any = db.session.execute(
        select(R.report_id, R.owner_id, R.due_on, func.count(R.id))
        .where(
            R.state == RecommendationState.OPEN,
            R.owner_id.is_not(None),
            R.due_on <= add_working_days(today, max(days, default=0)),
        )
        .group_by(R.report_id, R.owner_id, R.due_on)
        .order_by(R.due_on, R.report_id, R.owner_id)
    ).all()
    readers = stand_ins(sorted({row[1] for row in rows}), today)
    for report_id, owner_id, due_on, count in rows:
        done.looked_at += 1
        step = reminder_step(due_on, days, today)
        if step is None:
            done.skip("no day for a reminder")
        elif messages.remind(report_id, readers[owner_id], due_on, step, count, now):
            done.queued += 1
        else:
            done.skip("reminded already")
    return done
