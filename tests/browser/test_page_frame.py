"""The frame's scripts in a real browser: autosave, messages, focus, filters, and that nothing breaks the policy."""

import threading
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Locator, Page, expect
from werkzeug.serving import make_server

from tests.browser.conftest import assert_accessible, unexpected
from tests.unit.core.page_app import Person, State, make_app

pytestmark = pytest.mark.browser


@pytest.fixture
def state() -> State:
    return State()


@pytest.fixture
def address(state: State) -> Iterator[str]:
    server = make_server("127.0.0.1", 0, make_app(state), threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def page(chromium: Browser, address: str) -> Iterator[Page]:
    context = chromium.new_context(base_url=address, viewport={"width": 1280, "height": 900})
    page = context.new_page()
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    yield page
    context.close()
    assert unexpected(said) == []


@pytest.mark.parametrize("width", [1280, 320])
@pytest.mark.parametrize("path", ["/", "/?team=Team+1&sort=-count", "/?q=nobody", "/form", "/nowhere"])
def test_pages_are_accessible_and_fit(page: Page, path: str, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 900})
    page.goto(path)
    assert_accessible(page)


def test_errors_take_focus_and_are_accessible(page: Page) -> None:
    page.goto("/form")
    page.get_by_role("button", name="Send").click()
    expect(page.locator(".govuk-error-summary")).to_be_focused()
    assert_accessible(page)
    page.get_by_role("link", name="Enter the name").click()
    expect(page.get_by_label("Name")).to_be_focused()


def test_filter_keeps_focus_address_and_back(page: Page) -> None:
    page.goto("/")
    team = page.get_by_label("Team")
    team.focus()
    team.select_option("Team 1")
    expect(page.locator(".app-chosen")).to_contain_text("Team: Team 1")
    assert page.url.endswith("/?team=Team+1")
    expect(team).to_be_focused()
    expect(page.locator("#announce")).to_have_text("33 rows")
    assert_accessible(page)
    page.locator("th a", has_text="Expected").click()
    expect(page.locator("th[aria-sort=ascending]")).to_have_text("Expected▲")
    expect(page.locator("th a", has_text="Expected")).to_be_focused()
    assert page.url.endswith("/?team=Team+1&sort=count")
    page.go_back()
    expect(page.locator("th[aria-sort=ascending]")).to_have_text("Name▲")
    expect(page.locator("h1")).to_have_count(1)


def test_filters_fold_away_on_a_phone(page: Page) -> None:
    page.set_viewport_size({"width": 375, "height": 700})
    page.goto("/")
    expect(page.get_by_label("Team")).to_be_hidden()
    page.goto("/?team=Team+1")
    expect(page.get_by_label("Team")).to_be_hidden()
    expect(page.locator(".app-chosen")).to_contain_text("Team: Team 1")


def test_everything_works_without_script(chromium: Browser, address: str) -> None:
    context = chromium.new_context(base_url=address, java_script_enabled=False)
    page = context.new_page()
    page.goto("/")
    page.get_by_label("Team").select_option("Team 1")
    page.get_by_role("button", name="Apply filters").click()
    expect(page.locator(".app-chosen")).to_contain_text("Team: Team 1")
    page.locator("th a", has_text="Expected").click()
    expect(page.locator("th[aria-sort=ascending]")).to_have_text("Expected▲")
    page.goto("/form")
    page.get_by_role("button", name="Send").click()
    expect(page.locator(".govuk-error-summary")).to_be_visible()
    context.close()


def test_refusal_goes_to_the_notice_and_replaces_nothing(page: Page) -> None:
    page.goto("/form")
    page.get_by_role("button", name="Refused").click()
    expect(page.locator("#notice")).to_contain_text("Only the Head of Service forwards a request.")
    expect(page.locator("#conflict")).to_be_empty()
    assert page.url.endswith("/form")
    assert_accessible(page)


def test_strange_error_goes_to_the_notice_and_replaces_nothing(page: Page) -> None:
    page.goto("/form")
    page.get_by_role("button", name="Broken").click()
    expect(page.locator("#notice")).to_contain_text("Something went wrong, so nothing was changed.")
    expect(page.locator("#conflict")).to_be_empty()


def test_change_by_htmx_leads_to_its_page_with_the_message(page: Page) -> None:
    page.goto("/form")
    page.get_by_role("button", name="Moved").click()
    expect(page.locator("#notice")).to_contain_text("Sent.")
    expect(page.locator("h1")).to_have_text("230 people")


def line(page: Page) -> Locator:
    return page.locator("[data-saved]")


def test_typing_saves_by_itself_with_the_newest_version(page: Page, state: State) -> None:
    page.goto("/form")
    page.get_by_label("Name").fill("First")
    expect(line(page)).to_have_text("Saved at 14:02")
    page.get_by_label("Name").fill("Second")
    page.get_by_label("Name").blur()
    page.wait_for_function("document.querySelector('[name=version]').value === '5'")
    assert state.saves == [("3", "First"), ("4", "Second")]


def test_lost_network_is_said_and_tried_again(page: Page, state: State) -> None:
    page.goto("/form")
    page.context.set_offline(True)
    page.get_by_label("Name").fill("Kept")
    expect(line(page)).to_contain_text("Not saved: no connection. Trying again.")
    expect(page.get_by_label("Name")).to_have_value("Kept")
    page.context.set_offline(False)
    expect(line(page)).to_have_text("Saved at 14:02")
    assert [name for _, name in state.saves] == ["Kept"]


def test_signed_out_keeps_the_text_and_saves_after_signing_in(page: Page, state: State) -> None:
    page.goto("/form")
    state.answer = "401"
    page.get_by_label("Name").fill("Kept")
    expect(line(page)).to_contain_text("you have been signed out")
    expect(line(page).get_by_role("link", name="Sign in again (opens in a new tab)")).to_be_visible()
    assert_accessible(page)
    page.context.clear_cookies()  # the new session has another token
    state.answer = "saved"
    expect(line(page)).to_have_text("Saved at 14:02")
    assert [name for _, name in state.saves] == ["Kept"]


def test_text_is_not_left_for_another_person(page: Page, state: State) -> None:
    page.goto("/form")
    state.answer = "401"
    page.get_by_label("Name").fill("Private")
    expect(line(page)).to_contain_text("you have been signed out")
    state.viewer, state.answer = Person(2, "Somebody Else"), "saved"
    expect(page.locator("h1")).to_have_text("230 people")
    assert state.saves == []


def test_conflict_shows_both_texts_and_stops_saving(page: Page, state: State) -> None:
    page.goto("/form")
    state.answer = "conflict"
    page.get_by_label("Name").fill("Mine")
    expect(page.locator("#conflict")).to_contain_text("Both texts")
    expect(page.locator("#conflict")).to_be_focused()
    state.answer = "saved"
    page.get_by_label("Name").fill("Mine again")
    page.wait_for_timeout(2000)
    assert state.saves == []
    expect(line(page)).to_contain_text("this was changed somewhere else")


def test_leaving_warns_only_while_something_is_unsaved(page: Page, state: State) -> None:
    asked: list[str] = []
    page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.accept()))
    page.goto("/form")
    page.goto("/")
    assert asked == []
    page.goto("/form")
    state.answer = "500"
    page.get_by_label("Name").press_sequentially("Unsaved")
    page.goto("/")
    assert asked == ["beforeunload"]


def test_nothing_stays_in_the_browsers_storage(page: Page) -> None:
    page.goto("/form")
    page.get_by_label("Name").fill("Private")
    expect(line(page)).to_have_text("Saved at 14:02")
    page.goto("/")
    assert page.evaluate("JSON.stringify([{...localStorage}, {...sessionStorage}])") == "[{},{}]"


def test_pressing_twice_sends_once(page: Page, state: State) -> None:
    sent: list[str] = []
    page.on("request", lambda request: sent.append(request.url) if request.method == "POST" else None)
    page.goto("/form")
    page.get_by_role("button", name="Remind").dblclick()
    expect(page.locator("#notice")).to_contain_text("Sent.")
    assert len(sent) == 1
