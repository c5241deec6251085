"""A follow-up as people live it: an owner says what was done, the QA team judges it and publishes, and nothing is lost."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Site
from tests.browser.test_month_end import WAYS, Way, looked_at
from tests.factories.recommendations import report_of

pytestmark = pytest.mark.browser


@pytest.fixture
def given(site: Site) -> tuple[int, int, str]:
    """A report with two recommendations; the first is the service manager's. Who owns it, who judges, and its page."""
    with site.database() as session:
        followed = report_of(session, site.clock.now, 2)
        people = followed.council
        return people.service_manager.id, people.qa.id, followed.path


def arrived(page: Page, heading: str, way: Way) -> None:
    """At the page with this heading, which is fit for everybody."""
    expect(page.get_by_role("heading", name=heading, level=1)).to_be_visible()
    looked_at(page, way)


@pytest.mark.parametrize("way", WAYS.values(), ids=WAYS)
def test_from_what_an_owner_says_to_a_published_follow_up(site: Site, given: tuple[int, int, str], way: Way) -> None:
    owner, qa, path = given
    # Given an owner whose home page says that a recommendation is due, and who says that it is done
    page, hands = way.sits_down(site, owner)
    hands.press("Say what was done")
    arrived(page, "Recommendation 1", way)
    hands.write("What was done?", "All managers are trained.")
    hands.tick("This recommendation is done")
    hands.press("Save")
    expect(page.get_by_text("The next follow-up audit looks at it.")).to_be_visible()

    # when the QA team begins a follow-up and judges one after the other
    page, hands = way.sits_down(site, qa)
    page.goto(path)
    arrived(page, "Response to inadequate audits", way)
    page.goto(f"{path}/follow-ups/new")
    hands.press("Begin the follow-up")
    arrived(page, "Follow-up of R-0001", way)
    hands.press("1. Improve step 1.")
    arrived(page, "Recommendation 1", way)
    expect(page.get_by_text("All managers are trained.")).to_be_visible()
    hands.choose("How far is it implemented?", "Fully implemented")
    hands.write("What shows it?", "The register of training.")
    hands.press("Save and next")
    expect(page.get_by_role("heading", name="Recommendation 2")).to_be_visible()
    hands.choose("How far is it implemented?", "Not implemented")
    hands.write("What shows it?", "Nobody could show anything.")
    hands.press("Save and next")
    arrived(page, "Date, period and summary", way)
    hands.write("Summary", "One of two is done.")
    hands.press("Save and go back to the list")
    expect(page.get_by_role("heading", name="Follow-up of R-0001")).to_be_visible()
    hands.press("Check and publish")
    arrived(page, "Check and publish", way)
    hands.press("Publish the follow-up")
    expect(page.get_by_text("Published. Owners, Heads of Service")).to_be_visible()
    arrived(page, "Follow-up of R-0001", way)

    # then each figure opens its rows
    page.goto(path)
    expect(page.get_by_role("row", name="Now")).to_contain_text("1")
    hands.press("1 not implemented, Now")
    page.wait_for_url(f"**{path}?outcome=not")
    expect(page.get_by_text("Improve step 2.")).to_be_visible()
    expect(page.get_by_text("Improve step 1.")).to_have_count(0)
    looked_at(page, way)


def test_what_is_typed_is_saved_by_itself_and_two_tabs_see_each_other(site: Site, given: tuple[int, int, str]) -> None:
    _, qa, path = given
    page = site.person(qa)
    page.goto(f"{path}/follow-ups/new")
    page.get_by_role("button", name="Begin the follow-up").click()
    page.goto(f"{path}/follow-ups/1/1")
    other = site.tab(page)
    other.goto(f"{path}/follow-ups/1/1")
    page.get_by_label("What shows it?").fill("Words of the first tab.")
    expect(page.locator("[data-saved]")).to_contain_text("Saved at", timeout=10_000)
    other.get_by_label("What shows it?").fill("Words of the other tab.")
    expect(other.get_by_role("heading", name="This was changed somewhere else")).to_be_visible(timeout=10_000)
    expect(other.locator("#conflict")).to_contain_text("Words of the first tab.")
    other.get_by_role("button", name="Save my words instead").click()
    page.goto(f"{path}/follow-ups/1/1")
    expect(page.get_by_label("What shows it?")).to_have_value("Words of the other tab.")
