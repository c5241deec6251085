"""An inspection pack: what is in it, what is not, who may have it, and that it stays as it was made."""

from collections import Counter
from io import BytesIO

import openpyxl
import pytest
from sqlalchemy import select, update

from qa_app.access.roles import Role
from qa_app.actions.models import Action
from qa_app.audits.models import Audit, SectionAnswer
from qa_app.audits.states import SUBMITTED_STATES
from qa_app.cases.models import Case
from qa_app.improvement.models import ImprovementProcess
from qa_app.inspection import content, queries
from qa_app.inspection.models import InspectionPack
from qa_app.inspection.rules import Window
from qa_app.people.models import RoleGrant
from qa_app.recommendations.states import Outcome
from qa_app.trail.models import TrailDetail, TrailEntry
from tests.factories.feeds import busy_council
from tests.factories.improvement import reaudit, schedule
from tests.factories.improvement import submitted as submit_inadequate
from tests.factories.moderation import moderation_at
from tests.factories.recommendations import published, report_of
from tests.statements import MOST, counted

MONTH = "2026-06"


@pytest.fixture
def scene(database, now):
    return busy_council(database, now)


def make(client, **more):
    return client.post("/inspection", data={"first": MONTH, "last": MONTH} | more)


def book(client, database):
    """The newest pack, downloaded: its sheets as lists of rows."""
    key = database.scalar(select(InspectionPack.id).order_by(InspectionPack.id.desc()).limit(1))
    answer = client.get(f"/inspection/{key}/download")
    assert answer.status_code == 200
    return sheets(answer.data)


def sheets(data):
    return {
        sheet.title: [list(row) for row in sheet.iter_rows(values_only=True)]
        for sheet in openpyxl.load_workbook(BytesIO(data))
    }


def rows(sheet):
    """The rows of a sheet as names and values."""
    return [dict(zip(sheet[0], row, strict=True)) for row in sheet[1:]]


def built(scene):
    month = scene.round.month
    return sheets(content.build(Window(month, month), False, "Nia Fairclough", scene.now).content)


def test_a_pack_is_looked_at_made_and_taken_and_each_is_in_the_trail(scene, sign_in, database):
    client = sign_in(scene.council.qa.id)
    assert "No pack has been made yet." in client.get("/inspection").text
    page = client.get("/inspection", query_string={"first": MONTH, "last": MONTH}).text
    assert f">{len(scene.audits)}</td>" in page
    assert make(client).status_code == 303
    found = book(client, database)
    assert list(found) == ["Cover", "Audits", "Actions", "Themes", "What changed", "Re-audits", "Recommendations"]
    cover = dict(found["Cover"][1:])
    assert cover["Inspection pack"] == "June 2026"
    assert cover["Made by"] == "Nia Fairclough"
    assert cover["Made"] == "Wed 17 June 2026, 10:30"
    events = database.execute(
        select(TrailEntry.event, TrailEntry.person_id, TrailDetail.detail)
        .join(TrailDetail, TrailDetail.entry_id == TrailEntry.id)
        .where(TrailEntry.event.like("inspection:%"))
        .order_by(TrailEntry.id)
    ).all()
    assert [event[11:] for event, _, _ in events] == ["pack-asked-for", "pack-made", "pack-taken"]
    assert {person for _, person, _ in events} == {scene.council.qa.id}
    assert events[1][2]["audits"] == len(scene.audits)
    assert "Inspection pack" in client.get("/trail").text


def test_audits_are_as_their_rows_say(scene, database):
    found = {row["Audit"]: row for row in rows(built(scene)["Audits"])}
    scale = {grade["key"]: grade["label"] for grade in scene.round.tool_version.scale}
    assert set(found) == {audit.reference for audit in scene.audits}
    for audit in scene.audits:
        database.refresh(audit)
        row, done = found[audit.reference], audit.state in SUBMITTED_STATES
        final = audit.final_grade or audit.overall_grade
        assert row["Grade by the auditor"] == (scale[audit.overall_grade] if done else None)
        assert row["Grade after moderation"] == (scale[final] if done else None)
        assert row["Moderated"] == ("Yes" if audit.moderated_at else "No")
        own = database.scalars(
            select(Action.state).where(Action.source_type == "audit", Action.source_id == audit.id)
        ).all()
        assert row["Actions"] == (len([state for state in own if state != "draft"]) if done else 0)
        assert "Case" not in row


def test_actions_are_those_that_the_audits_led_to(scene, database):
    found = rows(built(scene)["Actions"])
    done = [audit.id for audit in scene.audits if audit.state in SUBMITTED_STATES]
    expected = database.scalars(
        select(Action).where(Action.source_type == "audit", Action.source_id.in_(done), Action.state != "draft")
    ).all()
    assert expected
    assert [row["Action"] for row in found] == [action.reference for action in expected]
    assert {row["What is to be done"] for row in found} == {action.what for action in expected}


def test_themes_add_up_to_the_answers(scene, database):
    found = {row["Section"]: row for row in rows(built(scene)["Themes"])}
    done = [audit.id for audit in scene.audits if audit.state in SUBMITTED_STATES]
    answers = database.scalars(select(SectionAnswer).where(SectionAnswer.audit_id.in_(done))).all()
    graded = Counter(answer.domain.title for answer in answers)
    bad = Counter(answer.domain.title for answer in answers if answer.grade == "inadequate")
    weak = Counter(answer.domain.title for answer in answers if answer.improvements)
    assert {title: row["Audits graded"] for title, row in found.items()} == graded
    assert {title: row["Inadequate"] for title, row in found.items() if row["Inadequate"]} == bad
    assert {title: row["With an area for improvement"] for title, row in found.items()} == {t: weak[t] for t in graded}


def test_what_changed_is_counted(scene, database, now):
    process = submit_inadequate(scene, 3, now)
    schedule(scene, process, now)
    reaudit(scene, process, now)
    database.commit()
    followed = published(report_of(database, now, 1, people=scene.council), [Outcome.FULLY])
    database.commit()
    found = built(scene)
    line = next(row for row in rows(found["Re-audits"]) if row["Improvement process"] == process.reference)
    assert (line["Grade of the re-audit"], line["Change"]) == ("Good", "Better")
    summary = dict(found["What changed"][1:])
    started = database.scalars(select(ImprovementProcess.id)).all()
    assert summary["Improvement processes"] == len(started) == len(found["Re-audits"]) - 1
    assert summary["Improvement processes: re-audited"] == summary["Re-audits: better"] == 1
    assert summary["Actions"] == len(found["Actions"]) - 1
    assert summary["Recommendations followed up"] == len(found["Recommendations"]) - 1 > 0
    assert followed is not None


def test_a_pack_stays_as_it_was_made(scene, sign_in, database):
    client = sign_in(scene.council.executive.id)
    make(client)
    key = database.scalar(select(InspectionPack.id))
    before = client.get(f"/inspection/{key}/download").data
    database.execute(update(Audit).values(overall_grade="outstanding", final_grade="outstanding"))
    database.commit()
    assert client.get(f"/inspection/{key}/download").data == before
    make(client)
    assert book(client, database)["Audits"] != sheets(before)["Audits"]


def test_case_references_are_for_those_who_may_see_cases(scene, sign_in, database):
    reference = scene.audit.case_reference
    qa, director = sign_in(scene.council.qa.id), sign_in(scene.council.director.id)
    make(qa, with_cases="y")
    with_cases = database.scalar(select(InspectionPack.id))
    assert reference in str(book(qa, database)["Audits"])
    assert director.get(f"/inspection/{with_cases}/download").status_code == 404
    assert "No pack has been made yet." in director.get("/inspection").text
    assert make(director, with_cases="y").status_code == 403
    make(director)
    assert not any(audit.case_reference in str(book(director, database)) for audit in scene.audits)


def test_restricted_cases_and_what_followed_from_them_are_left_out_and_counted(scene, database):
    audit = scene.audits[2]
    before = built(scene)
    database.get(Case, audit.case_id).restricted = True
    database.commit()
    found = built(scene)
    assert audit.reference in str(before["Audits"]) and audit.reference in str(before["Re-audits"])
    for title, sheet in found.items():
        assert audit.reference not in str(sheet), title
    assert dict(found["Cover"][1:])["Left out"].startswith("1 audit of restricted cases")


def test_whoever_moderates_one_of_its_audits_blind_neither_makes_nor_takes_a_pack(database, now, sign_in):
    scene = moderation_at(database, "in_progress", now).scene
    make(sign_in(scene.council.director.id))
    key = database.scalar(select(InspectionPack.id))
    database.add(RoleGrant(person_id=scene.audit.blind_for_id, role=Role.QA_TEAM, granted_at=now))
    database.commit()
    blind = sign_in(scene.audit.blind_for_id)
    for answer in (make(blind), blind.get(f"/inspection/{key}/download")):
        assert answer.status_code == 403
        assert "Give your grades first" in answer.text
    assert database.scalars(select(TrailEntry).where(TrailEntry.event == "inspection:pack-taken")).all() == []
    scene.audit.blind_for_id = None
    database.commit()
    assert blind.get(f"/inspection/{key}/download").status_code == 200


def test_what_people_wrote_of_a_case_is_in_no_sheet_and_text_stays_text(scene, database):
    database.execute(update(Action).values(what="=1+1"))
    database.execute(update(SectionAnswer).values(strengths="CANARY", improvements="CANARY"))
    database.execute(update(Audit).values(overall_reasons="CANARY", withdrawn_reason="CANARY", case_reference="CANARY"))
    database.commit()
    month = scene.round.month
    data = content.build(Window(month, month), False, "Nia Fairclough", scene.now).content
    opened = openpyxl.load_workbook(BytesIO(data))
    cells = [cell for sheet in opened for row in sheet.iter_rows() for cell in row if cell.value is not None]
    assert not any("CANARY" in str(cell.value) for cell in cells)
    assert any(cell.value == "=1+1" for cell in cells)
    assert {cell.data_type for cell in cells if cell.value == "=1+1"} == {"s"}
    assert all(cell.data_type != "f" and cell.hyperlink is None for cell in cells)


def test_the_statements_of_a_pack_are_the_same_for_any_number_of_audits(scene):
    month = scene.round.month
    with counted() as seen:
        content.build(Window(month, month), True, "Nia Fairclough", scene.now)
    assert len(seen) <= MOST


def test_the_months_are_looked_at_without_a_token(app, scene, sign_in, monkeypatch):
    monkeypatch.setitem(app.config, "WTF_CSRF_ENABLED", True)
    page = sign_in(scene.council.qa.id).get("/inspection", query_string={"first": MONTH, "last": MONTH}).text
    assert "Make the pack" in page


def test_a_window_that_makes_no_pack_is_refused_in_words(scene, sign_in, database):
    client = sign_in(scene.council.qa.id)
    assert client.post("/inspection", data={"first": MONTH, "last": "1999-01"}).status_code == 422
    assert client.get("/inspection", query_string={"first": "x", "last": MONTH}).status_code == 422
    assert database.scalar(select(InspectionPack.id)) is None


def test_the_page_is_for_those_who_may_have_packs(scene, sign_in):
    assert sign_in(scene.council.head_of_service.id).get("/inspection").status_code == 404
    assert sign_in(scene.council.director.id).get("/inspection").status_code == 200
    assert queries.months() == [scene.round.month]
