"""An auditor's audit from the home page to its submission, whatever happens on the way."""

import re
from dataclasses import dataclass
from datetime import timedelta

import pytest
from playwright.sync_api import APIResponse, Page, Route, expect

from qa_app.signin.models import Account
from qa_app.signin.passwords import make_hash
from tests.browser.conftest import Site, assert_accessible
from tests.browser.hands import Hands, Keyboard, Mouse, Steps
from tests.factories.audits import audit_at
from tests.factories.people import email_of

pytestmark = pytest.mark.browser

WEAK = "Risk assessment and management"
"""The one section that finds a weakness; it affects the child now."""

ACTION = "See the father this week"
PASSWORD = "heron lantern gravel oboe"


@dataclass(frozen=True)
class Given:
    """An audit of an issued round, and by what its auditor and the QA officer sign in."""

    reference: str
    path: str
    auditor: int
    qa: int


def audit_of(site: Site, state: str) -> Given:
    """A round of which the auditor has four audits, the first of them at a state."""
    with site.database() as session:
        scene = audit_at(session, state, site.clock.now)
        return Given(scene.audit.reference, scene.path, scene.council.auditor.id, scene.council.qa.id)


def heading(page: Page) -> str:
    """The page's heading."""
    return page.locator("h1").inner_text()


def fill_in(hands: Hands) -> None:
    """From the first section to the check of answers."""
    page = hands.page
    while (title := heading(page)) != "Conversations":
        fill_section(hands, title)
        hands.press("Save and next section")
        expect(page.locator("h1")).not_to_have_text(title)
    hands.choose("Did you talk with the social worker?", "Yes")
    hands.write("What did you learn from the social worker?", "She sees the child every week.")
    hands.choose("Did you talk with a parent or carer?", "Yes")
    hands.write("What did you learn from the parent or carer?", "He was not asked before.")
    hands.choose("Did you talk with the child?", "No")
    hands.write("Why did you not talk with the child?", "The child did not want to.")
    hands.press("Save and go on")
    expect(page.locator("h1")).to_have_text("Overall grade")
    hands.choose("Overall grade", "Requires improvement")
    hands.write("Reasons for the overall grade", "The child is seen, but the risk is not written down.")
    hands.press("Save and check answers")
    expect(page.locator("h1")).to_have_text("Check your answers")


def fill_section(hands: Hands, title: str) -> None:
    """One section; the weak one with an action."""
    hands.choose("Grade", "Requires improvement" if title == WEAK else "Good")
    if title != WEAK:
        return
    hands.write("Strengths", "The first visit was in time.")
    hands.write("Areas for improvement", "The risk from the cousin is not weighed.")
    hands.choose("Does a weakness affect the child now?", "Yes")
    hands.press("Add an action")
    expect(hands.page.locator("h1")).to_have_text("Add an action")
    hands.write("What should be done?", ACTION)
    hands.pick("Who will do it?", "Eleri")
    for part, number in (("Day", "24"), ("Month", "6"), ("Year", "2026")):
        hands.write(part, number)
    hands.tick("Immediate: a child may be at risk now")
    hands.press("Add action")
    expect(hands.page.locator("h1")).to_have_text(WEAK)
    expect(hands.page.locator("main")).to_contain_text(f"{ACTION} (Eleri Sandhu, by Wed 24 June) Immediate")


def submit(hands: Hands) -> None:
    """Declare and submit."""
    hands.tick("I have read this child's file, and these answers are my own judgement")
    hands.press("Submit audit")
    expect(hands.page.locator("#notice")).to_contain_text("Submitted.")


def test_an_audit_by_keyboard_alone(site: Site) -> None:
    given = audit_of(site, "allocated")

    # Given an auditor who has not begun, when she follows the one link on her home page
    page = site.person(given.auditor)
    hands = Keyboard(page)
    page.goto("/")
    expect(page.locator("main")).to_contain_text("Your 4 June audits are due on Tue 30 June: 0 begun, 4 not started.")
    hands.press("Start")

    # then she is at the list of sections, and what she writes is saved as she writes it
    expect(page.locator("h1")).to_have_text(f"Audit {given.reference}")
    hands.press("Referral and response")
    expect(page.locator("h1")).to_have_text("Referral and response")
    hands.write("Strengths", "The referral was answered on the day.")
    expect(page.locator("[data-saved]")).to_have_text("Saved at 10:30")

    # and when she fills in everything and submits, it is read-only for her
    fill_in(hands)
    assert_accessible(page)
    expect(page.locator("main")).not_to_contain_text("Still missing")
    submit(hands)
    expect(page.locator("main")).to_contain_text(f"{ACTION} Eleri Sandhu, by 24 June 2026. Immediate")
    expect(page.locator("main textarea, main input")).to_have_count(0)

    # When the QA team returns it with a comment
    officer = site.person(given.qa)
    officer.goto(given.path)
    Mouse(officer).press("Return it to the auditor")
    Mouse(officer).write("What should the auditor look at again?", "Say more on the risk from the cousin.")
    Mouse(officer).press("Return to the auditor")
    expect(officer.locator("#notice")).to_contain_text("Returned.")

    # then the auditor reads the comment one click from home, changes what was asked for and submits again
    page.goto("/")
    hands.press("Read the comment")
    expect(page.locator("main")).to_contain_text("Say more on the risk from the cousin.")
    hands.press(WEAK)
    expect(page.locator("h1")).to_have_text(WEAK)
    hands.write("Areas for improvement", "The cousin has moved out, and nobody has weighed what that means.")
    hands.press("Save and go back to the list")
    expect(page.locator("h1")).to_have_text(f"Audit {given.reference}")
    hands.press("Check and submit")
    expect(page.locator("h1")).to_have_text("Check your answers")
    submit(hands)

    # and both versions can be read.
    officer.goto(given.path)
    expect(officer.locator("main")).to_contain_text("The cousin has moved out")
    Mouse(officer).press("Version 1")
    expect(officer.locator("main")).to_contain_text("The risk from the cousin is not weighed.")


def test_an_audit_without_script(site: Site) -> None:
    given = audit_of(site, "allocated")
    page = site.person(given.auditor, script=False)
    hands = Mouse(page)
    page.goto("/")
    hands.press("Start")
    hands.press("Referral and response")
    fill_in(hands)
    submit(hands)
    expect(page.locator("main textarea, main input")).to_have_count(0)


def test_two_tabs_on_one_section_lose_nothing(site: Site) -> None:
    # Given a section open in two tabs
    given = audit_of(site, "in_progress")
    first = site.person(given.auditor)
    address = f"{given.path}/sections/planning"
    first.goto(address)
    second = site.tab(first)
    second.goto(address)

    # when each is written in, then the second shows both texts and has overwritten nothing
    first.get_by_label("Strengths").fill("The plan names who does what.")
    expect(first.locator("[data-saved]")).to_have_text("Saved at 10:30")
    second.get_by_label("Strengths").fill("The plan is clear.")
    expect(second.locator("#conflict")).to_contain_text("The plan names who does what.")
    expect(second.locator("#conflict")).to_be_focused()
    expect(second.get_by_label("Strengths")).to_have_value("The plan is clear.")
    assert_accessible(second)

    # and when the writer puts both together and keeps that, then that is what is saved.
    both = "The plan is clear, and names who does what."
    second.get_by_label("Strengths").fill(both)
    second.get_by_role("button", name="Save my words instead").click()
    expect(second.locator("h1")).to_have_text(f"Audit {given.reference}")
    first.goto(address)
    expect(first.get_by_label("Strengths")).to_have_value(both)


def test_a_sign_in_that_expires_while_typing_loses_nothing(site: Site) -> None:
    # Given an auditor with a section open, whose sign-in has expired
    given = audit_of(site, "in_progress")
    with site.database() as session:
        account = session.query(Account).filter_by(person_id=given.auditor).one()
        account.password_hash = make_hash(PASSWORD)
    page = site.person(given.auditor)
    page.goto(f"{given.path}/sections/planning")
    site.clock.now += timedelta(minutes=61)

    # when she writes on and presses the button, then her text stays on the page, which says what to do
    page.get_by_label("Strengths").fill("The plan names who does what.")
    page.get_by_role("button", name="Save and next section").click()
    expect(page.locator("[data-saved]")).to_contain_text("Not saved: you have been signed out.")
    expect(page.get_by_label("Strengths")).to_have_value("The plan names who does what.")
    assert_accessible(page)

    # and when she signs in again in another tab, then her text is saved by itself.
    with page.expect_popup() as opened:
        page.get_by_role("link", name="Sign in again").click()
    again = opened.value
    again.get_by_label("Work email").fill(email_of("Asha Okafor"))
    again.get_by_label("Password").fill(PASSWORD)
    again.get_by_role("button", name="Sign in", exact=True).click()
    expect(again.locator("header")).to_contain_text("Asha Okafor")
    page.bring_to_front()
    expect(page.locator("[data-saved]")).to_have_text("Saved at 11:31")
    page.get_by_role("button", name="Save and next section").click()
    expect(page.locator("h1")).to_have_text("Review")


def test_a_button_waits_for_a_save_under_way(site: Site) -> None:
    # Given a slow network: a save has reached the server, and its answer is still on the way
    given = audit_of(site, "in_progress")
    page = site.person(given.auditor)
    page.goto(f"{given.path}/sections/planning")
    held: list[tuple[Route, APIResponse]] = []

    def hold(route: Route) -> None:
        held.append((route, route.fetch()))

    page.route("**/sections/planning", hold, times=1)
    page.get_by_label("Good", exact=True).check()
    expect(page.locator("[data-saved]")).to_have_text("Saving…")

    # when the auditor writes on and presses the button before the answer comes
    page.get_by_label("Strengths").press_sequentially("Written while saving.")
    page.get_by_role("button", name="Save and next section").click()
    [(route, answer)] = held
    route.fulfill(response=answer)

    # then the section does not clash with itself, and all of it is saved.
    expect(page.locator("h1")).to_have_text("Review")
    page.goto(f"{given.path}/sections/planning")
    expect(page.get_by_label("Strengths")).to_have_value("Written while saving.")
    expect(page.get_by_label("Good", exact=True)).to_be_checked()


def test_everyday_tasks_of_an_auditor_take_few_steps(site: Site) -> None:
    given = audit_of(site, "in_progress")
    page = site.person(given.auditor)
    page.goto("/")

    # Open my next audit: one step from home.
    steps = Steps(page)
    steps.press("Continue")
    expect(page.locator("h1")).to_have_text(f"Audit {given.reference}")
    assert steps.taken == 1

    # Save a section: one step.
    page.goto(f"{given.path}/sections/planning")
    page.get_by_label("Strengths").fill("The plan names who does what.")
    steps = Steps(page)
    steps.press("Save and next section")
    expect(page.locator("h1")).to_have_text("Review")
    assert steps.taken == 1


def test_a_section_on_a_narrow_screen(site: Site) -> None:
    given = audit_of(site, "in_progress")
    page = site.person(given.auditor, width=320)
    for address in ("/my-audits", given.path, f"{given.path}/sections/planning", f"{given.path}/check"):
        page.goto(address)
        assert_accessible(page)
    page.goto(f"{given.path}/sections/planning")
    page.get_by_label("Strengths").fill("The plan names who does what.")
    expect(page.locator("[data-saved]")).to_have_text(re.compile("Saved at"))
