"""Month end as people live it: an exemption asked for, forwarded and decided; an audit that slips and is helped."""

from dataclasses import dataclass

import pytest
from playwright.sync_api import expect
from sqlalchemy import select

from qa_app.access.viewer import system
from qa_app.audits import operations as audits
from qa_app.audits.models import Audit
from tests.browser.conftest import Site
from tests.browser.hands import Steps
from tests.browser.ways import WAYS, Way, looked_at
from tests.factories.audits import issued_round

pytestmark = pytest.mark.browser

STATEMENT = "I give evidence at two final hearings."


@dataclass(frozen=True)
class Given:
    """The ids of people of an issued round of June, and an audit of the auditor's."""

    auditor: int
    head_of_service: int
    director: int
    qa: int
    reference: str


@pytest.fixture
def given(site: Site) -> Given:
    """Audits of June are issued; it is the 17th."""
    with site.database() as session:
        scene = issued_round(session, site.clock.now)
        people = scene.council
        return Given(
            people.auditor.id, people.head_of_service.id, people.director.id, people.qa.id, scene.audit.reference
        )


@pytest.mark.parametrize("way", WAYS.values(), ids=WAYS)
def test_an_exemption_is_asked_for_forwarded_and_approved(site: Site, given: Given, way: Way) -> None:
    # Given an auditor who opens the link of a reminder
    page, hands = way.sits_down(site, given.auditor)
    page.goto("/exemptions/ask?month=2026-06")
    looked_at(page, way)

    # when nothing is chosen yet, the page says what is missing and keeps what was typed
    hands.write("Your statement", STATEMENT)
    hands.press("Continue")
    expect(page.get_by_role("alert")).to_contain_text("Choose")
    expect(page.get_by_label("Your statement")).to_have_value(STATEMENT)
    looked_at(page, way)

    # and when they have said why, checked and sent it
    hands.choose("Why do you ask?", "Unusually high statutory work")
    hands.press("Continue")
    expect(page.locator("h1")).to_contain_text("Check your request and send it")
    looked_at(page, way)
    hands.press("Send the request")
    expect(page.locator("main")).to_contain_text("With Head of Service")
    looked_at(page, way)

    # then their Head of Service finds it at home, reads the statement and forwards it
    page, hands = way.sits_down(site, given.head_of_service)
    hands.press("Forward or decline")
    expect(page.locator("main")).to_contain_text(STATEMENT)
    looked_at(page, way)
    hands.press("Forward")
    expect(page.locator("main")).to_contain_text("With Director")

    # and the Director approves it with a reason
    page, hands = way.sits_down(site, given.director)
    hands.press("Decide")
    expect(page.locator("main")).to_contain_text(STATEMENT)
    hands.press("Approve")
    expect(page.get_by_role("alert")).to_contain_text("Enter")
    hands.write("Reason", "Agreed for this month.")
    hands.press("Approve")
    expect(page.locator("#notice")).to_contain_text("Approved")
    looked_at(page, way)

    # and the QA team is told what waits, without the statement.
    page, hands = way.sits_down(site, given.qa)
    hands.press("See what waits")
    expect(page.locator("h1")).to_contain_text("June")
    expect(page.locator("main")).to_contain_text(given.reference)
    expect(page.locator("main")).not_to_contain_text(STATEMENT)
    looked_at(page, way)


@pytest.mark.parametrize("way", WAYS.values(), ids=WAYS)
def test_an_audit_that_may_slip_is_said_and_helped(site: Site, given: Given, way: Way) -> None:
    # Given an auditor who says that an audit may be late
    page, hands = way.sits_down(site, given.auditor)
    page.goto(f"/audits/{given.reference}/slippage")
    looked_at(page, way)
    hands.write("Why may you not finish in time?", "Two conferences were called.")
    for part, number in (("Day", "3"), ("Month", "7"), ("Year", "2026")):
        hands.write(part, number)
    hands.press("Send")
    expect(page.locator("#notice")).to_be_visible()
    looked_at(page, way)

    # when the Head of Service forwards it
    page, hands = way.sits_down(site, given.head_of_service)
    hands.press("Look at it")
    expect(page.locator("main")).to_contain_text("Two conferences were called.")
    looked_at(page, way)
    hands.write("What do you ask the QA team for?", "Somebody for the second conversation.")
    hands.press("Forward to the QA team")
    expect(page.locator("main")).to_contain_text("With QA team")

    # then the QA team answers, and the auditor sees what.
    page, hands = way.sits_down(site, given.qa)
    hands.press("Answer")
    expect(page.locator("main")).to_contain_text("Two conferences were called.")
    looked_at(page, way)
    hands.choose("What happens now?", "Capacity is found: this auditor gets the time or the help")
    hands.write("What should the auditor know?", "The lead auditor sits with you on Thursday.")
    hands.press("Send answer")
    expect(page.locator("main")).to_contain_text("Resolved")
    looked_at(page, way)


def test_the_everyday_tasks_of_month_end_take_few_steps(site: Site, given: Given) -> None:
    # Given people at their home pages, an auditor with two audits among them:
    with site.database() as session:
        mine = session.scalars(select(Audit).where(Audit.auditor_id == given.auditor).order_by(Audit.id)).all()
        for audit in mine[2:]:
            audits.withdraw_audit(audit, "Closed.", system(), site.clock.now)

    # to raise slippage takes two steps, the sending included
    page = site.person(given.auditor)
    page.goto("/")
    steps = Steps(page)
    steps.press(f"I may not finish {given.reference} in time")
    page.get_by_label("Why may you not finish in time?").fill("Two conferences were called.")
    for part, number in (("Day", "3"), ("Month", "7"), ("Year", "2026")):
        page.get_by_label(part, exact=True).fill(number)
    steps.press("Send")
    expect(page.locator("#notice")).to_be_visible()
    assert steps.taken == 2

    # to ask for an exemption three
    page.goto("/")
    steps = Steps(page)
    steps.press("Ask for an exemption")
    page.get_by_role("group", name="Why do you ask?").get_by_role("radio").first.check()
    page.get_by_label("Your statement").fill(STATEMENT)
    steps.press("Continue")
    steps.press("Send the request")
    expect(page.locator("main")).to_contain_text("With Head of Service")
    assert steps.taken == 3

    # and to forward it two, and to decide it two.
    for person_id, opens, acts in (
        (given.head_of_service, "Forward or decline", "Forward"),
        (given.director, "Decide", "Refuse"),
    ):
        page = site.person(person_id)
        page.goto("/")
        steps = Steps(page)
        steps.press(opens)
        page.get_by_label("Reason").or_(page.get_by_label("Note")).first.fill("Seen.")
        steps.press(acts)
        expect(page.locator("#notice")).to_be_visible()
        assert steps.taken == 2
