"""The board, the process and the pages of its steps: two steps from home to a recorded meeting, and nothing lost."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from io import BytesIO
from typing import Any

import pytest
from bs4 import BeautifulSoup
from flask.testing import FlaskClient
from openpyxl import load_workbook
from sqlalchemy import select

from qa_app.access.roles import Role
from qa_app.actions.queries import actions_of
from qa_app.improvement import operations
from qa_app.improvement.models import ImprovementProcess
from qa_app.improvement.operations.recording import SOURCE
from qa_app.improvement.queries import case_of
from qa_app.improvement.states import ConcernAbout, Outcome, ProcessState, StageKind
from qa_app.people.models import Absence
from qa_app.trail.models import TrailEntry
from tests.factories import improvement as made
from tests.factories.people import person
from tests.statements import MOST, counted

SignIn = Callable[[int], FlaskClient]
K = StageKind

WORKER = "Sol Venables"


def main_of(page: str) -> BeautifulSoup:
    main = BeautifulSoup(page, "html.parser").find("main")
    assert main is not None
    return main


def words(page: str) -> str:
    return " ".join(main_of(page).get_text(" ").split())


def meeting_data(process: ImprovementProcess, owner_id: int, **changed: str) -> dict[str, str]:
    return {
        "version": str(process.version),
        "rows": "3",
        "held_on-day": "17",
        "held_on-month": "6",
        "held_on-year": "2026",
        "present": "Sol, Eleri, Morag",
        "agreed": "A new risk assessment.",
        "what_1": "See the father",
        "owner_1": str(owner_id),
        "due_on_1-day": "24",
        "due_on_1-month": "6",
        "due_on_1-year": "2026",
        "concern_about": "none",
        "next_step": "Supervision on Monday",
    } | changed


def again(database: Any, process: ImprovementProcess) -> ImprovementProcess:
    database.expire_all()
    found = database.get(ImprovementProcess, process.id)
    assert found is not None
    return found


def test_a_process_leads_to_its_audit_as_far_as_its_reader_may_read_it(
    database: Any, now: datetime, sign_in: SignIn
) -> None:
    scene, process = made.started(database, now)
    database.commit()
    for restricted, leads in ((False, True), (True, False)):
        case_of(process).restricted = restricted
        database.commit()
        page = main_of(sign_in(scene.council.practice_lead.id).get(f"/improvement/{process.reference}").text)
        assert (page.find("a", href=scene.path) is not None) is leads


def test_two_steps_from_home_and_the_meeting_is_recorded(database: Any, now: datetime, sign_in: SignIn) -> None:
    scene, process = made.started(database, now)
    database.commit()
    client = sign_in(scene.council.practice_lead.id)
    home = client.get("/").text
    assert f"Day-three meeting for {process.reference} is due on Mon 22 June." in words(home)
    link = main_of(home).find("a", string="Record it")
    assert link is not None
    path = str(link["href"])
    assert path == f"/improvement/{process.reference}/meeting"
    assert client.get(path).status_code == 200
    sent = client.post(path, data=meeting_data(process, scene.council.team_manager.id))
    assert sent.headers["Location"] == f"/improvement/{process.reference}"
    page = words(client.get(sent.headers["Location"]).text)
    assert "The meeting is recorded." in client.get("/").text or "A new risk assessment." in page
    assert "See the father : Eleri Sandhu, by 24 June 2026. Open" in page
    assert [one.what for one in actions_of(SOURCE, process.id)] == ["See the father"]
    assert "Day-three meeting" not in words(client.get("/").text)


def test_another_row_is_added_without_script_and_nothing_typed_is_lost(
    database: Any, now: datetime, sign_in: SignIn
) -> None:
    scene, process = made.started(database, now)
    database.commit()
    client, path = sign_in(scene.council.practice_lead.id), f"/improvement/{process.reference}/meeting"
    data = meeting_data(process, scene.council.team_manager.id, more="1", held_on_day="x")
    page = client.post(path, data=data)
    assert page.status_code == 200
    form = main_of(page.text).find("form", action=path)
    assert form is not None
    assert form.find("textarea", attrs={"name": "what_4"}) is not None
    assert form.find("input", attrs={"name": "rows"})["value"] == "4"
    assert form.find("textarea", attrs={"name": "agreed"}).get_text(strip=True) == "A new risk assessment."
    chosen = form.find("select", attrs={"name": "owner_1"}).find("option", selected=True)
    assert chosen["value"] == str(scene.council.team_manager.id)
    assert again(database, process).meeting is None


def test_what_is_missing_is_said_at_once_and_everything_typed_stays(
    database: Any, now: datetime, sign_in: SignIn
) -> None:
    scene, process = made.started(database, now)
    database.commit()
    client, path = sign_in(scene.council.practice_lead.id), f"/improvement/{process.reference}/meeting"
    data = meeting_data(process, 0, present="", owner_1="", concern_about="team_manager")
    page = client.post(path, data=data)
    assert page.status_code == 422
    said = words(page.text)
    for sentence in ("Enter who was there", "Choose who does action 1", "Enter what the concern is"):
        assert sentence in said
    assert "See the father" in said
    assert "A new risk assessment." in said
    assert again(database, process).meeting is None


def test_sent_twice_it_is_recorded_once(database: Any, now: datetime, sign_in: SignIn) -> None:
    scene, process = made.started(database, now)
    database.commit()
    client, path = sign_in(scene.council.practice_lead.id), f"/improvement/{process.reference}/meeting"
    data = meeting_data(process, scene.council.team_manager.id)
    answers = [client.post(path, data=data) for _ in range(2)]
    assert {answer.status_code for answer in answers} == {303}
    assert len(actions_of(SOURCE, process.id)) == 1


def test_an_older_page_changes_nothing(database: Any, now: datetime, sign_in: SignIn) -> None:
    scene, process = made.started(database, now)
    data = meeting_data(process, scene.council.team_manager.id)
    operations.skip_stage(process, K.REAUDIT, "The case closed.", scene.viewer(scene.council.practice_lead), now)
    database.commit()
    client = sign_in(scene.council.practice_lead.id)
    client.post(f"/improvement/{process.reference}/meeting", data=data)
    assert again(database, process).meeting is None


def test_the_worker_is_named_to_those_who_need_it_and_the_record_too(
    database: Any, now: datetime, sign_in: SignIn
) -> None:
    scene, process = made.started(database, now)
    made.meet(scene, process, now)
    database.commit()
    people = scene.council
    for who in (people.team_manager, people.service_manager, people.head_of_service, people.practice_lead, people.qa):
        client = sign_in(who.id)
        assert WORKER in client.get("/improvement").text, who.name
        assert "The risk assessment is done again" in client.get(f"/improvement/{process.reference}").text, who.name
    for who in (people.director, people.executive):
        client = sign_in(who.id)
        for path in ("/improvement", f"/improvement/{process.reference}"):
            page = client.get(path).text
            assert "The social worker" in page, who.name
            assert WORKER not in page, who.name
            assert "The risk assessment" not in page, who.name
        sheet = load_workbook(BytesIO(client.get("/improvement/export").data), read_only=True).active
        cells = {cell for row in sheet.iter_rows(values_only=True) for cell in row}
        assert "The social worker" in cells
        assert WORKER not in cells


def test_the_heading_and_the_filters_say_what_is_late(
    database: Any, now: datetime, sign_in: SignIn, clock: Any
) -> None:
    scene, process = made.started(database, now)
    second = made.submitted(scene, 5, now)
    third = made.submitted(scene, 1, made.later(now, 4))
    made.meet(scene, second, now)
    database.commit()
    clock.now = made.later(now, 5)
    client = sign_in(scene.council.practice_lead.id)
    page = client.get("/improvement").text
    assert main_of(page).find("h1").get_text(strip=True) == "3 processes open, 1 late"
    rows = [row.find("th").get_text(" ", strip=True) for row in main_of(page).select("tbody tr")]
    assert rows == [process.reference, third.reference, second.reference], "the earliest date first"
    assert "2 working days late" in words(page)

    def shown(query: str) -> set[str]:
        rows = main_of(client.get(f"/improvement?{query}").text).select("tbody th a")
        return {link.get_text(strip=True) for link in rows}

    assert shown("state=late") == {process.reference}
    assert shown("state=in_time") == {second.reference, third.reference}
    assert shown("stage=service_manager_review") == {second.reference}
    assert shown(f"service={scene.council.service_b.id}") == {second.reference}
    assert shown(f"team={process.team_id}") >= {process.reference}
    assert shown("turn=mine") == {process.reference, third.reference}
    assert shown(f"turn={scene.council.service_manager_b.id}") == {second.reference}
    assert shown("show=closed") == set()
    assert shown("turn=nobody") == set()


def test_a_service_sees_its_own_processes_only(database: Any, now: datetime, sign_in: SignIn) -> None:
    scene, process = made.started(database, now)
    other = made.submitted(scene, 5, now)
    database.commit()
    page = sign_in(scene.council.head_of_service_b.id).get("/improvement").text
    assert other.reference in page
    assert process.reference not in page


def test_a_board_without_processes_says_why(database: Any, now: datetime, sign_in: SignIn) -> None:
    scene, _process = made.started(database, now)
    database.commit()
    client = sign_in(scene.council.team_manager_b1.id)
    page = words(client.get("/improvement").text)
    assert "0 processes open" in page
    assert "One starts by itself when an audit is submitted" in page


def test_the_board_for_htmx_is_a_fragment_with_its_heading(database: Any, now: datetime, sign_in: SignIn) -> None:
    scene, _ = made.started(database, now)
    database.commit()
    part = sign_in(scene.council.qa.id).get("/improvement", headers={"HX-Request": "true"}).text
    assert 'id="board"' in part
    assert "1 process open" in part
    assert "<html" not in part


def test_the_line_of_stages_has_its_words_beside(database: Any, now: datetime, sign_in: SignIn) -> None:
    scene, process = made.started(database, now)
    made.meet(scene, process, now)
    database.commit()
    page = words(sign_in(scene.council.qa.id).get("/improvement").text)
    assert "Day-three meeting: done in time, Wed 17 June" in page
    assert "Re-audit: in time, due Wed 9 September, 59 working days left" in page


def test_the_service_manager_reviews_in_two_steps_from_home(
    database: Any, now: datetime, sign_in: SignIn, clock: Any
) -> None:
    scene, process = made.started(database, now)
    made.meet(scene, process, now)
    database.commit()
    clock.now = made.later(now, 8)
    client = sign_in(scene.council.service_manager.id)
    assert "Service manager review for" in words(client.get("/").text)
    path = f"/improvement/{process.reference}/review"
    assert client.get(path).status_code == 200
    wrong = client.post(path, data={"version": process.version, "effective": "not_yet", "note": ""})
    assert wrong.status_code == 422
    assert "Enter the date of the further review, after today" in words(wrong.text)
    sent = client.post(path, data={"version": process.version, "effective": "yes", "note": "Seen."})
    assert sent.status_code == 303
    assert made.stage(again(database, process), K.SERVICE_MANAGER_REVIEW).outcome == Outcome.DONE
    assert client.get(path).status_code == 303


def test_the_qa_team_schedules_the_reaudit_with_the_suggestion(database: Any, now: datetime, sign_in: SignIn) -> None:
    scene, process = made.started(database, now)
    made.meet(scene, process, now)
    made.review(scene, process, now)
    database.commit()
    client, path = sign_in(scene.council.qa.id), f"/improvement/{process.reference}/re-audit"
    page = client.get(path).text
    offered = main_of(page).find_all("input", attrs={"name": "auditor"})
    assert str(scene.council.auditor.id) not in {one["value"] for one in offered}
    chosen = next(one["value"] for one in offered if one.has_attr("checked"))
    assert client.post(path, data={"version": process.version}).status_code == 422
    sent = client.post(path, data={"version": process.version, "auditor": chosen})
    assert sent.status_code == 303
    reaudit = again(database, process).reaudit
    assert reaudit is not None
    assert reaudit.auditor_id == int(chosen)
    assert f"{reaudit.reference}, by {reaudit.auditor.name}" in words(
        client.get(f"/improvement/{process.reference}").text
    )
    audit = sign_in(int(chosen)).get("/my-audits").text
    assert reaudit.reference in audit


def test_the_caseload_review_is_decided_on_one_page(database: Any, now: datetime, sign_in: SignIn) -> None:
    scene, _ = made.started(database, now)
    second = made.submitted(scene, 1, now)
    database.commit()
    client, path = sign_in(scene.council.practice_lead.id), f"/improvement/{second.reference}/caseload-review"
    assert "Considered: another inadequate grade" in words(client.get(path).text)
    data = {"version": str(second.version), "outcome": "waived", "note": "She has left the team."}
    wrong = client.post(path, data=data)
    assert wrong.status_code == 422
    assert "Choose who authorised it" in words(wrong.text)
    assert "She has left the team." in wrong.text
    sent = client.post(path, data=data | {"authorised_by": str(scene.council.director.id)})
    assert sent.status_code == 303
    page = words(client.get(f"/improvement/{second.reference}").text)
    assert "Authorised by Oren Hathersage" in page
    assert "Not required" in page


def test_closing_says_what_keeps_it_and_then_closes(database: Any, now: datetime, sign_in: SignIn) -> None:
    scene, process = made.started(database, now)
    made.meet(scene, process, now, concern_about=ConcernAbout.TEAM_MANAGER, concern="No supervision.")
    database.commit()
    client, path = sign_in(scene.council.practice_lead.id), f"/improvement/{process.reference}/close"
    page = words(client.get(path).text)
    assert "It can't be closed yet:" in page
    assert "Service manager review is open." in page
    made.review(scene, process, now)
    operations.skip_stage(process, K.REAUDIT, "The case closed.", scene.viewer(scene.council.practice_lead), now)
    database.commit()
    concern = f"/improvement/{process.reference}/concerns/{process.concerns[0].id}"
    assert client.post(concern, data={"answer": ""}).status_code == 422
    assert client.post(concern, data={"answer": "Supervision is monthly."}).status_code == 303
    version = again(database, process).version
    assert client.post(path, data={"version": version, "note": ""}).status_code == 422
    assert client.post(path, data={"version": version, "note": "The plan holds."}).status_code == 303
    assert again(database, process).state == ProcessState.CLOSED
    assert process.reference in client.get("/improvement?show=closed").text
    assert client.get(path).status_code == 303


def test_skipping_is_a_page_that_says_who_is_told(database: Any, now: datetime, sign_in: SignIn) -> None:
    scene, process = made.started(database, now)
    database.commit()
    client, path = sign_in(scene.council.practice_lead.id), f"/improvement/{process.reference}/skip"
    page = main_of(client.get(path).text)
    offered = {one["value"] for one in page.find_all("input", attrs={"name": "stage"})}
    assert offered == {K.DAY_THREE_MEETING, K.IMPROVEMENT_PLAN, K.SERVICE_MANAGER_REVIEW, K.REAUDIT}
    assert "the Head of Service is told" in page.get_text()
    data = {"version": process.version, "stage": K.DAY_THREE_MEETING}
    assert client.post(path, data=data | {"reason": ""}).status_code == 422
    assert client.post(path, data=data | {"reason": "The worker has left."}).status_code == 303
    assert "The worker has left." in words(client.get(f"/improvement/{process.reference}").text)


def test_a_changed_grade_is_decided_on_the_page(database: Any, now: datetime, sign_in: SignIn) -> None:
    scene, process = made.started(database, now)
    operations.follow_grade(scene.audit, "good", scene.qa, now)
    database.commit()
    client, path = sign_in(scene.council.practice_lead.id), f"/improvement/{process.reference}"
    assert "decide whether the improvement process goes on" in words(client.get("/").text)
    assert "The audit has another grade now" in words(client.get(path).text)
    version = again(database, process).version
    assert client.post(f"{path}/end", data={"version": version, "reason": ""}).status_code == 422
    assert client.post(f"{path}/go-on", data={"version": version}).status_code == 303
    assert again(database, process).mark == ""


def test_nobody_covers_is_said_loudly(database: Any, now: datetime, sign_in: SignIn) -> None:
    scene, process = made.started(database, now)
    lead = scene.council.practice_lead
    database.add(Absence(person_id=lead.id, starts_on=now.date(), ends_on=now.date() + timedelta(days=21)))
    database.commit()
    operations.hand_over(now)
    database.commit()
    for who in (scene.council.head_of_service, scene.council.qa):
        client = sign_in(who.id)
        assert "nobody to do it, since its owner is away" in words(client.get("/").text), who.name
        assert "1 that nobody covers" in words(client.get("/improvement?turn=nobody").text)
        assert "Nobody covers." in words(client.get(f"/improvement/{process.reference}").text)


def test_the_head_of_service_hears_on_home_of_what_is_late(
    database: Any, now: datetime, sign_in: SignIn, clock: Any
) -> None:
    scene, _process = made.started(database, now)
    database.commit()
    clock.now = made.later(now, 5)
    client = sign_in(scene.council.head_of_service.id)
    assert "1 improvement process is late, the longest since Mon 22 June. See whose turn it is" in words(
        client.get("/").text
    )


def test_looking_is_in_the_trail_and_taking_the_board_away_too(database: Any, now: datetime, sign_in: SignIn) -> None:
    scene, process = made.started(database, now)
    database.commit()
    client = sign_in(scene.council.qa.id)
    client.get(f"/improvement/{process.reference}")
    client.get("/improvement/export")
    events = set(database.scalars(select(TrailEntry.event)))
    assert {"improvement:viewed", "improvement:exported", "improvement:started"} <= events
    page = client.get(f"/trail?kind=improvement&subject={process.reference}").text
    assert process.reference in page


@pytest.mark.parametrize("path", ["/improvement", "/"])
def test_a_board_of_ten_asks_as_much_as_a_board_of_one(
    database: Any, now: datetime, sign_in: SignIn, path: str
) -> None:
    scene, _ = made.started(database, now)
    database.commit()
    client = sign_in(scene.council.practice_lead.id)
    counts = [statements(database, client, path)]
    for index in range(1, 8):
        made.submitted(scene, index, now)
    database.commit()
    counts.append(statements(database, client, path))
    assert counts[0] == counts[1]
    assert counts[0] <= MOST


@pytest.mark.parametrize("page", ["", "/meeting", "/skip", "/close"])
def test_no_page_of_a_process_asks_more_than_twelve(database: Any, now: datetime, sign_in: SignIn, page: str) -> None:
    scene, process = made.started(database, now)
    database.commit()
    client = sign_in(scene.council.practice_lead.id)
    assert statements(database, client, f"/improvement/{process.reference}{page}") <= MOST


def test_the_page_of_a_reaudit_asks_the_same_whoever_could_do_it(database: Any, now: datetime, sign_in: SignIn) -> None:
    scene, process = made.started(database, now)
    other = made.submitted(scene, 5, now)
    for one in (process, other):
        made.meet(scene, one, now)
    database.commit()
    client, path = sign_in(scene.council.qa.id), f"/improvement/{process.reference}/re-audit"
    few = statements(database, client, path)
    for number in range(40):
        more = person(database, now, f"Auditor {number}", role=Role.AUDITOR, team=scene.council.team_b2, auditor=True)
        more.line_manager_id = scene.council.team_manager_b2.id
        database.add(Absence(person_id=more.id, starts_on=now.date(), ends_on=now.date() + timedelta(days=number)))
    made.schedule(scene, other, now, scene.council.auditor)
    database.commit()
    assert statements(database, client, path) == few, "the round exists now, and forty more could do it"
    assert few <= MOST
    made.schedule(scene, process, now)
    database.commit()
    reaudit = process.reaudit
    assert reaudit is not None
    page = f"/audits/{reaudit.reference.rpartition('/')[0]}/{reaudit.number}"
    for who in (scene.council.auditor_b, scene.council.qa):
        assert statements(database, sign_in(who.id), page) <= MOST, who.name


def statements(database: Any, client: FlaskClient, path: str) -> int:
    database.expire_all()
    with counted() as asked:
        assert client.get(path).status_code == 200
    return len(asked)


def test_dates_of_the_past_are_refused_on_the_page_of_a_meeting(database: Any, now: datetime, sign_in: SignIn) -> None:
    scene, process = made.started(database, now)
    database.commit()
    client, path = sign_in(scene.council.practice_lead.id), f"/improvement/{process.reference}/meeting"
    data = meeting_data(process, scene.council.team_manager.id)
    data["held_on-day"], data["due_on_1-day"] = "16", "16"
    page = client.post(path, data=data)
    assert "on or after the day when the process started" in words(page.text)
    assert "The date of action 1 must be today or later" in words(page.text)
    assert process.started_at.date() == date(2026, 6, 17)
