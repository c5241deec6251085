"""Pages, fragments, redirects, errors, headers and built files, tried on a small app."""

import gzip
from collections.abc import Iterator
from html.parser import HTMLParser

import pytest
from flask import Flask
from flask.testing import FlaskClient

from qa_app.core import headers, web
from qa_app.core.assets import asset_url
from tests.pages import BadPage, check_page, check_response
from tests.unit.core.page_app import State, make_app

HTMX = {"HX-Request": "true", "HX-Request-Type": "partial"}


@pytest.fixture
def state() -> State:
    return State()


@pytest.fixture
def app(state: State) -> Flask:
    return make_app(state)


@pytest.fixture
def client(app: Flask) -> Iterator[FlaskClient]:
    app.config["WTF_CSRF_ENABLED"] = False
    with app.test_client() as client:
        yield client


@pytest.mark.parametrize(
    ("extra", "whole"),
    [
        ({}, True),
        (HTMX, False),
        ({**HTMX, "HX-Boosted": "true"}, True),
        ({**HTMX, "HX-History-Restore-Request": "true"}, True),
        ({"HX-History-Restore-Request": "true"}, True),
        ({**HTMX, "HX-Request-Type": "full"}, True),
    ],
)
def test_whole_page_unless_htmx_swaps_a_part(client: FlaskClient, extra: dict[str, str], whole: bool) -> None:
    response = client.get("/", headers=extra)
    check_response(response.text)
    assert response.text.startswith("<!DOCTYPE") == whole
    assert "HX-Request" in response.headers["Vary"]


def test_signed_out_frame_has_no_sign_out(client: FlaskClient, state: State) -> None:
    state.viewer = None
    response = client.get("/")
    check_page(response.text)
    assert "Sign out" not in response.text


def test_form_errors_stand_in_title_summary_and_field(client: FlaskClient) -> None:
    response = client.post("/form", data={"due-day": "31", "due-month": "2", "due-year": "2026", "why": "x" * 21})
    assert response.status_code == 422
    check_page(response.text)
    assert "<title>Error: Section - Case audits</title>" in response.text
    for href, text in (("#due-day", "The date must be a real date"), ("#grade", "Choose a grade")):
        assert f'<a href="{href}">{text}' in response.text
    assert "Why is 1 character too long: use 20 or fewer" in response.text


def test_see_other_redirects_with_a_message(client: FlaskClient) -> None:
    response = client.post("/sent")
    assert (response.status_code, response.location) == (303, "/")
    page = client.get("/").text
    check_page(page)
    assert "Sent." in page


def test_see_other_tells_htmx_in_its_own_header(client: FlaskClient) -> None:
    response = client.post("/sent", headers=HTMX)
    assert (response.status_code, response.headers["HX-Redirect"], response.data) == (200, "/", b"")


@pytest.mark.parametrize("url", ["https://example.org/", "//example.org", "/\\example.org", "javascript:alert(1)", "x"])
def test_see_other_never_leaves_the_site(app: Flask, url: str) -> None:
    with app.test_request_context(), pytest.raises(ValueError, match="this site"):
        web.see_other(url)


def test_message_of_an_htmx_request_comes_beside_the_fragment(client: FlaskClient) -> None:
    response = client.get("/message", headers=HTMX)
    assert '<div id="notice" hx-swap-oob="innerHTML">' in response.text
    assert "Reminded 4 people." in response.text


@pytest.mark.parametrize(
    ("path", "status", "words"),
    [
        ("/nowhere", 404, "Check the address"),
        ("/raise/missing", 404, "Check the address"),
        ("/raise/stale", 409, "Somebody saved first."),
        ("/raise/locked", 503, "Wait a minute"),
    ],
)
def test_errors_are_pages_and_for_htmx_messages(client: FlaskClient, path: str, status: int, words: str) -> None:
    page, part = client.get(path), client.get(path, headers=HTMX)
    for response in (page, part):
        assert response.status_code == status
        assert words in response.text
        check_response(response.text)
    assert page.text.startswith("<!DOCTYPE")
    assert part.headers["HX-Retarget"] == "#notice"
    assert part.headers["HX-Push-Url"] == "false"
    assert "Location" not in part.headers


def test_absent_and_forbidden_look_the_same(client: FlaskClient) -> None:
    assert client.get("/raise/missing").data == client.get("/nowhere").data


@pytest.mark.parametrize("path", ["/raise/fault", "/raise/gone"])
def test_fault_is_a_page_without_its_cause(app: Flask, client: FlaskClient, path: str) -> None:
    app.testing = False
    response = client.get(path)
    assert response.status_code == 500
    check_page(response.text)
    assert "ZeroDivision" not in response.text
    assert "disk" not in response.text


def test_wrong_method_says_which_are_right(client: FlaskClient) -> None:
    response = client.get("/sent")
    assert response.status_code == 405
    assert "POST" in response.headers["Allow"]


def test_expired_token_says_to_reload(app: Flask) -> None:
    response = app.test_client().post("/sent")
    assert response.status_code == 400
    assert "reload the page" in response.text


def test_autosave_refusal_is_a_fragment(client: FlaskClient, state: State) -> None:
    state.answer = "401"
    response = client.post("/form", headers={"X-Autosave": "1"})
    assert response.status_code == 401
    check_response(response.text)
    assert 'href="/sign-in"' in response.text


def test_autosave_answers_with_version_and_time(client: FlaskClient) -> None:
    response = client.post("/form", headers={"X-Autosave": "1"}, data={"name": "A", "version": "3"})
    assert (response.status_code, response.data) == (204, b"")
    assert (response.headers["X-Version"], response.headers["X-Saved-At"]) == ("4", "14:02")


@pytest.mark.parametrize("site", ["cross-site", "same-site"])
def test_unsafe_request_of_another_site_is_refused(client: FlaskClient, site: str) -> None:
    assert client.post("/sent", headers={"Sec-Fetch-Site": site}).status_code == 403
    assert client.get("/", headers={"Sec-Fetch-Site": site}).status_code == 200


@pytest.mark.parametrize("site", ["same-origin", "none"])
def test_unsafe_request_of_ours_passes(client: FlaskClient, site: str) -> None:
    assert client.post("/sent", headers={"Sec-Fetch-Site": site}).status_code == 303


@pytest.mark.parametrize("path", ["/", "/nowhere", "/raise/stale"])
def test_every_answer_has_the_headers(client: FlaskClient, path: str) -> None:
    response = client.get(path)
    for name, value in headers.HEADERS.items():
        assert response.headers.getlist(name) == [value]
    assert "Cookie" in response.headers["Vary"]
    assert "Strict-Transport-Security" not in response.headers


def test_https_asks_for_https_for_ever(client: FlaskClient) -> None:
    assert client.get("/", base_url="https://localhost").headers["Strict-Transport-Security"] == "max-age=31536000"


def test_policy_allows_nothing_inline() -> None:
    assert "unsafe" not in headers.CONTENT_SECURITY_POLICY
    assert headers.CONTENT_SECURITY_POLICY.startswith("default-src 'none'")


def fetch(client: FlaskClient, url: str, encoding: str = "br") -> bytes:
    response = client.get(url, headers={"Accept-Encoding": encoding})
    assert response.status_code == 200
    data = response.data
    response.close()
    return data


class Links(HTMLParser):
    """Collects what the browser would fetch with a page."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        wanted = values.get("src") if tag == "script" else values.get("href") if tag == "link" else None
        self.found += [wanted] if wanted else []


def test_first_load_is_small(client: FlaskClient) -> None:
    """At most 45 kB and 5 requests, all compressed (the real app compresses the page; here the test does)."""
    page = client.get("/form")
    links = Links()
    links.feed(page.text)
    files = [fetch(client, url) for url in links.found]
    assert 1 + len(files) <= 5
    assert len(gzip.compress(page.data, 6)) + sum(map(len, files)) < 45_000


def test_built_files_are_kept_for_ever_and_carry_headers(client: FlaskClient) -> None:
    response = client.get(asset_url("app.css"), headers={"Accept-Encoding": "br"})
    response.close()
    assert response.headers["Content-Encoding"] == "br"
    assert "immutable" in response.headers["Cache-Control"]
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert "Cookie" not in response.headers.get("Vary", "")


@pytest.mark.parametrize("path", ["/static/js/app.js", "/static/build/../scss/app.scss", "/static/build/manifest.jso"])
def test_sources_are_not_served(client: FlaskClient, path: str) -> None:
    assert client.get(path).status_code == 404


def test_styles_ask_for_nothing_else(client: FlaskClient) -> None:
    css = fetch(client, asset_url("app.css"), "identity").decode()
    assert "url(" not in css
    assert "GDS Transport" not in css


def test_check_page_catches_a_page_without_heading(client: FlaskClient) -> None:
    with pytest.raises(BadPage, match="0 h1 headings"):
        check_page(client.get("/wrong").text)


@pytest.mark.parametrize(
    ("fault", "message"),
    [
        ('<p id="results">twice</p>', "id 'results' is used 2 times"),
        ('<input name="x">', "has no label"),
        ('<form action="/"></form>', "needs both action and method"),
        ('<form action="/" method="post"></form>', "has no csrf_token"),
        ("<a href='#'>x</a>", "leads nowhere"),
        ("<a href='/x'>x</a>", "is bare"),
        ("<button>x</button>", "has no type"),
        ("<a class='govuk-link' href='/x'></a>", "has no words"),
        ("<img src='/x.png'>", "has no alt"),
        ("<svg></svg>", 'neither hidden nor role="img"'),
        ("<p style='color:red'>x</p>", "style is refused"),
        ("<p onclick='x()'>x</p>", "onclick is refused"),
        ("<p hx-vals='js:x()'>x</p>", "hx-vals is refused"),
        ("<script>x()</script>", "is inline"),
        ("<p>{{ name }}</p>", "was printed"),
        ("<p>Fish &amp;amp; chips</p>", "escaped twice"),
        ("<h1>second</h1>", "2 h1 headings"),
        ("<p><div>x</div></p>", "unexpected-end-tag"),
        ("<input aria-label='x' aria-describedby='gone'>", "not on the page"),
    ],
)
def test_check_page_catches(client: FlaskClient, fault: str, message: str) -> None:
    page = client.get("/").text
    check_page(page)
    with pytest.raises(BadPage) as caught:
        check_page(page.replace("</main>", fault + "</main>"))
    assert message in str(caught.value)
