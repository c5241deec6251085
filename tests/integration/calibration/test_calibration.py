"""Calibration sets: who takes part, blind until revealed, then side by side; and no count of audits knows them."""

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

import pytest
from bs4 import BeautifulSoup
from flask.testing import FlaskClient
from sqlalchemy import func, select

from qa_app.access.roles import Role
from qa_app.audits import operations as audits
from qa_app.audits.models import Audit
from qa_app.calibration import operations
from qa_app.calibration.models import CalibrationGrade, CalibrationSet
from qa_app.calibration.reasons import still_to_grade
from qa_app.calibration.states import CalibrationState
from qa_app.cases.models import Case
from qa_app.core.errors import BadInput, IllegalMove, NotAllowed, Stale
from qa_app.moderation.inputs import GradesInput, SectionInput
from qa_app.outbox.models import Mail
from qa_app.people.models import RoleGrant
from qa_app.progress.queries import progress
from qa_app.trail.models import TrailEntry
from tests.factories.audits import Scene, audit_at
from tests.factories.calibration import DUE, Calibrating, calibrating, grades, wish

SignIn = Callable[[int], FlaskClient]
ROLES = [
    "auditor", "auditor_b", "moderator", "lead_auditor", "team_manager", "service_manager", "head_of_service",
    "practice_lead", "qa", "director", "executive", "scrutiny", "administrator",
]  # fmt: skip


def text_of(page: str) -> str:
    main = BeautifulSoup(page, "html.parser").find("main")
    assert main is not None
    return " ".join(main.get_text(" ").split())


def mails(database: Any, message: str) -> set[int]:
    return set(database.scalars(select(Mail.person_id).where(Mail.message == message)))


def revealed(database: Any, now: datetime) -> Calibrating:
    made = calibrating(database, now)
    moderator, lead, _ = made.people()
    made.grade(moderator, "inadequate")
    made.grade(lead, "good")
    operations.reveal(made.set, made.scene.qa, now)
    return made


def state(database: Any, now: datetime, name: str) -> Calibrating:
    made = calibrating(database, now)
    if name != "running":
        for person in made.people():
            made.grade(person, "good")
    if name == "revealed":
        operations.reveal(made.set, made.scene.qa, now)
    return made


VERBS: dict[str, tuple[Callable[[Calibrating, Any, Any], Any], set[str], set[str]]] = {
    "make": (lambda made, who, _: operations.make_set(wish(made.scene), who, made.scene.now), {"qa"},
             {"running", "handed in", "revealed"}),
    "save": (lambda made, who, part: operations.save_grades(part, grades(made.set, "good"), 0, who, made.scene.now),
             {"moderator"}, {"running"}),
    "hand in": (lambda made, who, part: operations.hand_in(part, who, made.scene.now), {"moderator"}, set()),
    "reveal": (lambda made, who, _: operations.reveal(made.set, who, made.scene.now), {"qa"}, {"handed in"}),
}  # fmt: skip


@pytest.mark.parametrize("name", ["running", "handed in", "revealed"])
def test_every_verb_by_every_role(database: Any, now: datetime, name: str) -> None:
    made = state(database, now, name)
    part = made.part(made.scene.council.moderator)
    for verb, (act, roles, states) in VERBS.items():
        for person in ROLES:
            who = made.who(getattr(made.scene.council, person))
            point = database.begin_nested()
            try:
                if person not in roles:
                    with pytest.raises(NotAllowed):
                        act(made, who, part)
                elif name not in states:
                    with pytest.raises((IllegalMove, BadInput)):
                        act(made, who, part)
                else:
                    act(made, who, part)
            except BaseException as error:
                error.add_note(f"{verb} by {person} when {name}")
                raise
            point.rollback()
            database.expire_all()


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"name": " "}, "name"), ({"reference": "2026-06/999"}, "reference"), ({"person_ids": []}, "people"),
        ({"person_ids": [0, 99999]}, "people"), ({"due_on": None}, "due_on"), ({"due_on": date(2026, 6, 16)}, "due_on"),
    ],
)  # fmt: skip
def test_what_a_set_needs(database: Any, now: datetime, changes: dict[str, Any], field: str) -> None:
    scene = audit_at(database, "submitted", now)
    with pytest.raises(BadInput) as refused:
        operations.make_set(wish(scene, **changes), scene.qa, now)
    assert list(refused.value.fields) == [field]


def bar_from(database: Any, scene: Scene, how: str) -> int:
    """Somebody whom a rule keeps from the first audit's case."""
    people = scene.council
    case = database.get(Case, scene.audit.case_id)
    if how == "audited it":
        return people.auditor.id
    if how == "works on it":
        case.caseworker_id = people.lead_auditor.id
        return people.lead_auditor.id
    if how == "supervises it":
        people.caseworker.line_manager_id = people.lead_auditor.id
        return people.lead_auditor.id
    audits.declare(scene.audits[1], "conflict", "A neighbour.", scene.auditor, scene.now)
    scene.audits[1].case_id = case.id
    scene.audit.auditor_id = people.auditor_b.id
    return people.auditor.id


@pytest.mark.parametrize("how", ["audited it", "works on it", "supervises it", "has a conflict"])
def test_whom_the_rules_keep_from_the_case_takes_no_part(database: Any, now: datetime, how: str) -> None:
    scene = audit_at(database, "submitted", now)
    barred = bar_from(database, scene, how)
    database.flush()
    with pytest.raises(BadInput) as refused:
        operations.make_set(wish(scene, person_ids=[barred, scene.council.moderator.id]), scene.qa, now)
    assert refused.value.fields["people"].startswith("Leave out who audited this case")


def test_a_case_of_the_list_is_named_by_its_own_reference_and_a_restricted_one_is_not_found(
    database: Any, now: datetime
) -> None:
    scene = audit_at(database, "in_progress", now)
    with pytest.raises(BadInput):
        operations.make_set(wish(scene), scene.qa, now)
    case = database.get(Case, scene.audit.case_id)
    made = operations.make_set(wish(scene, reference=case.reference), scene.qa, now)
    assert (made.case_id, made.audit_id) == (case.id, None)
    case.restricted = True
    database.flush()
    with pytest.raises(BadInput):
        operations.make_set(wish(scene, reference=case.reference), scene.qa, now)


def test_blind_until_revealed_then_side_by_side_with_the_spread(database: Any, now: datetime, sign_in: SignIn) -> None:
    made = calibrating(database, now)
    database.commit()
    moderator, lead, third = made.people()
    path = f"/calibration/{made.set.id}"
    client = sign_in(lead.id)
    assert "A calibration set waits for your grades, due on Fri 26 June." in client.get("/").text
    made.grade(moderator, "inadequate")
    database.commit()
    for page in (path, f"{path}/check", "/calibration"):
        assert "Why inadequate." not in client.get(page).text
    typed = {f"grade_{key}": "good" for key in grades(made.set, "good").sections}
    saved = client.post(path, data=typed | {"overall": "good", "version": "0"}, headers={"X-Autosave": "1"})
    assert (saved.status_code, saved.headers["X-Version"]) == (204, "1")
    assert "All in all: give your reasons" not in client.get(f"{path}/check").text
    refused = client.post(f"{path}/hand-in", data={"version": "1"})
    assert refused.status_code == 422
    whole = typed | {"overall": "good", "reasons": "Sound.", "version": "1", "then": "check"}
    assert client.post(path, data=whole).headers["Location"] == f"{path}/check"
    assert client.post(f"{path}/hand-in", data={"version": "2"}).headers["Location"] == path
    assert "You have handed in" in client.get(path).text
    assert client.post(path, data=whole).status_code == 409
    assert client.get(f"{path}/check").headers["Location"] == path
    qa = sign_in(made.scene.council.qa.id)
    waiting = qa.get(path).text
    assert "2 of 3 handed in" in waiting
    assert "Why inadequate." not in waiting
    assert "2 of 3 have handed in" in qa.get(f"{path}/reveal").text
    assert qa.post(f"{path}/reveal", data={"version": "1"}).headers["Location"] == path
    again = qa.post(f"{path}/reveal", data={"version": "1"}, follow_redirects=True)
    assert "It was done already" in again.text
    for person in (moderator, lead, third):
        page = text_of(sign_in(person.id).get(path).text)
        assert "Good to Inadequate: 2 grades apart, 1 of 2 the same" in page
        assert "Why inadequate." in page
        assert "Did not hand in" in page
    assert sign_in(third.id).post(path, data=whole | {"version": "0"}).status_code == 409


def test_two_tabs_overwrite_nothing(database: Any, now: datetime, sign_in: SignIn) -> None:
    made = calibrating(database, now)
    moderator = made.people()[0]
    made.grade(moderator, "good", hands_in=False)
    database.commit()
    client, path = sign_in(moderator.id), f"/calibration/{made.set.id}"
    clash = client.post(path, data={"grade_risk": "inadequate", "version": "0"}, headers={"X-Autosave": "1"})
    assert clash.status_code == 409
    assert "Why good." in clash.text
    assert set(database.scalars(select(CalibrationGrade.grade))) == {"good"}
    wrong = client.post(path, data={"grade_risk": "splendid", "version": "1"})
    assert wrong.status_code == 422


def test_one_alone_compares_with_nobody(database: Any, now: datetime, sign_in: SignIn) -> None:
    made = calibrating(database, now)
    made.grade(made.people()[0], "good")
    database.commit()
    qa = sign_in(made.scene.council.qa.id)
    refused = qa.post(f"/calibration/{made.set.id}/reveal", data={"version": "1"})
    assert refused.status_code == 422
    assert "At least two must have handed in" in refused.text
    assert made.set.state == CalibrationState.RUNNING


def test_only_those_who_take_part_and_the_qa_team_know_of_it(database: Any, now: datetime, sign_in: SignIn) -> None:
    made = revealed(database, now)
    database.commit()
    path = f"/calibration/{made.set.id}"
    found = {name for name in ROLES if sign_in(getattr(made.scene.council, name).id).get(path).status_code == 200}
    assert found == {"moderator", "lead_auditor", "auditor_b", "qa"}
    assert "0 calibration sets" in sign_in(made.scene.council.auditor.id).get("/calibration").text


def test_the_qa_team_makes_one_on_its_page(database: Any, now: datetime, sign_in: SignIn) -> None:
    scene = audit_at(database, "submitted", now)
    database.commit()
    people = scene.council
    client = sign_in(people.qa.id)
    assert "Make a calibration set" in client.get("/calibration").text
    data = {"name": "July", "reference": scene.audit.reference, "people": [str(people.moderator.id)],
            "due_on-day": "26", "due_on-month": "6", "due_on-year": "2026"}  # fmt: skip
    refused = client.post("/calibration/new", data=data)
    assert refused.status_code == 422
    assert "Choose at least two auditors" in refused.text
    made = client.post(
        "/calibration/new", data=data | {"people": [str(people.moderator.id), str(people.lead_auditor.id)]}
    )
    one = database.scalar(select(CalibrationSet))
    assert made.headers["Location"] == f"/calibration/{one.id}"
    assert one.due_on == DUE
    assert mails(database, "calibration_asked") == {people.moderator.id, people.lead_auditor.id}


def test_mails_are_asked_again_as_they_are_sent(database: Any, now: datetime) -> None:
    made = calibrating(database, now)
    moderator, lead, third = made.people()
    asked = database.scalars(select(Mail).where(Mail.message == "calibration_asked").order_by(Mail.id)).all()
    assert {mail.person_id for mail in asked} == {moderator.id, lead.id, third.id}
    made.grade(moderator, "good")
    made.grade(lead, "good")
    assert set(still_to_grade(asked, now)) == {mail.id for mail in asked if mail.person_id == third.id}
    operations.reveal(made.set, made.scene.qa, now)
    assert mails(database, "calibration_asked") == set()
    assert mails(database, "calibration_revealed") == {moderator.id, lead.id}


def test_a_page_that_is_out_of_date_changes_nothing(database: Any, now: datetime) -> None:
    made = calibrating(database, now)
    moderator, lead, _ = made.people()
    made.grade(moderator, "good", hands_in=False)
    with pytest.raises(Stale):
        operations.hand_in(made.part(moderator), made.who(moderator), now, 0)
    made.grade(lead, "good")
    operations.hand_in(made.part(moderator), made.who(moderator), now, 1)
    with pytest.raises(Stale):
        operations.reveal(made.set, made.scene.qa, now, 9)


def test_no_count_of_audits_knows_them(database: Any, now: datetime) -> None:
    scene = audit_at(database, "submitted", now)
    before = (database.scalar(select(func.count(Audit.id))), progress(scene.round, scene.qa, {}))
    made = Calibrating(scene, operations.make_set(wish(scene), scene.qa, now))
    for person in made.people():
        made.grade(person, "inadequate")
    operations.reveal(made.set, scene.qa, now)
    assert (database.scalar(select(func.count(Audit.id))), progress(scene.round, scene.qa, {})) == before


def test_every_look_is_in_the_trail(database: Any, now: datetime, sign_in: SignIn) -> None:
    made = calibrating(database, now)
    person = made.people()[0]
    database.commit()
    client = sign_in(person.id)
    client.get(f"/calibration/{made.set.id}")
    client.get(f"/calibration/{made.set.id}/check")
    seen = select(func.count(TrailEntry.id)).where(
        TrailEntry.event == "calibration:viewed", TrailEntry.person_id == person.id
    )
    assert database.scalar(seen) == 2


def test_a_member_of_the_qa_team_who_takes_part_sees_no_grades_before(
    database: Any, now: datetime, sign_in: SignIn
) -> None:
    made = calibrating(database, now)
    moderator, lead, _ = made.people()
    database.add(RoleGrant(person_id=lead.id, role=Role.QA_TEAM, granted_at=now))
    made.grade(moderator, "inadequate")
    database.commit()
    page = sign_in(lead.id).get(f"/calibration/{made.set.id}").text
    assert "Why inadequate." not in page
    assert "Nobody sees them before the set is revealed" in page


def test_grades_can_be_changed_until_they_are_handed_in(database: Any, now: datetime) -> None:
    made = calibrating(database, now)
    person = made.people()[0]
    part, who = made.part(person), made.who(person)
    made.grade(person, "good", hands_in=False)
    assert operations.save_grades(part, grades(made.set, "good"), 0, who, now) == 1
    assert operations.save_grades(part, grades(made.set, "inadequate"), 1, who, now) == 2
    assert set(database.scalars(select(CalibrationGrade.grade))) == {"inadequate"}
    for typed in (GradesInput({"risk": SectionInput("splendid")}), GradesInput(overall="splendid")):
        with pytest.raises(BadInput):
            operations.save_grades(part, typed, 2, who, now)


def test_without_a_published_tool_there_is_nothing_to_grade(
    database: Any, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    scene = audit_at(database, "in_progress", now)
    case = database.get(Case, scene.audit.case_id)
    case.caseworker_id = None
    monkeypatch.setattr(operations, "published_version", lambda _tool_id: None)
    with pytest.raises(BadInput, match="Publish the audit tool first"):
        operations.make_set(wish(scene, reference=case.reference), scene.qa, now)
