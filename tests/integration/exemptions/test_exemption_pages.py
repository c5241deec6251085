"""The pages of exemptions: three short ones to ask, one to answer, and who sees what on them."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from io import BytesIO
from typing import Any

import openpyxl
import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select

from qa_app.core.states import StateChange
from qa_app.exemptions import operations
from qa_app.exemptions.models import ExemptionRequest
from qa_app.exemptions.states import Category, ExemptionState
from qa_app.people.models import Deputy
from qa_app.rounds.models import RoundAuditor
from qa_app.trail.models import TrailEntry
from tests.factories.audits import issued_round
from tests.factories.exemptions import STATEMENT, ask, request_at, walk, wish
from tests.factories.people import council
from tests.factories.rounds import JUNE, viewer

S = ExemptionState
SignIn = Callable[[int], FlaskClient]
JULY = date(2026, 7, 1)
TYPED = {
    "first_month": "2026-06", "last_month": "", "category": "absence", "statement": STATEMENT, "late_reason": "",
}  # fmt: skip


def requests(database: Any) -> int:
    return database.scalar(select(func.count(ExemptionRequest.id)))


def send(client: FlaskClient, go: str, **typed: str) -> Any:
    return client.post("/exemptions/ask", data=TYPED | typed | {"go": go})


def test_from_a_link_with_the_month_it_takes_two_pages_and_nothing_is_in_the_address(
    database: Any, now: datetime, sign_in: SignIn
) -> None:
    people = issued_round(database, now).council
    client = sign_in(people.auditor.id)
    first = client.get("/exemptions/ask?month=2026-06").text
    assert "Ask for an exemption for June 2026" in first
    assert "due on 30 June 2026: 9 working days left" in first
    assert "Kavita Rowntree" in first
    check = send(client, "check").text
    assert "Check your request and send it" in check
    assert "Until it is decided, your audits stay due" in check
    assert STATEMENT in check
    sent = send(client, "send")
    assert (sent.status_code, sent.headers["Location"]) == (303, "/my/requests")
    page = client.get("/my/requests").text
    assert "Sent to Kavita Rowntree, your Head of Service" in page
    assert "With Head of Service" in page
    assert "After issue" in page
    assert requests(database) == 1


def test_without_a_month_the_first_that_is_free_is_chosen_already(
    database: Any, now: datetime, sign_in: SignIn
) -> None:
    people = council(database, now)
    ask(people.auditor, now)
    client = sign_in(people.auditor.id)
    page = client.get("/exemptions/ask").text
    assert '<option value="2026-07" selected>July 2026</option>' in page
    assert '<option value="2026-05"' not in page
    assert "which is the best time to ask" in send(client, "reason", first_month="2026-07").text


@pytest.mark.parametrize("month", ["2026-05", "2026-99", "x", "2026-06'", "9999-12", "0001-01", "2026-6"])
def test_a_month_that_can_not_be_asked_for_leads_to_the_choice(
    database: Any, now: datetime, sign_in: SignIn, month: str
) -> None:
    people = council(database, now)
    page = sign_in(people.auditor.id).get(f"/exemptions/ask?month={month}")
    assert page.status_code == 200
    assert "which months?" in page.text


@pytest.mark.parametrize(
    ("go", "typed", "words"),
    [
        ("reason", {"first_month": "2026-05"}, "May 2026 is over. Choose a later month"),
        ("reason", {"first_month": ""}, "Choose a month from the list"),
        ("reason", {"first_month": "2026-08", "last_month": "2026-07"}, "Choose a last month that is August 2026"),
        ("reason", {"last_month": "2027-06"}, "Choose at most 12 months"),
        ("check", {"category": ""}, "Choose why you ask"),
        ("check", {"category": "sunshine"}, "Choose why you ask"),
        ("check", {"statement": "  "}, "Enter a statement for those who decide"),
        ("send", {"statement": "x" * 4001}, "Shorten this by 1 characters"),
        ("send", {"first_month": "2026-05"}, "May 2026 is over"),
    ],
)
def test_an_error_says_what_to_do_and_loses_nothing(
    database: Any, now: datetime, sign_in: SignIn, go: str, typed: dict[str, str], words: str
) -> None:
    people = council(database, now)
    answer = send(sign_in(people.auditor.id), go, **typed)
    assert answer.status_code == 422
    assert words in answer.text
    if "statement" not in typed:
        assert "CANARY-STATEMENT" in answer.text
    assert requests(database) == 0


def test_going_back_loses_nothing(database: Any, now: datetime, sign_in: SignIn) -> None:
    people = council(database, now)
    client = sign_in(people.auditor.id)
    back = send(client, "months", last_month="2026-08", late_reason="Because.")
    assert back.status_code == 200
    assert f'name="statement" value="{STATEMENT}"' in back.text
    assert 'name="late_reason" value="Because."' in back.text
    assert '<option value="2026-08" selected>August 2026</option>' in back.text
    again = send(client, "reason", last_month="2026-08")
    assert STATEMENT in again.text
    assert "June to August 2026" in again.text


def test_in_the_last_week_the_page_asks_why_only_now(database: Any, now: datetime, clock: Any, sign_in: SignIn) -> None:
    people = issued_round(database, now).council
    clock.now = datetime(2026, 6, 23, 8, tzinfo=now.tzinfo)
    client = sign_in(people.auditor.id)
    assert "Why do you ask only now?" in client.get("/exemptions/ask?month=2026-06").text
    assert "Enter why you ask only now" in send(client, "check").text
    assert send(client, "send", late_reason="It came up yesterday.").status_code == 303
    assert "Last week" in client.get("/my/requests").text


def test_sent_twice_it_is_asked_once_and_says_so(database: Any, now: datetime, sign_in: SignIn) -> None:
    people = council(database, now)
    client = sign_in(people.auditor.id)
    assert [send(client, "send").status_code for _ in range(2)] == [303, 303]
    assert "You have sent this request already" in client.get("/my/requests").text
    assert requests(database) == 1
    other = send(client, "send", category="other")
    assert other.status_code == 422
    assert "You have asked for June 2026 already" in other.text


@pytest.mark.parametrize("name", ["head_of_service", "director", "qa", "executive", "auditor"])
def test_the_request_page_shows_the_statement_to_its_readers_alone(
    database: Any, now: datetime, sign_in: SignIn, name: str
) -> None:
    asked = request_at(database, S.WITH_HEAD_OF_SERVICE, now)
    page = sign_in(getattr(asked.people, name).id).get(f"/exemptions/{asked.request.id}").text
    reads = name in ("head_of_service", "director", "auditor")
    assert ("CANARY-STATEMENT" in page) == reads
    assert ("Only the deciders see the statement" in page) != reads
    assert ("Forward to the Director" in page) == (name == "head_of_service")
    assert ("Withdraw this request" in page) == (name == "auditor")
    viewed = database.scalars(select(TrailEntry).where(TrailEntry.event == "exemption:viewed")).all()
    assert len(viewed) == (name in ("head_of_service", "director"))


@pytest.mark.parametrize("name", ["auditor_b", "head_of_service_b", "team_manager", "practice_lead", "administrator"])
def test_for_anybody_else_it_is_as_if_absent(database: Any, now: datetime, sign_in: SignIn, name: str) -> None:
    asked = request_at(database, S.WITH_HEAD_OF_SERVICE, now)
    client = sign_in(getattr(asked.people, name).id)
    assert client.get(f"/exemptions/{asked.request.id}").status_code == 404
    for act in ("forward", "decide", "withdraw"):
        assert client.post(f"/exemptions/{asked.request.id}/{act}", data={"go": act}).status_code == 404


def test_a_head_of_service_forwards_in_two_steps_and_the_director_decides_in_two(
    database: Any, now: datetime, sign_in: SignIn
) -> None:
    asked = request_at(database, S.WITH_HEAD_OF_SERVICE, now)
    head, director = sign_in(asked.people.head_of_service.id), sign_in(asked.people.director.id)
    path = f"/exemptions/{asked.request.id}"
    inbox = head.get("/requests").text
    assert "1 exemption request for you to answer" in inbox
    assert path in inbox
    assert "0 exemption requests waiting" in director.get("/decisions").text
    answer = head.post(f"{path}/forward", data={"go": "forward", "reason": "", "version": "1"})
    assert (answer.status_code, answer.headers["Location"]) == (303, "/requests")
    assert "1 exemption request waiting" in head.get("/requests").text
    assert "1 exemption request for you to answer" in director.get("/decisions").text
    assert "Your decision" in director.get(path).text
    answer = director.post(f"{path}/decide", data={"go": "approve", "reason": "Granted for June.", "version": "2"})
    assert (answer.status_code, answer.headers["Location"]) == (303, "/decisions")
    own = sign_in(asked.people.auditor.id).get("/my/requests").text
    assert "Approved" in own
    assert "Granted for June." in own


@pytest.mark.parametrize(("go", "words"), [("approve", "Enter the reason"), ("", "Choose whether you approve")])
def test_a_decision_without_its_reason_or_button_is_asked_again(
    database: Any, now: datetime, sign_in: SignIn, go: str, words: str
) -> None:
    asked = request_at(database, S.WITH_DIRECTOR, now)
    client = sign_in(asked.people.director.id)
    answer = client.post(f"/exemptions/{asked.request.id}/decide", data={"go": go, "reason": "", "version": "2"})
    assert answer.status_code == 422
    assert words in answer.text
    assert "Your decision" in answer.text


def test_pressed_twice_it_is_decided_once(database: Any, now: datetime, sign_in: SignIn) -> None:
    asked = request_at(database, S.WITH_DIRECTOR, now)
    client = sign_in(asked.people.director.id)
    data = {"go": "approve", "reason": "Granted.", "version": "2"}
    path = f"/exemptions/{asked.request.id}/decide"
    assert [client.post(path, data=data).status_code for _ in range(2)] == [303, 303]
    moves = database.scalars(select(StateChange.move).where(StateChange.subject_type == "exemption request")).all()
    assert moves == ["forward", "approve"]


def test_a_page_older_than_a_withdrawal_says_that_it_changed(database: Any, now: datetime, sign_in: SignIn) -> None:
    asked = request_at(database, S.WITH_HEAD_OF_SERVICE, now)
    client = sign_in(asked.people.head_of_service.id)
    operations.withdraw(asked.request, viewer(asked.people.auditor, now), now)
    database.commit()
    answer = client.post(f"/exemptions/{asked.request.id}/forward", data={"go": "forward", "version": "1"})
    assert answer.status_code == 409
    assert "withdrawn" in answer.text


@pytest.mark.parametrize("version", ["", "0", "x", "999999999999", "7"])
def test_a_page_without_its_version_changes_nothing(
    database: Any, now: datetime, sign_in: SignIn, version: str
) -> None:
    asked = request_at(database, S.WITH_HEAD_OF_SERVICE, now)
    client = sign_in(asked.people.head_of_service.id)
    answer = client.post(f"/exemptions/{asked.request.id}/forward", data={"go": "forward", "version": version})
    assert answer.status_code == 409
    assert database.get(ExemptionRequest, asked.request.id).state == S.WITH_HEAD_OF_SERVICE


def test_the_requester_withdraws_from_a_page_that_says_what_then_happens(
    database: Any, now: datetime, sign_in: SignIn
) -> None:
    asked = request_at(database, S.WITH_DIRECTOR, now)
    client = sign_in(asked.people.auditor.id)
    path = f"/exemptions/{asked.request.id}/withdraw"
    assert "your audits stay due" in client.get(path).text
    assert client.post(path, data={"version": "2"}).status_code == 303
    assert "Withdrawn. Your audits stay due." in client.get("/my/requests").text
    assert client.get(path).status_code == 303
    assert client.post(path, data={"version": "3"}).status_code == 409


def test_a_deputy_sees_for_whom_they_act(database: Any, now: datetime, sign_in: SignIn) -> None:
    asked = request_at(database, S.WITH_HEAD_OF_SERVICE, now)
    people, today = asked.people, now.date()
    database.add(
        Deputy(
            person_id=people.head_of_service.id,
            deputy_id=people.practice_lead.id,
            starts_on=today,
            ends_on=today + timedelta(days=3),
        )
    )
    database.commit()
    client = sign_in(people.practice_lead.id)
    assert "You act for Kavita Rowntree" in client.get(f"/exemptions/{asked.request.id}").text
    client.post(f"/exemptions/{asked.request.id}/forward", data={"go": "forward", "version": "1"})
    director = sign_in(people.director.id).get(f"/exemptions/{asked.request.id}").text
    assert "by Morag Dunstan, for Kavita Rowntree" in director


def test_audits_of_an_exempt_auditor_wait_for_the_qa_team(database: Any, now: datetime, sign_in: SignIn) -> None:
    asked = request_at(database, S.APPROVED, now)
    number = len([audit for audit in asked.scene.audits if audit.auditor_id == asked.people.auditor.id])
    qa = sign_in(asked.people.qa.id)
    for path in (f"/exemptions/{asked.request.id}", "/requests"):
        page = qa.get(path).text
        assert page.count("Give it to another") == number
    audit = asked.scene.audit
    assert f"/rounds/2026-06/allocation/{audit.number}" in page
    assert qa.get(f"/rounds/2026-06/allocation/{audit.number}").status_code == 200
    assert qa.get(f"/audits/2026-06/{audit.number}/withdraw").status_code == 200
    qa.post(f"/audits/2026-06/{audit.number}/withdraw", data={"reason": "The auditor is exempt."})
    assert qa.get("/requests").text.count("Give it to another") == number - 1
    assert "Give it to another" not in sign_in(asked.people.head_of_service.id).get("/requests").text


def test_an_auditor_who_opens_the_inbox_or_ledger_is_led_to_their_own(
    database: Any, now: datetime, sign_in: SignIn
) -> None:
    people = council(database, now)
    client = sign_in(people.auditor.id)
    for path in ("/requests", "/exemptions/ledger", "/exemptions/ledger/export"):
        answer = client.get(path)
        assert (answer.status_code, answer.headers["Location"]) == (303, "/my/requests")
    assert client.get("/decisions").status_code == 404


def ledger_world(database: Any, now: datetime) -> Any:
    """June of the auditor approved with an expectation of 2; July to August of auditor B with the Director."""
    asked = request_at(database, S.WITH_DIRECTOR, now)
    people = asked.people
    database.add(
        RoundAuditor(
            round_id=asked.scene.round.id,
            person_id=people.auditor.id,
            team_id=people.team_a1.id,
            service_id=people.service_a.id,
            expected=2,
        )
    )
    database.flush()
    later = now + timedelta(days=2)
    operations.approve(asked.request, "Granted.", viewer(people.director, later), later)
    other = ask(people.auditor_b, now, wish(JULY, date(2026, 8, 1), Category.STATUTORY_WORK))
    operations.forward(other, "", viewer(people.head_of_service_b, now), now)
    database.commit()
    return asked


def test_the_ledger_says_who_why_when_how_long_and_what_it_cost(
    database: Any, now: datetime, clock: Any, sign_in: SignIn
) -> None:
    asked = ledger_world(database, now)
    clock.now = now + timedelta(days=2)
    page = sign_in(asked.people.qa.id).get("/exemptions/ledger").text
    for words in ("2 exemption requests", "Asha Okafor", "Bryn Pritchard", "July to August 2026", "June 2026: 2",
                  "2 working days", "same day", "Unusually high statutory work"):  # fmt: skip
        assert words in page
    assert "CANARY" not in page


@pytest.mark.parametrize(
    ("query", "there", "gone"),
    [
        ("month=2026-06", "Asha Okafor", "Bryn Pritchard"),
        ("month=2026-08", "Bryn Pritchard", "Asha Okafor"),
        ("category=statutory_work", "Bryn Pritchard", "Asha Okafor"),
        ("state=approved", "Asha Okafor", "Bryn Pritchard"),
        ("state=waiting", "Bryn Pritchard", "Asha Okafor"),
        ("timing=after_issue", "Asha Okafor", "Bryn Pritchard"),
        ("q=pritch", "Bryn Pritchard", "Asha Okafor"),
    ],
)
def test_the_ledger_is_narrowed_and_its_file_keeps_the_filter(
    database: Any, now: datetime, sign_in: SignIn, query: str, there: str, gone: str
) -> None:
    asked = ledger_world(database, now)
    client = sign_in(asked.people.director.id)
    page = client.get(f"/exemptions/ledger?{query}").text
    assert "1 exemption request" in page
    assert f">{there}</a>" in page
    assert f">{gone}</a>" not in page
    book = openpyxl.load_workbook(BytesIO(client.get(f"/exemptions/ledger/export?{query}").data))
    cells = [cell for row in book.active.iter_rows(values_only=True) for cell in row]
    assert there in cells
    assert gone not in cells
    assert not any("CANARY" in str(cell) for cell in cells)
    exported = database.scalars(select(TrailEntry.event).order_by(TrailEntry.id.desc()).limit(1)).one()
    assert exported == "exemption:ledger-exported"


def test_with_a_month_chosen_the_ledger_says_what_completion_is_of(
    database: Any, now: datetime, sign_in: SignIn
) -> None:
    asked = ledger_world(database, now)
    client = sign_in(asked.people.qa.id)
    assert (
        "2 audits expected, 2 of them exempted, so completion is counted against 0."
        in client.get("/exemptions/ledger?month=2026-06").text
    )
    assert "nothing is expected of anybody yet" in client.get("/exemptions/ledger?month=2026-07").text


def test_a_head_of_services_ledger_holds_their_service_alone(database: Any, now: datetime, sign_in: SignIn) -> None:
    asked = ledger_world(database, now)
    page = sign_in(asked.people.head_of_service.id).get("/exemptions/ledger").text
    assert "Asha Okafor" in page
    assert "Bryn Pritchard" not in page
    assert "Children in Care" not in page


def test_a_reader_sees_the_past_of_who_asks(database: Any, now: datetime, sign_in: SignIn) -> None:
    asked = request_at(database, S.WITHDRAWN, now)
    again = ask(asked.people.auditor, now)
    walk(again, S.WITH_HEAD_OF_SERVICE, asked.people, now)
    database.commit()
    page = sign_in(asked.people.head_of_service.id).get(f"/exemptions/{again.id}").text
    assert f"/exemptions/{asked.request.id}" in page
    assert "done in the last 12 months" in page
    assert again.first_month == JUNE
