"""What leaders and committees do in between: filter the dashboard and open a figure, correct a meeting's record, make and
revoke a token, read the newest report. Focus goes where it helps, and each page on the way is fit for everybody."""

import pytest
from playwright.sync_api import Page, expect

from qa_app.reports.states import Audience, EditionState, ReportKind
from qa_app.rounds.operations import close_round
from tests.browser.conftest import Site
from tests.browser.hands import Keyboard
from tests.browser.ways import WAYS, Way, looked_at
from tests.factories.audits import audit_at
from tests.factories.improvement import meet, started
from tests.factories.reports import edition_at

pytestmark = pytest.mark.browser
each_way = pytest.mark.parametrize("way", WAYS.values(), ids=WAYS)


def refused(page: Page, way: Way, words: str) -> None:
    """What is missing is said first, and there is where one goes on."""
    expect(page.get_by_role("alert")).to_contain_text(words)
    if way.script:
        expect(page.locator(".govuk-error-summary")).to_be_focused()
    looked_at(page, way)


@each_way
def test_a_director_narrows_the_dashboard_and_opens_a_figure(site: Site, way: Way) -> None:
    with site.database() as session:
        people = audit_at(session, "submitted", site.clock.now, "requires_improvement").council
        director, service = people.director.id, people.service_b.name
    page, hands = way.sits_down(site, director)
    hands.press("Dashboard")
    expect(page.locator("h1")).to_have_text("Dashboard")
    looked_at(page, way)
    hands.press("Filter")
    hands.pick("Service", service)
    if way.hands is Keyboard:
        expect(page.locator(".app-chosen")).to_contain_text(service)
        expect(page.get_by_label("Service", exact=True)).to_be_focused()
    hands.press("Apply filters")
    expect(page.locator(".app-chosen")).to_contain_text(f"Service: {service}")
    expect(page.locator("main")).to_contain_text("The other figures are of this service's cases.")
    looked_at(page, way)
    hands.press("not submitted")
    expect(page.locator("h1")).to_contain_text("audits, June 2026")
    expect(page.locator(".app-chosen")).to_contain_text("State: Not submitted")
    expect(page.get_by_label("Auditor's grade")).to_be_hidden()
    looked_at(page, way)
    page.goto("/dashboard?from=2020-01&to=2020-01")
    looked_at(page, way)


@each_way
def test_a_practice_lead_corrects_the_record_of_a_meeting(site: Site, way: Way) -> None:
    with site.database() as session:
        scene, process = started(session, site.clock.now)
        meet(scene, process, site.clock.now)
        lead, path = scene.council.practice_lead.id, f"/improvement/{process.reference}"
    page, hands = way.sits_down(site, lead)
    page.goto(path)
    hands.press("Correct the record")
    expect(page.locator("h1")).to_have_text("Correct the record of the meeting")
    hands.press("Save the correction")
    refused(page, way, "Enter why you correct the record")
    hands.write("Who was there?", "The social worker and her manager")
    hands.write("Why do you correct the record?", "The Practice Lead was ill that day.")
    hands.press("Save the correction")
    expect(page.locator("#notice")).to_contain_text("The record is corrected.")
    expect(page.locator("main")).to_contain_text("The Practice Lead was ill that day.")
    looked_at(page, way)


@each_way
def test_a_token_of_the_feed_is_made_and_revoked(site: Site, way: Way) -> None:
    with site.database() as session:
        qa = audit_at(session, "submitted", site.clock.now).council.qa.id
    page, hands = way.sits_down(site, qa)
    page.goto("/feeds")
    looked_at(page, way)
    hands.press("Make the token")
    refused(page, way, "Enter")
    hands.write("What is it for?", "Power BI report for the board")
    hands.press("Make the token")
    expect(page.locator("h1")).to_have_text("Your new token")
    looked_at(page, way)
    hands.press("Back to your tokens")
    expect(page.locator("h1")).to_have_text("Feed for Power BI")
    looked_at(page, way)
    hands.press("Revoke")
    expect(page.locator("#notice")).to_contain_text("has stopped working")
    looked_at(page, way)


@each_way
def test_a_councillor_reads_the_newest_report_in_one_step(site: Site, way: Way) -> None:
    with site.database() as session:
        scene = audit_at(session, "submitted", site.clock.now, "requires_improvement")
        close_round(scene.round, scene.qa, site.clock.now)
        edition_at(EditionState.PUBLISHED, scene.qa, site.clock.now, ReportKind.SCRUTINY, Audience.COMMITTEE)
        councillor, auditor = scene.council.scrutiny.id, scene.council.auditor.id
    page, hands = way.sits_down(site, councillor)
    hands.press("Read it")
    expect(page.locator("h1")).to_contain_text("Scrutiny report, April to June 2026")
    looked_at(page, way)

    # and an auditor looks at the own grades.
    page, hands = way.sits_down(site, auditor)
    page.goto("/my-mirror")
    looked_at(page, way)
