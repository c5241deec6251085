"""A database that is locked for a moment is waited for; for longer, the answer is that the service is busy."""

import threading
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy
from bs4 import BeautifulSoup
from flask import make_response
from flask.testing import FlaskClient
from sqlalchemy import event, select, text

from qa_app.access.viewer import system
from qa_app.core.database import commits, db, transaction
from qa_app.signin.sessions import start_session
from qa_app.trail import operations as trail
from qa_app.trail.models import TrailDetail, TrailEntry
from tests.conftest import NOW
from tests.faults.stores import Store
from tests.faults.writers import audit_of, section_of
from tests.pages import check_page

WORDS = "She was seen alone & said so <twice>."
UNTOUCHED = "2026-06/002"


def signed_in(store: Store, person_id: int) -> FlaskClient:
    """A browser in which the person is signed in."""
    with store.session(), transaction():
        token = start_session(person_id, NOW)
    client = store.app.test_client()
    with client.session_transaction() as cookie:
        cookie["_user_id"], cookie["_fresh"] = token, True
    return client


@contextmanager
def locked(store: Store) -> Iterator[None]:
    """Another program holds the database: on SQLite its only write lock, on PostgreSQL what a save and a close need."""
    engine = sqlalchemy.create_engine(store.url)
    with engine.connect() as connection:
        if connection.dialect.name == "postgresql":
            connection.execute(text("LOCK TABLE section_answer IN ACCESS EXCLUSIVE MODE"))
            connection.execute(text("SELECT 1 FROM round FOR UPDATE"))
        else:
            connection.execute(text("SELECT 1"))  # the app's own hook begins the transaction with the write lock
        yield
    engine.dispose()


@contextmanager
def impatient(store: Store, milliseconds: int) -> Iterator[None]:
    """Waits for a lock are shorter on connections made from here on."""

    def shorten(connection: Any, _record: Any) -> None:
        if engine.dialect.name == "sqlite":
            connection.execute(f"PRAGMA busy_timeout = {milliseconds}")
        else:
            connection.execute(f"SET lock_timeout = {milliseconds}")
            connection.commit()

    with store.app.app_context():
        engine = db.engine
    engine.dispose()
    event.listen(engine, "connect", shorten)
    try:
        yield
    finally:
        event.remove(engine, "connect", shorten)
        engine.dispose()


class Page:
    """A section of the form as its auditor has it open."""

    def __init__(self, store: Store) -> None:
        self.store = store
        with store.session():
            audit = audit_of(UNTOUCHED)
            self.key = section_of(audit, 0).domain.key
            auditor_id = audit.auditor_id or 0
        self.client = signed_in(store, auditor_id)
        self.address = f"/audits/{UNTOUCHED.replace('/00', '/')}/sections/{self.key}"

    def save(self, **headers: str) -> Any:
        """Send it."""
        data = {"csrf_token": "t", "version": "0", "grade": "good", "strengths": WORDS, "then": "next"}
        return self.client.post(self.address, data=data, headers=headers)

    def kept(self) -> str:
        """What is kept of it."""
        with self.store.session():
            answer = section_of(audit_of(UNTOUCHED), 0).answer
            return answer.strengths if answer else ""


def test_a_lock_of_three_seconds_is_waited_for(store: Store) -> None:
    page, began = Page(store), time.monotonic()
    answers: list[Any] = []
    with locked(store):
        saving = threading.Thread(target=lambda: answers.append(page.save()))
        saving.start()
        time.sleep(3)
        assert not answers
    saving.join(30)
    assert answers[0].status_code == 303
    assert time.monotonic() - began >= 3
    assert page.kept() == WORDS
    store.check_whole()


@pytest.mark.parametrize("headers", [{}, {"X-Autosave": "1"}, {"HX-Request": "true"}], ids=["page", "autosave", "htmx"])
def test_a_longer_lock_is_answered_with_busy_and_nothing_is_half_written(store: Store, headers: dict[str, str]) -> None:
    page, before = Page(store), store.rows()
    with impatient(store, 300), locked(store):
        answer = page.save(**headers)
    assert answer.status_code == 503
    assert answer.headers["Retry-After"] == "5"
    assert "Nothing was changed" in answer.text
    if not headers:
        check_page(answer.text)
    assert store.rows() == before
    assert page.save(**headers).status_code in (200, 204, 303)
    assert page.kept() == WORDS
    store.check_whole()


def test_a_busy_page_sends_the_text_again(store: Store) -> None:
    page = Page(store)
    with impatient(store, 300), locked(store):
        answer = page.save()
    form = BeautifulSoup(answer.text, "html.parser").select_one("main form")
    assert form is not None, answer.text
    fields = {str(field["name"]): str(field["value"]) for field in form.find_all("input")}
    assert page.client.post(str(form["action"]), data=fields).status_code == 303
    assert page.kept() == WORDS


def test_a_busy_page_repeats_no_password(store: Store) -> None:
    """Runs in the half of the suite that is on SQLite: only there does one lock stop a sign-in."""
    if store.url.startswith("postgresql"):
        pytest.skip("there a sign-in needs nothing that is locked here")
    typed = {"email": "nia.fairclough@council.example", "password": "correct horse battery"}
    with impatient(store, 300), locked(store):
        answer = store.app.test_client().post("/sign-in", data=typed)
    assert answer.status_code == 503
    assert typed["password"] not in answer.text


def test_reading_goes_on_while_somebody_writes_for_long(store: Store) -> None:
    client = Page(store).client
    store.app.config["CLOCK"].now += timedelta(minutes=5)  # so that the session's use is due to be noted
    with impatient(store, 300), locked(store):
        assert client.get("/my-audits").status_code == 200
        assert client.get("/").status_code == 200


def test_of_two_requests_that_wait_for_each_other_both_are_done(store: Store) -> None:
    """PostgreSQL ends one of the two; it is done once more, from its start.

    Runs in the half of the suite that is on PostgreSQL: SQLite has one lock, so nobody waits for the other.
    """
    if not store.url.startswith("postgresql"):
        pytest.skip("SQLite has one lock, so nobody waits for the other")
    both_hold, tries, answers = threading.Barrier(2), Counter[str](), list[int]()

    def write(name: str, tables: Sequence[str]) -> None:
        @commits
        def view() -> str:
            tries[name] += 1
            db.session.execute(text(f"LOCK TABLE {tables[0]}"))
            if tries[name] == 1:
                both_hold.wait(30)
            db.session.execute(text(f"LOCK TABLE {tables[1]}"))
            trail.append("audit:viewed", system(), NOW, ("audit", None), by=name)
            return "done"

        with store.app.test_request_context("/", method="POST"):
            answers.append(make_response(view()).status_code)

    orders = {"one": ("mail", "declaration"), "two": ("declaration", "mail")}
    threads = [threading.Thread(target=write, args=item) for item in orders.items()]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert (answers, sorted(tries.values())) == ([200, 200], [1, 2])
    with store.session() as session:
        entries = session.scalars(select(TrailEntry.id).order_by(TrailEntry.id.desc()).limit(2)).all()
        details = session.scalars(select(TrailDetail.detail).where(TrailDetail.entry_id.in_(entries))).all()
        assert sorted(detail["by"] for detail in details) == ["one", "two"]
    store.check_whole()


def test_a_command_says_that_the_database_is_busy(store: Store) -> None:
    command = store.command("round", "close", "2026-06")
    with locked(store):
        assert command.run() == 1
    assert "busy" in command.output()
    assert "Traceback" not in command.output()
    assert command.run() == 0
