"""Nobody is signed out without a warning that keeps them where they are (WCAG 2.2.1)."""

import re
from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect

from qa_app.audits.models import SectionAnswer
from qa_app.core.database import db
from tests.browser.conftest import Site, assert_accessible
from tests.factories.audits import audit_at

pytestmark = pytest.mark.browser

STAY = "Stay signed in"


@pytest.fixture
def people(site: Site) -> dict[str, int]:
    """Who signs in, and the first section's page of the auditor's audit."""
    with site.app.app_context():
        scene = audit_at(db.session, "in_progress", site.clock.now)
        found = {name: getattr(scene.council, name).id for name in ("auditor", "qa", "administrator")}
        db.session.commit()
        db.session.remove()
    return found


def opened(site: Site, person_id: int, address: str = "/", *, page: Page | None = None) -> Page:
    """A page whose clock stands still until `rest`."""
    page = page or site.person(person_id)
    page.clock.install(time=site.clock.now)
    page.goto(address)
    return page


def rest(site: Site, page: Page, minutes: int) -> None:
    """Nobody does anything for a time, on the server as in the browser."""
    site.clock.now += timedelta(minutes=minutes)
    page.clock.fast_forward(minutes * 60_000)


def warning(page: Page):
    return page.locator("#notice .app-message--timeout")


@pytest.mark.parametrize(("role", "idle"), [("auditor", 60), ("administrator", 30)])
def test_two_minutes_before_the_end_one_can_stay(site: Site, people: dict[str, int], role: str, idle: int) -> None:
    page = opened(site, people[role])
    rest(site, page, idle - 3)
    expect(warning(page)).to_have_count(0)
    rest(site, page, 1)
    expect(warning(page)).to_contain_text(re.compile(r"You will be signed out at \d\d:\d\d\."))
    assert_accessible(page)
    page.get_by_role("button", name=STAY).click()
    expect(warning(page)).to_have_count(0)
    expect(page.locator("#announce")).to_have_text("You stay signed in.")
    rest(site, page, idle - 3)
    expect(warning(page)).to_have_count(0)
    assert page.request.get("/account", max_redirects=0).status == 200


def test_staying_changes_nothing_on_the_page_and_autosave_does_not_extend(site: Site, people: dict[str, int]) -> None:
    page = opened(site, people["auditor"], "/audits/2026-06/1/sections/risk")
    strengths = page.get_by_label("Strengths")
    strengths.fill("")
    for words in ("She was seen alone.", " The plan is clear."):
        expect(warning(page)).to_have_count(0)
        rest(site, page, 29)
        strengths.press_sequentially(words)
        page.clock.run_for(2_000)
        expect(page.locator("[data-saved]")).to_contain_text("Saved at")
    expect(warning(page)).to_be_visible()
    button = page.get_by_role("button", name=STAY)
    strengths.focus()
    button.click()
    expect(warning(page)).to_have_count(0)
    expect(strengths).to_be_focused()
    expect(strengths).to_have_value("She was seen alone. The plan is clear.")
    with site.app.app_context():
        kept = db.session.query(SectionAnswer.strengths).all()
        db.session.remove()
    assert ("She was seen alone. The plan is clear.",) in [tuple(row) for row in kept]


def test_whoever_does_not_stay_is_told_and_keeps_the_text(site: Site, people: dict[str, int]) -> None:
    page = opened(site, people["auditor"], "/audits/2026-06/1/declare")
    page.get_by_label("Tell the QA team more").fill("I know the family.")
    rest(site, page, 58)
    expect(warning(page)).to_contain_text(STAY)
    rest(site, page, 2)
    expect(warning(page)).to_contain_text("You have been signed out.")
    expect(page.get_by_role("button", name=STAY)).to_have_count(0)
    expect(page.get_by_label("Tell the QA team more")).to_have_value("I know the family.")
    assert_accessible(page)
    assert page.request.get("/account", max_redirects=0).status == 401


def test_a_tab_at_rest_says_nothing_while_another_is_used(site: Site, people: dict[str, int]) -> None:
    resting = opened(site, people["qa"])
    rest(site, resting, 50)
    used = opened(site, people["qa"], "/declarations", page=resting.context.new_page())
    with resting.expect_response("**/account/stay"):
        rest(site, resting, 8)
    expect(warning(resting)).to_have_count(0)
    used.clock.fast_forward(8 * 60_000)
    rest(site, resting, 50)
    expect(warning(resting)).to_be_visible()


def test_after_twelve_hours_there_is_no_staying(site: Site, people: dict[str, int]) -> None:
    page = site.person(people["qa"])
    for _ in range(14):
        site.clock.now += timedelta(minutes=50)
        assert page.request.get("/account").status == 200
    opened(site, people["qa"], page=page)
    rest(site, page, 18)
    expect(warning(page)).to_contain_text("because you signed in long ago")
    expect(page.get_by_role("button", name=STAY)).to_have_count(0)


def test_without_a_connection_the_warning_stays_and_says_so(site: Site, people: dict[str, int]) -> None:
    page = opened(site, people["qa"])
    page.context.set_offline(True)
    rest(site, page, 58)
    page.get_by_role("button", name=STAY).click()
    expect(warning(page)).to_contain_text("There is no connection.")
    page.context.set_offline(False)
    page.get_by_role("button", name=STAY).click()
    expect(warning(page)).to_have_count(0)
