"""A moderation from home to the feedback, blind; a dispute; and a calibration set: on a wide screen and a narrow one."""

import pytest
from playwright.sync_api import Page, expect

from qa_app.calibration import operations as calibration
from tests.browser.conftest import Site, assert_accessible
from tests.factories.calibration import calibrating
from tests.factories.moderation import DISPUTED, moderation_at

pytestmark = pytest.mark.browser

WIDTHS = (1280, 320)


def looks_right(page: Page) -> None:
    """Accessible, and no wider than the screen, at both widths."""
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        assert_accessible(page)
    page.set_viewport_size({"width": 1280, "height": 900})


def press(page: Page, words: str) -> None:
    page.locator("button:visible, a:visible, summary:visible").filter(has_text=words).first.click()


def grade_everything(page: Page, grade: str) -> None:
    """Choose one grade for every section and overall, and say why."""
    for group in page.get_by_role("group").all():
        group.get_by_role("radio", name=grade, exact=True).check()
    page.get_by_label("Your reasons").fill("Sound work, and the file shows it.")


@pytest.mark.parametrize("script", [True, False], ids=["with script", "without"])
def test_a_blind_moderation_from_home_to_its_end(site: Site, script: bool) -> None:
    with site.database() as session:
        made = moderation_at(session, "waiting", site.clock.now)
        people, path = made.scene.council, made.path
        moderator, auditor, feedback = people.moderator.id, people.auditor.id, f"{made.scene.path}/feedback"
    page = site.person(moderator, script=script)
    page.goto("/")
    press(page, "Moderate")
    expect(page.locator("h1")).to_contain_text("Moderation of audit")
    assert "Seen alone, in time." not in page.content()
    if script:
        looks_right(page)
    grade_everything(page, "Good")
    if script:
        expect(page.locator("[data-saved]")).to_contain_text("Saved at")
    press(page, "Save and check")
    expect(page.locator("h1")).to_contain_text("Check and lock your grades")
    if script:
        looks_right(page)
    press(page, "Lock my grades")
    expect(page.locator("body")).to_contain_text("Seen alone, in time.")
    if script:
        looks_right(page)
    for box in page.get_by_label("Why, for").all():
        box.fill("I read it differently.")
    page.get_by_label("Feedback for the auditor").fill("Well observed.")
    press(page, "Save and check")
    expect(page.locator("h1")).to_contain_text("Check and finish")
    if script:
        looks_right(page)
    press(page, "Finish this moderation")
    expect(page.locator("body")).to_contain_text("The auditor is told by mail")
    assert page.url.endswith(path)
    if script:
        looks_right(page)
        reader = site.person(auditor)
        reader.goto(feedback)
        looks_right(reader)
        press(reader, "I have read it and accept it")
        expect(reader.locator("body")).to_contain_text("Accepted.")


def test_a_dispute_and_the_panel_s_decision(site: Site) -> None:
    with site.database() as session:
        made = moderation_at(session, "moderated", site.clock.now)
        people, audit, path = made.scene.council, made.scene.path, made.path
        ids = {name: getattr(people, name).id for name in ("auditor", "qa")}
    page = site.person(ids["auditor"])
    page.goto(f"{audit}/feedback")
    press(page, "Dispute the grade")
    press(page, "Send to the panel")
    expect(page.get_by_role("alert")).to_contain_text("Enter why you dispute the grade")
    looks_right(page)
    page.get_by_label("Why do you dispute this grade?").fill(DISPUTED)
    press(page, "Send to the panel")
    expect(page.locator("body")).to_contain_text("brings the moderation panel together")
    qa = site.person(ids["qa"])
    qa.goto("/")
    press(qa, "Record its decision")
    press(qa, "Record the decision")
    expect(qa.get_by_role("alert")).to_be_visible()
    looks_right(qa)
    for part, value in (("day", "17"), ("month", "6"), ("year", "2026")):
        qa.locator(f"[name=on-{part}]").fill(value)
    for name in ("Nia Fairclough", "Kavita Rowntree"):
        qa.get_by_role("checkbox", name=name).check()
    qa.get_by_role("radio", name="Good", exact=True).check()
    qa.get_by_label("The panel's reasons").fill("The file shows it.")
    press(qa, "Record the decision")
    expect(qa.locator("body")).to_contain_text("The grade is final")
    assert qa.url.endswith(path)
    looks_right(qa)


def test_the_queue_and_another_moderator(site: Site) -> None:
    with site.database() as session:
        made = moderation_at(session, "in_progress", site.clock.now)
        path, qa = made.path, made.scene.council.qa.id
    page = site.person(qa)
    page.goto("/moderation")
    looks_right(page)
    page.goto(path)
    press(page, "Give it to another moderator")
    expect(page.locator("h1")).to_contain_text("Give it to another moderator")
    looks_right(page)
    page.get_by_label("New moderator").select_option(index=1)
    press(page, "Give it to them")
    expect(page.locator("body")).to_contain_text("Uma Farrow")


def test_a_calibration_set(site: Site) -> None:
    with site.database() as session:
        made = calibrating(session, site.clock.now)
        moderator, lead, _ = made.people()
        made.grade(moderator, "inadequate")
        set_id, lead_id, qa = made.set.id, lead.id, made.scene.council.qa.id
    page = site.person(lead_id)
    page.goto("/")
    press(page, "Grade it")
    expect(page.locator("h1")).to_contain_text("July")
    looks_right(page)
    grade_everything(page, "Good")
    expect(page.locator("[data-saved]")).to_contain_text("Saved at")
    press(page, "Save and check")
    expect(page.locator("h1")).to_contain_text("Check and hand in")
    looks_right(page)
    press(page, "Hand in my grades")
    expect(page.locator("body")).to_contain_text("You have handed in")
    with site.database() as session:
        found = calibration.queries.set_for(made.who(made.scene.council.qa), set_id)
        calibration.reveal(found, made.scene.qa, site.clock.now)
    page.reload()
    expect(page.locator("body")).to_contain_text("2 grades apart")
    looks_right(page)
    office = site.person(qa)
    for address in ("/calibration", "/calibration/new"):
        office.goto(address)
        looks_right(office)
