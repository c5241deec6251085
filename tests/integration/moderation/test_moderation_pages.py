"""The pages: a moderation from the queue to its end, what each reader sees, and what a blind moderator does not."""

from collections.abc import Callable
from datetime import datetime, timedelta
from io import BytesIO
from typing import Any

import pytest
from bs4 import BeautifulSoup
from flask.testing import FlaskClient
from openpyxl import load_workbook
from sqlalchemy import event, select

from qa_app.access.roles import Role
from qa_app.audits import operations as audits
from qa_app.cases.models import Case
from qa_app.moderation import operations
from qa_app.moderation.models import ModeratedDomain, Moderation
from qa_app.moderation.rules import draw
from qa_app.moderation.states import ModerationState
from qa_app.people.models import Deputy, RoleGrant
from qa_app.trail.models import TrailEntry
from tests.factories.audits import fill, issued_round
from tests.factories.moderation import Moderated, moderation_at, own_grades, setting, submitted
from tests.factories.people import council

S = ModerationState
SignIn = Callable[[int], FlaskClient]
TYPED = {"overall": "good", "reasons": "Sound work.", "feedback": "Well observed."}


def typed(made: Moderated, grade: str = "good", **more: str) -> dict[str, str]:
    """A whole form of own grades, with the version that the page showed."""
    grades = own_grades(made.moderation, grade, "Seen.")
    fields = {f"grade_{key}": one.grade or "" for key, one in grades.sections.items()}
    fields |= {f"reason_{key}": one.reason for key, one in grades.sections.items()}
    return fields | TYPED | {"overall": grade, "version": str(made.moderation.grades_version)} | more


def main_of(page: str) -> Any:
    found = BeautifulSoup(page, "html.parser").find("main")
    assert found is not None
    return found


def buttons(page: str) -> list[str]:
    return [button.get_text(strip=True) for button in main_of(page).find_all("button")]


def again(database: Any, made: Moderated) -> Moderation:
    database.expire_all()
    return made.moderation


def test_blind_from_the_queue_to_the_feedback(database: Any, now: datetime, sign_in: SignIn) -> None:
    made = moderation_at(database, S.WAITING, now)
    database.commit()
    people = made.scene.council
    client = sign_in(people.moderator.id)
    assert "An audit waits for your moderation" in client.get("/").text
    queue = client.get("/moderation").text
    assert f'href="{made.path}"' in queue
    work = client.get(made.path).text
    assert "This moderation is blind" in work
    sent = client.post(made.path, data=typed(made) | {"then": "check"})
    assert sent.headers["Location"] == f"{made.path}/check"
    check = client.get(f"{made.path}/check").text
    assert buttons(check) == ["Lock my grades and show the auditor's"]
    locked = client.post(f"{made.path}/lock", data={"version": "1"})
    assert locked.headers["Location"] == made.path
    shown = client.get(made.path).text
    assert "Your grades are locked" in shown
    assert "Seen alone, in time." in shown
    assert "grade_" not in shown
    check = client.get(f"{made.path}/check").text
    assert buttons(check) == ["Finish this moderation"]
    done = client.post(f"{made.path}/complete", data={"version": "1", "grade": "good"})
    assert done.headers["Location"] == made.path
    moderation = again(database, made)
    assert (moderation.state, moderation.own_grade, moderation.moderated_grade) == (S.MODERATED, "good", "good")
    assert (made.scene.audit.final_grade, made.scene.audit.overall_grade) == ("good", "inadequate")
    after = client.get(made.path).text
    assert "Well observed." in after
    auditor = sign_in(people.auditor.id)
    assert "Feedback on your June audit: accept or dispute it by" in auditor.get("/").text
    feedback = auditor.get(f"{made.scene.path}/feedback").text
    assert "Well observed." in feedback
    assert buttons(feedback) == ["I have read it and accept it"]


HIDDEN = ("Seen alone, in time.", "More of the father.", "See the father this week", "The child is safer",
          "She knows the child well", "The child did not want to")  # fmt: skip
"""Everything that the auditor wrote."""


def grades_shown(page: str) -> set[str]:
    """Grades that stand anywhere but beside a radio button."""
    found = main_of(page)
    for label in found.find_all("label"):
        label.decompose()
    text = found.get_text(" ")
    return {label for label in ("Outstanding", "Inadequate", "inadequate") if label in text}


@pytest.mark.parametrize("theirs", ["outstanding", "inadequate"])
@pytest.mark.parametrize("also", ["nothing", "service manager", "qa team"])
def test_until_own_grades_are_locked_nothing_gives_the_auditor_s_away(
    database: Any, now: datetime, sign_in: SignIn, theirs: str, also: str
) -> None:
    made = moderation_at(database, S.IN_PROGRESS, now, theirs=theirs)
    moderator = made.scene.council.moderator
    if also == "service manager":
        service = made.scene.council.service_a.id
        grant = RoleGrant(person_id=moderator.id, role=Role.SERVICE_MANAGER, service_id=service, granted_at=now)
        database.add(grant)
    elif also == "qa team":
        database.add(RoleGrant(person_id=moderator.id, role=Role.QA_TEAM, granted_at=now))
    database.commit()
    client = sign_in(moderator.id)
    pages = [made.path, f"{made.path}/check", "/moderation", made.scene.path, f"{made.scene.path}/versions/1",
             f"{made.scene.path}/feedback", f"{made.path}/moderator", f"{made.path}/panel", "/"]  # fmt: skip
    for page in pages:
        text = client.get(page, follow_redirects=True).text
        assert grades_shown(text) == set(), page
        assert [words for words in HIDDEN if words in text] == [], page
    book = load_workbook(BytesIO(client.get("/moderation/export").data))
    cells = [str(cell.value) for row in book.active.iter_rows(min_row=2) for cell in row]  # type: ignore[union-attr]
    assert not {"Outstanding", "Inadequate"} & set(cells)
    operations.lock_grades(made.moderation, made.who, now)
    database.commit()
    text = client.get(made.path).text
    assert theirs.capitalize() in text
    assert "Seen alone, in time." in text


def test_sighted_shows_both_from_the_start(database: Any, now: datetime, sign_in: SignIn) -> None:
    made = moderation_at(database, S.WAITING, now, blind=False)
    database.commit()
    page = sign_in(made.scene.council.moderator.id).get(made.path).text
    assert "Seen alone, in time." in page
    assert "Why this audit, and why you" in page
    assert not made.moderation.is_blind


def test_it_saves_itself_and_two_tabs_overwrite_nothing(database: Any, now: datetime, sign_in: SignIn) -> None:
    made = moderation_at(database, S.WAITING, now)
    database.commit()
    client = sign_in(made.scene.council.moderator.id)
    auto = {"X-Autosave": "1"}
    saved = client.post(made.path, data=typed(made), headers=auto)
    assert (saved.status_code, saved.headers["X-Version"]) == (204, "1")
    clash = client.post(made.path, data=typed(made, "inadequate", version="0"), headers=auto)
    assert clash.status_code == 409
    assert "This was changed somewhere else" in clash.text
    assert again(database, made).own_grade == "good"
    both = client.post(made.path, data=typed(made, "inadequate", version="0"))
    assert both.status_code == 409
    assert "Good\nSeen." in main_of(both.text).get_text()
    kept = client.post(made.path, data=typed(made, "inadequate", version="0", keep="1", then="list"))
    assert kept.headers["Location"] == "/moderation"
    assert again(database, made).own_grade == "inadequate"
    assert database.scalar(select(ModeratedDomain.grade).limit(1)) == "inadequate"
    too_long = client.post(made.path, data=typed(made, reasons="x" * 4001), headers=auto)
    assert too_long.status_code == 422
    assert too_long.headers["X-Message"].startswith("Not saved: Your reasons is 1 character too long")
    wrong = client.post(made.path, data=typed(made, overall="excellent"))
    assert wrong.status_code == 422


def test_locked_grades_stay_whatever_a_page_sends(database: Any, now: datetime, sign_in: SignIn) -> None:
    made = moderation_at(database, S.IN_PROGRESS, now)
    operations.lock_grades(made.moderation, made.who, now)
    database.commit()
    client = sign_in(made.scene.council.moderator.id)
    client.post(made.path, data=typed(made, "outstanding") | {"feedback": "Look again."})
    moderation = again(database, made)
    assert (moderation.own_grade, moderation.feedback) == ("requires_improvement", "Look again.")
    assert set(database.scalars(select(ModeratedDomain.grade))) == {"requires_improvement"}


def test_what_is_missing_stands_in_the_way_and_leads_to_where_it_is_mended(
    database: Any, now: datetime, sign_in: SignIn
) -> None:
    made = moderation_at(database, S.WAITING, now)
    database.commit()
    client = sign_in(made.scene.council.moderator.id)
    client.post(made.path, data={"grade_risk": "good", "version": "0"})
    check = client.get(f"{made.path}/check").text
    assert "Planning: choose a grade" in check
    assert f'href="{made.path}#grade_planning"' in check
    assert "Overall grade: give your reasons" in check
    assert buttons(check) == []
    refused = client.post(f"{made.path}/lock", data={"version": "1"})
    assert refused.status_code == 422
    assert again(database, made).locked_at is None


def test_a_second_press_of_a_button_changes_nothing(database: Any, now: datetime, sign_in: SignIn) -> None:
    made = moderation_at(database, S.IN_PROGRESS, now)
    database.commit()
    people = made.scene.council
    client = sign_in(people.moderator.id)
    for button, data in (("lock", {"version": "1"}), ("complete", {"version": "1", "grade": "good"})):
        client.post(f"{made.path}/{button}", data=data)
        second = client.post(f"{made.path}/{button}", data=data, follow_redirects=True)
        assert "It was done already, or changed meanwhile" in second.text
    auditor = sign_in(people.auditor.id)
    version = {"version": str(again(database, made).version)}
    auditor.post(f"{made.scene.path}/feedback", data=version)
    again_ = auditor.post(f"{made.scene.path}/feedback", data=version, follow_redirects=True)
    assert "It was done already, or changed meanwhile" in again_.text


def test_a_dispute_goes_to_the_panel_and_its_decision_is_final(database: Any, now: datetime, sign_in: SignIn) -> None:
    made = moderation_at(database, S.MODERATED, now)
    database.commit()
    people, path = made.scene.council, made.scene.path
    auditor, qa = sign_in(people.auditor.id), sign_in(people.qa.id)
    assert "Dispute the grade" in auditor.get(f"{path}/feedback").text
    empty = auditor.post(f"{path}/dispute", data={"version": str(made.moderation.version), "reason": " "})
    assert empty.status_code == 422
    said = {"version": str(made.moderation.version), "reason": "Visits are weekly since April."}
    assert auditor.post(f"{path}/dispute", data=said).headers["Location"] == f"{path}/feedback"
    assert "1 dispute waits for the panel" in qa.get("/").text
    page = qa.get(f"{made.path}/panel").text
    assert "Visits are weekly since April." in page
    panel = {"version": str(again(database, made).version), "on-day": "17", "on-month": "6", "on-year": "2026",
             "grade": "good", "reasons": "The file shows it."}  # fmt: skip
    alone = qa.post(f"{made.path}/panel", data=panel | {"people": [str(people.auditor.id), str(people.moderator.id)]})
    assert alone.status_code == 422
    assert "Choose somebody besides the auditor and the moderator" in alone.text
    chosen = [str(people.lead_auditor.id), str(people.head_of_service_b.id)]
    qa.post(f"{made.path}/panel", data=panel | {"people": chosen})
    assert (again(database, made).state, made.scene.audit.state) == (S.DECIDED, "final")
    assert made.scene.audit.final_grade == "good"
    after = auditor.get(f"{path}/feedback").text
    assert "The file shows it." in after
    assert "Dele Marchetti, Lorcan Baptiste" in after
    assert "can&#39;t be disputed" in auditor.get(f"{path}/dispute", follow_redirects=True).text


def test_who_moderated_or_audited_it_records_no_decision(database: Any, now: datetime, sign_in: SignIn) -> None:
    made = moderation_at(database, S.DISPUTED, now)
    moderator = made.scene.council.moderator
    database.add(RoleGrant(person_id=moderator.id, role=Role.QA_TEAM, granted_at=now))
    database.commit()
    client = sign_in(moderator.id)
    assert "You audited or moderated this yourself" in client.get(f"{made.path}/panel").text
    panel = {"on-day": "17", "on-month": "6", "on-year": "2026", "grade": "good", "reasons": "Yes.",
             "people": [str(made.other.id), str(made.scene.council.qa.id)]}  # fmt: skip
    assert client.post(f"{made.path}/panel", data=panel).status_code == 403


def test_the_qa_team_gives_it_to_another_with_the_rules_verdict(database: Any, now: datetime, sign_in: SignIn) -> None:
    made = moderation_at(database, S.IN_PROGRESS, now)
    database.commit()
    people = made.scene.council
    client = sign_in(people.qa.id)
    page = client.get(f"{made.path}/moderator").text
    assert "What the moderator has written so far is dropped" in page
    assert "Uma Farrow: 0 open moderations. No rule is against it" in page
    version = {"version": str(made.moderation.version)}
    nobody = client.post(f"{made.path}/moderator", data=version | {"moderator": str(people.auditor.id)})
    assert nobody.status_code == 422
    client.post(f"{made.path}/moderator", data=version | {"moderator": str(made.other.id)})
    assert again(database, made).moderator_id == made.other.id
    assert made.moderation.state == S.WAITING
    assert made.scene.audit.blind_for_id == made.other.id
    assert database.scalars(select(ModeratedDomain)).all() == []
    assert sign_in(people.moderator.id).get(made.path).status_code == 404
    assert sign_in(made.other.id).get(made.path).status_code == 200


READERS = {
    "lead_auditor": False, "team_manager": True, "service_manager": True, "head_of_service": True,
    "practice_lead": True, "director": True, "executive": True, "qa": True,
    "auditor_b": False, "team_manager_a2": False, "team_manager_b1": False, "service_manager_b": False,
    "head_of_service_b": False, "scrutiny": False, "administrator": False,
}  # fmt: skip


@pytest.mark.parametrize(("reader", "may"), READERS.items())
def test_who_reads_it(database: Any, now: datetime, sign_in: SignIn, reader: str, may: bool) -> None:
    made = moderation_at(database, S.IN_PROGRESS, now)
    database.commit()
    client = sign_in(getattr(made.scene.council, reader).id)
    answer = client.get(made.path)
    assert answer.status_code == (200 if may else 404)
    if may:
        assert "Visits are late." not in answer.text
        operations.lock_grades(made.moderation, made.who, now)
        operations.complete(made.moderation, "good", made.who, now)
        database.commit()
        assert "Visits are late." in client.get(made.path).text


def test_the_auditor_reads_only_the_feedback(database: Any, now: datetime, sign_in: SignIn) -> None:
    made = moderation_at(database, S.IN_PROGRESS, now)
    database.commit()
    client = sign_in(made.scene.council.auditor.id)
    feedback = f"{made.scene.path}/feedback"
    assert [client.get(page).status_code for page in (made.path, feedback)] == [404, 404]
    operations.lock_grades(made.moderation, made.who, now)
    operations.complete(made.moderation, "good", made.who, now)
    database.commit()
    assert [client.get(page).status_code for page in (made.path, feedback)] == [404, 200]


def test_every_look_is_in_the_trail(database: Any, now: datetime, sign_in: SignIn) -> None:
    made = moderation_at(database, S.IN_PROGRESS, now)
    database.commit()
    client = sign_in(made.scene.council.moderator.id)
    viewed = select(TrailEntry.id).where(
        TrailEntry.event == "audit:viewed", TrailEntry.person_id == made.scene.council.moderator.id
    )
    before = len(database.scalars(viewed).all())
    client.get(made.path)
    client.get(f"{made.path}/check")
    assert len(database.scalars(viewed).all()) == before + 2


def test_a_deputy_moderates_in_the_place_of_the_head_of_service(database: Any, now: datetime, sign_in: SignIn) -> None:
    made = head_moderates(database, now)
    people = made.scene.council
    database.commit()
    assert made.moderation.moderator_id == people.head_of_service.id
    assert not made.moderation.is_blind
    client = sign_in(people.lead_auditor.id)
    assert "An audit waits for your moderation" in client.get("/").text
    page = client.get(made.path).text
    assert "Seen alone, in time." in page
    client.post(made.path, data=typed(made))
    client.post(f"{made.path}/complete", data={"version": "1", "grade": "good"})
    moderation = again(database, made)
    assert moderation.state == S.MODERATED
    assert (moderation.moderated_by_id, moderation.moderated_for_id) == (
        people.lead_auditor.id,
        people.head_of_service.id,
    )
    assert "Dele Marchetti, on behalf of Kavita Rowntree" in client.get(made.path).text


def head_moderates(database: Any, now: datetime) -> Moderated:
    """The Head of Service moderates inadequate audits; today they are away and their deputy stands in."""
    scene = issued_round(database, now)
    people = scene.council
    setting("moderation_rule", "inadequate_to_head", now)
    today = now.date()
    database.add(
        Deputy(
            person_id=people.head_of_service.id,
            deputy_id=people.lead_auditor.id,
            starts_on=today,
            ends_on=today + timedelta(days=9),
        )
    )
    database.flush()
    return Moderated(scene, submitted(scene), people.head_of_service)


def test_the_queue_filters_sorts_and_exports(database: Any, now: datetime, sign_in: SignIn) -> None:
    made = moderation_at(database, S.MODERATED, now)
    waiting = submitted(made.scene, audit=made.scene.audits[1])
    database.commit()
    client = sign_in(made.scene.council.qa.id)
    first, second = made.scene.audit.reference, made.scene.audits[1].reference

    def shown(query: str) -> list[str]:
        page = client.get(f"/moderation?{query}").text
        return [one for one in (first, second) if f">{one}<" in page]

    assert shown("") == [first, second]
    assert shown("state=waiting") == [second]
    assert shown("state=moderated") == [first]
    assert shown("of=nobody") == []
    assert shown("month=2026-06&sort=-due") == [first, second]
    assert shown(f"service={made.scene.council.service_b.id}") == []
    assert "2 open moderations" in client.get("/moderation").text
    assert shown("state=late") == []
    book = load_workbook(BytesIO(client.get("/moderation/export?state=all").data))
    rows = list(book.active.iter_rows(min_row=2, values_only=True))  # type: ignore[union-attr]
    assert [row[0] for row in rows] == sorted([first, second])
    assert rows[0][11:15] == ("Inadequate", "Requires improvement", None, "Requires improvement")
    waiting.moderator_id = None
    database.commit()
    assert shown("of=nobody") == [second]
    assert "1 audit to moderate has no moderator" in client.get("/").text


def test_the_queue_asks_the_same_few_questions_for_one_and_for_many(
    database: Any, now: datetime, sign_in: SignIn
) -> None:
    made = moderation_at(database, S.WAITING, now)
    database.commit()
    client = sign_in(made.scene.council.qa.id)

    def asked() -> int:
        seen: list[str] = []

        def note(_conn: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
            seen.append(statement)

        engine = database.get_bind()
        event.listen(engine, "before_cursor_execute", note)
        client.get("/moderation")
        event.remove(engine, "before_cursor_execute", note)
        return len([one for one in seen if one.startswith("SELECT")])

    one = asked()
    for audit in made.scene.audits[1:4]:
        submitted(made.scene, audit=audit)
    database.commit()
    assert asked() == one
    assert one <= 12


def test_a_restricted_case_is_its_moderator_s_and_the_qa_team_s(database: Any, now: datetime, sign_in: SignIn) -> None:
    made = moderation_at(database, S.WAITING, now)
    database.get(Case, made.scene.audit.case_id).restricted = True
    database.commit()
    people = made.scene.council
    answers = {name: sign_in(getattr(people, name).id).get(made.path).status_code for name in READERS}
    assert {name for name, status in answers.items() if status == 200} == {"qa"}
    assert sign_in(people.moderator.id).get(made.path).status_code == 200


def test_returned_meanwhile_the_moderator_s_page_says_so(database: Any, now: datetime, sign_in: SignIn) -> None:
    made = moderation_at(database, S.IN_PROGRESS, now)
    audits.return_audit(made.scene.audit, "Say more.", made.scene.qa, now)
    database.commit()
    client = sign_in(made.scene.council.moderator.id)
    page = client.get(made.path).text
    assert "Audit returned" in page
    assert "Visits are late." in page
    refused = client.post(made.path, data=typed(made))
    assert refused.status_code == 409


def test_the_qa_team_sees_how_a_round_was_selected_and_can_draw_it_again(
    database: Any, now: datetime, sign_in: SignIn
) -> None:
    made = moderation_at(database, S.IN_PROGRESS, now, theirs="outstanding")
    submitted(made.scene, audit=made.scene.audits[1])
    fill(made.scene.audits[2], made.scene.auditor, now)
    audits.submit_audit(made.scene.audits[2], made.scene.auditor, now)
    database.commit()
    client = sign_in(made.scene.council.qa.id)
    asked = client.get("/moderation/selection")
    assert asked.headers["Location"] == "/moderation/selection/2026-06"
    assert client.get("/moderation/selection?round=2026-06").headers["Location"] == "/moderation/selection/2026-06"
    page = main_of(client.get("/moderation/selection/2026-06?sort=-auditor").text).get_text(" ")
    assert "of 3 submitted audits selected for moderation" in page
    assert "Outstanding: every one is moderated" in page
    assert "All inadequate and all outstanding" in page
    assert f"{draw('seed', 1) / 100:.2f}" in page
    assert "20%, drawn below 20" in page
    moderator = made.scene.council.moderator
    database.add(RoleGrant(person_id=moderator.id, role=Role.QA_TEAM, granted_at=now))
    database.commit()
    hidden = main_of(sign_in(moderator.id).get("/moderation/selection/2026-06").text).get_text(" ")
    assert "Outstanding: every one" not in hidden
    assert f"{draw('seed', 1) / 100:.2f}" not in hidden
    assert "Shown once your own grades are locked" in hidden


def test_before_anything_is_issued_there_is_nothing_to_see(database: Any, now: datetime, sign_in: SignIn) -> None:
    people = council(database, now)
    database.commit()
    client = sign_in(people.qa.id)
    assert "No round is issued yet" in client.get("/moderation/selection", follow_redirects=True).text


def test_from_the_audit_its_auditor_reaches_the_feedback_and_its_readers_the_moderation(
    database: Any, now: datetime, sign_in: SignIn
) -> None:
    made = moderation_at(database, S.MODERATED, now)
    database.commit()
    people, audit = made.scene.council, made.scene.path
    own = sign_in(people.auditor.id)
    assert f'href="{audit}/feedback"' in own.get(audit).text
    for name in ("qa", "team_manager", "head_of_service", "practice_lead"):
        client = sign_in(getattr(people, name).id)
        assert f'href="{made.path}"' in client.get(audit).text
        assert client.get(made.path).status_code == 200
