"""A long inspection pack as its page shows it: it can be left, says how far it is, and is there when it is made."""

from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import update

from qa_app.inspection import running
from qa_app.inspection.models import InspectionPack
from tests.browser.conftest import Site, assert_accessible
from tests.factories.audits import audit_at

pytestmark = pytest.mark.browser


@pytest.fixture
def qa(site: Site, monkeypatch: pytest.MonkeyPatch) -> int:
    """Every pack is long, and nothing makes it until the story does. Who asks for one."""
    monkeypatch.setattr(running, "QUICK", -1)
    site.app.config["START_MAKER"] = lambda _pack_id: None
    with site.database() as session:
        return audit_at(session, "submitted", site.clock.now).council.qa.id


def begun(site: Site, qa: int, *, script: bool = True) -> Page:
    """The page, where a pack is being made, and is 40% done."""
    page = site.person(qa, script=script)
    page.goto("/inspection?first=2026-06&last=2026-06")
    page.get_by_role("button", name="Make the pack").click()
    expect(page.get_by_text("You can leave this page and come back.").first).to_be_visible()
    expect(page.get_by_role("link", name="Download as Excel")).to_have_count(0)
    with site.database() as session:
        session.execute(update(InspectionPack).values(progress=40))
    return page


def make(site: Site) -> None:
    """Do what the process does."""
    with site.app.app_context():
        running.run_maker(1, site.clock)


def test_the_page_follows_a_pack_until_it_is_made(site: Site, qa: int) -> None:
    page = begun(site, qa)
    expect(page.get_by_text("40% made")).to_be_visible()
    expect(page.locator("#announce")).to_have_text("1 pack is being made: 40% done.")
    assert_accessible(page)
    chosen = page.get_by_label("From")
    chosen.focus()
    make(site)
    expect(page.get_by_role("link", name="Download as Excel")).to_be_visible()
    expect(page.locator("#packs-progress")).to_have_count(0)
    expect(chosen).to_be_focused()
    assert_accessible(page)


def test_a_pack_whose_maker_died_is_offered_again_by_itself(site: Site, qa: int) -> None:
    page = begun(site, qa)
    site.clock.now += timedelta(minutes=3)
    expect(page.get_by_text("Not made: its making stopped at 40%.")).to_be_visible()
    assert_accessible(page)
    page.get_by_role("button", name="Make it again").click()
    expect(page.locator("#packs-progress")).to_contain_text("0% done")
    make(site)
    expect(page.get_by_role("link", name="Download as Excel")).to_be_visible()


def test_without_script_one_looks_again(site: Site, qa: int) -> None:
    page = begun(site, qa, script=False)
    page.get_by_role("link", name="Look again").click()
    expect(page.get_by_text("40% made")).to_be_visible()
    make(site)
    page.get_by_role("link", name="Look again").click()
    with page.expect_download() as download:
        page.get_by_role("link", name="Download as Excel").click()
    assert download.value.suggested_filename == "inspection-2026-06-to-2026-06-1.xlsx"
