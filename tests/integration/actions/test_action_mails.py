"""Who hears of an action, never what it is about, and never what is settled by the time that a mail goes."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from qa_app.actions import operations
from qa_app.actions.inputs import HandOver, VerifyInput
from qa_app.actions.models import Action
from qa_app.actions.states import ActionState, Outcome
from qa_app.core.database import db
from qa_app.outbox.models import Mail
from qa_app.people.models import Deputy
from qa_app.reasons import REASONS
from tests.factories.actions import Desk, action_at, raised
from tests.factories.people import council

CANARY = "CANARY-child-name-7731"
DAY = timedelta(days=1)


def mails(database: Any, message: str = "") -> list[Mail]:
    found = select(Mail).where(Mail.message.startswith(message or "action_")).order_by(Mail.id)
    return list(database.scalars(found))


def readers(database: Any, message: str) -> set[int]:
    return {mail.person_id for mail in mails(database, message)}


def test_an_owner_hears_that_an_action_is_theirs_and_not_of_their_own_act(database: Any, now: datetime) -> None:
    desk = action_at(database, ActionState.OPEN, now)
    people = desk.council
    assert readers(database, "action_given") == {people.auditor.id}
    raised(people, now, people.qa)  # raised by the QA team itself
    assert readers(database, "action_given") == {people.auditor.id}


def test_the_nearest_manager_who_had_no_part_in_it_is_asked_to_verify(database: Any, now: datetime) -> None:
    people = council(database, now)
    asked = []
    for owner in (people.auditor, people.team_manager):
        desk = Desk(people, raised(people, now, owner), now)
        desk.done()
        asked.append(mails(database, "action_done")[-1].person_id)
    assert asked == [people.team_manager.id, people.service_manager.id]
    desk = Desk(people, raised(people, now, people.auditor), now)
    desk.done(people.team_manager)
    assert mails(database, "action_done")[-1].person_id == people.service_manager.id


def test_a_deputy_is_asked_in_place_of_a_manager_who_is_away_unless_it_is_their_own(
    database: Any, now: datetime
) -> None:
    people = council(database, now)
    today = now.date()
    database.add(Deputy(person_id=people.team_manager.id, deputy_id=people.auditor.id, starts_on=today, ends_on=today))
    database.flush()
    desk = Desk(people, raised(people, now, people.moderator), now)
    desk.done()
    assert readers(database, "action_done") == {people.auditor.id}
    desk = Desk(people, raised(people, now, people.auditor), now)
    desk.done()
    assert mails(database, "action_done")[-1].person_id == people.service_manager.id


def test_an_owner_hears_what_was_found(database: Any, now: datetime) -> None:
    desk = action_at(database, ActionState.VERIFIED, now)
    assert readers(database, "action_verified") == {desk.council.auditor.id}
    assert mails(database, "action_done") == []  # nobody is asked any more
    desk = action_at(database, "reopened", now, people=desk.council)
    assert readers(database, "action_reopened") == {desk.council.auditor.id}


def test_a_new_owner_hears_and_the_old_one_is_not_asked_any_more(database: Any, now: datetime) -> None:
    desk = action_at(database, ActionState.OPEN, now)
    people = desk.council
    operations.reassign(desk.action, HandOver(people.moderator.id, "Left"), desk.viewer(people.qa), now)
    assert readers(database, "action_given") == {people.moderator.id}


SETTLING: dict[str, Callable[[Desk], object]] = {
    "done": lambda desk: desk.done(),
    "not done": lambda desk: operations.report_not_done(
        desk.action, "Moved", desk.viewer(desk.council.auditor), desk.now
    ),
    "another owner": lambda desk: operations.reassign(
        desk.action, HandOver(desk.council.moderator.id, "Left"), desk.viewer(desk.council.qa), desk.now
    ),
}


@pytest.mark.parametrize("how", SETTLING)
def test_a_mail_in_a_senders_hand_is_dropped_once_it_is_settled(database: Any, now: datetime, how: str) -> None:
    desk = action_at(database, ActionState.OPEN, now, days=1)
    operations.chase(now + 2 * DAY)
    held = mails(database)
    assert {mail.message for mail in held} == {"action_given", "action_overdue"}
    by_message = {mail.message: [mail] for mail in held}
    for message, group in by_message.items():
        assert set(REASONS[message](group, now)) == {mail.id for mail in group}
        db.session.expunge(group[0])  # settled in another transaction, which takes back what nobody holds
    SETTLING[how](desk)
    for message, group in by_message.items():
        assert REASONS[message](group, now) == {}


def test_what_a_mail_says_is_named_anew_as_it_is_sent(database: Any, now: datetime) -> None:
    action_at(database, ActionState.OPEN, now, days=1)
    operations.chase(now + 2 * DAY)
    [mail] = mails(database, "action_overdue")
    assert mail.variables["working_days"] == -1
    [variables] = REASONS["action_overdue"]([mail], now + 5 * DAY).values()
    assert variables["working_days"] == -2


@pytest.mark.parametrize(
    ("message", "state"),
    [("action_done", ActionState.DONE), ("action_not_done", ActionState.NOT_DONE)],
)
def test_nobody_is_asked_to_look_at_what_somebody_has_looked_at(
    database: Any, now: datetime, message: str, state: str
) -> None:
    desk = action_at(database, state, now)
    held = mails(database, message)
    assert len(REASONS[message](held, now)) == len(held) == 1
    db.session.expunge(held[0])
    who, later = desk.viewer(desk.council.qa), now.date() + 3 * DAY
    if state == ActionState.DONE:
        operations.verify(desk.action, VerifyInput(Outcome.PARTIALLY, "No", later), who, now)
    else:
        operations.reopen(desk.action, "It must be", later, who, now)
    assert REASONS[message](held, now) == {}


def test_no_mail_says_what_is_to_be_done_or_was_said(database: Any, now: datetime) -> None:
    people = council(database, now)
    for immediate in (False, True):
        action = raised(people, now, people.auditor, what=CANARY, immediate=immediate, days=1)
        desk = Desk(people, action, now)
        owner, manager = desk.viewer(people.auditor), desk.viewer(people.team_manager)
        operations.add_note(action, CANARY, owner, now)
        operations.chase(now + 12 * DAY)
        operations.revise(action, now.date() + 3 * DAY, CANARY, manager, now)
        operations.reassign(action, HandOver(people.moderator.id, CANARY), manager, now)
        operations.report_not_done(action, CANARY, desk.viewer(people.moderator), now)
        operations.reopen(action, CANARY, now.date() + DAY, manager, now)
        operations.report_done(action, CANARY, desk.viewer(people.moderator), now)
        operations.verify(action, VerifyInput(Outcome.PARTIALLY, CANARY, now.date() + DAY), manager, now)
        operations.report_done(action, CANARY, desk.viewer(people.moderator), now)
        operations.verify(action, VerifyInput(Outcome.FULLY, CANARY), manager, now)
    database.flush()
    for mail in mails(database):
        assert CANARY not in mail.subject + mail.text + mail.html + str(mail.variables)
    assert database.scalars(select(Action.state)).all() == [ActionState.VERIFIED] * 2
