"""The pages: the list, one action with the one thing asked of each reader, and what is said of it."""

from collections.abc import Callable
from datetime import datetime, timedelta
from io import BytesIO
from typing import Any

import pytest
from bs4 import BeautifulSoup
from flask.testing import FlaskClient
from openpyxl import load_workbook
from sqlalchemy import select

from qa_app.actions import operations
from qa_app.actions.inputs import Source
from qa_app.actions.models import Action, ActionNote, DueChange
from qa_app.actions.states import ActionState, Outcome
from qa_app.trail.models import TrailEntry
from tests.factories.actions import WHAT, Desk, action_at, many, raised
from tests.factories.people import council
from tests.factories.rounds import viewer
from tests.statements import MOST, counted

SignIn = Callable[[int], FlaskClient]
LATER = {"due_on-day": "30", "due_on-month": "6", "due_on-year": "2026"}


def main(page: str) -> BeautifulSoup:
    found = BeautifulSoup(page, "html.parser").find("main")
    assert found is not None
    return found


def heading(page: str) -> str:
    return main(page).find("h1").get_text(strip=True)


def references(page: str) -> list[str]:
    return [link.get_text() for link in main(page).select("tbody th a")]


def asked(page: str) -> list[str]:
    """The buttons and links that do something about the action."""
    there = main(page)
    links = [a.get_text(strip=True) for a in there.find_all("a") if "/actions/A-" in a["href"]]
    return sorted([*links, *(b.get_text(strip=True) for b in there.find_all("button"))])


def fresh(database: Any, desk: Desk) -> Action:
    database.expire_all()
    return database.get(Action, desk.action.id)


def test_the_list_begins_with_ones_own_and_the_overdue(
    database: Any, now: datetime, sign_in: SignIn, clock: Any
) -> None:
    people = council(database, now)
    mine = [raised(people, now, people.team_manager, days=n) for n in (9, 1, 4)]
    others = raised(people, now, people.auditor, days=2)
    database.commit()
    clock.now += timedelta(days=2)
    client = sign_in(people.team_manager.id)
    page = client.get("/actions").text
    assert heading(page) == "3 open actions of yours, 1 overdue"
    assert references(page) == [mine[1].reference, mine[2].reference, mine[0].reference]
    every = client.get("/actions?whose=all").text
    assert heading(every) == "4 open actions, 1 overdue"
    assert others.reference in references(every)


def test_without_ones_own_it_shows_what_one_reaches(database: Any, now: datetime, sign_in: SignIn) -> None:
    desk = action_at(database, ActionState.OPEN, now)
    elsewhere = raised(desk.council, now, desk.council.auditor_b, team=desk.council.team_b1)
    database.commit()
    of = {
        "team_manager": [desk.action], "service_manager": [desk.action], "head_of_service": [desk.action],
        "team_manager_a2": [], "head_of_service_b": [elsewhere], "qa": [desk.action, elsewhere],
        "practice_lead": [desk.action, elsewhere], "director": [desk.action, elsewhere], "auditor": [desk.action],
        "auditor_b": [elsewhere], "moderator": [],
    }  # fmt: skip
    for name, expected in of.items():
        page = sign_in(getattr(desk.council, name).id).get("/actions").text
        assert references(page) == [action.reference for action in expected], name


@pytest.mark.parametrize("name", ["scrutiny", "administrator"])
def test_the_list_is_absent_for_those_it_is_not_for(database: Any, now: datetime, sign_in: SignIn, name: str) -> None:
    desk = action_at(database, ActionState.OPEN, now)
    database.commit()
    client = sign_in(getattr(desk.council, name).id)
    assert {client.get(path).status_code for path in ("/actions", "/actions/export", desk.path)} == {404}


def test_an_owner_without_a_role_finds_their_action(database: Any, now: datetime, sign_in: SignIn) -> None:
    desk = action_at(database, ActionState.OPEN, now)
    for grant in list(desk.council.auditor.role_grants):
        database.delete(grant)
    database.commit()
    client = sign_in(desk.council.auditor.id)
    assert references(client.get("/actions").text) == [desk.action.reference]
    assert client.post(f"{desk.path}/done", data={"version": "1", "evidence": "Seen"}).status_code == 303
    assert fresh(database, desk).state == ActionState.DONE


def test_filters_narrow_the_list_and_the_file_keeps_them(database: Any, now: datetime, sign_in: SignIn) -> None:
    people = council(database, now)
    plain = raised(people, now, people.auditor)
    urgent = raised(people, now, people.moderator, team=people.team_a2, immediate=True)
    audit = Source("audit", 7, "risk", "Audit 2026-06/007", people.team_b1.id, people.service_b.id)
    found = raised(people, now, people.auditor_b, source=audit)
    over = raised(people, now, people.auditor)
    operations.report_not_done(over, "Moved", viewer(people.auditor, now), now)
    database.commit()
    client = sign_in(people.qa.id)
    cases = {
        "": [plain, urgent, found],
        "immediate=yes": [urgent],
        "overdue=yes": [],
        "owner=carys": [urgent],
        f"team={people.team_a1.id}": [plain],
        f"service={people.service_b.id}": [found],
        "state=not_done": [over],
        "state=all": [plain, urgent, found, over],
        "whose=mine": [],
        "state=nonsense&team=0": [plain, urgent, found],
    }
    for query, expected in cases.items():
        assert references(client.get(f"/actions?{query}").text) == [one.reference for one in expected], query
    book = load_workbook(BytesIO(client.get("/actions/export?state=all&immediate=yes").data))
    rows = list(book.active.iter_rows(values_only=True))
    assert [row[0] for row in rows] == ["Action", urgent.reference]
    exported = database.scalar(select(TrailEntry).where(TrailEntry.event == "action:exported"))
    assert exported.person_id == people.qa.id


@pytest.mark.parametrize("sort", ["", "owner", "-team", "state", "source", "-due", "action"])
@pytest.mark.parametrize("state", ["", "all"])
def test_every_order_has_every_row_once(database: Any, now: datetime, sign_in: SignIn, sort: str, state: str) -> None:
    people = council(database, now)
    made = many(people, now, 60, [people.auditor, people.moderator])
    database.commit()
    client = sign_in(people.qa.id)
    seen = []
    for number in (1, 2, 3):
        seen += references(client.get(f"/actions?sort={sort}&state={state}&page={number}").text)
    assert sorted(seen) == sorted(one.reference for one in made)


def test_the_list_asks_the_same_for_ten_rows_and_for_a_thousand(database: Any, now: datetime, sign_in: SignIn) -> None:
    people = council(database, now)
    clients = [sign_in(getattr(people, name).id) for name in ("qa", "head_of_service", "team_manager", "auditor")]
    asked = []
    for count, words in ((10, "10 open actions"), (990, "1,000 open actions")):
        many(people, now, count, [people.auditor])
        database.commit()
        asked.append([statements_of(client, words) for client in clients])
    assert asked[0] == asked[1]
    assert max(asked[0]) <= MOST


def statements_of(client: FlaskClient, words: str) -> int:
    assert heading(client.get("/actions").text).startswith(words)
    with counted() as seen:
        client.get("/actions")
    return len(seen)


ASKED: dict[str, dict[str, list[str]]] = {
    ActionState.OPEN: {
        "auditor": ["Add note", "Change the date", "It is done", "It will not be done"],
        "team_manager": ["Add note", "Change the date", "Give it to somebody else", "It is done", "It will not be done"],
        "practice_lead": ["Add note", "Change the date", "It is done", "It will not be done"],
        "qa": ["Add note", "Change the date", "Give it to somebody else", "It is done", "It will not be done"],
        "director": [],
        "executive": [],
    },
    ActionState.DONE: {
        "auditor": [], "team_manager": ["Verify it"], "practice_lead": ["Verify it"], "qa": ["Verify it"],
        "director": [], "executive": [],
    },
    ActionState.NOT_DONE: {
        "auditor": [], "team_manager": ["Open it again"], "practice_lead": ["Open it again"], "qa": ["Open it again"],
        "director": [], "executive": [],
    },
    ActionState.VERIFIED: {"auditor": [], "team_manager": [], "practice_lead": [], "qa": [], "director": []},
}  # fmt: skip


@pytest.mark.parametrize("state", ASKED)
def test_an_action_asks_each_reader_for_what_they_can_do(
    database: Any, now: datetime, sign_in: SignIn, state: str
) -> None:
    desk = action_at(database, state, now)
    database.commit()
    for name, expected in ASKED[state].items():
        page = sign_in(getattr(desk.council, name).id).get(desk.path)
        assert (page.status_code, asked(page.text)) == (200, expected), name


def test_a_draft_has_no_page(database: Any, now: datetime, sign_in: SignIn) -> None:
    desk = action_at(database, ActionState.DRAFT, now)
    database.commit()
    for name in ("auditor", "qa", "head_of_service"):
        client = sign_in(getattr(desk.council, name).id)
        assert client.get(desk.path).status_code == 404
        assert references(client.get("/actions?state=all&whose=all").text) == []


@pytest.mark.parametrize("reference", ["A-9999", "A-1", "a-0001", "A-00001", "x", "A-", "A-0001x", "A-99999999999999"])
def test_what_is_no_action_is_not_found(database: Any, now: datetime, sign_in: SignIn, reference: str) -> None:
    desk = action_at(database, ActionState.OPEN, now)
    database.commit()
    client = sign_in(desk.council.qa.id)
    if reference != desk.action.reference:
        assert client.get(f"/actions/{reference}").status_code == 404


STEPS: dict[str, tuple[str, str, dict[str, str], str]] = {
    "done": (ActionState.OPEN, "auditor", {"evidence": "Seen alone on Tuesday"}, ActionState.DONE),
    "not-done": (ActionState.OPEN, "auditor", {"evidence": "They moved"}, ActionState.NOT_DONE),
    "date": (ActionState.OPEN, "auditor", {"reason": "A hearing", **LATER}, ActionState.OPEN),
    "verify": (ActionState.DONE, "team_manager", {"outcome": "fully", "evidence": "I read it"}, ActionState.VERIFIED),
    "reopen": (ActionState.NOT_DONE, "team_manager", {"evidence": "It must be", **LATER}, ActionState.OPEN),
}


@pytest.mark.parametrize("step", STEPS)
def test_a_step_is_one_page_and_one_button(database: Any, now: datetime, sign_in: SignIn, step: str) -> None:
    state, name, said, after = STEPS[step]
    desk = action_at(database, state, now)
    database.commit()
    client = sign_in(getattr(desk.council, name).id)
    page = client.get(f"{desk.path}/{step}").text
    assert WHAT in page
    version = BeautifulSoup(page, "html.parser").find("input", {"name": "version"})["value"]
    empty = client.post(f"{desk.path}/{step}", data={"version": version})
    assert (empty.status_code, "There is a problem" in empty.text) == (422, True)
    assert fresh(database, desk).state == state
    sent = client.post(f"{desk.path}/{step}", data={"version": version, **said})
    assert (sent.status_code, sent.headers["Location"]) == (303, desk.path)
    assert fresh(database, desk).state == after
    again = client.post(f"{desk.path}/{step}", data={"version": version, **said})
    assert again.status_code == 303
    assert "This is how it stands now" in client.get(desk.path).text or after != state
    assert fresh(database, desk).state == after


@pytest.mark.parametrize("step", STEPS)
def test_a_step_leads_back_whoever_may_not_take_it(database: Any, now: datetime, sign_in: SignIn, step: str) -> None:
    state, _, said, _ = STEPS[step]
    desk = action_at(database, state, now)
    database.commit()
    for name in ("director", "executive"):
        client = sign_in(getattr(desk.council, name).id)
        for answer in (client.get(f"{desk.path}/{step}"), client.post(f"{desk.path}/{step}", data=said)):
            assert answer.status_code in (303, 404)
    assert fresh(database, desk).state == state


def test_less_than_substantially_needs_a_date_and_opens_it_again(database: Any, now: datetime, sign_in: SignIn) -> None:
    desk = action_at(database, ActionState.DONE, now)
    database.commit()
    client = sign_in(desk.council.team_manager.id)
    said = {"version": str(desk.action.version), "outcome": "partially", "evidence": "Not alone"}
    refused = client.post(f"{desk.path}/verify", data=said)
    assert refused.status_code == 422
    assert "Enter the date it should be done by" in refused.text
    assert "Not alone" in refused.text
    assert client.post(f"{desk.path}/verify", data=said | LATER).status_code == 303
    action = fresh(database, desk)
    assert (action.state, action.outcome, action.due_on.day) == (ActionState.OPEN, Outcome.PARTIALLY, 30)
    assert action.first_due_on != action.due_on
    page = client.get(desk.path).text
    assert "Partially implemented, so it is open again" in page
    assert "First promised for" in page


def test_a_revised_date_shows_what_was_first_promised_and_why(database: Any, now: datetime, sign_in: SignIn) -> None:
    desk = action_at(database, ActionState.OPEN, now)
    database.commit()
    client = sign_in(desk.council.auditor.id)
    client.post(f"{desk.path}/date", data={"version": "1", "reason": "Two hearings", **LATER})
    page = main(client.get(desk.path).text).get_text(" ", strip=True)
    assert "The date was changed once. It was first promised for Wed 24 June." in page
    assert "Due date changed from 24 June 2026 to 30 June 2026" in page
    assert "Two hearings" in page
    assert database.scalar(select(DueChange.reason)) == "Two hearings"


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"due_on-day": "31", "due_on-month": "2", "due_on-year": "2026"}, "must be a real date"),
        ({"due_on-day": "1", "due_on-month": "6", "due_on-year": "2026"}, "must be today or later"),
        ({"due_on-day": "24", "due_on-month": "6", "due_on-year": "2026"}, "Enter another date than it has now"),
    ],
)
def test_a_date_that_cannot_be_is_refused_in_words(
    database: Any, now: datetime, sign_in: SignIn, typed: dict[str, str], sentence: str
) -> None:
    desk = action_at(database, ActionState.OPEN, now)
    database.commit()
    answer = sign_in(desk.council.auditor.id).post(f"{desk.path}/date", data={"version": "1", "reason": "x", **typed})
    assert answer.status_code == 422
    assert sentence in answer.text


def test_a_note_stands_in_the_history(database: Any, now: datetime, sign_in: SignIn) -> None:
    desk = action_at(database, ActionState.OPEN, now)
    database.commit()
    client = sign_in(desk.council.auditor.id)
    assert client.post(f"{desk.path}/note", data={"text": "  "}).status_code == 422
    assert client.post(f"{desk.path}/note", data={"text": "Half done"}).status_code == 303
    assert "Half done" in client.get(desk.path).text
    assert database.scalar(select(ActionNote.text)) == "Half done"
    assert sign_in(desk.council.director.id).post(f"{desk.path}/note", data={"text": "x"}).status_code == 403


def test_somebody_else_gets_it(database: Any, now: datetime, sign_in: SignIn) -> None:
    desk = action_at(database, ActionState.OPEN, now)
    database.commit()
    people = desk.council
    client = sign_in(people.team_manager.id)
    page = client.get(f"{desk.path}/reassign").text
    offered = {option["value"] for option in main(page).select("select option")}
    assert str(people.moderator.id) in offered
    assert str(people.auditor.id) not in offered
    assert str(people.auditor_b.id) not in offered
    said = {"version": "1", "owner": str(people.moderator.id), "reason": "Another team took the case"}
    assert client.post(f"{desk.path}/reassign", data=said | {"owner": str(people.auditor_b.id)}).status_code == 422
    assert client.post(f"{desk.path}/reassign", data=said).status_code == 303
    assert fresh(database, desk).owner_id == people.moderator.id
    assert "Given by Asha Okafor to Carys Whitlock" in client.get(desk.path).text


def test_what_somebody_leaves_behind_is_given_to_others_at_once(
    database: Any, now: datetime, sign_in: SignIn, clock: Any
) -> None:
    people = council(database, now)
    left = [raised(people, now, people.auditor, days=n) for n in (3, 1)]
    elsewhere = raised(people, now, people.auditor, team=people.team_b1)
    people.auditor.leaves_on = now.date()
    database.commit()
    clock.now += timedelta(days=1)
    client = sign_in(people.team_manager.id)
    assert "Asha Okafor: 2 open actions" in client.get("/actions/reassign").text
    assert "2 open actions are with people who have left." in client.get("/actions").text
    assert "2 open actions are with people who have left." in client.get("/").text
    path = f"/actions/reassign?from={people.auditor.id}"
    page = client.get(path).text
    assert heading(page) == "Give 2 open actions of Asha Okafor to others"
    boxes = [box["value"] for box in main(page).select("input[type=checkbox][checked]")]
    assert sorted(boxes) == sorted(str(one.id) for one in left)
    assert client.post(path, data={"owner": str(people.moderator.id), "reason": "Left"}).status_code == 422
    said = {"owner": str(people.moderator.id), "reason": "Left", "actions": [*boxes, str(elsewhere.id)]}
    assert client.post(path, data=said).status_code == 422
    assert client.post(path, data=said | {"actions": boxes}).status_code == 303
    database.expire_all()
    owners = [database.get(Action, one.id).owner_id for one in (*left, elsewhere)]
    assert owners == [people.moderator.id, people.moderator.id, people.auditor.id]
    assert "Nobody has left an open action behind" in client.get(path).text
    assert "Asha Okafor: 1 open action" in sign_in(people.qa.id).get("/actions/reassign").text


@pytest.mark.parametrize("asked_for", ["x", "-1", "99999999999999", "0", "999999"])
def test_bulk_reassignment_of_nobody_offers_nothing(
    database: Any, now: datetime, sign_in: SignIn, asked_for: str
) -> None:
    desk = action_at(database, ActionState.OPEN, now)
    database.commit()
    assert "Nobody has left" in sign_in(desk.council.qa.id).get(f"/actions/reassign?from={asked_for}").text


def needs(page: str) -> list[str]:
    return [" ".join(item.get_text(" ", strip=True).split()) for item in main(page).select("li")]


def test_home_names_an_immediate_one_first_and_counts_the_overdue(
    database: Any, now: datetime, sign_in: SignIn, clock: Any
) -> None:
    people = council(database, now)
    for days in (0, 1, 2):
        raised(people, now, people.auditor, days=days)
    urgent = raised(people, now, people.auditor, immediate=True, days=9)
    database.commit()
    clock.now += timedelta(days=5)
    found = needs(sign_in(people.auditor.id).get("/").text)
    assert found[0].startswith(f"Immediate: action {urgent.reference} is yours, and is due on Fri 26 June.")
    assert found[1].startswith("3 actions of yours are overdue, the oldest since Wed 17 June.")


def test_home_asks_the_nearest_to_verify_and_the_qa_team_only_when_nobody_has(
    database: Any, now: datetime, sign_in: SignIn, clock: Any
) -> None:
    desk = action_at(database, ActionState.DONE, now)
    database.commit()
    sentence = f"Action {desk.action.reference} is done since Wed 17 June, and nobody has verified it."
    seen = {}
    for name in ("team_manager", "service_manager", "auditor", "qa", "head_of_service_b"):
        seen[name] = any(sentence in need for need in needs(sign_in(getattr(desk.council, name).id).get("/").text))
    assert seen == {
        "team_manager": True, "service_manager": True, "auditor": False, "qa": False, "head_of_service_b": False,
    }  # fmt: skip
    clock.now += timedelta(days=9)
    assert any(sentence in need for need in needs(sign_in(desk.council.qa.id).get("/").text))
