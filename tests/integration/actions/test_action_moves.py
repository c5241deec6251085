"""Every state x every verb x every role: who can do what, when, and the refusal for all the rest."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest

from qa_app.access.viewer import Viewer
from qa_app.actions import operations
from qa_app.actions.inputs import HandOver, VerifyInput
from qa_app.actions.states import ActionState, Outcome
from qa_app.core.errors import IllegalMove, NotAllowed, Stale
from qa_app.people.models import Deputy
from tests.factories.actions import Desk, action_at

S = ActionState
ROLES = [
    "auditor", "auditor_b", "moderator", "lead_auditor", "team_manager", "team_manager_a2", "team_manager_b1",
    "service_manager", "service_manager_b", "head_of_service", "head_of_service_b", "practice_lead", "qa", "director",
    "executive", "scrutiny", "administrator",
]  # fmt: skip
MANAGERS = {"team_manager", "service_manager", "head_of_service", "qa"}
VERIFIERS = MANAGERS | {"practice_lead"}
WORKERS = VERIFIERS | {"auditor"}

Verb = Callable[[Desk, Viewer], Any]


def _verify(outcome: Outcome) -> Verb:
    return lambda desk, who: operations.verify(
        desk.action, VerifyInput(outcome, "I looked", desk.today + timedelta(days=3)), who, desk.now
    )


VERBS: dict[str, tuple[Verb, set[str], set[S], S]] = {
    "note": (lambda d, who: operations.add_note(d.action, "Half done", who, d.now), WORKERS, {S.OPEN}, S.OPEN),
    "revise": (
        lambda d, who: operations.revise(d.action, d.today + timedelta(days=20), "Sick", who, d.now),
        WORKERS, {S.OPEN}, S.OPEN,
    ),
    "done": (lambda d, who: operations.report_done(d.action, "Seen", who, d.now), WORKERS, {S.OPEN}, S.DONE),
    "not done": (
        lambda d, who: operations.report_not_done(d.action, "Moved", who, d.now), WORKERS, {S.OPEN}, S.NOT_DONE,
    ),
    "reassign": (
        lambda d, who: operations.reassign(d.action, HandOver(d.council.moderator.id, "Left"), who, d.now),
        MANAGERS, {S.OPEN}, S.OPEN,
    ),
    "fully": (_verify(Outcome.FULLY), VERIFIERS, {S.DONE}, S.VERIFIED),
    "substantially": (_verify(Outcome.SUBSTANTIALLY), VERIFIERS, {S.DONE}, S.VERIFIED),
    "partially": (_verify(Outcome.PARTIALLY), VERIFIERS, {S.DONE}, S.OPEN),
    "not implemented": (_verify(Outcome.NOT_IMPLEMENTED), VERIFIERS, {S.DONE}, S.OPEN),
    "reopen": (
        lambda d, who: operations.reopen(d.action, "It must be", d.today + timedelta(days=3), who, d.now),
        VERIFIERS, {S.NOT_DONE}, S.OPEN,
    ),
}  # fmt: skip


@pytest.mark.parametrize("state", S)
def test_every_verb_by_every_role(database: Any, now: datetime, state: S) -> None:
    desk = action_at(database, state, now)
    for name, (verb, roles, states, after) in VERBS.items():
        for person in ROLES:
            who = desk.viewer(getattr(desk.council, person))
            point = database.begin_nested()
            try:
                if person not in roles:
                    with pytest.raises(NotAllowed):
                        verb(desk, who)
                elif state not in states:
                    with pytest.raises(IllegalMove):
                        verb(desk, who)
                else:
                    verb(desk, who)
                    assert desk.action.state == after
            except BaseException as error:
                error.add_note(f"{name} by {person} in {state}")
                raise
            point.rollback()
            database.expire_all()


@pytest.mark.parametrize("person", ROLES)
def test_nobody_verifies_their_own_action_whatever_their_role(database: Any, now: datetime, person: str) -> None:
    desk = action_at(database, S.OPEN, now)
    owner = getattr(desk.council, person)
    desk.action.owner_id = owner.id
    database.flush()
    database.refresh(desk.action)
    desk.done()
    for outcome in Outcome:
        with pytest.raises(NotAllowed):
            _verify(outcome)(desk, desk.viewer(owner))
    assert desk.action.state == S.DONE


@pytest.mark.parametrize("person", sorted(VERIFIERS))
@pytest.mark.parametrize("state", [S.DONE, S.NOT_DONE])
def test_nobody_verifies_what_they_reported(database: Any, now: datetime, person: str, state: S) -> None:
    desk = action_at(database, S.OPEN, now)
    who = desk.viewer(getattr(desk.council, person))
    VERBS["done" if state == S.DONE else "not done"][0](desk, who)
    with pytest.raises(NotAllowed):
        VERBS["partially" if state == S.DONE else "reopen"][0](desk, who)


def stand_in(database: Any, desk: Desk, away: Any, deputy: Any) -> None:
    database.add(Deputy(person_id=away.id, deputy_id=deputy.id, starts_on=desk.today, ends_on=desk.today))
    database.flush()


def test_a_deputy_of_the_owner_works_on_it_and_does_not_verify_it(database: Any, now: datetime) -> None:
    desk = action_at(database, S.OPEN, now)
    people = desk.council
    desk.action.owner_id = people.team_manager.id
    database.flush()
    stand_in(database, desk, people.team_manager, people.moderator)
    deputy = desk.viewer(people.moderator)
    operations.report_done(desk.action, "Seen", deputy, now)
    assert (desk.action.reported_by_id, desk.action.reported_for_id) == (people.moderator.id, people.team_manager.id)
    with pytest.raises(NotAllowed):
        VERBS["fully"][0](desk, deputy)


def test_whoever_stands_in_for_the_owner_does_not_verify_in_their_name(database: Any, now: datetime) -> None:
    desk = action_at(database, S.OPEN, now)
    people = desk.council
    desk.action.owner_id = people.team_manager.id
    database.flush()
    stand_in(database, desk, people.team_manager, people.moderator)
    operations.report_done(desk.action, "Seen", desk.viewer(people.head_of_service), now)
    with pytest.raises(NotAllowed):
        VERBS["fully"][0](desk, desk.viewer(people.moderator))


def test_an_owner_does_not_verify_in_the_place_of_their_manager(database: Any, now: datetime) -> None:
    desk = action_at(database, S.DONE, now)
    stand_in(database, desk, desk.council.team_manager, desk.council.auditor)
    with pytest.raises(NotAllowed):
        VERBS["fully"][0](desk, desk.viewer(desk.council.auditor))


def test_a_deputy_verifies_in_the_place_of_a_manager_and_the_record_says_so(database: Any, now: datetime) -> None:
    desk = action_at(database, S.DONE, now)
    people = desk.council
    stand_in(database, desk, people.team_manager, people.moderator)
    VERBS["fully"][0](desk, desk.viewer(people.moderator))
    assert desk.action.state == S.VERIFIED


@pytest.mark.parametrize("person", ROLES)
def test_only_a_manager_gives_an_immediate_action_another_date(database: Any, now: datetime, person: str) -> None:
    desk = action_at(database, S.OPEN, now, immediate=True)
    who = desk.viewer(getattr(desk.council, person))
    if person in VERIFIERS:
        VERBS["revise"][0](desk, who)
    else:
        with pytest.raises(NotAllowed):
            VERBS["revise"][0](desk, who)


def test_a_manager_does_not_put_off_an_immediate_action_of_their_own(database: Any, now: datetime) -> None:
    desk = action_at(database, S.OPEN, now, immediate=True)
    desk.action.owner_id = desk.council.team_manager.id
    database.flush()
    with pytest.raises(NotAllowed):
        VERBS["revise"][0](desk, desk.viewer(desk.council.team_manager))


def test_an_owner_without_any_role_works_on_their_action(database: Any, now: datetime) -> None:
    desk = action_at(database, S.OPEN, now)
    desk.action.owner_id = desk.council.caseworker.id
    database.flush()
    VERBS["done"][0](desk, desk.viewer(desk.council.caseworker))
    assert desk.action.state == S.DONE


@pytest.mark.parametrize("verb", ["revise", "done", "not done", "reassign"])
def test_what_somebody_else_changed_meanwhile_is_refused(database: Any, now: datetime, verb: str) -> None:
    desk = action_at(database, S.OPEN, now)
    who, action, old = desk.viewer(desk.council.qa), desk.action, desk.action.version
    VERBS["revise"][0](desk, who)
    acts: dict[str, Callable[[], object]] = {
        "revise": lambda: operations.revise(action, desk.today + timedelta(days=9), "x", who, now, old),
        "done": lambda: operations.report_done(action, "x", who, now, old),
        "not done": lambda: operations.report_not_done(action, "x", who, now, old),
        "reassign": lambda: operations.reassign(action, HandOver(desk.council.moderator.id, "x"), who, now, old),
    }
    with pytest.raises(Stale):
        acts[verb]()
