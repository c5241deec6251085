"""The pages of an audit in every state, for its auditor, its readers and the QA team."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from bs4 import BeautifulSoup
from flask.testing import FlaskClient

from qa_app.actions.inputs import Source
from qa_app.audits import operations, queries
from qa_app.audits.inputs import SectionInput
from qa_app.audits.states import AuditState
from qa_app.cases.models import Case
from tests.factories.actions import action_at
from tests.factories.audits import audit_at, fill

SignIn = Callable[[int], FlaskClient]
STATES = ["allocated", "in_progress", "submitted", "returned", "withdrawn"]
GOOD = {"grade": "good", "strengths": "Seen alone.", "improvements": "", "affects_child_now": "no"}


def text(response: Any) -> str:
    return response.get_data(as_text=True)


@pytest.mark.parametrize("state", STATES)
def test_every_page_of_the_auditor_in_every_state(database: Any, now: datetime, sign_in: SignIn, state: str) -> None:
    scene = audit_at(database, state, now, "inadequate")
    browser = sign_in(scene.council.auditor.id)
    is_open = state in ("allocated", "in_progress", "returned")
    assert browser.get(scene.path).status_code == 200
    assert scene.audit.reference in text(browser.get("/my-audits"))
    for page in ("sections/risk", "sections/risk/actions/new", "conversations", "overall", "check", "declare"):
        answer = browser.get(f"{scene.path}/{page}")
        assert answer.status_code == (200 if is_open else 303), page


@pytest.mark.parametrize("state", ["unissued", *STATES])
def test_who_reads_what_in_every_state(database: Any, now: datetime, sign_in: SignIn, state: str) -> None:
    scene = audit_at(database, state, now, "inadequate")
    people = scene.council
    team_manager = people.team_manager if scene.audit.team_id == people.team_a1.id else people.team_manager_a2
    inside = [team_manager, people.service_manager, people.head_of_service, people.practice_lead, people.director]
    for person in inside:
        answer = sign_in(person.id).get(scene.path)
        assert answer.status_code == (404 if state == "unissued" else 200), person.job_title
        if answer.status_code == 200:
            assert ("Seen alone, in time." in text(answer)) is (state in ("submitted", "returned"))
    assert sign_in(people.qa.id).get(scene.path).status_code == 200
    for person in (people.auditor_b, people.head_of_service_b, people.scrutiny, people.administrator):
        assert sign_in(person.id).get(scene.path).status_code == 404, person.job_title


def test_a_reader_sees_what_became_of_its_actions(database: Any, now: datetime, sign_in: SignIn) -> None:
    scene = audit_at(database, "submitted", now, "requires_improvement")
    team = scene.audit.team
    source = Source("audit", scene.audit.id, "risk", "Audit", team.id, team.service_id)
    for state, what in (("open", "See the father"), ("verified", "Write the plan"), ("draft", "Never sent")):
        action_at(database, state, now, people=scene.council, source=source, team=team, what=what)
    database.commit()
    page = BeautifulSoup(text(sign_in(scene.council.head_of_service.id).get(scene.path)), "html.parser").main
    assert page is not None
    actions = {link.text: link.parent.get_text() for link in page.select('a[href^="/actions/"]') if link.parent}
    assert set(actions) == {"See the father this week", "See the father", "Write the plan"}
    assert actions["See the father"].endswith(", by 24 June 2026. Open")
    assert actions["Write the plan"].endswith(", by 24 June 2026. Verified: fully implemented")


def test_drafts_are_the_auditors_alone_and_restricted_cases_the_qa_teams(
    database: Any, now: datetime, sign_in: SignIn
) -> None:
    scene = audit_at(database, "in_progress", now)
    operations.save_section(
        scene.audit,
        queries.section_of(scene.audit, "impact").domain,
        SectionInput("good", "Canary"),
        0,
        scene.auditor,
        now,
    )
    for person in (scene.council.qa, scene.council.head_of_service):
        assert "Canary" not in text(sign_in(person.id).get(scene.path))
        assert sign_in(person.id).get(f"{scene.path}/sections/impact").status_code == 404
    database.get_one(Case, scene.audit.case_id).restricted = True
    database.commit()
    assert sign_in(scene.council.head_of_service.id).get(scene.path).status_code == 404
    assert sign_in(scene.council.auditor.id).get(scene.path).status_code == 200
    assert sign_in(scene.council.qa.id).get(scene.path).status_code == 200


def test_saving_without_script_leads_on(database: Any, now: datetime, sign_in: SignIn) -> None:
    scene = audit_at(database, "allocated", now)
    browser = sign_in(scene.council.auditor.id)
    page = f"{scene.path}/sections/risk"
    for then, target in (
        ("next", f"{scene.path}/sections/assessment"),
        ("list", scene.path),
        ("action", f"{page}/actions/new"),
    ):
        version = 0 if then == "next" else 1
        answer = browser.post(page, data={**GOOD, "version": version, "then": then})
        assert (answer.status_code, answer.location) == (303, target)
    assert "Seen alone." in text(browser.get(page))
    last = browser.post(f"{scene.path}/sections/impact", data={"version": 0, "then": "next"})
    assert last.location == f"{scene.path}/conversations"


def test_autosave_answers_with_the_version_and_a_conflict_with_both_texts(
    database: Any, now: datetime, sign_in: SignIn
) -> None:
    scene = audit_at(database, "allocated", now)
    first, second = sign_in(scene.council.auditor.id), sign_in(scene.council.auditor.id)
    page, quiet = f"{scene.path}/sections/risk", {"X-Autosave": "1"}
    answer = first.post(page, data={**GOOD, "version": 0}, headers=quiet)
    assert (answer.status_code, answer.headers["X-Version"], answer.headers["X-Saved-At"]) == (204, "1", "10:30")
    mine = {**GOOD, "strengths": "Second tab's words", "version": 0}
    answer = second.post(page, data=mine, headers=quiet)
    assert answer.status_code == 409
    assert "Seen alone." in text(answer)
    assert "Save my words instead" in text(answer)
    answer = second.post(page, data={**mine, "then": "list"})
    assert answer.status_code == 409
    assert "Seen alone." in text(answer)
    assert "Second tab&#39;s words" in text(answer)
    answer = second.post(page, data={**mine, "keep": 1})
    assert answer.status_code == 303
    assert "Second tab&#39;s words" in text(second.get(page))


def test_an_unknown_grade_is_refused_in_words(database: Any, now: datetime, sign_in: SignIn) -> None:
    scene = audit_at(database, "allocated", now)
    browser = sign_in(scene.council.auditor.id)
    answer = browser.post(f"{scene.path}/sections/risk", data={"grade": "splendid", "strengths": "Kept", "version": 0})
    assert answer.status_code == 422
    assert "Kept" in text(answer)
    answer = browser.post(f"{scene.path}/sections/risk", data={"grade": "not_applicable"}, headers={"X-Autosave": "1"})
    assert (answer.status_code, "Choose one" in answer.headers["X-Message"]) == (422, True)


def test_an_autosave_after_the_sign_in_expired_is_401_and_saves_after_signing_in_again(
    database: Any, now: datetime, sign_in: SignIn, app: Any
) -> None:
    scene = audit_at(database, "allocated", now)
    page = f"{scene.path}/sections/risk"
    answer = app.test_client().post(page, data={**GOOD, "version": 0}, headers={"X-Autosave": "1"})
    assert answer.status_code == 401
    assert answer.headers["X-Fragment"] == "1"
    again = sign_in(scene.council.auditor.id)
    assert again.post(page, data={**GOOD, "version": 0}, headers={"X-Autosave": "1"}).status_code == 204
    other = sign_in(scene.council.auditor_b.id)
    assert other.post(page, data={**GOOD, "version": 1}, headers={"X-Autosave": "1"}).status_code == 404


def test_conversations_and_overall_save_and_conflict(database: Any, now: datetime, sign_in: SignIn) -> None:
    scene = audit_at(database, "allocated", now)
    browser = sign_in(scene.council.auditor.id)
    talks = {"version": 0, "social_worker_held": "yes", "social_worker_learned": "Much", "then": "next"}
    assert browser.post(f"{scene.path}/conversations", data=talks).location == f"{scene.path}/overall"
    talks |= {"social_worker_learned": "Other"}
    answer = browser.post(f"{scene.path}/conversations", data=talks)
    assert answer.status_code == 409
    assert "Much" in text(answer)
    overall = {"version": 0, "grade": "good", "reasons": "Safer", "then": "next"}
    assert browser.post(f"{scene.path}/overall", data=overall).location == f"{scene.path}/check"
    answer = browser.post(f"{scene.path}/overall", data={**overall, "reasons": "Otherwise"})
    assert answer.status_code == 409
    assert "Safer" in text(answer)
    assert browser.post(f"{scene.path}/overall", data={"grade": "nonsense"}).status_code == 422


def test_an_action_is_added_and_removed(database: Any, now: datetime, sign_in: SignIn) -> None:
    scene = audit_at(database, "in_progress", now)
    browser, section = sign_in(scene.council.auditor.id), f"{scene.path}/sections/risk"
    answer = browser.post(f"{section}/actions/new", data={"what": "", "owner": ""})
    assert answer.status_code == 422
    assert "Enter what should be done" in text(answer)
    past = {"due_on-day": "1", "due_on-month": "1", "due_on-year": "2026"}
    data = {"what": "See the child", "owner": str(scene.council.caseworker.id), **past}
    assert "must be today or later" in text(browser.post(f"{section}/actions/new", data=data))
    data |= {"due_on-month": "7", "is_immediate": "y"}
    assert browser.post(f"{section}/actions/new", data=data).location == section
    assert "See the child" in text(browser.get(section))
    assert "See the child" in text(browser.get(scene.path))
    [action] = queries.actions_of_section(scene.audit, queries.section_of(scene.audit, "risk").domain)
    assert browser.get(f"{section}/actions/{action.id}/remove").status_code == 200
    assert browser.get(f"{scene.path}/sections/impact/actions/{action.id}/remove").status_code == 404
    assert browser.post(f"{section}/actions/{action.id}/remove").location == section
    assert "See the child" not in text(browser.get(section))


def test_check_and_submit_says_what_is_missing_then_submits_once(database: Any, now: datetime, sign_in: SignIn) -> None:
    scene = audit_at(database, "in_progress", now)
    browser, check = sign_in(scene.council.auditor.id), f"{scene.path}/check"
    page = text(browser.get(check))
    assert "Assessment: choose a grade" in page
    assert "Submit audit" not in page
    assert browser.post(check, data={"declared": "y"}).status_code == 422
    fill(scene.audit, scene.auditor, now, "inadequate")
    database.commit()
    page = text(browser.get(check))
    assert "Still missing" not in page
    assert "You have graded this audit Inadequate." in page
    answer = browser.post(check, data={})
    assert answer.status_code == 422
    assert "Tick the box" in text(answer)
    for _ in range(2):
        answer = browser.post(check, data={"declared": "y"})
        assert (answer.status_code, answer.location) == (303, scene.path)
    assert len(queries.submissions_of(scene.audit)) == 1
    assert "Seen alone, in time." in text(browser.get(scene.path))


def test_the_qa_team_returns_and_both_versions_stay_readable(database: Any, now: datetime, sign_in: SignIn) -> None:
    scene = audit_at(database, "submitted", now)
    qa, auditor = sign_in(scene.council.qa.id), sign_in(scene.council.auditor.id)
    assert auditor.get(f"{scene.path}/return").status_code == 404
    assert qa.post(f"{scene.path}/return", data={"comment": ""}).status_code == 422
    assert qa.post(f"{scene.path}/return", data={"comment": "More on risk"}).status_code == 303
    assert qa.post(f"{scene.path}/return", data={"comment": "More on risk"}).status_code == 409
    assert "More on risk" in text(auditor.get(scene.path))
    assert auditor.post(f"{scene.path}/check", data={"declared": "y"}).status_code == 303
    for version in (1, 2):
        assert auditor.get(f"{scene.path}/versions/{version}").status_code == 200
    assert auditor.get(f"{scene.path}/versions/3").status_code == 404
    assert "Version 2" in text(qa.get(scene.path))


def test_the_qa_team_gives_it_to_another_auditor_and_withdraws_it(
    database: Any, now: datetime, sign_in: SignIn
) -> None:
    scene = audit_at(database, "in_progress", now)
    qa = sign_in(scene.council.qa.id)
    swap = f"/rounds/2026-06/allocation/{scene.audit.number}"
    assert f'href="{swap}"' in text(qa.get(scene.path))
    data = {"suggested": "other", "other": str(scene.council.moderator.id)}
    assert "Enter why the auditor changes" in text(qa.post(swap, data=data))
    assert qa.post(swap, data=data | {"reason": "Ill"}).status_code == 303
    assert sign_in(scene.council.auditor.id).get(scene.path).status_code == 404
    assert sign_in(scene.council.moderator.id).get(scene.path).status_code == 200
    assert qa.get(f"{scene.path}/withdraw").status_code == 200
    assert qa.post(f"{scene.path}/withdraw", data={"reason": "Moved away"}).status_code == 303
    assert "Moved away" in text(qa.get(scene.path))


@pytest.mark.parametrize("outcome", ["kept", "reassigned", "replaced"])
def test_a_declaration_from_the_auditor_to_the_answer(
    database: Any, now: datetime, sign_in: SignIn, outcome: str
) -> None:
    scene = audit_at(database, "in_progress", now)
    auditor, qa = sign_in(scene.council.auditor.id), sign_in(scene.council.qa.id)
    assert auditor.post(f"{scene.path}/declare", data={}).status_code == 422
    assert "0 declarations" in text(qa.get("/declarations"))
    data = {"kind": "unsuitable", "reason": "It was closed last week."}
    assert auditor.post(f"{scene.path}/declare", data=data).status_code == 303
    assert "You told the QA team" in text(auditor.get(scene.path))
    assert "It was closed last week." in text(qa.get("/declarations"))
    made = queries.open_declaration_of(scene.audit)
    assert made is not None
    answer_page = f"/declarations/{made.id}"
    assert qa.get(answer_page).status_code == 200
    assert qa.post(answer_page, data={"outcome": "reassigned", "note": "Yes"}).status_code == 422
    answer = {"outcome": outcome, "note": "Yes", "auditor": str(scene.council.moderator.id)}
    assert qa.post(answer_page, data=answer).location == "/declarations"
    assert "has been answered" in text(qa.get(answer_page))
    assert "has been answered" in text(qa.post(answer_page, data=answer))
    database.refresh(scene.audit)
    expected = {"kept": "in_progress", "reassigned": "allocated", "replaced": "withdrawn"}[outcome]
    assert scene.audit.state == expected


def test_an_overdue_audit_says_so_and_is_submitted_late(
    database: Any, now: datetime, sign_in: SignIn, clock: Any
) -> None:
    scene = audit_at(database, "allocated", now)
    fill(scene.audit, scene.auditor, now)
    clock.now = now + timedelta(days=20)
    browser = sign_in(scene.council.auditor.id)
    assert "working days late" in text(browser.get("/my-audits"))
    assert "marked late" in text(browser.get(f"{scene.path}/check"))
    browser.post(f"{scene.path}/check", data={"declared": "y"})
    assert scene.audit.state == AuditState.SUBMITTED
    assert "Late" in text(browser.get("/my-audits"))
