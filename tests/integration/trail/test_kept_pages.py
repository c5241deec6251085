"""Pages that keep what they read: new after each change and each day, and each reader's own."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from bs4 import BeautifulSoup
from flask.testing import FlaskClient

from qa_app.audits.operations import submit_audit
from tests.conftest import Clock
from tests.factories.actions import WHAT, raised
from tests.factories.audits import Scene, audit_at, fill
from tests.factories.people import Council

SignIn = Callable[[int], FlaskClient]
PAGES = ("/progress/2026-06", "/dashboard", "/actions?whose=all")


@pytest.fixture
def scene(database: Any, now: datetime) -> Scene:
    made = audit_at(database, "in_progress", now)
    raised(made.council, now, made.council.auditor, days=1)
    database.commit()
    return made


def said(client: FlaskClient, path: str) -> str:
    """What the page says, the same each time where nothing has happened."""
    texts = {BeautifulSoup(client.get(path).text, "html.parser").select_one("main").get_text(" ") for _ in range(2)}
    assert len(texts) == 1
    return texts.pop()


@pytest.mark.parametrize("path", PAGES)
def test_a_change_is_seen_at_once(database: Any, now: datetime, sign_in: SignIn, scene: Scene, path: str) -> None:
    client = sign_in(scene.council.qa.id)
    before = said(client, path)
    fill(scene.audit, scene.auditor, now)
    submit_audit(scene.audit, scene.auditor, now)
    raised(scene.council, now, scene.council.auditor)
    database.commit()
    assert said(client, path) != before


@pytest.mark.parametrize("path", PAGES)
def test_each_reader_has_their_own(sign_in: SignIn, scene: Scene, path: str) -> None:
    people: Council = scene.council
    clients = [sign_in(one.id) for one in (people.qa, people.head_of_service_b)]
    assert said(clients[0], path) != said(clients[1], path)
    assert said(clients[1], path) != said(clients[0], path)
    if path.startswith("/actions"):
        assert WHAT in said(clients[0], path)
        assert WHAT not in said(clients[1], path)


@pytest.mark.parametrize("path", ["/dashboard", "/actions?whose=all"])
def test_a_new_day_is_seen(clock: Clock, sign_in: SignIn, scene: Scene, path: str) -> None:
    client = sign_in(scene.council.qa.id)
    before = said(client, path)
    clock.now += timedelta(days=2)
    client = sign_in(scene.council.qa.id)
    assert said(client, path) != before


def test_each_filter_and_order_has_its_own(sign_in: SignIn, scene: Scene) -> None:
    client = sign_in(scene.council.qa.id)
    everything = said(client, "/actions?whose=all")
    assert said(client, "/actions?whose=all&state=done") != everything
    assert said(client, "/dashboard?from=2020-01&to=2020-01") != said(client, "/dashboard")
