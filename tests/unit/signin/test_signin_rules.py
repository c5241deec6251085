"""Passwords, waits, local addresses and names of browsers, on values alone."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa_app.signin.rules import LIMITS, Counted, browser_name, local_path, may_try_at, password_fault

NOW = datetime(2026, 6, 17, 9, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    "password",
    [
        "short-but-odd7",
        "password12345678",
        "P@ssw0rd20262026",
        "socialworker2026!",
        "qwertyuiopasdfghjkl",
        "aaaaaaaaaaaaaaaaaaaa",
        "abcabcabcabcabcabc",
        "CorrectHorseBatteryStaple",
        "OfstedInadequate2025",
        "asha.okafor@council",
        "AshaOkafor-AshaOkafor",
        "               ",
        "98765432109876543210",
        "Monday-Tuesday-Wednesday",
        "x" * 201,
    ],
)
def test_a_password_that_is_short_or_guessable_is_refused(password):
    fault = password_fault(password, ("Asha Okafor", "asha.okafor@council.example", "Case audits"))
    assert fault
    assert fault.startswith(("Use ", "Choose "))


@pytest.mark.parametrize(
    "password",
    [
        "gravel tulip nineteen ferry",
        "8391750264918273",
        "żółć-gęślą-jaźń-🦊🌲",
        "k9!Vq2#xLm7&zPwT",
        "z7 " * 6 + "wormwood lantern",
        "y" + "plinth orbit carrot" * 10,
    ],
)
def test_a_password_of_any_characters_is_accepted(password):
    assert password_fault(password, ("Asha Okafor",)) is None


def _failed(count, ago, kind=Counted.PAIR):
    return {kind: (count, NOW - timedelta(seconds=ago))}


def test_ten_failures_are_free():
    assert may_try_at(_failed(9, 0)) is None
    assert may_try_at({}) is None


@pytest.mark.parametrize(
    ("count", "seconds"), [(10, 30), (11, 60), (12, 120), (13, 240), (14, 480), (15, 900), (500, 900)]
)
def test_each_failure_more_doubles_the_wait_up_to_a_quarter_of_an_hour(count, seconds):
    assert may_try_at(_failed(count, 0)) == NOW + timedelta(seconds=seconds)


def test_the_longest_of_several_waits_counts():
    both = _failed(10, 0) | _failed(60, 0, Counted.EMAIL)
    assert may_try_at(both) == NOW + timedelta(seconds=30)


@given(st.integers(0, 10_000), st.sampled_from(Counted))
def test_no_wait_is_longer_than_its_limit(count, kind):
    until = may_try_at(_failed(count, 0, kind))
    assert until is None or until - NOW <= LIMITS[kind].longest


def test_guesses_at_one_email_from_everywhere_only_slow_it():
    assert LIMITS[Counted.EMAIL].longest <= timedelta(seconds=20)


ELSEWHERE = [
    None, "", "home", "//evil.example", "///evil.example", "/\\evil.example", "\\\\evil.example", "\\/evil.example",
    "https://evil.example", "http:evil.example", "http:///evil.example", "javascript:alert(1)", "JaVaScRiPt:alert(1)",
    "data:text/html,x", "/\t/evil.example", "/\n/evil.example", "/\r\nLocation: //evil.example", "\t//evil.example",
    " //evil.example", "/%2Fevil.example", "/%2fevil.example", "/%252Fevil.example", "/%5Cevil.example", "/%255cevil.example",
    "%2F%2Fevil.example", "/%0d%0aSet-Cookie:x=1", "/%09/evil.example", "/\x00/evil.example", "//evil.example@127.0.0.1", "/\uff0fevil.example",
    "/a b", "/x\\y", "/home?x=\\y", "@evil.example", "?next=//evil.example", "#/home", "/" + "a" * 2000, "/%25252Fevil.example", "ftp://evil.example", "..//evil.example", "/..//evil.example", "/.//evil.example",
]  # fmt: skip


@pytest.mark.parametrize("address", ELSEWHERE)
def test_an_address_elsewhere_is_never_followed(address):
    assert local_path(address) is None


@pytest.mark.parametrize(
    "address",
    ["/", "/audits/2026-06/017", "/progress?service=3&q=Zo%C3%AB&sort=-due", "/people?q=a%20b", "/rounds/2026-06#step"],
)
def test_a_page_of_this_site_is_followed(address):
    assert local_path(address) == address


@given(st.text(max_size=30))
def test_what_is_followed_begins_with_one_slash(text):
    path = local_path("/" + text)
    assert path is None or (path[0] == "/" and not path.startswith(("//", "/\\")) and path.isprintable())


@pytest.mark.parametrize(
    ("agent", "name"),
    [
        (
            "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120.0 Safari/537.36 Edg/120.0",
            "Edge on Windows",
        ),
        (
            "Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120.0 Safari/537.36",
            "Chrome on Windows",
        ),
        (
            "Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) AppleWebKit/605.1 Version/17.0 Mobile Safari/604.1",
            "Safari on iPhone",
        ),
        ("Mozilla/5.0 (X11; Linux x86_64; rv:120.0) Gecko/20100101 Firefox/120.0", "Firefox on Linux"),
        ("curl/8", "A browser"),
    ],
)
def test_a_browser_is_named_as_its_owner_knows_it(agent, name):
    assert browser_name(agent) == name
