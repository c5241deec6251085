"""What an audit found is put right: the meeting after an inadequate grade, an action done and verified, a comment."""

from datetime import date

import pytest
from playwright.sync_api import expect

from qa_app.signin.models import Account
from tests.browser.conftest import Site
from tests.browser.hands import Steps
from tests.browser.ways import WAYS, Way, looked_at
from tests.factories.audits import issued_round
from tests.factories.improvement import started

pytestmark = pytest.mark.browser


def write_date(hands, group: str, day: date) -> None:
    """Fill the three fields of a date."""
    for part, number in (("Day", day.day), ("Month", day.month), ("Year", day.year)):
        field = hands.page.get_by_role("group", name=group).get_by_label(part, exact=True)
        field.fill(str(number))


@pytest.mark.parametrize("way", WAYS.values(), ids=WAYS)
def test_an_inadequate_audit_is_met_planned_done_and_verified(site: Site, way: Way) -> None:
    # Given an audit that was graded inadequate this morning
    with site.database() as session:
        scene, process = started(session, site.clock.now)
        people = scene.council
        lead, manager, service_manager = people.practice_lead.id, people.team_manager.id, people.service_manager.id
        name, path = people.team_manager.name, f"/improvement/{process.reference}"

    # when the Practice Lead records the meeting, first without saying who was there
    page, hands = way.sits_down(site, lead)
    hands.press("Record it")
    expect(page.locator("h1")).to_contain_text("Record the day-three meeting")
    looked_at(page, way)
    write_date(hands, "When was the meeting?", date(2026, 6, 17))
    hands.write("What was agreed?", "The risk assessment is done again with both parents.")
    hands.write("Action 1: what should be done?", "See the father this week")
    hands.pick("Action 1: who does it?", name)
    write_date(hands, "Action 1: by when?", date(2026, 6, 24))
    hands.press("Save the record")
    expect(page.get_by_role("alert")).to_contain_text("Enter who was there")
    expect(page.get_by_label("What was agreed?")).to_have_value("The risk assessment is done again with both parents.")
    looked_at(page, way)
    hands.write("Who was there?", "The social worker, her manager and the Practice Lead")
    hands.choose("Is there a concern about another professional's part in this case?", "No")
    hands.press("Save the record")
    expect(page.locator("main")).to_contain_text("See the father this week")
    looked_at(page, way)

    # then its owner finds the action, and says that it is done
    page, hands = way.sits_down(site, manager)
    page.goto("/actions")
    looked_at(page, way)
    page.get_by_role("row").filter(has_text="See the father this week").get_by_role("link").first.click()
    expect(page.locator("main")).to_contain_text("What is to be done")
    looked_at(page, way)
    hands.press("It is done")
    expect(page.locator("h1")).to_contain_text("It is done")
    hands.write("What was done, and how can one see it?", "Seen on Friday with the mother, at home.")
    hands.press("Report as done")
    expect(page.locator("main")).to_contain_text("Done, to verify")

    # and the service manager reviews the case.
    page, hands = way.sits_down(site, service_manager)
    page.goto(f"{path}/review")
    looked_at(page, way)
    hands.choose("Are the remedial actions happening, and are they effective?", "Yes, they are happening and effective")
    hands.write("What did you look at, and what did you find?", "The case record, and a talk with the worker.")
    hands.press("Save the review")
    expect(page.locator("main")).to_contain_text("Re-audit")
    looked_at(page, way)


def test_the_meeting_is_recorded_in_two_steps(site: Site) -> None:
    with site.database() as session:
        scene, _process = started(session, site.clock.now)
        lead = scene.council.practice_lead.id
    page = site.person(lead)
    page.goto("/")
    steps = Steps(page)
    steps.press("Record it")
    hands = WAYS["on a phone"].hands(page)
    write_date(hands, "When was the meeting?", date(2026, 6, 17))
    hands.write("Who was there?", "Worker, manager and lead")
    hands.write("What was agreed?", "Done again with both parents.")
    hands.write("If there is no action: why does the plan need none?", "It is done already.")
    steps.press("Save the record")
    expect(page.locator("#notice")).to_be_visible()
    assert steps.taken == 2


@pytest.mark.parametrize("way", WAYS.values(), ids=WAYS)
def test_a_caseworker_says_what_the_auditor_should_know(site: Site, way: Way) -> None:
    with site.database() as session:
        scene = issued_round(session, site.clock.now)
        worker, auditor, path = scene.council.caseworker.id, scene.council.auditor.id, scene.path
        session.add(Account(person_id=worker))
    page, hands = way.sits_down(site, worker)
    hands.press("comment")
    expect(page.locator("h1")).to_contain_text("of your cases")
    looked_at(page, way)
    page.goto(f"{path}/comments")
    hands.press("Send comment")
    expect(page.get_by_role("alert")).to_contain_text("Enter your comment")
    hands.write("Your comment", "The chronology was brought up to date last week.")
    hands.press("Send comment")
    expect(page.locator("main")).to_contain_text("brought up to date last week")
    looked_at(page, way)
    page, hands = way.sits_down(site, auditor)
    page.goto(path)
    hands.press("What the caseworker and managers say")
    expect(page.locator("main")).to_contain_text("brought up to date last week")
