"""A month as the QA team and a Head of Service live it: by pages only, from a case list to who is behind."""

import contextlib
import io
from dataclasses import dataclass
from pathlib import Path

import openpyxl
import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Site, assert_accessible
from tests.browser.hands import Mouse, Steps
from tests.data import make_annex_a
from tests.factories.people import council
from tests.factories.progress import round_in_flight

pytestmark = pytest.mark.browser


@dataclass(frozen=True)
class CaseList:
    """A case list as the case-management system exports it, with its team lookup."""

    workbook: Path
    teams: Path


@pytest.fixture
def case_list(tmp_path: Path) -> CaseList:
    """Sixty open children in an Annex A workbook."""
    made = CaseList(tmp_path / "annex-a.xlsx", tmp_path / "teams.csv")
    switches = ["--children", "60", "--as-at", "2026-06-15", "--teams", str(made.teams)]
    with contextlib.redirect_stdout(io.StringIO()):
        make_annex_a.main([str(made.workbook), *switches])  # type: ignore[no-untyped-call]
    return made


def heading(page: Page, words: str) -> None:
    """The page is the one with this heading."""
    expect(page.locator("h1")).to_contain_text(words)


def test_a_month_from_case_list_to_issued_audits(site: Site, case_list: CaseList) -> None:
    # Given a council whose people are known, and a QA officer at her home page
    with site.database() as session:
        people = council(session, site.clock.now)
        qa, auditor = people.qa.id, people.auditor.id
    page = site.person(qa)
    hands = Mouse(page)
    page.goto("/")
    expect(page.locator("main")).to_contain_text("There is no round yet.")

    # when she uploads this month's case list with its team lookup
    hands.press("More")
    hands.press("Cases")
    hands.press("Import a case list")
    page.get_by_label("Case list").set_input_files(case_list.workbook)
    page.get_by_label("Team lookup (optional)").set_input_files(case_list.teams)
    hands.press("Upload and preview")

    # then she sees in numbers what it would change, each number opening its rows, and applies it
    heading(page, "Check what will change")
    expect(page.get_by_role("link", name="67 new")).to_be_visible()
    expect(page.locator("main")).to_contain_text("0 cannot be used")
    expect(page.locator("main")).to_contain_text("67 cases added.")
    assert_accessible(page)
    hands.press("Apply the list")
    expect(page.locator("#notice")).to_contain_text("List applied: 67 cases added")

    # and when she creates the round of June and draws eight cases
    hands.press("Rounds")
    hands.press("Create a round")
    hands.pick("Month", "June 2026")
    hands.choose("Type of audit", "Monthly case audit")
    hands.press("Create the round")
    heading(page, "Dates of 2026-06")
    hands.press("Go on to the sample")
    heading(page, "Draw the sample")
    hands.choose("How many cases", "A number of cases, shared between the services in proportion")
    hands.write("Number of cases", "8")
    hands.press("Draw the sample")

    # then she sees what was drawn from how many
    heading(page, "Sample of 2026-06: 8 cases")
    expect(page.locator("main")).to_contain_text("from 67 open cases: 49 could be drawn")
    assert_accessible(page)

    # and when she allocates them, every case has an auditor, and she gives one to somebody else
    hands.press("Allocate the cases")
    hands.press("Allocate the round")
    expect(page.locator("#notice")).to_contain_text("Every audit has an auditor.")
    assert_accessible(page)
    hands.press("Change the auditor of 2026-06/001")
    heading(page, "Change the auditor of 2026-06/001")
    page.get_by_role("group", name="Who should have it?").get_by_role("radio").first.check()
    hands.press("Change the auditor")
    expect(page.locator("#notice")).to_contain_text("Audit 2026-06/001 has another auditor.")
    expect(page.get_by_role("row", name="2026-06/001")).to_contain_text("Changed by hand")

    # and when she issues the round after she has seen who gets what
    hands.press("Go on to issue")
    heading(page, "Issue 2026-06: 8 auditors")
    assert_accessible(page)
    hands.press("Issue the audits")

    # then it runs.
    heading(page, "2026-06: 0 of 8 submitted")
    expect(page.locator("main")).to_contain_text("Due by the end of Tue 30 June, 9 working days left.")
    assert_accessible(page)
    hands.press("See progress by manager")
    heading(page, "June: 0 of")
    told = site.person(auditor)
    told.goto("/")
    expect(told.locator("main")).to_contain_text("Your June audit is due on Tue 30 June: not started.")


@dataclass(frozen=True)
class Given:
    """A round in mid-flight, seen by a Head of Service who signs in by this."""

    head_of_service: int


FORMULA = "=1+1"
"""A name that a spreadsheet would take for a formula."""


@pytest.fixture
def given(site: Site) -> Given:
    """Of service A, Asha Okafor has three audits outstanding and one done."""
    with site.database() as session:
        people = round_in_flight(session, site.clock.now).council
        people.team_manager.name = FORMULA
        return Given(people.head_of_service.id)


def test_a_head_of_service_sees_who_is_behind_and_reminds_them(site: Site, given: Given) -> None:
    # Given a Head of Service at home
    page = site.person(given.head_of_service)
    page.goto("/")
    steps = Steps(page)

    # when she asks who is behind, that is one step
    steps.press("See who is behind")
    heading(page, "June: 1 of 4 done, 9 working days left")
    assert steps.taken == 1

    # and to remind one of them is the second; the page stays where it is and says what happened
    steps.press("Remind Asha Okafor")
    expect(page.locator("#notice")).to_contain_text("A reminder to Asha Okafor is written.")
    expect(page.locator("#notice")).to_have_attribute("aria-live", "polite")
    expect(page.get_by_role("row", name="Asha Okafor")).to_contain_text("Reminded today")
    assert steps.taken == 2
    assert_accessible(page)


def test_progress_is_filtered_and_downloaded(site: Site, given: Given) -> None:
    # Given the page of progress, when a filter is chosen
    page = site.person(given.head_of_service)
    page.goto("/progress/2026-06")
    page.get_by_label("Managers with").select_option("Audits in progress")

    # then the list, the address and the tag say so
    expect(page.get_by_role("list", name="Filters in force")).to_contain_text("Managers with: Audits in progress")
    expect(page.locator("#managers tbody tr")).to_have_count(1)
    assert page.url.endswith("/progress/2026-06?having=in_progress")

    # and what is downloaded holds the rows that were shown, without a formula.
    assert names_downloaded(page) == ["Asha Okafor"]
    page.get_by_role("link", name="Clear all").click()
    expect(page.locator("#managers tbody tr")).to_have_count(3)
    assert FORMULA in names_downloaded(page)


def names_downloaded(page: Page) -> list[str]:
    """The managers of the workbook that the page gives."""
    with page.expect_download() as download:
        page.get_by_role("link", name="Download as Excel").click()
    workbook = openpyxl.load_workbook(io.BytesIO(download.value.path().read_bytes()))
    rows = list(workbook.worksheets[0].iter_rows())
    assert {cell.data_type for row in rows for cell in row} <= {"s", "n", "d"}
    names = [str(row[0].value) for row in rows]
    return names[names.index("Manager") + 1 :]


def test_progress_is_filtered_without_script(site: Site, given: Given) -> None:
    page = site.person(given.head_of_service, script=False)
    page.goto("/progress/2026-06")
    page.get_by_label("Managers with").select_option("Audits in progress")
    page.get_by_role("button", name="Apply filters").click()
    expect(page.locator("#managers tbody tr")).to_have_count(1)
    page.get_by_role("button", name="Remind Asha Okafor").click()
    expect(page.locator("#notice")).to_contain_text("A reminder to Asha Okafor is written.")
    expect(page.locator("#managers tbody tr")).to_have_count(1)


def test_progress_on_a_narrow_screen_is_cards(site: Site, given: Given) -> None:
    page = site.person(given.head_of_service, width=320)
    page.goto("/progress/2026-06")
    cell = page.locator("#managers tbody td", has_text="In progress").first
    looks = cell.evaluate("e => [getComputedStyle(e).display, getComputedStyle(e, '::before').content]")
    assert looks == ["flex", '"Audits and requests"']
    page.get_by_role("button", name="Remind Asha Okafor").click()
    expect(page.locator("#notice")).to_contain_text("A reminder to Asha Okafor is written.")
    assert_accessible(page)
