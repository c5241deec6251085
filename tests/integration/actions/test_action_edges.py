"""What comes too late, twice, or to nothing."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import func, select

from qa_app.actions import operations
from qa_app.actions.inputs import HandOver, Source, VerifyInput
from qa_app.actions.models import ActionLink
from qa_app.actions.operations import chasing
from qa_app.actions.presenters.lists import notices
from qa_app.actions.presenters.needs import needs
from qa_app.actions.queries.waiting import OF_LEAVERS, OWN_IMMEDIATE, OWN_OVERDUE, OWN_SOON, TO_VERIFY
from qa_app.actions.rules import Clock
from qa_app.actions.states import ActionState, Outcome
from qa_app.core.errors import BadInput, IllegalMove
from qa_app.core.waiting import Waiting
from qa_app.people.models import Deputy
from qa_app.trail.models import TrailEntry
from tests.factories.actions import action_at

TODAY = date(2026, 6, 17)
OTHER = Source("meeting", 2, "", "Meeting of 17 June")


def test_what_is_settled_or_gone_while_the_job_runs_is_left_alone(
    database: Any, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk = action_at(database, ActionState.DONE, now)
    database.commit()
    late = Clock(TODAY - timedelta(days=9), False, TODAY - timedelta(days=20))
    monkeypatch.setattr(chasing, "to_look_at", lambda today: [(desk.action.id, late), (999_999, late)])
    done = chasing.chase(now)
    assert (done.looked_at, done.queued, done.why["changed meanwhile"]) == (2, 0, 2)


def test_a_draft_removed_twice_is_removed_once(database: Any, now: datetime) -> None:
    desk = action_at(database, ActionState.DRAFT, now)
    who = desk.viewer(desk.council.qa)
    for _ in range(2):
        operations.remove_action(desk.action, who, now)
    removed = select(func.count()).select_from(TrailEntry).where(TrailEntry.event == "action:removed")
    assert database.scalar(removed) == 1


def test_a_link_made_or_taken_out_twice_is_so_once(database: Any, now: datetime) -> None:
    desk = action_at(database, ActionState.OPEN, now)
    who = desk.viewer(desk.council.qa)
    for _ in range(2):
        operations.link(desk.action, OTHER, who, now, draft=True)
    assert database.scalar(select(func.count()).select_from(ActionLink)) == 1
    for _ in range(2):
        operations.unlink(desk.action, OTHER, who, now)
    assert database.scalar(select(func.count()).select_from(ActionLink)) == 0
    with pytest.raises(IllegalMove):
        operations.link(desk.action, Source("meeting", 1), who, now)  # what raised it


def test_nothing_said_is_refused_with_a_sentence_for_each_field(database: Any, now: datetime) -> None:
    desk = action_at(database, ActionState.OPEN, now)
    who, action = desk.viewer(desk.council.qa), desk.action
    refused = {
        ("text",): lambda: operations.add_note(action, " ", who, now),
        ("due_on", "reason"): lambda: operations.revise(action, None, " ", who, now),
        ("evidence",): lambda: operations.report_done(action, "", who, now),
        ("owner", "reason"): lambda: operations.reassign(action, HandOver(0, ""), who, now),
        ("owner",): lambda: operations.reassign(action, HandOver(action.owner_id, "x"), who, now),
        ("actions",): lambda: operations.reassign_many([], HandOver(desk.council.moderator.id, "x"), who, now),
    }
    for fields, act in refused.items():
        with pytest.raises(BadInput) as refusal:
            act()
        assert tuple(sorted(refusal.value.fields)) == fields
    desk.done()
    with pytest.raises(BadInput) as refusal:
        operations.verify(action, VerifyInput(Outcome.PARTIALLY, " "), who, now)
    assert sorted(refusal.value.fields) == ["due_on", "evidence"]


def test_of_several_handed_over_one_that_is_settled_meanwhile_stays(database: Any, now: datetime) -> None:
    desk = action_at(database, ActionState.OPEN, now)
    other = action_at(database, ActionState.DONE, now, people=desk.council)
    to = HandOver(desk.council.moderator.id, "Left")
    assert operations.reassign_many([desk.action, other.action], to, desk.viewer(desk.council.qa), now) == 1


def test_the_deputy_of_an_owner_without_a_managers_reach_works_for_them(database: Any, now: datetime) -> None:
    """A manager who owns an action of another team: their deputy reaches it through them alone."""
    desk = action_at(database, ActionState.OPEN, now)
    people = desk.council
    desk.action.owner_id = people.team_manager_b1.id
    database.add(
        Deputy(person_id=people.team_manager_b1.id, deputy_id=people.auditor_b.id, starts_on=TODAY, ends_on=TODAY)
    )
    database.flush()
    note = operations.add_note(desk.action, "Half done", desk.viewer(people.auditor_b), now)
    assert (note.by_id, note.for_id) == (people.auditor_b.id, people.team_manager_b1.id)


def wait(kind: str, number: int, on: date | None = None, at: datetime | None = None) -> dict[str, Waiting]:
    return {kind: Waiting(kind, number, on, at, "7", "Asha Okafor")}


@pytest.mark.parametrize(
    ("waiting", "sentence"),
    [
        (wait(OWN_IMMEDIATE, 1, TODAY), "Immediate: action A-0007 is yours, and is due today."),
        (wait(OWN_IMMEDIATE, 2, date(2026, 6, 15)), "2 immediate actions are yours, the first was due on Mon 15 June."),
        (wait(OWN_OVERDUE, 1, date(2026, 6, 15)), "Action A-0007 of yours is overdue: it was due on Mon 15 June."),
        (wait(OWN_OVERDUE, 3, date(2026, 6, 15)), "3 actions of yours are overdue, the oldest since Mon 15 June."),
        (wait(OWN_SOON, 1, date(2026, 6, 19)), "Action A-0007 of yours is due on Fri 19 June."),
        (wait(OWN_SOON, 2, TODAY), "2 actions of yours are due soon, the first today."),
        (wait(OF_LEAVERS, 1), "1 open action is with people who have left."),
    ],
)
def test_home_says_it_in_a_sentence(waiting: dict[str, Waiting], sentence: str) -> None:
    assert [need.text for need in needs(waiting, TODAY)] == [sentence]


def test_several_that_wait_to_be_verified_are_counted(now: datetime) -> None:
    waiting = wait(TO_VERIFY, 4, at=now)
    [need] = needs(waiting, TODAY)
    assert need.text == "4 actions are done and not verified, the oldest since Wed 17 June."
    [line] = notices(waiting, {}, reaches=True)
    expected = "4 actions are done and wait for somebody to verify them, the longest since Wed 17 June."
    assert line.text == expected
