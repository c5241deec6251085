"""Import pages in every state: upload, wrong files, columns, preview, rows, apply, put away, a long list in parts."""

import io
from datetime import timedelta
from pathlib import Path

import openpyxl
import pytest
from sqlalchemy import func, select, update

from qa_app.cases import running, uploads
from qa_app.cases.models import Case, CaseImport, CaseImportState
from qa_app.trail.models import TrailEntry
from tests.factories.cases import EAST, NORTH, imported, preview, row, write_list
from tests.factories.people import council

DATA = Path(__file__).parents[2] / "data"
TEAMS = DATA / "annex_a_synthetic_900_teams.csv"
LIST = DATA / "annex_a_synthetic_900.xlsx"


@pytest.fixture
def people(database, now):
    made = council(database, now)
    database.commit()
    return made


@pytest.fixture
def qa(people, sign_in):
    return sign_in(people.qa.id)


def send(client, path, teams=None, name="list.csv"):
    data = {"file": (io.BytesIO(Path(path).read_bytes()), name)}
    if teams:
        data["teams"] = (io.BytesIO(Path(teams).read_bytes()), "teams.csv")
    return client.post("/cases/imports/new", data=data, content_type="multipart/form-data")


def only_import(database):
    return database.scalars(select(CaseImport).execution_options(populate_existing=True)).one()


def folders():
    return [path for path in uploads._root().iterdir() if path.is_dir()]


@pytest.fixture(autouse=True)
def no_files_left(app):
    yield
    for folder in folders():
        uploads.discard(int(folder.name))


def test_upload_preview_apply(qa, database, tmp_path):
    assert "No case list has been imported yet" in qa.get("/cases").text
    assert qa.get("/cases/imports/new").status_code == 200
    answer = send(qa, write_list(tmp_path / "l", [row("001"), row("002", "CP"), row("", "CP")]))
    made = only_import(database)
    assert answer.headers["Location"] == f"/cases/imports/{made.id}"
    page = qa.get(answer.headers["Location"]).text
    assert "Check what will change" in page
    assert "2 cases added." in page
    assert uploads.upload_of(made.id).exists
    applied = qa.post(f"/cases/imports/{made.id}/apply", data={"version": made.version}, follow_redirects=True).text
    assert "List applied: 2 cases added, 0 changed, 0 closed." in applied
    assert not uploads.upload_of(made.id).exists
    assert "2 open cases" in qa.get("/cases").text
    again = qa.post(f"/cases/imports/{made.id}/apply", data={"version": made.version})
    assert again.status_code == 409
    assert database.scalar(select(func.count(Case.id))) == 2


def test_every_kind_of_row_has_its_page_and_download(qa, database, now, tmp_path):
    imported(tmp_path, [row("001"), row("002"), row("003"), row("004")], now)
    made = preview(
        tmp_path,
        [row("001", "CP", opened=""), row("002", "??"), row("005", team=f"{NORTH.upper()}"), row("", "CP"), row("004")],
        now + timedelta(days=1),
    )
    database.commit()
    words = {
        "new": "005", "changed": "Case type: Child in need, now Child protection", "closed": "Not on the list.",
        "held": "002", "unusable": "The row has no reference.", "repaired": "spelled another way",
    }  # fmt: skip
    shown = qa.get(f"/cases/imports/{made.id}").text
    for kind, text in words.items():
        address = f"/cases/imports/{made.id}/rows/{kind}"
        assert address in shown
        assert text in qa.get(address).text, kind
        file = qa.get(f"{address}/export")
        sheet = openpyxl.load_workbook(io.BytesIO(file.data)).active
        assert any(text in str(cell.value) for line in sheet.iter_rows() for cell in line), kind
        assert [cell.value for cell in sheet[1]][:2] == ["Sheet", "Row"]
    assert qa.get(f"/cases/imports/{made.id}/rows/other").status_code == 404
    assert "Nothing matches" in qa.get(f"/cases/imports/{made.id}/rows/new?q=zzz").text
    exported = select(func.count(TrailEntry.id)).where(TrailEntry.event == "import:rows-exported")
    assert database.scalar(exported) == len(words)


def test_an_empty_kind_says_so(qa, database, now, tmp_path):
    made = preview(tmp_path, [row("001")], now)
    database.commit()
    assert "The list closes no case." in qa.get(f"/cases/imports/{made.id}/rows/closed").text


@pytest.mark.parametrize(
    ("file", "words"),
    [
        (DATA / "ssda903_episodes.csv", "SSDA903"),
        (DATA / "cin_details.csv", "children in need census"),
        (DATA / "annex_a_template_ofsted_2019.xlsx", "no cases"),
    ],
)
def test_a_wrong_file_says_what_it_is_beside_the_field(qa, database, file, words):
    answer = send(qa, file)
    assert answer.status_code == 422
    error = answer.text.split('id="file-error"')[1].split("</p>")[0]
    assert words in error
    assert database.scalar(select(func.count(CaseImport.id))) == 0
    assert folders() == []


def test_no_file_and_a_wrong_lookup_say_so_beside_their_fields(qa, tmp_path):
    empty = qa.post("/cases/imports/new", data={}, content_type="multipart/form-data")
    assert "Choose a case list to upload" in empty.text
    wrong = write_list(tmp_path / "teams", [("a", "b")], ("x", "y"))
    answer = send(qa, write_list(tmp_path / "l", [row("001")]), wrong)
    assert answer.status_code == 422
    assert "team lookup needs a column" in answer.text.split('id="teams-error"')[1]


def test_annex_a_with_its_team_lookup(qa, database):
    answer = send(qa, LIST, TEAMS, "annex_a.xlsx")
    page = qa.get(answer.headers["Location"]).text
    assert "1,004" in page
    assert "14 new teams" in page
    assert "14 teams added from the team lookup." in page
    made = only_import(database)
    assert "Change the columns" not in page
    assert qa.get(f"/cases/imports/{made.id}/columns").status_code == 409


ODD = ("Ref", "What", "Where", "Who", "When")


def test_unknown_headings_are_asked_for_and_remembered(qa, database, tmp_path):
    path = write_list(
        tmp_path / "l", [("01", "CIN", NORTH, "Sol Venables", "01/02/2026"), ("02", "Edge", EAST, "", "")], ODD
    )
    answer = send(qa, path)
    made = only_import(database)
    assert answer.headers["Location"] == f"/cases/imports/{made.id}/columns"
    assert qa.get(f"/cases/imports/{made.id}").status_code == 200
    address = answer.headers["Location"]
    assert "Which column holds what?" in qa.get(address).text
    missing = qa.post(
        address,
        data={"reference": "Ref", "status": "What", "team": "", "worker": "", "started": "", "ended": "", "seen": ""},
    )
    assert missing.status_code == 422
    assert "Choose the column for team" in missing.text
    chosen = {"reference": "Ref", "status": "What", "team": "Where", "worker": "Who", "started": "When", "ended": ""}
    chosen["seen"] = ""
    assert qa.post(address, data=chosen).status_code == 303
    page = qa.get(f"/cases/imports/{made.id}").text
    assert "1 status word is not known: Edge" in page
    words = qa.get(address).text
    assert "What does each status word mean?" in words
    qa.post(address, data=chosen | {"word_0": "CHILD_IN_NEED_PLAN"})
    database.expire_all()
    made = only_import(database)
    assert (made.state, made.counts["new"], made.counts["unusable"]) == (CaseImportState.PREVIEWED, 2, 0)
    second = send(qa, path)
    assert second.headers["Location"].endswith(f"/{made.id + 1}")
    assert database.get(CaseImport, made.id + 1).counts["new"] == 2


def test_putting_away_deletes_the_file_and_changes_nothing(qa, database, tmp_path):
    send(qa, write_list(tmp_path / "l", [row("001")]))
    made = only_import(database)
    page = qa.post(f"/cases/imports/{made.id}/abandon", follow_redirects=True).text
    assert "The list was not applied. Nothing has changed." in page
    assert not uploads.upload_of(made.id).exists
    assert "This list was not applied" in qa.get(f"/cases/imports/{made.id}").text
    assert qa.get("/cases/imports").status_code == 200


def test_a_list_that_closes_most_cases_is_warned_of(qa, database, now, tmp_path):
    imported(tmp_path, [row("001"), row("002"), row("003")], now)
    made = preview(tmp_path, [row("001")], now)
    database.commit()
    assert "This list closes 2 of 3 open cases." in qa.get(f"/cases/imports/{made.id}").text


def test_a_list_that_changes_nothing_says_so(qa, database, now, tmp_path):
    imported(tmp_path, [row("001")], now)
    made = preview(tmp_path, [row("001")], now)
    database.commit()
    assert "Nothing changes" in qa.get(f"/cases/imports/{made.id}").text


@pytest.fixture
def long_lists(app, monkeypatch):
    """Every list is long, and its reader is noted instead of started."""
    started = []
    monkeypatch.setattr(uploads, "SMALL", 0)
    monkeypatch.setitem(app.config, "START_READER", started.append)
    return started


def test_a_long_list_is_read_by_itself(qa, database, clock, tmp_path, long_lists):
    send(qa, write_list(tmp_path / "l", [row("001"), row("002")]))
    made = only_import(database)
    assert (made.state, long_lists) == (CaseImportState.READING, [made.id])
    assert "The list is being read" in qa.get(f"/cases/imports/{made.id}").text
    assert "Look again" in qa.get(f"/cases/imports/{made.id}/progress").text
    fragment = qa.get(f"/cases/imports/{made.id}/progress", headers={"HX-Request": "true"})
    assert "The file is being opened" in fragment.text
    assert "<h1" not in fragment.text
    running.run_reader(made.id, clock)
    assert only_import(database).state == CaseImportState.PREVIEWED
    over = qa.get(f"/cases/imports/{made.id}/progress", headers={"HX-Request": "true"})
    assert over.headers["HX-Redirect"] == f"/cases/imports/{made.id}"
    assert "2 cases added." in qa.get(f"/cases/imports/{made.id}").text
    running.run_reader(made.id, clock)
    assert only_import(database).state == CaseImportState.PREVIEWED


def test_a_long_wrong_file_says_why_on_its_page(qa, database, clock, long_lists):
    send(qa, DATA / "ssda903_episodes.csv")
    made = only_import(database)
    running.run_reader(made.id, clock)
    page = qa.get(f"/cases/imports/{made.id}").text
    assert "The list could not be read" in page
    assert "SSDA903" in page
    assert qa.post(f"/cases/imports/{made.id}/read-again").status_code == 303
    assert long_lists == [made.id, made.id]


def test_a_reader_that_was_killed_leaves_a_page_that_offers_to_try_again(
    qa, database, clock, tmp_path, long_lists, monkeypatch
):
    send(qa, write_list(tmp_path / "l", [row("001")]))
    made = only_import(database)
    clock.now += timedelta(minutes=3)
    page = qa.get(f"/cases/imports/{made.id}").text
    assert "Reading has stopped" in page
    assert "Read it again" in page
    monkeypatch.setattr(uploads, "SMALL", 10**6)
    qa.post(f"/cases/imports/{made.id}/read-again")
    assert only_import(database).state == CaseImportState.PREVIEWED


def test_a_reader_that_was_replaced_changes_nothing(qa, database, clock, tmp_path, long_lists, monkeypatch):
    send(qa, write_list(tmp_path / "l", [row("001")]))
    made = only_import(database)

    def abandoned_meanwhile(*_args):
        database.execute(update(CaseImport).values(state=CaseImportState.ABANDONED, version=CaseImport.version + 1))
        database.commit()

    monkeypatch.setattr(running, "let_others_write", abandoned_meanwhile)
    running.run_reader(made.id, clock)
    assert only_import(database).state == CaseImportState.ABANDONED


def test_a_reader_that_breaks_says_so(qa, database, clock, tmp_path, long_lists, monkeypatch):
    send(qa, write_list(tmp_path / "l", [row("001")]))
    made = only_import(database)

    def broken(*_args, **_more):
        raise RuntimeError("planted")

    monkeypatch.setattr(running, "read_case_list", broken)
    with pytest.raises(RuntimeError, match="planted"):
        running.run_reader(made.id, clock)
    assert only_import(database).state == CaseImportState.FAILED
    assert "The file could not be read." in qa.get(f"/cases/imports/{made.id}").text


def test_a_file_that_is_gone_is_asked_for_again(qa, database, tmp_path):
    send(qa, write_list(tmp_path / "l", [row("001")]))
    made = only_import(database)
    uploads.discard(made.id)
    answer = qa.post(f"/cases/imports/{made.id}/read-again")
    assert answer.status_code == 422
    assert "Upload the list again." in answer.text


def test_others_find_nothing_here(people, sign_in, database, now, tmp_path):
    made = preview(tmp_path, [row("001")], now)
    database.commit()
    manager = sign_in(people.team_manager.id)
    for address in ("/cases", "/cases/imports", f"/cases/imports/{made.id}", "/cases/imports/new"):
        assert manager.get(address).status_code == 404
    assert manager.post(f"/cases/imports/{made.id}/apply", data={"version": 2}).status_code == 404
