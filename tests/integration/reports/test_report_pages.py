"""A report from its making to its correction, on its pages, and who reads what."""

import io
import re
from datetime import date

import docx
import openpyxl
import pytest

from qa_app.audits.models import Audit
from qa_app.core.errors import BadInput, NotAllowed
from qa_app.reports import operations
from qa_app.reports.models import Edition
from qa_app.reports.running import build_now
from qa_app.reports.states import Audience, EditionState, ReportKind
from qa_app.rounds import operations as rounds
from qa_app.rounds.models import Round
from qa_app.trail.models import TrailEntry
from tests.factories.audits import audit_at
from tests.factories.reports import SAID, edition_at

S = EditionState
PATH = "/reports/monthly-2026-06-internal"


@pytest.fixture
def scene(database, now):
    made = audit_at(database, "submitted", now, "requires_improvement")
    rounds.close_round(made.round, made.qa, now)
    database.commit()
    return made


def token(page):
    return re.search(r'name="csrf_token" value="([^"]+)"', page)[1]


def version(page):
    return re.search(r'name="version" value="(\d+)"', page)[1]


def send(client, path, from_page, **values):
    page = client.get(from_page).get_data(as_text=True)
    data = {"csrf_token": token(page), "version": version(page), **values}
    return client.post(path, data=data, follow_redirects=True)


def events(database):
    return [entry.event for entry in database.query(TrailEntry).order_by(TrailEntry.id) if entry.event[:7] == "report:"]


def test_from_a_closed_month_to_a_published_report(sign_in, database, scene):
    qa = sign_in(scene.council.qa.id)
    closing = qa.get("/reports/month/2026-06").get_data(as_text=True)
    assert "Build the monthly report" in closing
    assert "Audits not submitted" in closing
    page = qa.get("/reports/new?kind=monthly&month=2026-06").get_data(as_text=True)
    chosen = {"csrf_token": token(page), "kind": "monthly", "month": "2026-06", "audience": "internal"}
    built = qa.post("/reports/new", data=chosen, follow_redirects=True).get_data(as_text=True)
    assert "Monthly report, June 2026" in built
    assert "audits done on time" in built
    assert "Nobody but the QA team reads this yet" in built
    assert "Your words beside the figures" in qa.get("/reports/month/2026-06").get_data(as_text=True)
    written = send(qa, f"{PATH}/words", f"{PATH}/words", words_grades="Risk is graded lower than in spring.")
    assert "Risk is graded lower than in spring." in written.get_data(as_text=True)
    reviewed = send(qa, f"{PATH}/review", PATH).get_data(as_text=True)
    assert "The report waits for review" in reviewed
    assert "places for your words: they are left out" in qa.get(f"{PATH}/publish").get_data(as_text=True)
    published = send(qa, f"{PATH}/publish", f"{PATH}/publish").get_data(as_text=True)
    assert "The report is published" in published
    assert "Build the figures again" not in published
    assert database.query(Round).one().state == "reported"
    assert events(database)[:4] == ["report:made", "report:built", "report:viewed", "report:written"]
    assert "report:published" in events(database)


def test_what_is_published_never_changes(sign_in, database, scene, now):
    made = edition_at(S.PUBLISHED, scene.qa, now)
    before = dict(made.content)
    for audit in database.query(Audit):
        audit.overall_grade = audit.final_grade = "outstanding"
    database.commit()
    qa = sign_in(scene.council.qa.id)
    qa.get(PATH)
    for verb in ("build", "review", "give-back"):
        page = qa.get("/reports/new").get_data(as_text=True)
        assert qa.post(f"{PATH}/{verb}", data={"csrf_token": token(page), "version": made.version}).status_code == 409
    page = qa.get("/reports/new").get_data(as_text=True)
    refused = qa.post(f"{PATH}/words", data={"csrf_token": token(page), "version": 1, "words_grades": "Another"})
    assert refused.status_code == 409
    database.expire_all()
    kept = database.query(Edition).one()
    assert kept.content == before
    assert kept.narrative == SAID
    assert "Fewer audits are outstanding" in qa.get(PATH).get_data(as_text=True)


def test_a_correction_says_why_and_takes_its_place(sign_in, database, scene, now):
    edition_at(S.PUBLISHED, scene.qa, now)
    database.commit()
    qa = sign_in(scene.council.qa.id)
    assert "Enter what is corrected and why" in send(qa, f"{PATH}/correct", f"{PATH}/correct", reason=" ").text
    made = send(qa, f"{PATH}/correct", f"{PATH}/correct", reason="Three late audits were left out.").text
    assert "This edition corrects an earlier one: Three late audits were left out." in made
    assert "Fewer audits are outstanding" in made
    director = sign_in(scene.council.director.id)
    assert director.get(f"{PATH}-2").status_code == 404
    assert "was corrected" not in director.get(PATH).text
    qa = sign_in(scene.council.qa.id)
    send(qa, f"{PATH}-2/publish", f"{PATH}-2/publish")
    director = sign_in(scene.council.director.id)
    assert "This edition was corrected on 17 June 2026: Three late audits were left out." in director.get(PATH).text
    assert "This edition corrects an earlier one" in director.get(f"{PATH}-2").text


@pytest.mark.parametrize("state", list(EditionState))
@pytest.mark.parametrize(
    ("who", "reads"),
    [
        ("qa", set(EditionState)),
        ("director", {S.PUBLISHED, S.SUPERSEDED}),
        ("executive", {S.PUBLISHED, S.SUPERSEDED}),
        ("head_of_service", {S.PUBLISHED, S.SUPERSEDED}),
        ("service_manager", {S.PUBLISHED, S.SUPERSEDED}),
        ("practice_lead", {S.PUBLISHED, S.SUPERSEDED}),
        ("scrutiny", set()),
    ],
)
def test_who_reads_an_internal_report_in_which_state(sign_in, database, scene, now, who, reads, state):
    edition_at(state, scene.qa, now)
    database.commit()
    reader = sign_in(getattr(scene.council, who).id)
    wanted = 200 if state in reads else 404
    assert reader.get(PATH).status_code == wanted
    if state not in reads:  # writing a file takes long; what the allowed are given is tested once below
        assert reader.get(f"{PATH}/word").status_code == reader.get(f"{PATH}/excel").status_code == 404
    assert (PATH + '"' in reader.get("/reports").text) == (state in reads)


@pytest.mark.parametrize(
    "kind", [ReportKind.MONTHLY, ReportKind.QUARTERLY, ReportKind.ADHERENCE, ReportKind.MODERATION]
)
def test_every_kind_is_a_page_and_a_word_document_and_a_workbook(sign_in, database, scene, now, kind):
    made = edition_at(S.PUBLISHED, scene.qa, now, kind, Audience.LEADERSHIP)
    database.commit()
    director = sign_in(scene.council.director.id)
    path = f"/reports/{made.reference}"
    assert director.get(path).status_code == 200
    if kind == ReportKind.ADHERENCE:  # the quickest to write; the renderings themselves are tested by unit
        document = docx.Document(io.BytesIO(director.get(f"{path}/word").data))
        assert any(paragraph.style.name == "Heading 1" for paragraph in document.paragraphs)
    book = openpyxl.load_workbook(io.BytesIO(director.get(f"{path}/excel").data))
    assert not [cell for sheet in book for row in sheet.rows for cell in row if cell.data_type == "f"]
    taken = ["report:exported"] * (2 if kind == ReportKind.ADHERENCE else 1)
    assert events(database)[-1 - len(taken) :] == ["report:viewed", *taken]


def test_two_tabs_both_see_both_texts(sign_in, database, scene, now):
    edition_at(S.DRAFT, scene.qa, now)
    database.commit()
    qa = sign_in(scene.council.qa.id)
    page = qa.get(f"{PATH}/words").text
    first = {"csrf_token": token(page), "version": version(page), "words_grades": "One."}
    assert qa.post(f"{PATH}/words", data=first).status_code == 303
    second = qa.post(f"{PATH}/words", data=first | {"words_grades": "Two."})
    assert second.status_code == 409
    assert "One." in second.text
    assert "Two." in second.text
    assert qa.post(f"{PATH}/words", data=first | {"words_grades": "Two.", "keep": "2"}).status_code == 303
    assert database.query(Edition).one().narrative["grades"] == "Two."


def test_a_running_month_is_not_published(sign_in, database, now):
    scene = audit_at(database, "submitted", now)
    made = edition_at(S.DRAFT, scene.qa, now)
    database.commit()
    qa = sign_in(scene.council.qa.id)
    refused = send(qa, f"/reports/{made.reference}/publish", f"/reports/{made.reference}/publish")
    assert refused.status_code == 409
    assert "June 2026 is still running until Tue 30 June" in refused.text


def test_a_report_is_made_once_for_an_audience(database, scene, now):
    made = edition_at(S.DRAFT, scene.qa, now)
    assert operations.make(ReportKind.MONTHLY, date(2026, 6, 1), Audience.INTERNAL, scene.qa, now).id == made.id
    operations.publish(made, made.version, scene.qa, now)
    with pytest.raises(BadInput, match="Correct it"):
        operations.make(ReportKind.MONTHLY, date(2026, 6, 1), Audience.INTERNAL, scene.qa, now)


@pytest.mark.parametrize(
    ("kind", "month", "audience", "field"),
    [
        (ReportKind.MONTHLY, date(2026, 6, 1), Audience.PUBLIC, "audience"),
        (ReportKind.SCRUTINY, date(2026, 3, 1), Audience.INTERNAL, "audience"),
        (ReportKind.MONTHLY, date(2026, 9, 1), Audience.INTERNAL, "month"),
    ],
)
def test_what_cannot_be_made_says_why(scene, now, kind, month, audience, field):
    with pytest.raises(BadInput) as refused:
        operations.make(kind, month, audience, scene.qa, now)
    assert field in refused.value.fields


@pytest.mark.parametrize("verb", ["make", "build_again", "write", "send_for_review", "give_back", "publish", "correct"])
def test_only_the_qa_team_does_anything(scene, now, verb):
    director = scene.viewer(scene.council.director)
    draft = edition_at(S.DRAFT, scene.qa, now)
    arguments = {
        "make": (ReportKind.MONTHLY, date(2026, 6, 1), Audience.LEADERSHIP),
        "write": (draft, {}, 1),
        "correct": (draft, "Why"),
    }
    with pytest.raises(NotAllowed):
        getattr(operations, verb)(*arguments.get(verb, (draft, draft.version)), director, now)


def test_the_month_of_no_round_is_not_found(sign_in, scene):
    qa = sign_in(scene.council.qa.id)
    assert qa.get("/reports/month/2019-01").status_code == 404
    assert qa.get("/reports/month/what").status_code == 404


def test_a_long_building_shows_how_far_it_is(sign_in, app, database, scene, now, monkeypatch):
    begun = []
    monkeypatch.setattr("qa_app.reports.running.QUICK", 0)
    monkeypatch.setitem(app.config, "START_BUILDER", begun.append)
    qa = sign_in(scene.council.qa.id)
    page = qa.get("/reports/new?month=2026-06").text
    chosen = {"csrf_token": token(page), "kind": "monthly", "month": "2026-06", "audience": "internal"}
    shown = qa.post("/reports/new", data=chosen, follow_redirects=True).text
    edition = database.query(Edition).one()
    assert begun == [edition.id]
    assert "The figures are being read" in shown
    edition.progress = 40
    database.commit()
    assert "40% built" in qa.get(PATH).text
    assert "You can leave this page and come back" in shown
    build_now(edition, scene.qa, now)
    database.commit()
    assert "audits done on time" in qa.get(PATH).text


@pytest.mark.parametrize("audience", [Audience.COMMITTEE, Audience.PUBLIC])
@pytest.mark.parametrize("state", list(EditionState))
def test_the_scrutiny_role_reads_the_newest_published_edition_and_nothing_else(
    sign_in, database, scene, now, audience, state
):
    edition_at(S.PUBLISHED, scene.qa, now)
    made = edition_at(state, scene.qa, now, ReportKind.SCRUTINY, audience)
    database.commit()
    reader = sign_in(scene.council.scrutiny.id)
    path = f"/reports/{made.reference}"
    wanted = 200 if state == S.PUBLISHED else 404
    listed = reader.get("/reports").text
    assert (f'{path}"' in listed) == (state == S.PUBLISHED)
    assert "Monthly report" not in listed
    assert reader.get(path).status_code == wanted
    if state == S.SUPERSEDED:
        assert reader.get(f"{path}-2").status_code == 200
        assert f'{path}"' not in reader.get(f"{path}-2").text
    if wanted == 200:
        page = reader.get(path).text
        assert "/figures/" not in page
        assert "/progress" not in page
        assert reader.get(f"{path}/excel").status_code == 200
    assert reader.get("/figures/audits").status_code == 404
    assert reader.get("/reports/export").status_code == 200


def test_a_committee_s_edition_binds_the_public_one(database, scene, now):
    first = edition_at(S.PUBLISHED, scene.qa, now, ReportKind.SCRUTINY, Audience.COMMITTEE)
    second = edition_at(S.DRAFT, scene.qa, now, ReportKind.SCRUTINY, Audience.PUBLIC)
    assert set(first.content["hidden"]) <= set(second.content["hidden"])


def test_word_is_written_in_a_process_of_its_own(sign_in, app, database, scene, now, monkeypatch):
    edition_at(S.PUBLISHED, scene.qa, now)
    database.commit()
    monkeypatch.setitem(app.config, "APART", True)
    made = sign_in(scene.council.director.id).get(f"{PATH}/word")
    assert docx.Document(io.BytesIO(made.data)).paragraphs


def test_a_template_that_cannot_be_used_is_said_before_publishing(
    sign_in, app, database, scene, now, tmp_path, monkeypatch
):
    edition_at(S.DRAFT, scene.qa, now)
    database.commit()
    monkeypatch.setitem(app.config, "DATA_DIR", tmp_path)
    (tmp_path / "report-template.docx").write_text("no document")
    qa = sign_in(scene.council.qa.id)
    assert "report-template.docx cannot be opened as a Word document" in qa.get(f"{PATH}/publish").text
    assert docx.Document(io.BytesIO(qa.get(f"{PATH}/word").data)).paragraphs


def test_a_small_number_in_the_words_for_readers_outside_is_pointed_at(sign_in, database, scene, now):
    made = edition_at(S.DRAFT, scene.qa, now, ReportKind.SCRUTINY, Audience.PUBLIC)
    inside = edition_at(S.DRAFT, scene.qa, now)
    made.narrative = {"grades": "Most was good. In one case the child was not seen. Of 40 audits 21 were good."}
    inside.narrative = dict(made.narrative)
    database.commit()
    client = sign_in(scene.council.qa.id)
    page = client.get(f"/reports/{made.reference}/publish").text
    assert "In one case the child was not seen." in page
    assert "Most was good" not in page
    assert "Of 40 audits" not in page
    assert "Write no small number" in client.get(f"/reports/{made.reference}/words").text
    assert "Small numbers" not in client.get(f"{PATH}/publish").text
    assert "Write no small number" not in client.get(f"{PATH}/words").text
