"""What the feed serves, to whom, and how it answers a program."""

import csv
import io
import json
from datetime import timedelta
from xml.etree import ElementTree

import pytest
from sqlalchemy import String, select, update

from qa_app.access.roles import Role
from qa_app.audits.models import Audit
from qa_app.cases.models import Case
from qa_app.cases.operations import set_restricted
from qa_app.core.database import Base
from qa_app.feeds import queries
from qa_app.feeds.dictionary import BY_NAME, TABLES
from qa_app.feeds.models import FeedToken
from qa_app.feeds.operations import revoke_token
from qa_app.improvement.models import ImprovementProcess
from qa_app.people.models import RoleGrant, Team
from qa_app.signin.models import Account
from qa_app.trail.models import TrailDetail, TrailEntry
from tests.factories.feeds import busy_council, reader
from tests.factories.moderation import moderation_at
from tests.factories.rounds import viewer

NAMES = [table.name for table in TABLES]
SERVED = {
    "action": {"source_type", "for_whom", "state", "outcome"},
    "audit": {"reference", "case_type", "state", "overall_grade", "final_grade"},
    "conversation": {"with_whom"},
    "improvement_process": {"grade", "state", "next_kind", "close_outcome"},
    "improvement_stage": {"kind", "outcome"},
    "moderated_domain": {"grade"},
    "moderation": {"reason", "state", "grade_before", "moderated_grade", "panel_grade"},
    "person": set(),
    "round": {"reference", "state"},
    "section_answer": {"grade"},
}
"""The texts of each table that the feed may tell."""


@pytest.fixture
def scene(database, now):
    return busy_council(database, now)


@pytest.fixture
def qa(scene, client, now):
    return reader(client, scene.council.qa, now)


@pytest.fixture
def head(scene, client, now):
    return reader(client, scene.council.head_of_service, now)


def entries(database):
    found = select(TrailDetail.detail).join(TrailEntry, TrailEntry.id == TrailDetail.entry_id)
    return database.scalars(found.where(TrailEntry.event == "feed:read").order_by(TrailEntry.id)).all()


@pytest.mark.parametrize("name", [name for name in NAMES if name != "removals"])
def test_every_table_has_rows_with_the_columns_of_the_dictionary(qa, name):
    rows = qa.rows(name)
    assert rows
    assert all(tuple(row) == BY_NAME[name].heads for row in rows)
    keys = [row[BY_NAME[name].key.name] for row in rows]
    assert len(set(keys)) == len(keys)


def test_keys_lead_where_the_dictionary_says(qa):
    keys = {name: {row[BY_NAME[name].key.name] for row in qa.rows(name)} for name in NAMES}
    for table in TABLES:
        for column in table.columns:
            if column.joins and table.name != "removals":
                target, _, name = column.joins.partition(".")
                assert name == BY_NAME[target].key.name
                there = {row[column.name] for row in qa.rows(table.name)} - {None}
                assert there <= keys[target], f"{table.name}.{column.name}"


def test_an_audit_reads_as_its_row_says(qa, scene, database):
    rows = {row["audit_id"]: row for row in qa.rows("audits")}
    assert set(rows) == {audit.id for audit in scene.audits}
    for audit in scene.audits:
        database.refresh(audit)
        row = rows[audit.id]
        shown = audit.state in ("submitted", "moderated", "final")
        assert row["auditor_grade"] == (audit.overall_grade if shown else None)
        assert row["final_grade"] == (audit.final_grade if shown else None)
        scale = {grade["key"]: grade for grade in scene.round.tool_version.scale}
        expected = scale[audit.overall_grade]["inadequate"] if shown else None
        assert row["auditor_grade_is_inadequate"] is expected
        assert (row["audit_reference"], row["audit_state"]) == (audit.reference, audit.state)


def test_what_an_auditor_has_not_submitted_is_nobodys_to_read(qa, scene):
    written = {row["audit_id"] for row in qa.rows("answers")}
    assert scene.audit.state == "in_progress"
    assert scene.audit.id not in written
    assert scene.audits[1].id in written
    assert {row["action_state"] for row in qa.rows("actions")} == {"open"}


def test_a_moderator_who_grades_blind_learns_nothing_from_the_feed(database, client, now):
    made = moderation_at(database, "in_progress", now)
    who = database.get(type(made.scene.council.qa), made.moderation.moderator_id)
    database.add(RoleGrant(person_id=who.id, role=Role.QA_TEAM, granted_at=now))
    database.commit()
    audit_id = made.moderation.audit_id
    assert made.scene.audit.blind_for_id == who.id
    blind, open_eyed = reader(client, who, now), reader(client, made.scene.council.qa, now)
    for program, sees in ((blind, False), (open_eyed, True)):
        rows = {row["audit_id"]: row for row in program.rows("audits")}
        assert (rows[audit_id]["auditor_grade"] is not None) is sees
        assert (audit_id in {row["audit_id"] for row in program.rows("answers")}) is sees
        reasons = {row["audit_id"]: row["moderation_reason"] for row in program.rows("moderations")}
        assert (reasons[audit_id] is not None) is sees


@pytest.mark.parametrize("who", ["qa", "head_of_service", "director"])
def test_no_text_that_somebody_wrote_and_no_case_is_in_any_answer(database, scene, client, now, who):
    for name, served in SERVED.items():
        table = Base.metadata.tables[name]
        for column in table.columns:
            if isinstance(column.type, String) and column.name not in served | {"version"}:
                words = f"CANARY {name}.{column.name} "
                if name == "person" and column.name == "name" and who == "qa":
                    continue
                database.execute(update(table).values({column.name: words + table.c.id.cast(String)}))
    database.execute(update(Case).values(reference="CANARY case " + Case.id.cast(String)))
    database.commit()
    program = reader(client, getattr(scene.council, who), now)
    assert "CANARY" in database.scalar(select(Audit.case_reference).limit(1))
    for name in NAMES:
        for path in (f"/feed/{name}", f"/feed/{name}.csv", f"/feed/{name}.json"):
            answer = program.get(path)
            assert answer.status_code == 200
            assert "CANARY" not in answer.text, path


def test_names_are_for_those_who_may_read_the_staff_list(qa, head):
    assert all(row["person_name"] for row in qa.rows("people"))
    assert not any(row["person_name"] for row in head.rows("people"))


def test_a_head_of_one_service_gets_that_service_and_nothing_of_another(head, scene, database):
    people = scene.council
    own, teams = people.service_a.id, {people.team_a1.id, people.team_a2.id}
    audits = {audit.id for audit in scene.audits if audit.service_id == own}
    processes = set(database.scalars(select(ImprovementProcess.id).where(ImprovementProcess.service_id == own)))
    assert audits and processes
    for name in NAMES:
        for row in head.rows(name):
            assert row.get("service_id") in (own, None), name
            assert row.get("team_id") in teams | {None}, name
            if "audit_id" in row and name != "actions":
                assert row["audit_id"] in audits, name
            if "process_id" in row and name != "actions":
                assert row["process_id"] in processes, name
    assert {row["audit_id"] for row in head.rows("audits")} == audits
    assert {row["process_id"] for row in head.rows("processes")} == processes
    assert {row["team_id"] for row in head.rows("teams")} == teams
    assert people.auditor_b.id not in {row["person_id"] for row in head.rows("people")}
    assert people.head_of_service_b.id not in {row["person_id"] for row in head.rows("roles")}


def test_a_head_who_audits_elsewhere_gets_nothing_of_the_other_service(head, scene, database, now):
    theirs = next(audit for audit in scene.audits if audit.service_id == scene.council.service_b.id)
    theirs.auditor_id = scene.council.head_of_service.id
    database.add(RoleGrant(person_id=scene.council.head_of_service.id, role=Role.AUDITOR, granted_at=now))
    database.commit()
    assert theirs.id not in {row["audit_id"] for row in head.rows("audits")}


def test_an_audit_of_a_restricted_case_is_the_qa_teams_and_comes_back_when_that_ends(qa, head, scene, database, now):
    audit = scene.audits[2]
    case = database.get(Case, audit.case_id)
    set_restricted(case, True, "Her mother works here.", scene.qa, now)
    database.commit()
    assert audit.id in {row["audit_id"] for row in qa.rows("audits")}
    whole = {name: head.rows(name) for name in ("audits", "answers", "moderations", "processes")}
    assert not any(row["audit_id"] == audit.id for rows in whole.values() for row in rows)
    newest = max(row["updated_at"] for rows in whole.values() for row in rows)
    set_restricted(case, False, "She left.", scene.qa, now)
    database.commit()
    database.refresh(audit)
    assert audit.updated_at.isoformat() > newest.replace("Z", "")
    if database.get_bind().dialect.name == "sqlite":
        for name in ("audits", "answers", "processes"):
            again = head.rows(name, **{"$filter": f"updated_at gt {newest}"})
            assert {row["audit_id"] for row in again} == {audit.id}, name


def test_nobody_without_a_working_token_reads_anything(client, scene, database, now):
    program = reader(client, scene.council.executive, now)
    token = database.scalars(select(FeedToken)).one()
    assert program.get("/feed").status_code == 200
    for path in ("/feed", "/feed/$metadata", "/feed/audits", "/feed/audits.csv"):
        answer = client.get(path)
        assert answer.status_code == 401
        assert answer.headers["WWW-Authenticate"].startswith("Basic ")
        assert "audit_id" not in answer.text
    revoke_token(token, viewer(scene.council.executive, now), now)
    database.commit()
    assert program.get("/feed/audits").status_code == 401


@pytest.mark.parametrize("how", ["disabled", "left", "lost role", "past its last day"])
def test_a_token_dies_with_its_owners_rights(client, scene, database, now, clock, how):
    person = scene.council.executive
    program = reader(client, person, now)
    database.commit()
    assert program.get("/feed/audits").status_code == 200
    if how == "disabled":
        database.get(Account, person.id).disabled_at = now
    elif how == "left":
        person.leaves_on = now.date() - timedelta(days=1)
    elif how == "lost role":
        database.delete(person.role_grants[0])
    else:
        clock.now = now + timedelta(days=31)
    database.commit()
    for path in ("/feed", "/feed/audits", "/feed/audits.json"):
        assert program.get(path).status_code == 401


def test_a_token_works_on_its_last_day(client, scene, now, clock):
    program = reader(client, scene.council.executive, now)
    clock.now = now + timedelta(days=30)
    assert program.get("/feed/audits").status_code == 200


def test_a_token_carries_the_rights_of_the_day_and_not_of_when_it_was_made(head, scene, database, now):
    before = len(head.rows("audits"))
    database.add(RoleGrant(person_id=scene.council.head_of_service.id, role=Role.QA_TEAM, granted_at=now))
    database.commit()
    assert len(head.rows("audits")) == len(scene.audits) > before


def test_a_bearer_works_as_well(client, qa):
    assert client.get("/feed/teams", headers={"Authorization": f"Bearer {qa.token}"}).status_code == 200


def test_whoever_tries_tokens_waits_and_a_real_one_does_not(client, qa):
    for _ in range(200):
        answer = client.get("/feed", headers={"Authorization": "Bearer nobodys"})
        if answer.status_code == 429:
            break
        assert answer.status_code == 401
    assert answer.status_code == 429
    assert int(answer.headers["Retry-After"]) > 0
    assert qa.get("/feed").status_code == 200


def test_a_read_leaves_one_entry_however_many_pages_it_takes(qa, database, monkeypatch, scene, now):
    monkeypatch.setattr(queries, "PAGE", 3)
    assert len(list(qa.pages("audits"))) > 2
    assert entries(database) == [{"table": "audits", "since": None, "token": "A test"}]
    qa.get("/feed/teams.csv", since="2026-01-01")
    assert entries(database)[1:] == [{"table": "teams", "since": "2026-01-01 00:00:00+00:00", "token": "A test"}]
    entry = database.scalars(select(TrailEntry).where(TrailEntry.event == "feed:read")).first()
    assert (entry.person_id, entry.subject_type) == (scene.council.qa.id, "person")
    assert database.scalars(select(FeedToken)).one().last_used_at == now


def test_a_page_that_one_did_not_begin_is_refused(qa, head, monkeypatch):
    monkeypatch.setattr(queries, "PAGE", 3)
    first = json.loads(qa.get("/feed/audits").text)
    link = first["@odata.nextLink"]
    link = link[link.index("/feed/") :]
    assert qa.get(link).status_code == 200
    assert head.get(link).status_code == 410
    assert qa.get(link.replace("/audits?", "/answers?")).status_code == 410
    assert qa.get("/feed/audits", **{"$skiptoken": "made-up"}).status_code == 410


def test_the_service_document_and_the_metadata_are_what_odata_says(qa):
    answer = qa.get("/feed")
    assert answer.headers["OData-Version"] == "4.0"
    assert answer.content_type.startswith("application/json;odata.metadata=minimal")
    body = json.loads(answer.text)
    assert body["@odata.context"].endswith("/feed/$metadata")
    assert [one["name"] for one in body["value"]] == NAMES
    assert qa.get("/feed/").status_code == 200
    root = ElementTree.fromstring(qa.get("/feed/$metadata").text)
    edm = "{http://docs.oasis-open.org/odata/ns/edm}"
    kinds = {kind.get("Name"): kind for kind in root.iter(f"{edm}EntityType")}
    for one in root.iter(f"{edm}EntitySet"):
        table = BY_NAME[one.get("Name")]
        kind = kinds[one.get("EntityType").removeprefix("CaseAudits.")]
        found = [(prop.get("Name"), prop.get("Type")) for prop in kind.iter(f"{edm}Property")]
        assert found == [(column.name, column.kind) for column in table.columns]
        assert [key.get("Name") for key in kind.iter(f"{edm}PropertyRef")] == [table.key.name]


def test_only_some_columns_and_rows_on_request(qa, monkeypatch):
    monkeypatch.setattr(queries, "PAGE", 3)
    rows = qa.rows("audits", **{"$select": "audit_id,audit_state", "$top": "5"})
    assert [tuple(row) for row in rows] == [("audit_id", "audit_state")] * 5
    assert len({row["audit_id"] for row in rows}) == 5
    assert qa.rows("audits", **{"$top": "0"}) == []


@pytest.mark.parametrize(
    ("options", "status"),
    [
        ({"$filter": "audit_state eq 'final'"}, 501),
        ({"$orderby": "audit_id"}, 501),
        ({"$count": "true"}, 501),
        ({"$filter": "updated_at gt yesterday"}, 400),
        ({"$filter": "updated_at gt 0001-01-01T00:00:00+14:00"}, 400),
        ({"$select": "case_reference"}, 400),
        ({"$top": "many"}, 400),
    ],
)
def test_what_it_does_not_offer_it_says(qa, options, status):
    answer = qa.get("/feed/audits", **options)
    assert answer.status_code == status
    assert json.loads(answer.text)["error"]["message"].endswith((".", "Z.", "case_reference."))


def test_there_is_no_other_table(qa):
    assert qa.get("/feed/person").status_code == 404
    assert qa.get("/feed/person.csv").status_code == 404
    assert qa.get("/feed/audits.csv", since="soon").status_code == 400


def test_files_hold_what_odata_gives(qa):
    rows = [{k: v for k, v in row.items() if k != "updated_at"} for row in qa.rows("audits")]
    answer = json.loads(qa.get("/feed/audits.json").text)
    assert [{k: v for k, v in row.items() if k != "updated_at"} for row in answer] == rows
    answer = qa.get("/feed/audits.csv")
    assert answer.content_type.startswith("text/csv")
    lines = list(csv.DictReader(io.StringIO(answer.text)))
    words = {True: "true", False: "false", None: ""}
    for line, row in zip(lines, rows, strict=True):
        assert {k: v for k, v in line.items() if k != "updated_at"} == {
            k: words.get(v, str(v)) if not isinstance(v, int) or isinstance(v, bool) else str(v) for k, v in row.items()
        }


def test_a_name_that_a_spreadsheet_would_calculate_stays_text(qa, database, scene):
    database.execute(update(Team).where(Team.id == scene.council.team_a1.id).values(name="=1+1"))
    database.commit()
    lines = list(csv.DictReader(io.StringIO(qa.get("/feed/teams.csv").text)))
    assert "'=1+1" in {line["team_name"] for line in lines}
    assert "=1+1" in {row["team_name"] for row in qa.rows("teams")}


def test_a_file_of_nothing_is_still_a_file(qa):
    assert json.loads(qa.get("/feed/audits.json", since="2999-01-01").text) == []
    assert qa.get("/feed/audits.csv", since="2999-01-01").text.count("\n") == 1
