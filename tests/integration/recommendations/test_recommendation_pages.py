"""The pages: the table of results with figures that open, drafts that lose nothing, and a document that is fixed."""

from io import BytesIO

import openpyxl
import pytest
from bs4 import BeautifulSoup

from qa_app.recommendations import operations, queries
from qa_app.recommendations.inputs import JudgementInput, RecommendationInput
from qa_app.recommendations.states import Outcome
from tests.factories.people import council
from tests.factories.recommendations import LIKE_THE_SOURCE, judged, published, report_of, summed_up
from tests.statements import MOST, counted

AUTOSAVE = {"X-Autosave": "1", "HX-Request": "true"}
REPORT = {
    "title": "Management response to inadequate audits", "kind": "audit_report", "dated-day": "15",
    "dated-month": "1", "dated-year": "2026", "service": "", "objective": "Whether action is prompt.",
}  # fmt: skip

CHANGED = {"text": "Kept words", "owner": "", "due_on-day": "", "due_on-month": "", "due_on-year": ""}


def words(tag):
    return " ".join(tag.get_text(" ").split())


def main(page):
    return BeautifulSoup(page, "html.parser").find("main")


def results(page):
    """The table of results: name of each row and its figures, with where they lead."""
    table = main(page).find("table")
    heads = [words(cell) for cell in table.select("thead th")]
    rows = [
        [(words(cell).split()[0], cell.a["href"] if cell.a else "") for cell in row.select("td")]
        for row in table.select("tbody tr")
    ]
    return heads, rows


def numbers(page):
    return [words(cell) for cell in main(page).select('td[data-label="Number"]')]


def test_the_table_is_like_the_report_s_and_each_figure_opens_its_rows(database, now, sign_in):
    followed = report_of(database, now)
    published(followed, LIKE_THE_SOURCE)
    database.commit()
    client = sign_in(followed.council.qa.id)
    heads, rows = results(client.get(followed.path).text)
    assert heads == [
        "When", "Fully implemented", "Substantially implemented", "Partially implemented", "Not implemented",
    ]  # fmt: skip
    assert [[figure for figure, _ in row] for row in rows] == [["2", "1", "4", "4"]] * 2
    for figure, href in rows[0]:
        assert len(numbers(client.get(href).text)) == int(figure)
    for figure, href in rows[1]:
        page = main(client.get(href).text)
        assert len(page.select("h3")) == int(figure)
        assert [words(cell) for cell in page.select("td")] == [
            "2 fully implemented, Results",
            "1 substantially implemented, Results",
            "4 partially implemented, Results",
            "4 not implemented, Results",
        ]


def test_the_list_counts_by_outcome_filters_and_exports(database, now, sign_in):
    followed = report_of(database, now)
    published(followed, LIKE_THE_SOURCE)
    database.commit()
    client = sign_in(followed.council.qa.id)
    page = client.get("/recommendations").text
    cells = {cell["data-label"]: words(cell) for cell in main(page).select("tbody td")}
    assert "1 report with recommendations" in page
    assert [cells[name] for name in ("Fully", "Substantially", "Partially", "Not implemented", "Not judged yet")] == [
        "2",
        "1",
        "4",
        "4",
        "0",
    ]
    for query, found in {
        "having=partially": 1, "having=unjudged": 0, "kind=inspection": 0, "q=response": 1, "q=zzz": 0,
        "service=department": 0, f"service={followed.council.service_a.id}": 1, "sort=-fully": 1, "sort=follow_ups": 1,
        "sort=unjudged": 1, "sort=service": 1,
    }.items():  # fmt: skip
        assert len(main(client.get(f"/recommendations?{query}").text).select("tbody tr")) == found, query
    book = openpyxl.load_workbook(BytesIO(client.get("/recommendations/export?having=not").data))
    assert [cell.value for cell in book.active[2]][4:11] == [book.active["E2"].value, 2, 1, 4, 4, 0, 1]
    sheet = openpyxl.load_workbook(BytesIO(client.get(f"{followed.path}/export").data)).active
    assert sheet.max_row == 12
    assert sheet["H2"].value == "Follow-up"
    assert sheet["I2"].value == "Seen in the records of step 1."
    sheet = openpyxl.load_workbook(BytesIO(client.get(f"{followed.path}/export?outcome=fully").data)).active
    assert sheet.max_row == 3


def test_from_a_report_to_its_publication(database, now, sign_in):
    people = council(database, now)
    database.commit()
    client = sign_in(people.qa.id)
    path = client.post("/recommendations/new", data=REPORT).headers["Location"]
    assert "Now add or import its recommendations" in client.get(path).text
    data = {"text": "Report each quarter.", "owner": str(people.head_of_service.id), "then": "another"}
    assert client.post(f"{path}/add", data=data).headers["Location"] == f"{path}/add"
    data = {"text": "Cover every absence.", "owner": "", "due_on-day": "30", "due_on-month": "9", "due_on-year": "2026"}
    assert client.post(f"{path}/add", data=data).headers["Location"] == path
    assert "2 recommendations are taken up" in client.get(f"{path}/follow-ups/new").text
    draft = client.post(f"{path}/follow-ups/new").headers["Location"]
    assert draft == f"{path}/follow-ups/1"
    assert client.get(f"{path}/follow-ups/new").headers["Location"] == draft
    next_one = client.post(f"{draft}/1", data={"version": "0", "outcome": "fully", "evidence": "Seen.", "then": "next"})
    assert next_one.headers["Location"] == f"{draft}/2"
    assert "Recommendation 2: say how far it is implemented" in client.get(f"{draft}/publish").text
    last = client.post(f"{draft}/2", data={"version": "0", "outcome": "not", "evidence": "Not seen.", "then": "next"})
    assert last.headers["Location"] == f"{draft}/summary"
    version = main(client.get(f"{draft}/summary").text).find("input", {"name": "version"})["value"]
    summary = {
        "version": version, "dated-day": "16", "dated-month": "6", "dated-year": "2026", "period": "The year to May",
        "audits": "219", "inadequate": "8", "repeat_inadequate": "0", "summary": "Well designed.",
    }  # fmt: skip
    assert client.post(f"{draft}/summary", data=summary).headers["Location"] == draft
    page = client.get(f"{draft}/publish").text
    assert "Still missing" not in page
    assert client.post(f"{draft}/publish").headers["Location"] == draft
    page = client.get(draft).text
    for said in (
        "8 (3.7%)",
        "0 (0%)",
        "Well designed.",
        "Seen.",
        "Not seen.",
        "Whether action is prompt.",
        "Published",
    ):
        assert said in page
    for below in ("1", "summary", "publish"):
        assert client.get(f"{draft}/{below}").headers["Location"] == draft


def test_what_is_wrong_is_said_and_stays_in_the_form(database, now, sign_in):
    followed = report_of(database, now, 2)
    database.commit()
    client = sign_in(followed.council.qa.id)
    for address, data, sentence in (
        ("/recommendations/new", REPORT | {"title": " "}, "Enter the report&#39;s title"),
        ("/recommendations/new", REPORT | {"dated-year": "2027"}, "must be today or earlier"),
        ("/recommendations/new", {k: v for k, v in REPORT.items() if k != "kind"}, "Choose what kind of report it is"),
        (f"{followed.path}/change", REPORT | {"title": "", "version": "1"}, "Enter the report&#39;s title"),
        (f"{followed.path}/change", REPORT | {"version": "9"}, "This was changed by somebody else"),
        (f"{followed.path}/add", {"text": ""}, "Enter what is recommended"),
        (
            f"{followed.path}/add",
            {"text": "x", "number": "1", "owner": ""},
            "The report has a recommendation 1 already",
        ),
        (
            f"{followed.path}/1/change",
            CHANGED | {"version": "1"},
            "Enter why the date changes",
        ),
        (
            f"{followed.path}/1/change",
            CHANGED | {"version": "7", "reason": "x"},
            "This was changed by",
        ),
    ):
        answer = client.post(address, data=data)
        assert answer.status_code == 422, address
        assert sentence in answer.text, address
        assert all(value in answer.text for value in data.values() if value == "Kept words")


def test_a_recommendation_s_details_change_and_one_added_by_mistake_goes(database, now, sign_in):
    followed = report_of(database, now, 2)
    database.commit()
    client, one = sign_in(followed.council.qa.id), followed.recommendations[0]
    path = f"{followed.path}/1"
    data = {
        "version": str(one.version), "text": one.text, "owner": str(followed.council.moderator.id), "reason": "Agreed.",
        "due_on-day": "1", "due_on-month": "12", "due_on-year": "2026",
    }  # fmt: skip
    assert client.post(f"{path}/change", data=data).headers["Location"] == path
    page = client.get(path).text
    assert "Carys Whitlock" in page
    assert "1 December 2026" in page
    assert "24 June 2026" in page, "what was first promised"
    changed = client.post(f"{followed.path}/change", data=REPORT | {"version": "1"})
    assert changed.headers["Location"] == followed.path
    assert "takes out" not in client.get(f"{path}/remove").text
    assert client.post(f"{path}/remove").headers["Location"] == followed.path
    assert numbers(client.get(followed.path).text) == ["2"]


@pytest.fixture
def drafted(database, now, sign_in):
    followed = report_of(database, now, 2)
    found = operations.start_follow_up(followed.report, followed.qa, now)
    database.commit()
    return followed, found, f"{followed.path}/follow-ups/1", sign_in(followed.council.qa.id)


def test_a_judgement_saves_itself_and_an_old_tab_overwrites_nothing(drafted):
    _, _, draft, client = drafted
    saved = client.post(f"{draft}/1", data={"version": "0", "outcome": "", "evidence": "First words"}, headers=AUTOSAVE)
    assert (saved.status_code, saved.headers["X-Version"], saved.headers["X-Saved-At"]) == (204, "1", "10:30")
    assert "First words" in client.get(f"{draft}/1").text
    old = {"version": "0", "outcome": "fully", "evidence": "Words of an old tab"}
    conflict = client.post(f"{draft}/1", data=old, headers=AUTOSAVE)
    assert conflict.status_code == 409
    assert "First words" in conflict.text
    page = client.post(f"{draft}/1", data=old)
    assert page.status_code == 409
    assert "First words" in page.text
    assert "Words of an old tab" in page.text
    assert client.post(f"{draft}/1", data=old | {"keep": "1"}).status_code == 303
    assert "Words of an old tab" in client.get(f"{draft}/1").text


def test_the_summary_saves_itself_and_says_what_cannot_be(drafted):
    _, found, draft, client = drafted
    data = {"version": str(found.version), "audits": "3", "inadequate": "5", "summary": "So far"}
    refused = client.post(f"{draft}/summary", data=data, headers=AUTOSAVE)
    assert (refused.status_code, refused.headers["X-Message"]) == (
        422, "Not saved: There can't be more inadequate audits than audits",
    )  # fmt: skip
    assert client.post(f"{draft}/summary", data=data | {"audits": "x"}).status_code == 422
    saved = client.post(f"{draft}/summary", data=data | {"inadequate": "1"}, headers=AUTOSAVE)
    assert saved.headers["X-Version"] == "2"
    conflict = client.post(f"{draft}/summary", data=data | {"inadequate": "1", "summary": "Other"}, headers=AUTOSAVE)
    assert conflict.status_code == 409
    assert "So far" in conflict.text
    assert (
        client.post(f"{draft}/summary", data=data | {"audits": "9", "inadequate": "", "summary": "Other"}).status_code
        == 409
    )


def test_a_save_that_comes_after_publication_is_told_so(drafted, database, now):
    followed, found, draft, client = drafted
    summed_up(followed, judged(followed, (Outcome.FULLY, Outcome.NOT), found))
    operations.publish(found, followed.qa, now)
    database.commit()
    for below in ("1", "summary"):
        late = client.post(f"{draft}/{below}", data={"version": "1", "evidence": "Late"}, headers=AUTOSAVE)
        assert late.status_code == 409
        assert client.post(f"{draft}/{below}", data={"version": "1", "evidence": "Late"}).status_code == 303
    assert client.post(f"{draft}/publish").headers["Location"] == draft


def test_whoever_owns_one_is_shown_no_form_for_it(drafted, database, now):
    followed, found, draft, client = drafted
    one = followed.recommendations[0]
    wanted = RecommendationInput(one.text, followed.council.qa.id, one.due_on)
    operations.change_recommendation(one, wanted, "", one.version, followed.qa, now)
    database.commit()
    page = client.get(f"{draft}/1").text
    assert "Somebody else of the QA team judges it" in page
    assert main(page).find("textarea") is None
    answer = client.post(f"{draft}/1", data={"version": "0", "outcome": "fully", "evidence": "Mine"})
    assert answer.status_code == 403
    database.expire_all()
    assert queries.judgement_of(followed.qa, found, 1).version == 0


def test_an_owner_says_what_was_done_on_its_page(database, now, sign_in):
    followed = report_of(database, now, 2)
    database.commit()
    client = sign_in(followed.council.team_manager.id)
    path = f"{followed.path}/2"
    assert "Nothing yet." in client.get(path).text
    assert client.post(f"{path}/progress", data={"text": " "}).status_code == 422
    sent = client.post(f"{path}/progress", data={"text": "All trained.", "is_done": "y"})
    assert sent.headers["Location"] == path
    page = client.get(path).text
    assert "All trained." in page
    assert "Said to be done" in page
    assert "The next follow-up audit looks at it." in page
    assert main(page).find("input", {"name": "is_done"}).has_attr("checked")
    assert "Follow-up" not in [words(a) for a in BeautifulSoup(page, "html.parser").select("nav a")]
    judge = sign_in(followed.council.qa.id)
    judge.post(f"{followed.path}/follow-ups/new")
    assert "All trained." in judge.get(f"{followed.path}/follow-ups/1/2").text
    assert judge.post(f"{path}/progress", data={"text": "x"}).status_code == 403


def test_home_tells_an_owner_what_is_due_and_the_qa_team_what_was_begun(database, now, sign_in):
    followed = report_of(database, now, 4)
    operations.start_follow_up(followed.report, followed.qa, now)
    database.commit()
    page = sign_in(followed.council.service_manager.id).get("/").text
    assert "A recommendation that you answer for is due on Wed 24 June." in page
    assert f'href="{followed.path}/1"' in page
    several = sign_in(followed.council.team_manager.id)
    assert "A recommendation that you answer for is due on Wed 1 July." in several.get("/").text
    operations.describe(
        followed.recommendations[0], "Done.", followed.viewer(followed.council.service_manager), now, is_done=True
    )
    database.commit()
    assert "that you answer for" not in sign_in(followed.council.service_manager.id).get("/").text
    page = sign_in(followed.council.qa.id).get("/").text
    assert f"A follow-up audit of report {followed.report.reference} was begun on Wed 17 June" in page
    assert f'href="{followed.path}/follow-ups/1"' in page


PAGES = (
    "",
    "/1",
    "/follow-ups/1",
    "/follow-ups/2",
    "/follow-ups/2/3",
    "/follow-ups/2/summary",
    "/follow-ups/2/publish",
)


def test_each_page_asks_at_most_twelve_times_however_many_there_are(database, now, sign_in):
    counts, people = {}, council(database, now)
    client = sign_in(people.qa.id)
    for size in (4, 30):
        followed = report_of(database, now, size, people=people)
        published(followed, (Outcome.FULLY,) + (Outcome.NOT,) * (size - 1))
        draft = operations.start_follow_up(followed.report, followed.qa, now)
        for each in queries.judgements_of(followed.qa, draft):
            operations.save_judgement(each, JudgementInput(Outcome.NOT, "No."), 0, followed.qa, now)
        database.commit()
        for page in (*(followed.path + below for below in PAGES), "/recommendations"):
            database.expunge_all()
            with counted() as seen:
                assert client.get(page).status_code == 200
            counts.setdefault(page.removeprefix(followed.path), []).append(len(seen))
    assert {page: found for page, found in counts.items() if max(found) > MOST or len(set(found)) > 1} == {}


def test_what_others_did_meanwhile_is_shown_and_nothing_is_overwritten(database, now, sign_in):
    followed = report_of(database, now, 1)
    (one,) = followed.recommendations
    found = published(followed, (Outcome.FULLY,))
    database.commit()
    client, path = sign_in(followed.council.qa.id), f"{followed.path}/1"
    words = {"text": "Other words", "owner": str(one.owner_id), "version": str(one.version)} | {
        f"due_on-{part}": "" for part in ("day", "month", "year")
    }
    refused = client.post(f"{path}/change", data=words | {"reason": "x"})
    assert refused.status_code == 422
    assert "its words are fixed" in refused.text
    assert client.post(f"{path}/remove").headers["Location"] == path
    assert "so it stays" in client.get(path).text
    nothing = client.post(f"{followed.path}/follow-ups/new")
    assert nothing.headers["Location"] == followed.path
    assert "nothing to follow up" in client.get(followed.path).text
    owner = sign_in(followed.council.service_manager.id)
    assert owner.post(f"{path}/progress", data={"text": "More."}).headers["Location"] == path
    assert "This is how it stands now" in owner.get(path).text
    assert found.number == 1


def test_nothing_missing_is_published_by_a_forged_button(drafted):
    _, found, draft, client = drafted
    answer = client.post(f"{draft}/publish")
    assert answer.status_code == 422
    assert "Complete what is missing before you publish." in answer.text
    assert found.state == "draft"


def test_a_service_that_is_closed_and_an_owner_who_left_stay_as_they_are(database, now, sign_in):
    followed = report_of(database, now, 1)
    followed.council.service_a.ends_on = now.date()
    followed.council.service_manager.leaves_on = now.date().replace(day=1)
    database.commit()
    client = sign_in(followed.council.qa.id)
    page = main(client.get(f"{followed.path}/change").text)
    assert words(page.select_one("#service option[selected]")) == "Safeguarding and Support"
    page = main(client.get(f"{followed.path}/1/change").text)
    assert words(page.select_one("#owner option[selected]")) == "Imani Thorne"


def test_a_draft_says_what_each_still_needs(drafted, database, now):
    followed, found, draft, client = drafted
    operations.save_judgement(
        queries.judgement_of(followed.qa, found, 1), JudgementInput(None, "So far."), 0, followed.qa, now
    )
    judged(followed, (None, Outcome.NOT), found)
    own = followed.recommendations[1]
    wanted = RecommendationInput(own.text, followed.council.qa.id, own.due_on)
    operations.change_recommendation(own, wanted, "", own.version, followed.qa, now)
    database.commit()
    page = main(client.get(draft).text)
    assert [words(tag) for tag in page.select(".govuk-task-list__status")] == [
        "In progress", "Needs another judge", "Not started",
    ]  # fmt: skip
    assert "somebody else must judge it" in client.get(f"{draft}/publish").text


@pytest.mark.parametrize("reference", ["R-1", "R-00001", "R-9999999999", "r-0001", "R-9999", "2026-06"])
def test_other_addresses_are_of_nothing(database, now, sign_in, reference):
    followed = report_of(database, now, 1)
    database.commit()
    client = sign_in(followed.council.qa.id)
    assert client.get(f"/recommendations/{reference}").status_code == 404
    assert client.get(f"{followed.path}/follow-ups/7").status_code == 404
    client.post(f"{followed.path}/follow-ups/new")
    assert client.get(f"{followed.path}/follow-ups/1/9").status_code == 404
