"""The pages: raising in two clicks, the inbox, and one notice with the decision asked of each reader."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from bs4 import BeautifulSoup
from flask.testing import FlaskClient
from sqlalchemy import event, select

from qa_app.audits import operations as audits
from qa_app.people.models import Deputy
from qa_app.slippage import operations
from qa_app.slippage.models import SlippageNotice
from qa_app.slippage.queries import find_notices
from qa_app.slippage.states import Outcome, SlippageState
from tests.factories.audits import audit_at, issued_round
from tests.factories.slippage import notice_at, raised

SignIn = Callable[[int], FlaskClient]

SAID = {
    "reason": "Two hearings in one week.",
    "could_be_done_on-day": "3",
    "could_be_done_on-month": "7",
    "could_be_done_on-year": "2026",
    "would_help": "A duty day covered",
}


def notices(database: Any) -> list[SlippageNotice]:
    database.expire_all()
    return list(database.scalars(select(SlippageNotice).order_by(SlippageNotice.id)))


def buttons(page: str) -> list[str]:
    main = BeautifulSoup(page, "html.parser").find("main")
    return [button.get_text(strip=True) for button in main.find_all("button")]


def version(database: Any, notice: SlippageNotice) -> dict[str, str]:
    database.refresh(notice)
    return {"version": str(notice.version)}


def test_two_clicks_from_my_audits_and_it_is_sent(database: Any, now: datetime, sign_in: SignIn) -> None:
    scene = issued_round(database, now)
    database.commit()
    client = sign_in(scene.council.auditor.id)
    link = f"{scene.path}/slippage"
    assert f'href="{link}"' in client.get("/my-audits").text
    assert f'href="{link}"' in client.get(scene.path).text
    page = client.get(link).text
    assert "This goes to Kavita Rowntree, as your Head of Service, at once." in page
    sent = client.post(link, data=SAID)
    (notice,) = notices(database)
    assert sent.headers["Location"] == f"/slippage/{notice.id}"
    after = client.get(sent.headers["Location"]).text
    assert "Sent to Kavita Rowntree. The audit stays due" in after
    assert "Two hearings in one week." in after
    assert buttons(after) == ["I will finish it in time"]


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"reason": " "}, "Enter why you may not finish in time"),
        ({"could_be_done_on-day": ""}, "must include a day"),
        ({"could_be_done_on-month": "5"}, "The date it could be done must be today or later"),
        ({"would_help": "x" * 2001}, "What would help? is 1 character too long"),
    ],
)
def test_what_is_missing_is_said(
    database: Any, now: datetime, sign_in: SignIn, changed: dict[str, str], sentence: str
) -> None:
    scene = issued_round(database, now)
    database.commit()
    answer = sign_in(scene.council.auditor.id).post(f"{scene.path}/slippage", data=SAID | changed)
    assert answer.status_code == 422
    assert sentence in answer.text
    assert notices(database) == []


def test_sent_twice_it_is_there_once(database: Any, now: datetime, sign_in: SignIn) -> None:
    scene = issued_round(database, now)
    database.commit()
    client = sign_in(scene.council.auditor.id)
    places = {client.post(f"{scene.path}/slippage", data=SAID).headers["Location"] for _ in range(2)}
    (notice,) = notices(database)
    assert places == {f"/slippage/{notice.id}"}
    assert notice.reason == "Two hearings in one week."


def test_more_is_added_to_the_open_notice(database: Any, now: datetime, sign_in: SignIn) -> None:
    scene, notice = notice_at(database, SlippageState.RAISED, now)
    database.commit()
    client = sign_in(scene.council.auditor.id)
    assert "It is added to the notice that is open" in client.get(f"{scene.path}/slippage").text
    client.post(f"{scene.path}/slippage", data=SAID)
    (found,) = notices(database)
    assert found.id == notice.id
    assert found.reason == (
        "Two court hearings fell into the same week.\n\nAdded on 17 June 2026: Two hearings in one week."
    )


@pytest.mark.parametrize("state", ["submitted", "returned", "withdrawn"])
def test_a_submitted_audit_has_no_form(database: Any, now: datetime, sign_in: SignIn, state: str) -> None:
    scene = audit_at(database, state, now)
    database.commit()
    client = sign_in(scene.council.auditor.id)
    answer = client.get(f"{scene.path}/slippage")
    assert (answer.status_code, answer.headers["Location"]) == (303, scene.path)
    assert f'href="{scene.path}/slippage"' not in client.get(scene.path).text


def test_the_reminders_link_leads_to_the_one_audit_or_a_choice(database: Any, now: datetime, sign_in: SignIn) -> None:
    scene = issued_round(database, now)
    database.commit()
    client = sign_in(scene.council.auditor.id)
    own = [audit for audit in scene.audits if audit.auditor_id == scene.council.auditor.id]
    page = client.get("/my/slippage?round=2026-06").text
    assert f"Which of your {len(own)} audits may be late?" in page
    for audit in own:
        assert f"/audits/2026-06/{audit.number}/slippage" in page
    assert "No audit of yours is outstanding" in client.get("/my/slippage?round=2026-05").text
    for audit in own[1:]:
        audits.withdraw_audit(audit, "The child moved", scene.qa, now)
    database.commit()
    answer = client.get("/my/slippage?round=2026-06")
    assert answer.headers["Location"] == f"/audits/2026-06/{own[0].number}/slippage"
    assert "No audit of yours is outstanding" in sign_in(scene.council.moderator.id).get("/my/slippage").text


WHAT_EACH_IS_ASKED = {
    SlippageState.RAISED: {
        "auditor": ["I will finish it in time"],
        "head_of_service": ["Acknowledge", "Forward to the QA team"],
        "qa": ["Send answer"],
    },
    SlippageState.WITH_HEAD_OF_SERVICE: {
        "auditor": ["I will finish it in time"],
        "head_of_service": ["Forward to the QA team"],
        "qa": ["Send answer"],
    },
    SlippageState.WITH_QA_TEAM: {
        "auditor": ["I will finish it in time"],
        "head_of_service": [],
        "qa": ["Send answer"],
    },
    SlippageState.RESOLVED: {"auditor": [], "head_of_service": [], "qa": []},
}
READERS = ("lead_auditor", "team_manager", "service_manager", "practice_lead", "director", "executive")
STRANGERS = ("auditor_b", "moderator", "team_manager_a2", "service_manager_b", "head_of_service_b")


@pytest.mark.parametrize("state", SlippageState)
def test_each_reader_is_asked_their_one_decision(
    database: Any, now: datetime, sign_in: SignIn, state: SlippageState
) -> None:
    scene, notice = notice_at(database, state, now)
    database.commit()
    asked = WHAT_EACH_IS_ASKED[state] | {name: [] for name in READERS}
    for name, expected in asked.items():
        page = sign_in(getattr(scene.council, name).id).get(f"/slippage/{notice.id}")
        assert page.status_code == 200, name
        assert buttons(page.text) == expected, name
    for name in STRANGERS:
        assert sign_in(getattr(scene.council, name).id).get(f"/slippage/{notice.id}").status_code == 404, name


def test_the_case_is_named_only_to_readers_of_the_audit(database: Any, now: datetime, sign_in: SignIn) -> None:
    scene, notice = notice_at(database, SlippageState.RAISED, now)
    scene.audit.service_id, scene.audit.team_id = scene.council.service_b.id, scene.council.team_b1.id
    database.commit()
    case = scene.audit.case_reference
    for name, sees in (("qa", True), ("auditor", True), ("head_of_service", False), ("team_manager", False)):
        page = sign_in(getattr(scene.council, name).id).get(f"/slippage/{notice.id}").text
        assert (case in page) is sees, name
        assert (f'href="{scene.path}"' in page) is sees, name


def test_from_raised_to_answered(database: Any, now: datetime, sign_in: SignIn) -> None:
    scene, notice = notice_at(database, SlippageState.RAISED, now)
    database.commit()
    head, qa = sign_in(scene.council.head_of_service.id), sign_in(scene.council.qa.id)
    path = f"/slippage/{notice.id}"
    assert head.post(f"{path}/acknowledge", data=version(database, notice)).headers["Location"] == path
    assert "Acknowledged. Asha Okafor sees it" in head.get(path).text
    refused = head.post(f"{path}/forward", data=version(database, notice) | {"note": " "})
    assert refused.status_code == 422
    assert "Enter what you ask the QA team for" in refused.text
    head.post(f"{path}/forward", data=version(database, notice) | {"note": "One audit less"})
    assert "One audit less" in qa.get(path).text
    for data, sentence in (
        ({"note": "x"}, "Choose what happens now"),
        ({"outcome": "capacity_found"}, "Enter a sentence for the auditor"),
        ({"outcome": "reassigned", "note": "x"}, "Choose the new auditor"),
        ({"outcome": "submitted_late", "note": "x"}, "Choose one of the answers in the list"),
    ):
        wrong = qa.post(f"{path}/answer", data=version(database, notice) | data)
        assert (wrong.status_code, sentence in wrong.text) == (422, True), data
    given = {"outcome": "capacity_found", "note": "Take Thursday for it."}
    assert qa.post(f"{path}/answer", data=version(database, notice) | given).status_code == 303
    page = sign_in(scene.council.auditor.id).get(path).text
    assert "Capacity found" in page
    assert "Take Thursday for it." in page


def test_the_qa_team_gives_it_to_the_best_whom_no_rule_keeps_from_it(
    database: Any, now: datetime, sign_in: SignIn
) -> None:
    scene, notice = notice_at(database, SlippageState.WITH_QA_TEAM, now)
    database.commit()
    qa, path = sign_in(scene.council.qa.id), f"/slippage/{notice.id}"
    offered = BeautifulSoup(qa.get(path).text, "html.parser").select("#auditor option")
    names = [option.get_text() for option in offered[1:]]
    assert names
    assert not any("Asha Okafor" in name or "Eleri Sandhu" in name for name in names)  # its auditor; its team's manager
    taker = int(offered[1]["value"])
    data = version(database, notice) | {"outcome": "reassigned", "note": "Somebody else has it.", "auditor": str(taker)}
    assert qa.post(f"{path}/answer", data=data).status_code == 303
    database.refresh(scene.audit)
    (found,) = notices(database)
    assert (scene.audit.auditor_id, found.outcome) == (taker, Outcome.REASSIGNED)
    assert found.resolved_by_id == scene.council.qa.id


def test_whoever_a_rule_keeps_from_it_cannot_be_chosen(database: Any, now: datetime, sign_in: SignIn) -> None:
    scene, notice = notice_at(database, SlippageState.WITH_QA_TEAM, now)
    database.commit()
    barred = scene.council.team_manager.id
    data = version(database, notice) | {"outcome": "reassigned", "note": "x", "auditor": str(barred)}
    answer = sign_in(scene.council.qa.id).post(f"/slippage/{notice.id}/answer", data=data)
    assert answer.status_code == 422
    database.refresh(scene.audit)
    assert scene.audit.auditor_id == scene.council.auditor.id


def test_pressed_twice_or_from_an_old_page_nothing_happens_twice(database: Any, now: datetime, sign_in: SignIn) -> None:
    scene, notice = notice_at(database, SlippageState.RAISED, now)
    database.commit()
    head, path = sign_in(scene.council.head_of_service.id), f"/slippage/{notice.id}"
    old = version(database, notice)
    head.post(f"{path}/acknowledge", data=old)
    again = head.post(f"{path}/acknowledge", data=old)
    assert again.headers["Location"] == path
    assert "This is how it stands now" in head.get(path).text
    head.post(f"{path}/forward", data=old | {"note": "Old page"})
    assert notices(database)[0].state == SlippageState.WITH_HEAD_OF_SERVICE
    for forged in ({}, {"version": "x"}, {"version": "9" * 30}):
        head.post(f"{path}/forward", data=forged | {"note": "Forged"})
        assert notices(database)[0].head_note == ""


def test_a_deputy_acts_on_behalf_and_an_expired_one_does_not_see_it(
    database: Any, now: datetime, sign_in: SignIn
) -> None:
    scene, notice = notice_at(database, SlippageState.RAISED, now)
    people, today = scene.council, now.date()
    stands_in = Deputy(
        person_id=people.head_of_service.id, deputy_id=people.service_manager_b.id, starts_on=today, ends_on=today
    )
    database.add(stands_in)
    database.commit()
    deputy, path = sign_in(people.service_manager_b.id), f"/slippage/{notice.id}"
    deputy.post(f"{path}/acknowledge", data=version(database, notice))
    (found,) = notices(database)
    assert (found.acknowledged_by_id, found.acknowledged_for_id) == (
        people.service_manager_b.id,
        people.head_of_service.id,
    )
    assert "Joss Whelan, on behalf of Kavita Rowntree" in deputy.get(path).text
    stands_in.starts_on = stands_in.ends_on = today - timedelta(days=1)
    database.commit()
    assert deputy.get(path).status_code == 404


def test_the_inbox_shows_each_reader_theirs_the_longest_waiting_first(
    database: Any, now: datetime, sign_in: SignIn
) -> None:
    scene = issued_round(database, now)
    people = scene.council
    of_a = [audit for audit in scene.audits if audit.auditor_id == people.auditor.id]
    of_b = [audit for audit in scene.audits if audit.auditor_id == people.auditor_b.id]
    first = raised(scene, of_a[1])
    first.raised_at = now - timedelta(days=3)
    raised(scene, of_a[0])
    raised(scene, of_b[0])
    database.commit()

    def references(name: str, query: str = "") -> list[str]:
        page = sign_in(getattr(people, name).id).get(f"/requests/slippage{query}").text
        cells = BeautifulSoup(page, "html.parser").select('td[data-label="Audit"]')
        return [cell.get_text() for cell in cells]

    all_three = [of_a[1].reference, of_a[0].reference, of_b[0].reference]
    assert references("qa") == all_three
    assert references("head_of_service") == all_three[:2]
    assert references("head_of_service_b") == references("auditor_b") == [of_b[0].reference]
    assert references("moderator") == []
    assert references("qa", f"?service={people.service_b.id}") == [of_b[0].reference]
    assert references("qa", "?month=2026-06&state=raised") == all_three
    assert references("qa", "?state=resolved") == []
    operations.back_on_track(first, "", scene.viewer(people.auditor), now)
    database.commit()
    assert references("qa") == all_three[1:]
    assert len(references("qa", "?state=all")) == 3


def test_on_track_again_closes_it(database: Any, now: datetime, sign_in: SignIn) -> None:
    scene, notice = notice_at(database, SlippageState.WITH_QA_TEAM, now)
    database.commit()
    client = sign_in(scene.council.auditor.id)
    client.post(f"/slippage/{notice.id}/back-on-track", data=version(database, notice))
    (found,) = notices(database)
    assert (found.state, found.outcome) == (SlippageState.RESOLVED, Outcome.BACK_ON_TRACK)
    assert "Resolved: back on track" in client.get(f"/slippage/{notice.id}").text


def test_many_rows_take_as_many_statements_as_few(database: Any, now: datetime) -> None:
    """Reading the list costs the same number of statements whatever it holds."""
    scene = issued_round(database, now)
    seen: list[str] = []

    def note(_conn: Any, _cursor: Any, statement: str, *_: Any) -> None:
        seen.append(statement)

    counts = []
    event.listen(database.get_bind(), "before_cursor_execute", note)
    try:
        for audit in scene.audits[:4]:
            raised(scene, audit)
            seen.clear()
            find_notices(scene.qa, {}, [], limit=50, offset=0)
            counts.append(len(seen))
    finally:
        event.remove(database.get_bind(), "before_cursor_execute", note)
    assert len(set(counts)) == 1
