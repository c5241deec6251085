"""The case list: filters, sorting, export; one case and its restriction."""

import io
from datetime import date

import openpyxl
import pytest
from bs4 import BeautifulSoup
from sqlalchemy import func, select

from qa_app.cases import operations
from qa_app.cases.models import Case
from qa_app.trail.models import TrailEntry
from tests.factories.audits import audit_at
from tests.factories.cases import EAST, imported, row
from tests.factories.people import council


@pytest.fixture
def people(database, now):
    return council(database, now)


@pytest.fixture
def cases(people, database, now, tmp_path):
    rows = [
        row("001", "CIN", opened="03/04/2025"),
        row("002", "CP", worker="Ada New"),
        row("003", "LAC", EAST, "Tamsin Oyelaran"),
    ]
    imported(tmp_path, [*rows, row("004")], now)
    imported(tmp_path, rows, now)
    database.commit()
    return {case.reference: case for case in database.scalars(select(Case))}


@pytest.fixture
def qa(people, cases, sign_in):
    return sign_in(people.qa.id)


def references(page):
    return [reference for reference in ("001", "002", "003", "004") if f">{reference}</a>" in page]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", ["001", "002", "003", "004"]),
        ("state=open", ["001", "002", "003"]),
        ("state=closed", ["004"]),
        ("kind=child_protection", ["002"]),
        ("q=ada", ["002"]),
        ("q=003", ["003"]),
        ("state=restricted", []),
        ("state=audited", []),
        ("team={team}", ["003"]),
        ("service={service}", ["003"]),
        ("state=nonsense&sort=nonsense", ["001", "002", "003", "004"]),
    ],
)
def test_the_list_is_narrowed_by_its_filters(qa, people, query, found):
    query = query.format(team=people.team_b1.id, service=people.service_b.id)
    assert references(qa.get(f"/cases?{query}").text) == found


@pytest.mark.parametrize("key", ["reference", "kind", "team", "worker", "opened", "audited"])
def test_the_list_is_sorted_both_ways(qa, key):
    for sign in ("", "-"):
        assert qa.get(f"/cases?sort={sign}{key}").status_code == 200


def test_the_export_keeps_the_filter_and_is_recorded(qa, database):
    sheet = openpyxl.load_workbook(io.BytesIO(qa.get("/cases/export?state=open&q=001").data)).active
    lines = [[cell.value for cell in line] for line in sheet.iter_rows()]
    assert [line[0] for line in lines] == ["Reference", "001"]
    assert lines[1][6].date() == date(2025, 4, 3) if hasattr(lines[1][6], "date") else True
    assert database.scalar(select(func.count(TrailEntry.id)).where(TrailEntry.event == "case:list-exported")) == 1


def test_looking_at_a_case_is_recorded(qa, database, cases):
    page = qa.get(f"/cases/{cases['001'].id}").text
    assert "001" in page
    assert "<title>One case" in page
    assert database.scalar(select(func.count(TrailEntry.id)).where(TrailEntry.event == "case:viewed")) == 1
    assert qa.get("/cases/999999").status_code == 404


def test_a_case_is_restricted_with_a_reason_and_set_free(qa, database, cases):
    case = cases["001"]
    none = qa.post(f"/cases/{case.id}/restriction", data={"reason": " "})
    assert none.status_code == 422
    assert "Enter the reason" in none.text
    page = qa.post(f"/cases/{case.id}/restriction", data={"reason": "A relative of staff."}, follow_redirects=True).text
    assert "It is never sampled." in page
    assert "A relative of staff." in page
    database.refresh(case)
    assert case.restricted
    assert qa.post(f"/cases/{case.id}/restriction", data={"reason": "Again."}).status_code == 409
    assert references(qa.get("/cases?state=restricted").text) == ["001"]
    free = qa.post(f"/cases/{case.id}/restriction-lifted", data={"reason": "They left."}, follow_redirects=True).text
    assert "No longer restricted" in free
    database.refresh(case)
    assert not case.restricted


def test_a_case_under_audit_says_so(qa, database, cases):
    operations.note_issued([cases["002"].id])
    operations.note_submitted(cases["003"].id, date(2026, 6, 5))
    database.commit()
    page = qa.get("/cases").text
    assert "Being audited" in page
    assert "5 Jun 2026" in page


def test_a_case_leads_to_its_audits(database, now, sign_in):
    scene = audit_at(database, "submitted", now, "requires_improvement")
    database.commit()
    client = sign_in(scene.council.qa.id)
    page = BeautifulSoup(client.get(f"/cases/{scene.audit.case_id}").get_data(as_text=True), "html.parser")
    (link,) = page.select('main a[href^="/audits/"]')
    assert link.text == scene.audit.reference
    assert "June 2026: submitted" in page.main.get_text()
    assert scene.audit.reference in client.get(link["href"]).get_data(as_text=True)
