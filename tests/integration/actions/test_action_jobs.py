"""By the clock: overdue actions are chased, immediate ones daily, and the Head of Service hears once."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import delete, select, update

from qa_app.actions import operations
from qa_app.actions.states import ActionState
from qa_app.core.database import db
from qa_app.jobs.schedule import tick
from qa_app.outbox.models import Mail, MailState
from qa_app.people.models import Deputy
from tests.factories.actions import Desk, action_at, raised
from tests.factories.people import council

DAY = timedelta(days=1)


def told(message: str = "") -> list[tuple[str, int]]:
    """Which mails of actions there are, and to whom, oldest first."""
    found = select(Mail.message, Mail.person_id).where(Mail.message.startswith(message or "action_"))
    return [(message, person_id) for message, person_id in db.session.execute(found.order_by(Mail.id))]


def run_days(desk: Desk, first: int, last: int) -> None:
    """The clock on each day from one to another, twice: a second run finds nothing to do."""
    for n in range(first, last + 1):
        operations.chase(desk.now + n * DAY)
        before = len(told())
        operations.chase(desk.now + n * DAY + timedelta(minutes=1))
        assert len(told()) == before


def test_an_overdue_action_is_chased_weekly_and_told_to_the_head_of_service_once(database: Any, now: datetime) -> None:
    desk = action_at(database, ActionState.OPEN, now, days=1)  # due on Thursday 18 June
    people = desk.council
    database.commit()
    run_days(desk, 0, 1)
    assert told("action_overdue") == []
    run_days(desk, 2, 30)
    # Friday 19 June, then each Friday to 17 July; five working days late on Thursday 25 June.
    assert told("action_overdue") == [("action_overdue", people.auditor.id)] * 5
    assert told("action_escalated") == [("action_escalated", people.head_of_service.id)]


def test_an_immediate_one_goes_at_once_to_owner_and_manager_and_is_chased_daily(database: Any, now: datetime) -> None:
    desk = action_at(database, ActionState.OPEN, now, immediate=True, days=2)  # Wednesday to Friday 19 June
    people = desk.council
    assert told() == [("action_immediate", people.auditor.id), ("action_immediate_raised", people.team_manager.id)]
    database.commit()
    run_days(desk, 0, 6)
    assert told("action_immediate_chased") == [("action_immediate_chased", people.auditor.id)] * 4
    assert told("action_escalated") == [("action_escalated", people.head_of_service.id)]
    desk.done()
    database.commit()
    run_days(desk, 7, 20)
    assert told("action_immediate_chased") == []  # what was not sent yet is taken back


def test_what_is_overdue_for_years_is_chased_weekly_and_no_more(database: Any, now: datetime) -> None:
    desk = action_at(database, ActionState.OPEN, now, days=0)
    database.commit()
    run_days(desk, 700, 720)
    assert len(told("action_overdue")) == 3
    assert len(told("action_escalated")) == 1


@pytest.mark.parametrize("state", [ActionState.DRAFT, ActionState.DONE, ActionState.NOT_DONE, ActionState.VERIFIED])
def test_what_is_not_open_is_not_chased(database: Any, now: datetime, state: str) -> None:
    desk = action_at(database, state, now, days=1)
    database.commit()
    run_days(desk, 2, 9)
    assert told("action_overdue") == told("action_escalated") == []


def test_the_deputy_of_an_absent_owner_is_chased(database: Any, now: datetime) -> None:
    people = council(database, now)
    desk = Desk(people, raised(people, now, people.team_manager, days=1), now)
    away = Deputy(
        person_id=people.team_manager.id,
        deputy_id=people.moderator.id,
        starts_on=now.date() + 2 * DAY,
        ends_on=now.date() + 9 * DAY,
    )
    database.add(away)
    database.commit()
    run_days(desk, 2, 2)
    assert told("action_overdue") == [("action_overdue", people.moderator.id)]


@pytest.mark.parametrize("why", ["left", "no email"])
def test_where_the_owner_cannot_be_told_whoever_manages_it_is(database: Any, now: datetime, why: str) -> None:
    desk = action_at(database, ActionState.OPEN, now, days=1)
    if why == "left":
        desk.council.auditor.leaves_on = now.date()
    else:
        desk.council.auditor.email = None
    database.commit()
    run_days(desk, 2, 2)
    assert told("action_overdue") == [("action_overdue", desk.council.team_manager.id)]


def test_a_head_of_service_is_not_told_of_their_own(database: Any, now: datetime) -> None:
    people = council(database, now)
    desk = Desk(people, raised(people, now, people.head_of_service, days=1), now)
    database.commit()
    run_days(desk, 2, 20)
    assert told("action_escalated") == [("action_escalated", people.qa.id)]


def test_another_date_begins_the_chase_anew_but_the_head_of_service_hears_once(database: Any, now: datetime) -> None:
    desk = action_at(database, ActionState.OPEN, now, days=1)
    database.commit()
    run_days(desk, 2, 8)
    database.execute(update(Mail).values(state=MailState.SENT))
    later = desk.now + 9 * DAY
    operations.revise(desk.action, later.date() + DAY, "A hearing", desk.viewer(desk.council.auditor), later)
    database.execute(delete(Mail))
    database.commit()
    run_days(desk, 10, 30)
    assert len(told("action_overdue")) == 3
    assert told("action_escalated") == []


def test_a_date_changed_before_the_head_of_service_was_told_does_not_keep_it_from_them(
    database: Any, now: datetime
) -> None:
    desk = action_at(database, ActionState.OPEN, now, days=1)
    database.commit()
    run_days(desk, 2, 8)
    assert len(told("action_escalated")) == 1
    later = desk.now + 9 * DAY
    operations.revise(desk.action, later.date() + DAY, "A hearing", desk.viewer(desk.council.auditor), later)
    database.commit()
    assert told("action_escalated") == []
    run_days(desk, 10, 30)
    assert len(told("action_escalated")) == 1


def test_one_opened_again_is_told_to_the_head_of_service_again(database: Any, now: datetime) -> None:
    desk = action_at(database, "reopened", now)  # by a partial verification, due on Monday 22 June
    database.commit()
    run_days(desk, 6, 20)
    assert len(told("action_escalated")) == 1


def test_the_scheduler_runs_it_and_a_quiet_weekend_sees_nothing(database: Any, now: datetime) -> None:
    desk = action_at(database, ActionState.OPEN, now, days=1)
    database.commit()
    assert "note" in tick(desk.now + 3 * DAY)["chase-actions"]
    assert tick(desk.now + 5 * DAY)["chase-actions"]["queued"] == 1
    assert tick(desk.now + 5 * DAY)["chase-actions"]["queued"] == 0
