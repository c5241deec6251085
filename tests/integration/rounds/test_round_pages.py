"""Every page of rounds and samples, in every state, by the QA team; nobody else finds them."""

from datetime import date

import pytest
from bs4 import BeautifulSoup
from sqlalchemy import select

from qa_app.core import events
from qa_app.core.database import db
from qa_app.reactions import REACTIONS
from qa_app.rounds import operations, queries
from qa_app.rounds.states import RoundState
from qa_app.sampling import queries as sampling
from qa_app.trail.models import TrailEntry
from tests.factories import people
from tests.factories import rounds as factory

S = RoundState
SAMPLE = {"kind": "number", "number": "8", "months": "12", "weeks": "6", "reserves": "5", "seed": "seed"}
PAGES = ("", "/dates", "/sample", "/sample/again", "/issue", "/running")


@pytest.fixture
def council(database, now):
    events.connect({})  # what follows from issuing is tested with the audits
    yield people.council(database, now)
    events.connect(REACTIONS)


@pytest.fixture
def cases(database, council, now):
    made = factory.case_list(database, council, now)
    made[0].restricted = True
    database.commit()
    return made


@pytest.fixture
def qa(council, sign_in):
    return sign_in(council.qa.id)


def round_at(*given, **more):
    """A round that the requests of the test find: each begins a transaction of its own."""
    made = factory.round_at(*given, **more)
    db.session.commit()
    return made


def text_of(response, selector="main"):
    page = BeautifulSoup(response.get_data(as_text=True), "html.parser")
    return " ".join(" ".join(found.get_text(" ").split()) for found in page.select(selector))


@pytest.mark.usefixtures("cases")
@pytest.mark.parametrize("state", [S.PLANNED, S.SAMPLED, S.ALLOCATED, S.ISSUED, S.CLOSED])
def test_every_page_in_every_state(qa, now, state):
    round_at(state, now)
    for page in PAGES:
        refused = page == "/sample/again" and state not in {S.SAMPLED, S.ALLOCATED}
        response = qa.get(f"/rounds/2026-06{page}")
        assert response.status_code == (409 if refused else 200), page
    assert "2026-06" in text_of(qa.get("/rounds/2026-06"))
    assert text_of(qa.get("/rounds"), "tbody .govuk-tag") == state.value.capitalize()


@pytest.mark.usefixtures("cases")
def test_nobody_else_finds_a_round(council, sign_in, now):
    round_at(S.SAMPLED, now)
    for person in (council.auditor, council.head_of_service, council.director, council.administrator):
        client = sign_in(person.id)
        for page in ("/rounds", "/rounds/new", *(f"/rounds/2026-06{page}" for page in PAGES)):
            assert client.get(page).status_code == 404


def test_no_round_yet_says_what_to_do(qa):
    assert "There is no round yet" in text_of(qa.get("/rounds"))
    assert qa.get("/rounds/2026-06").status_code == 404


@pytest.mark.usefixtures("council")
def test_create_suggests_the_first_month_that_has_none(qa, now):
    round_at(S.PLANNED, now)
    assert text_of(qa.get("/rounds/new"), "option[selected]") == "July 2026"
    response = qa.post("/rounds/new", data={"month": "2026-07", "audit_type": "monthly"})
    assert (response.status_code, response.location) == (303, "/rounds/2026-07/dates")
    assert "Save the dates" in text_of(qa.get(response.location))
    again = qa.post("/rounds/new", data={"month": "2026-07", "audit_type": "monthly"})
    assert again.status_code == 422
    assert text_of(again, ".govuk-error-summary li") == "There is already a round 2026-07. Choose another month."


@pytest.mark.usefixtures("council")
def test_create_needs_a_month_and_a_type_that_are_offered(qa, now):
    operations.ensure_audit_types(now)
    db.session.commit()
    response = qa.post("/rounds/new", data={"month": "2031-01", "audit_type": "re-audit"})
    assert response.status_code == 422


def dates(**changes):
    days = {
        "issue_on": "2 6 2026",
        "due_on": "26 6 2026",
        "moderation_due_on": "3 7 2026",
        "report_due_on": "10 7 2026",
    }
    return {
        f"{name}-{part}": value
        for name, text in (days | changes).items()
        for part, value in zip(("day", "month", "year"), text.split(), strict=True)
    }


@pytest.mark.usefixtures("council")
def test_dates_are_changed_and_wrong_ones_are_explained(qa, now):
    made = round_at(S.PLANNED, now)
    wrong = qa.post("/rounds/2026-06/dates", data={**dates(due_on="1 6 2026"), "version": made.version})
    assert wrong.status_code == 422
    assert text_of(wrong, ".govuk-error-summary li") == "Enter a due date that is on or after the issue date"
    unreal = qa.post("/rounds/2026-06/dates", data={**dates(due_on="31 6 2026"), "version": made.version})
    assert unreal.status_code == 422
    fine = qa.post("/rounds/2026-06/dates", data={**dates(), "version": made.version})
    assert fine.status_code == 303
    assert queries.round_by_reference("2026-06").due_on == date(2026, 6, 26)
    for version in ("1", "", "x"):  # another tab, and pages that were tampered with
        assert qa.post("/rounds/2026-06/dates", data={**dates(), "version": version}).status_code == 409


@pytest.mark.usefixtures("cases")
def test_draw_look_and_draw_again(database, qa, now):
    made = round_at(S.PLANNED, now)
    response = qa.post("/rounds/2026-06/sample", data=SAMPLE)
    assert response.status_code == 303
    page = qa.get(response.location)
    assert text_of(page, "h1") == "Sample of 2026-06: 8 cases"
    assert len(BeautifulSoup(page.data, "html.parser").select("#main-content table")) == 3
    assert qa.post("/rounds/2026-06/sample", data=SAMPLE).status_code == 409  # pressed twice
    without = qa.post("/rounds/2026-06/sample/again", data=SAMPLE)
    assert text_of(without, ".govuk-error-summary li") == "Enter why the sample is drawn again"
    form = BeautifulSoup(qa.get("/rounds/2026-06/sample/again").data, "html.parser")
    seen = form.select_one("#main-content input[name=version]")["value"]
    again = {**SAMPLE, "seed": "", "reason": "The list was imported again", "version": seen}
    for _ in range(2):  # pressed twice: it is drawn once
        assert qa.post("/rounds/2026-06/sample/again", data=again).status_code == 303
    assert "The list was imported again" in text_of(qa.get("/rounds/2026-06/sample"))
    assert text_of(qa.get("/rounds/2026-06/sample/draws/1"), "h1") == "Draw 1 of 2026-06: 8 cases"
    assert qa.get("/rounds/2026-06/sample/draws/3").status_code == 404
    first, second = (sampling.draw(made.id, number).seed for number in (1, 2))
    assert first == "seed" != second


@pytest.mark.usefixtures("cases")
@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"kind": ""}, "Choose how many cases to draw"),
        ({"number": ""}, "Enter the number of cases"),
        ({"number": "0"}, "Number of cases must be between 1 and 100000"),
        ({"number": "ten"}, "Enter the number of cases as a whole number, such as 12"),
        ({"kind": "percent", "percent": "101"}, "Enter a percentage of open cases above 0 and up to 100, such as 5"),
        ({"kind": "percent", "percent": "x"}, "Enter a percentage of open cases above 0 and up to 100, such as 5"),
        ({"kind": "per_team"}, "Enter the cases from each team"),
        ({"kind": "per_service"}, "Enter how many cases to draw from at least one service"),
        ({"months": ""}, "Enter the months since the last audit"),
        ({"weeks": "105"}, "Weeks open must be between 0 and 104"),
        ({"case_types": ["child_in_need", "child_protection", "child_in_care"]},
         "No case could be drawn: every open case is left out. Change which cases are left out."),
    ],
)  # fmt: skip
def test_what_cannot_be_drawn_says_how_to_mend_it(qa, now, changes, words):
    round_at(S.PLANNED, now)
    response = qa.post("/rounds/2026-06/sample", data=SAMPLE | changes)
    assert response.status_code == 422
    assert text_of(response, ".govuk-error-summary li") == words
    assert queries.round_by_reference("2026-06").state == S.PLANNED


@pytest.mark.usefixtures("cases")
@pytest.mark.parametrize(
    ("size", "drawn"),
    [
        ({"kind": "percent", "percent": "12.5%"}, 6),
        ({"kind": "per_team", "per_team": "2"}, 8),
        ({"kind": "per_service", "service_1": "3", "service_2": ""}, 3),
    ],
)
def test_every_kind_of_size_and_its_form_again(qa, now, size, drawn):
    round_at(S.PLANNED, now)
    assert qa.post("/rounds/2026-06/sample", data=SAMPLE | size).status_code == 303
    assert text_of(qa.get("/rounds/2026-06/sample"), "h1").endswith(f": {drawn} cases")
    again = BeautifulSoup(qa.get("/rounds/2026-06/sample/again").data, "html.parser")
    assert again.select_one("input[name=kind][checked]")["value"] == size["kind"]


def test_without_a_case_list_the_page_says_what_to_do(qa, now):
    round_at(S.PLANNED, now)
    assert "Import the case list first" in text_of(qa.get("/rounds/2026-06/sample"))


def test_cases_left_out_open_by_reason_and_leave_as_a_file_on_record(database, qa, cases, now):
    round_at(S.SAMPLED, now)
    address = "/rounds/2026-06/sample/draws/1/left-out"
    page = qa.get(f"{address}?reason=restricted")
    assert cases[0].reference in text_of(page)
    assert "It is marked restricted." in text_of(page)
    fragment = qa.get(f"{address}?reason=restricted", headers={"HX-Request": "true"})
    assert fragment.get_data(as_text=True).count("<h1") == 0
    assert cases[0].reference in fragment.get_data(as_text=True)
    for download in (f"{address}/download?reason=restricted", "/rounds/2026-06/sample/draws/1/download"):
        assert qa.get(download).mimetype.endswith("spreadsheetml.sheet")
    told = database.scalars(select(TrailEntry.event).where(TrailEntry.event == "sample:exported")).all()
    assert len(told) == 2


def test_a_long_sample_is_paged(qa, database, council, now):
    factory.case_list(database, council, now, each=20)
    round_at(S.SAMPLED, now, size=60)
    first, second = (qa.get(f"/rounds/2026-06/sample{page}") for page in ("", "?page=2"))
    assert "Showing 1 to 50 of 60" in text_of(first)
    assert "Showing 51 to 60 of 60" in text_of(second)
