"""What no browser sends but anybody can: refused in words, on either database, and never as a fault of ours."""

import re
from collections.abc import Callable
from datetime import datetime

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session
from werkzeug.datastructures import FileStorage
from werkzeug.routing import Rule

from tests.factories.people import Council, council

HUGE = ("3000000000", "99999999999999999999", "9" * 3000)
FAULT = 500

SignIn = Callable[[int], FlaskClient]


@pytest.fixture
def people(database: Session, now: datetime) -> Council:
    """A small council."""
    return council(database, now)


def _addresses(app: Flask, number: str, text: str) -> list[str]:
    """Every address that can be read, with its numbers and texts filled in."""
    rules: list[Rule] = [rule for rule in app.url_map.iter_rules() if "GET" in (rule.methods or ()) and rule.arguments]
    filled = [re.sub(r"<int:\w+>", number, rule.rule) for rule in rules if not rule.rule.startswith("/static")]
    return [re.sub(r"<\w+:\w+>", text, address) for address in filled]


@pytest.mark.parametrize("role", ["qa", "administrator", "auditor"])
def test_a_number_beyond_any_record_is_an_address_of_nothing(
    app: Flask, sign_in: SignIn, people: Council, role: str
) -> None:
    client = sign_in(getattr(people, role).id)
    for number in HUGE:
        for address in _addresses(app, number, "2026-06"):
            assert client.get(address).status_code < FAULT, address[:80]


@pytest.mark.parametrize("role", ["qa", "administrator"])
def test_a_nul_is_refused_wherever_it_stands(app: Flask, sign_in: SignIn, people: Council, role: str) -> None:
    client = sign_in(getattr(people, role).id)
    for address in _addresses(app, "1", "%00"):
        assert client.get(address).status_code < FAULT, address
    assert client.get("/people?q=%00").status_code == 400
    assert client.post("/my/deputy", data={"deputy": "1\0"}).status_code == 400
    assert client.post("/my/deputy", data={"x\0": "1"}).status_code == 400
    named = FileStorage(filename="list\0.xlsx")
    assert client.post("/my/deputy", data={"file": named}).status_code in (302, 303, 400, 422)


@pytest.mark.parametrize("page", ["-1", "0", "1.5", "x", "³", "999999", "99999999999999999999", "9" * 6000])
def test_a_page_that_no_list_has_still_answers(sign_in: SignIn, people: Council, page: str) -> None:
    client = sign_in(people.qa.id)
    for address in ("/people", "/cases", "/rounds", "/trail"):
        assert client.get(address, query_string={"page": page, "sort": "nothing"}).status_code == 200
