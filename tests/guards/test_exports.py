"""Every list can be taken away as an Excel file, its filters kept, and whoever takes it stands in the trail."""

import re
from io import BytesIO
from pathlib import Path

import openpyxl
import pytest
from sqlalchemy import func, select

import qa_app
from qa_app.access.recorded import RECORDS_VIEW
from qa_app.access.roles import Role
from qa_app.core.errors import BadInput
from qa_app.core.lists import Column, ListPage
from qa_app.core.spreadsheet import MEDIA_TYPE
from qa_app.trail import exports
from qa_app.trail.models import TrailDetail, TrailEntry
from tests.factories.exemptions import ask
from tests.factories.feeds import busy_council
from tests.factories.rounds import viewer
from tests.guards.rules import cells, may, role_for
from tests.guards.test_access import HOLDERS

TEMPLATES = Path(qa_app.__file__).parent / "templates"
RESULTS = re.compile(r"\{\{ results\((.*?)\) \}\}", re.DOTALL)
TABLE = re.compile(r"\{\{ data_table\(")

WITH_THEIR_OWN_LINK = {
    "components/lists.html": "results() itself",
    "progress/_managers.html": "its export stands beside its totals",
    "improvement/_board_rows.html": "its export stands beside its figures",
    "sampling/draw.html": "the drawn and the reserves are one file",
    "exemptions/inbox.html": "what waits, a part of the ledger, which has the export",
    "issuing/issue.html": "what the button is about to do; once done, progress has the list and the export",
}
"""Templates that show a list without results(), with where its export is."""


def calls():
    for path in sorted(TEMPLATES.rglob("*.html")):
        for call in RESULTS.findall(path.read_text()):
            yield path.relative_to(TEMPLATES).as_posix(), call


def test_every_list_has_an_export():
    found = list(calls())
    assert len(found) > 20
    missing = [name for name, call in found if not re.search(r"export|download", call)]
    assert missing == [], "give results() the address of an export: trail/exports.py makes one in a few lines"


def test_a_list_without_an_export_would_be_found():
    assert not re.search(r"export|download", RESULTS.findall('{{ results(list, "Rounds", empty_text="None") }}')[0])


def test_lists_that_are_shown_in_another_way_say_where_their_export_is():
    found = {
        path.relative_to(TEMPLATES).as_posix() for path in TEMPLATES.rglob("*.html") if TABLE.search(path.read_text())
    }
    assert found == set(WITH_THEIR_OWN_LINK)


def test_every_export_is_recorded(app):
    names = {cell.rule.endpoint for cell in cells(app) if cell.method == "GET"}
    exporting = {name for name in names if re.search(r"\.(export|download)|_export$|\.take$", name)}
    assert len(exporting) > 20
    assert sorted(exporting - RECORDS_VIEW) == [], "put it into access/recorded.py"


def exporting_cells(app):
    for cell in cells(app):
        if cell.method == "GET" and "export" in cell.rule.endpoint and not cell.rule.arguments:
            yield cell


@pytest.fixture
def people(database, now):
    scene = busy_council(database, now)
    ask(scene.council.auditor, now)
    database.commit()
    return scene.council


def test_what_is_taken_away_is_a_workbook_of_text_and_leaves_an_entry(app, people, sign_in, database):
    found = []
    entries = select(func.count()).select_from(TrailEntry)
    for cell in exporting_cells(app):
        holder = "qa" if may(Role.QA_TEAM, cell.need) else HOLDERS[role_for(cell.need)]
        before = database.scalar(entries)
        answer = sign_in(getattr(people, holder).id).get(cell.path)
        if (answer.status_code, answer.mimetype, database.scalar(entries)) != (200, MEDIA_TYPE, before + 1):
            found.append(f"{cell}: {answer.status_code}, {database.scalar(entries) - before} entries")
            continue
        for row in openpyxl.load_workbook(BytesIO(answer.data)).active.iter_rows():
            found += [f"{cell}: {one.value}" for one in row if one.data_type == "f" or "<" in str(one.value)]
    assert found == []


def test_the_filter_is_kept_and_recorded(people, sign_in, database):
    client = sign_in(people.qa.id)
    whole = client.get("/trail/export").data
    narrowed = client.get("/trail/export?area=round").data
    lengths = [openpyxl.load_workbook(BytesIO(data)).active.max_row for data in (whole, narrowed)]
    assert lengths[0] > lengths[1] > 1
    detail = database.scalars(
        select(TrailDetail.detail)
        .join(TrailEntry, TrailEntry.id == TrailDetail.entry_id)
        .where(TrailEntry.event == "trail:exported")
        .order_by(TrailEntry.id.desc())
    ).first()
    assert detail["filters"] == {"area": "round"}
    assert detail["rows"] == lengths[1] - 1
    assert "/trail/export?area=round" in client.get("/trail?area=round").text


def test_a_list_that_is_too_long_for_a_file_is_not_cut_short(app, people, now, monkeypatch):
    monkeypatch.setattr(exports, "LONGEST", 2)
    page = ListPage((Column("n", "Number", lambda row: row),), (), {}, "/x", default_sort="")
    with pytest.raises(BadInput, match="This list has 3 rows"):
        exports.take_away(page, lambda limit: ([1, 2], 3), "Numbers", "trail:exported", viewer(people.qa, now), now)
