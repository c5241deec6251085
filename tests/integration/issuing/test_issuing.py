"""Issuing opens the audits, mails each auditor once, and is done once however often the button is pressed."""

import pytest
from bs4 import BeautifulSoup
from sqlalchemy import select

from qa_app.access.viewer import system
from qa_app.audits.models import Audit
from qa_app.audits.operations import allocate_audits
from qa_app.core.database import db
from qa_app.issuing import queries
from qa_app.issuing.messages import tell_auditors
from qa_app.outbox.models import Mail
from qa_app.rounds.operations import draw_sample, issue_round, mark_allocated
from qa_app.rounds.queries import round_by_reference
from qa_app.rounds.states import RoundState
from qa_app.sampling.model import NumberOfCases
from qa_app.sampling.queries import drawn_cases
from tests.factories import people
from tests.factories.rounds import case_list, round_at


@pytest.fixture
def council(database, now):
    return people.council(database, now)


@pytest.fixture
def allocated(database, council, now):
    """A round of eight audits: two for one auditor, five for another, one for nobody."""
    case_list(database, council, now)
    made = round_at(RoundState.SAMPLED, now)
    auditors = [council.auditor.id] * 2 + [council.auditor_b.id] * 5 + [None]
    cases = [sampled.case for sampled in drawn_cases(made.id)]
    allocate_audits(made, list(zip(cases, auditors, strict=True)), system(), now)
    mark_allocated(made, system(), now)
    database.commit()
    return made


def text_of(response, selector="main"):
    page = BeautifulSoup(response.get_data(as_text=True), "html.parser")
    return " ".join(" ".join(found.get_text(" ").split()) for found in page.select(selector))


def test_the_page_says_what_is_sent_to_whom_and_one_button_does_it(database, council, allocated, sign_in):
    qa = sign_in(council.qa.id)
    page = qa.get("/rounds/2026-06/issue")
    assert text_of(page, "h1") == "Issue 2026-06: 2 auditors"
    assert "1 audit has no auditor" in text_of(page)
    assert text_of(page, "tbody tr") == "Asha Okafor North Safeguarding 2 Bryn Pritchard Looked After East 5"
    assert text_of(page, "tfoot") == "All 7"
    version = allocated.version
    response = qa.post("/rounds/2026-06/issue", data={"version": version})
    assert (response.status_code, response.location) == (303, "/rounds/2026-06/running")
    running = qa.get(response.location)
    assert "7 audits issued to 2 auditors. They are due by the end of Tue 30 June." in text_of(running, "#notice")
    assert text_of(running, "h1") == "2026-06: 0 of 8 submitted"
    assert "1 of these without an auditor" in text_of(running)
    again = qa.post("/rounds/2026-06/issue", data={"version": version})
    assert again.status_code == 303
    mails = database.execute(select(Mail.person_id, Mail.subject).order_by(Mail.person_id)).all()
    assert [tuple(mail) for mail in mails] == [
        (council.auditor.id, "Your June case audits: due Tue 30 June"),
        (council.auditor_b.id, "Your June case audits: due Tue 30 June"),
    ]
    assert len(database.scalars(select(Audit.id).where(Audit.issued_at.is_not(None))).all()) == 7
    assert "Issued on" in text_of(qa.get("/rounds/2026-06/issue"))


def test_every_figure_opens_the_audits_behind_it(council, allocated, sign_in, now):
    issue_round(allocated, system(), now)
    db.session.commit()
    qa = sign_in(council.qa.id)
    boxes = BeautifulSoup(qa.get("/rounds/2026-06/running").data, "html.parser").select("a.app-figures__box")
    found = {box.get_text(" ", strip=True): qa.get(box["href"]) for box in boxes}
    assert list(found) == [
        "8 audits", "0 submitted on time", "0 submitted late", "0 in progress", "8 not started",
        "1 of these without an auditor",
    ]  # fmt: skip
    for words, response in found.items():
        rows = BeautifulSoup(response.data, "html.parser").select("main tbody tr")
        assert response.status_code == 200
        assert words.startswith("1 of these") or len(rows) == int(words.split()[0])


def test_telling_again_adds_no_mail(database, allocated, now):
    issue_round(allocated, system(), now)
    assert tell_auditors(allocated, now) == 0
    assert len(database.scalars(select(Mail.id)).all()) == 2


def test_a_round_that_changed_meanwhile_is_not_issued(database, council, allocated, sign_in):
    response = sign_in(council.qa.id).post("/rounds/2026-06/issue", data={"version": allocated.version - 1})
    assert response.status_code == 409
    assert round_by_reference("2026-06").state == RoundState.ALLOCATED
    assert database.scalars(select(Mail.id)).all() == []


def test_without_any_auditor_there_is_nothing_to_issue(database, council, now, sign_in):
    case_list(database, council, now)
    made = round_at(RoundState.ALLOCATED, now)
    database.commit()
    qa = sign_in(council.qa.id)
    assert "There is nothing to issue yet" in text_of(qa.get("/rounds/2026-06/issue"))
    assert qa.post("/rounds/2026-06/issue", data={"version": made.version}).status_code == 409


def test_nobody_else_issues(council, allocated, sign_in):
    for person in (council.auditor, council.head_of_service, council.director, council.administrator):
        client = sign_in(person.id)
        assert client.get("/rounds/2026-06/issue").status_code == 404
        assert client.post("/rounds/2026-06/issue", data={"version": allocated.version}).status_code == 404


def test_auditors_without_an_email_are_named(database, council, allocated, sign_in):
    council.auditor.email = None
    database.commit()
    page = sign_in(council.qa.id).get("/rounds/2026-06/issue")
    assert "No email address is known for Asha Okafor. Tell them yourself." in text_of(page)


def test_drawing_again_voids_the_allocation(database, allocated, now):
    draw_sample(allocated, NumberOfCases(8), None, system(), now, "The list was imported again")
    assert database.scalars(select(Audit.id)).all() == []
    assert queries.standing(allocated.id) == queries.Standing()
