"""A button that is pressed twice has one effect; a worker that is killed loses nothing that it acknowledged."""

import http.client
import time
from collections.abc import Iterator
from threading import Event, Thread
from typing import Any
from urllib.parse import urlencode

import pytest
from sqlalchemy import select

from qa_app.allocation.models import AllocationRun
from qa_app.audits.models import Audit, Submission
from qa_app.core.states import StateChange
from qa_app.outbox.models import Mail
from qa_app.people.models import Person
from qa_app.trail.models import TrailEntry
from tests.faults.serving import Browser, Server, served
from tests.faults.stores import Store, Stores
from tests.faults.test_two_writers import count
from tests.faults.writers import audit_of, round_of, section_of

FILLED, UNTOUCHED = "2026-06/001", "2026-06/002"
TIMES = 4


@pytest.fixture(scope="module")
def server(stores: Stores) -> Iterator[Server]:
    """One server for the presses, each of which concerns a round or audit of its own."""
    store = stores.copy()
    with served(store) as server:
        yield server
    store.check_whole()
    stores.drop(store)


def qa_team(server: Server) -> Browser:
    """A browser of the QA team."""
    with server.store.session() as session:
        person_id = session.scalars(select(Person.id).where(Person.name == "Nia Fairclough")).one()
    return server.browser(person_id)


def auditor(server: Server, reference: str) -> Browser:
    """A browser of an audit's auditor."""
    with server.store.session():
        person_id = audit_of(reference).auditor_id or 0
    return server.browser(person_id)


def pressed(browser: Browser, page: str, action: str, more: Any = ()) -> None:
    """Press a page's button several times at once: every answer leads on to the result."""
    answers = browser.press(action, [*browser.form(page, action), *more], TIMES)
    assert {answer.status for answer in answers} == {303}, [answer.text for answer in answers]
    led_to = {answer.headers["Location"] for answer in answers}
    assert len(led_to) == 1, led_to
    assert browser.ask("GET", led_to.pop()).status == 200


def test_submit(server: Server) -> None:
    pressed(auditor(server, FILLED), "/audits/2026-06/1/check", "/audits/2026-06/1/check")
    with server.store.session() as session:
        audit = audit_of(FILLED)
        assert count(session, Submission, Submission.audit_id == audit.id) == 1
        assert count(session, TrailEntry, TrailEntry.event == "audit:submitted") == 1
        assert count(session, StateChange, StateChange.move == "submit") == 1


def test_allocate_and_again(server: Server) -> None:
    for runs in (1, 2):
        pressed(qa_team(server), "/rounds/2026-08/allocation", "/rounds/2026-08/allocation")
        with server.store.session() as session:
            august = round_of("2026-08")
            assert count(session, AllocationRun, AllocationRun.round_id == august.id) == runs
            assert count(session, Audit, Audit.round_id == august.id) == 8


def test_issue(server: Server) -> None:
    with server.store.session() as session:
        mails = count(session, Mail)
    pressed(qa_team(server), "/rounds/2026-07/issue", "/rounds/2026-07/issue")
    with server.store.session() as session:
        july = round_of("2026-07")
        told = session.scalars(select(Audit.auditor_id).where(Audit.round_id == july.id).distinct()).all()
        assert count(session, Mail) - mails == len(told)
        assert count(session, TrailEntry, TrailEntry.event == "round:issued", TrailEntry.subject_id == july.id) == 1


def test_remind(server: Server) -> None:
    with server.store.session():
        manager = audit_of(UNTOUCHED).auditor_id
    page, browser = "/progress/2026-06/remind", qa_team(server)
    fields = [pair for pair in browser.form(page, page) if pair[0] != "manager"]
    answers = browser.press(page, [*fields, ("manager", str(manager))], TIMES)
    assert {answer.status for answer in answers} == {303}
    with server.store.session() as session:
        assert count(session, Mail, Mail.message == "reminder") == 1
        assert count(session, TrailEntry, TrailEntry.event == "progress:reminded") == 1


class Typist:
    """Saves one section again and again, as the form does by itself, and notes what was acknowledged."""

    def __init__(self, server: Server, position: int, stop: Event) -> None:
        self.browser, self.stop = auditor(server, UNTOUCHED), stop
        with server.store.session():
            key = section_of(audit_of(UNTOUCHED), position).domain.key
        self.path = f"/audits/2026-06/2/sections/{key}"
        self.token = dict(self.browser.form(self.path, self.path))["csrf_token"]
        self.position, self.version, self.words, self.lost_answers = position, 0, "", 0

    def work(self) -> None:
        """Until it is told to stop. After an answer that never came the same words are sent again."""
        number = 0
        while not self.stop.is_set():
            number += 1
            self._save(f"Section {self.position}, save {number}")

    def _save(self, words: str) -> None:
        fields = {"csrf_token": self.token, "version": self.version, "grade": "good", "strengths": words}
        while True:
            try:
                answer = self.browser.ask("POST", self.path, urlencode(fields), **{"X-Autosave": "1"})
            except (OSError, http.client.HTTPException):
                self.lost_answers += 1
                time.sleep(0.05)
                continue
            assert answer.status == 204, answer
            self.version, self.words = int(answer.headers["X-Version"]), words
            return


def test_workers_killed_while_people_save(store: Store) -> None:
    stop = Event()
    with served(store) as server:
        typists = [Typist(server, position, stop) for position in range(4)]
        threads = [Thread(target=typist.work) for typist in typists]
        for thread in threads:
            thread.start()
        for _ in range(5):
            time.sleep(0.4)
            server.kill_workers()
        time.sleep(0.4)
        stop.set()
        for thread in threads:
            thread.join(60)
    assert sum(typist.lost_answers for typist in typists) > 0, "no kill met a save"
    with store.session() as session:
        audit = audit_of(UNTOUCHED)
        for typist in typists:
            answer = section_of(audit, typist.position).answer
            assert answer is not None
            assert (answer.strengths, answer.version) == (typist.words, typist.version)
        saves = count(session, TrailEntry, TrailEntry.event == "audit:section-saved", TrailEntry.subject_id == audit.id)
        assert saves == sum(typist.version for typist in typists)
        assert audit.sections_done == 4
    store.check_whole()
