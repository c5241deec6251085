"""The home page of each role: what needs them, most urgent first, each with the link that does it."""

from datetime import date, timedelta

import pytest
from bs4 import BeautifulSoup
from sqlalchemy import select

from qa_app.access.viewer import system
from qa_app.audits import operations as audits
from qa_app.audits.models import DeclarationKind
from qa_app.cases.models import CaseImport, CaseImportState
from qa_app.exemptions import operations as exemptions
from qa_app.exemptions.inputs import AskInput
from qa_app.exemptions.states import Category
from qa_app.home.presenters import MOST
from qa_app.reports.states import Audience, EditionState, ReportKind
from qa_app.rounds import operations as rounds
from qa_app.signin.models import Account
from qa_app.slippage import operations as slippage
from qa_app.slippage.inputs import RaiseInput
from tests.factories import people
from tests.factories.audits import allocated_round, audit_at
from tests.factories.progress import round_in_flight
from tests.factories.reports import edition_at
from tests.factories.rounds import round_at, viewer
from tests.statements import MOST as MOST_STATEMENTS
from tests.statements import counted


@pytest.fixture
def scene(database, now):
    return round_in_flight(database, now)


def home_of(client):
    response = client.get("/")
    assert response.status_code == 200
    page = BeautifulSoup(response.get_data(as_text=True), "html.parser").main
    needs = [(words(item.span), words(item.a), item.a["href"]) for item in page.select("ol li")]
    return needs, words(page)


def words(tag):
    return " ".join(tag.get_text(" ").split())


def test_home_asks_little_whoever_comes(database, scene, sign_in):
    """What an area adds to this page belongs into the one statement of `core/waiting.py`."""
    many = []
    for person_id in database.scalars(select(Account.person_id)).all():
        browser = sign_in(person_id)
        database.expunge_all()
        with counted() as seen:
            assert browser.get("/").status_code == 200
        many += [(person_id, seen)] if len(seen) > MOST_STATEMENTS else []
    assert many == []


def test_an_auditor_goes_on_with_one_press(scene, sign_in):
    needs, page = home_of(sign_in(scene.council.auditor.id))
    reference = scene.audits[1].reference
    assert needs == [
        ("Your 3 June audits are due on Tue 30 June: 1 begun, 2 not started.", "Continue", f"/audits/{reference}")
    ]
    assert "June: 1 of your 4 audits done, 9 working days left." in page


def test_beside_an_audit_stands_what_else_one_can_do(scene, sign_in, clock):
    def quiet():
        page = BeautifulSoup(sign_in(scene.council.auditor.id).get("/").get_data(as_text=True), "html.parser")
        return [(words(link), link["href"]) for link in page.main.select("ol li p a")]

    references = [audit.reference for audit in scene.audits[1:4]]
    assert quiet() == [
        *((f"I may not finish {each} in time", f"/audits/{each}/slippage") for each in references),
        ("Ask for an exemption", "/exemptions/ask?month=2026-06"),
    ]
    clock.now += timedelta(days=20)
    assert quiet() == [], "once it is late there is nothing left to say or to ask"


def test_the_last_audit_says_how_far_it_is(database, now, sign_in):
    scene = audit_at(database, "in_progress", now)
    for audit in scene.audits[1:]:
        if audit.auditor_id == scene.council.auditor.id:
            audits.withdraw_audit(audit, "Closed.", scene.qa, now)
    needs, _ = home_of(sign_in(scene.council.auditor.id))
    assert needs[0][0] == "Your June audit is due on Tue 30 June: 1 of 12 sections done."


def test_a_returned_audit_is_named(database, now, sign_in):
    scene = audit_at(database, "returned", now)
    needs, _ = home_of(sign_in(scene.council.auditor.id))
    assert (
        f"Your audit {scene.audit.reference} came back with a comment, and is due on Tue 30 June.",
        "Read the comment",
        f"/audits/{scene.audit.reference}",
    ) in needs


def test_after_the_due_date_it_was_due(scene, sign_in, clock):
    clock.now += timedelta(days=20)
    needs, _ = home_of(sign_in(scene.council.auditor.id))
    assert needs[0][0] == "Your 3 June audits were due on Tue 30 June: 1 begun, 2 not started."


@pytest.mark.parametrize(
    ("reader", "sentence"),
    [
        ("head_of_service", "1 manager has 3 audits outstanding for June, due on Tue 30 June."),
        ("team_manager", "1 manager has 3 audits outstanding for June, due on Tue 30 June."),
        ("qa", "2 managers have 7 audits outstanding for June, due on Tue 30 June."),
    ],
)
def test_those_who_answer_for_managers_see_who_is_behind(scene, sign_in, reader, sentence):
    needs, _ = home_of(sign_in(getattr(scene.council, reader).id))
    assert (sentence, "See who is behind", "/progress/2026-06?having=outstanding") in needs


@pytest.mark.parametrize("reader", ["director", "executive", "practice_lead"])
def test_readers_of_everything_see_the_round_in_one_line(scene, sign_in, reader):
    needs, page = home_of(sign_in(getattr(scene.council, reader).id))
    assert needs == []
    assert "Nothing needs you now." in page
    assert "June: 1 of 6 done, 9 working days left. 1 in progress, 6 not started, 0 done late." in page


def test_the_figures_are_of_what_one_answers_for(scene, sign_in):
    _, page = home_of(sign_in(scene.council.head_of_service_b.id))
    assert "June: 0 of 1 done" in page


def test_the_qa_team_sees_the_next_step_of_each_round(database, now, sign_in):
    council = people.council(database, now)
    round_at("planned", now, month=date(2026, 7, 1))
    needs, _ = home_of(sign_in(council.qa.id))
    assert needs == [
        ("The July round is planned, to be issued on Wed 1 July.", "Draw the sample", "/rounds/2026-07/sample")
    ]


def test_the_qa_team_sees_what_waits_for_an_answer(database, scene, now, sign_in):
    audits.declare(scene.audits[2], DeclarationKind.CONFLICT, "My neighbour.", scene.auditor, now)
    database.add(CaseImport(filename="list.xlsx", digest="1" * 64, state=CaseImportState.PREVIEWED, uploaded_at=now))
    database.flush()
    needs, _ = home_of(sign_in(scene.council.qa.id))
    assert ("1 auditor says that they can't do an audit.", "Answer", "/declarations") in needs
    assert any("uploaded on Wed 17 June and is not applied yet" in text for text, _, _ in needs)


def test_a_shortfall_is_said(database, now, sign_in):
    scene = allocated_round(database, now)
    scene.audits[0].auditor_id = None
    database.flush()
    needs, _ = home_of(sign_in(scene.council.qa.id))
    assert ("1 audit has no auditor in round 2026-06, due on Tue 30 June.", "See the shortfall",
            "/rounds/2026-06/allocation") in needs  # fmt: skip
    assert needs[0] == (
        "The June round is allocated, and was to be issued on Mon 1 June.", "Look and issue", "/rounds/2026-06/issue"
    )  # fmt: skip


def test_a_new_installation_says_where_to_begin(database, now, sign_in):
    council = people.council(database, now)
    needs, _ = home_of(sign_in(council.qa.id))
    assert [need[2] for need in needs] == ["/rounds/new"]
    needs, _ = home_of(sign_in(council.administrator.id))
    assert [need[2] for need in needs] == ["/settings/first-run"]
    assert "decisions are for your council to confirm" in needs[0][0]


def test_scrutiny_is_told_that_nothing_is_published(scene, sign_in):
    needs, page = home_of(sign_in(scene.council.scrutiny.id))
    assert needs == []
    assert "Nothing is published yet." in page
    assert "June" not in page


def test_scrutiny_reads_the_newest_report_with_one_press(scene, sign_in, now):
    rounds.close_round(scene.round, system(), now)
    edition_at(EditionState.PUBLISHED, viewer(scene.council.qa, now), now, ReportKind.SCRUTINY, Audience.COMMITTEE)
    client = sign_in(scene.council.scrutiny.id)
    (need,), page = home_of(client)
    assert need[0] == "The newest report for you: Scrutiny report, April to June 2026, published on 17 June 2026."
    assert client.get(need[2]).status_code == 200
    assert "Nothing is published yet." not in page


def test_at_most_seven_needs(database, now, sign_in):
    council = people.council(database, now)
    for month in range(7, 13):
        round_at("planned", now, month=date(2026, month, 1))
    for month in range(1, 4):
        round_at("planned", now, month=date(2027, month, 1))
    needs, _ = home_of(sign_in(council.qa.id))
    assert len(needs) == MOST
    assert "July" in needs[0][0]


def test_a_closed_round_needs_nobody(scene, sign_in, clock):
    clock.now += timedelta(days=20)
    rounds.close_round(scene.round, system(), clock.now)
    needs, page = home_of(sign_in(scene.council.head_of_service.id))
    assert needs == []
    assert "June: 1 of 5 done, closed." in page


def test_a_month_that_is_over_waits_for_its_report(scene, sign_in, clock):
    clock.now += timedelta(days=20)
    rounds.close_round(scene.round, system(), clock.now)
    client = sign_in(scene.council.qa.id)
    needs, _ = home_of(client)
    said = "The June report is due on Thu 16 July and is not published."
    assert (said, "Close the month", "/reports/month/2026-06") in needs
    assert client.get("/reports/month/2026-06").status_code == 200
    edition_at(EditionState.PUBLISHED, viewer(scene.council.qa, clock.now), clock.now, month=scene.round.month)
    assert "Close the month" not in [need[1] for need in home_of(client)[0]]


@pytest.mark.parametrize("role", ["auditor", "team_manager", "qa", "administrator", "scrutiny", "director"])
def test_every_link_of_the_home_page_opens(scene, sign_in, role):
    client = sign_in(getattr(scene.council, role).id)
    page = BeautifulSoup(client.get("/").get_data(as_text=True), "html.parser")
    for link in page.select("main a, nav a"):
        assert client.get(link["href"]).status_code == 200, link["href"]


def test_the_accessibility_statement_is_for_everybody(client):
    assert client.get("/accessibility").status_code == 200


JUNE = date(2026, 6, 1)


def ask(person_id, viewer, now):
    wish = AskInput(JUNE, JUNE, Category.OTHER, "My team moves offices.", "It was said only yesterday.")
    return exemptions.ask(person_id, wish, viewer, now)


def test_a_request_waits_for_the_head_of_service_and_then_for_the_director(scene, now, sign_in):
    council = scene.council
    request = ask(council.auditor.id, scene.auditor, now)
    needs, _ = home_of(sign_in(council.head_of_service.id))
    assert (
        "Asha Okafor asks for an exemption: with you since Wed 17 June.",
        "Forward or decline",
        f"/exemptions/{request.id}",
    ) in needs
    assert not any("exemption" in text for text, _, _ in home_of(sign_in(council.head_of_service_b.id))[0])
    exemptions.forward(request, "I support it.", viewer(council.head_of_service, now), now)
    assert not any("exemption" in text for text, _, _ in home_of(sign_in(council.head_of_service.id))[0])
    needs, _ = home_of(sign_in(council.director.id))
    assert needs == [
        (
            "Asha Okafor asks for an exemption: with you since Wed 17 June.",
            "Decide",
            f"/exemptions/{request.id}",
        )
    ]
    exemptions.approve(request, "Agreed.", viewer(council.director, now), now)
    needs, _ = home_of(sign_in(council.qa.id))
    assert (
        "3 audits are still with auditors who are exempt: withdraw or reassign.",
        "See what waits",
        f"/exemptions/{request.id}",
    ) in needs


def test_several_requests_are_one_sentence_that_opens_the_oldest(scene, now, sign_in):
    first = ask(scene.council.auditor.id, scene.auditor, now)
    ask(scene.council.moderator.id, viewer(scene.council.moderator, now), now + timedelta(days=1))
    needs, _ = home_of(sign_in(scene.council.head_of_service.id))
    assert (
        "2 exemption requests wait for you, the longest since Wed 17 June.",
        "Forward or decline",
        f"/exemptions/{first.id}",
    ) in needs


def test_a_slippage_notice_waits_for_the_head_of_service_and_then_for_the_qa_team(scene, now, sign_in):
    wish = RaiseInput("Two conferences were called.", date(2026, 7, 3))
    notice = slippage.raise_notice(scene.audits[2], wish, scene.auditor, now)
    sentence = "Asha Okafor may not finish a June audit in time: with you since Wed 17 June."
    needs, _ = home_of(sign_in(scene.council.head_of_service.id))
    assert (sentence, "Look at it", f"/slippage/{notice.id}") in needs
    slippage.forward(notice, "Can you help?", viewer(scene.council.head_of_service, now), now)
    needs, _ = home_of(sign_in(scene.council.qa.id))
    assert (sentence, "Answer", f"/slippage/{notice.id}") in needs


def test_what_the_system_foresees_asks_the_auditor(scene, sign_in, clock):
    clock.now += timedelta(days=7)
    slippage.predict(clock.now)
    needs, _ = home_of(sign_in(scene.council.auditor.id))
    reference = scene.audits[2].reference
    asked = f"Your June audit {reference} may not be done in time."
    assert (asked, "Say whether it will", f"/audits/{reference}/slippage") in needs
