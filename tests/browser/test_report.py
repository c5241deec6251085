"""A month's report as people live it: closed, built, written, published and corrected; read and taken away."""

from pathlib import Path

import docx
import pytest
from playwright.sync_api import Page, expect

from qa_app.rounds.operations import close_round
from tests.browser.conftest import Site
from tests.browser.test_month_end import WAYS, Way, looked_at
from tests.factories.audits import audit_at

pytestmark = pytest.mark.browser


@pytest.fixture
def given(site: Site) -> tuple[int, int, int]:
    """June is over, with one audit submitted. Who reports, who reads, and the committee's member."""
    with site.database() as session:
        scene = audit_at(session, "submitted", site.clock.now, "requires_improvement")
        close_round(scene.round, scene.qa, site.clock.now)
        people = scene.council
        return people.qa.id, people.director.id, people.scrutiny.id


def arrived(page: Page, heading: str, way: Way) -> None:
    """At the page with this heading, which is fit for everybody."""
    expect(page.get_by_role("heading", name=heading, level=1)).to_be_visible()
    looked_at(page, way)


@pytest.mark.parametrize("way", WAYS.values(), ids=WAYS)
def test_from_a_closed_month_to_a_report_that_is_read(
    site: Site, given: tuple[int, int, int], way: Way, tmp_path: Path
) -> None:
    qa, director, scrutiny = given
    # Given a month that is over, whose report is built and written beside
    page, hands = way.sits_down(site, qa)
    page.goto("/reports/month/2026-06")
    arrived(page, "Close June 2026", way)
    hands.press("Build the monthly report")
    arrived(page, "Make a report", way)
    hands.press("Build it")
    arrived(page, "Monthly report, June 2026", way)
    hands.press("Write beside the figures")
    arrived(page, "Your words: Monthly report, June 2026", way)
    hands.write("What the grades say, and what is behind them", "Risk is graded lower than in spring.")
    hands.press("Save and read the report")
    expect(page.get_by_text("Risk is graded lower than in spring.")).to_be_visible()

    # when it is published
    hands.press("Publish")
    arrived(page, "Publish: Monthly report, June 2026", way)
    hands.press("Publish the report")
    expect(page.get_by_text("Its figures and your words are fixed from now on.")).to_be_visible()

    # then the Director reads it and takes it away, two steps from home
    page, hands = way.sits_down(site, director)
    page.goto("/reports")
    arrived(page, "Reports", way)
    with page.expect_download() as file:
        page.locator("a[href='/reports/monthly-2026-06-internal/word']").click()
    file.value.save_as(tmp_path / "june.docx")
    said = [one.text for one in docx.Document(tmp_path / "june.docx").paragraphs]
    assert "Risk is graded lower than in spring." in said

    # and the committee sees nothing of it
    page, hands = way.sits_down(site, scrutiny)
    page.goto("/reports")
    expect(page.get_by_text("A report stands here as soon as it is published.")).to_be_visible()
    looked_at(page, way)
