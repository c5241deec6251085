"""What administrators see and do: the switch, a mail's page, sending again, the test mail, the export."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from qa_app.access.viewer import Viewer
from qa_app.config import MailConfig
from qa_app.core.errors import IllegalMove, NotAllowed, Stale
from qa_app.outbox import administration, views
from qa_app.outbox.letters import OutOfReach, Refused
from qa_app.outbox.models import Mail, MailState, MailSwitch
from qa_app.outbox.sending import send_due
from qa_app.people.queries import viewer_of
from qa_app.trail.models import TrailEntry
from tests.factories import people
from tests.factories.mail import Post, switched_on, waiting


@pytest.fixture
def council(database, now):
    return people.council(database, now)


@pytest.fixture
def admin(council, now) -> Viewer:
    return viewer_of(council.administrator, now.date())


class Browser:
    """An administrator's browser. What the test wrote is committed first: a page that is only read rolls back."""

    def __init__(self, client, database):
        self.client, self.database = client, database

    def get(self, path):
        self.database.commit()
        return self.client.get(path)

    def post(self, path, **more):
        self.database.commit()
        return self.client.post(path, **more)


@pytest.fixture
def browser(database, council, sign_in):
    return Browser(sign_in(council.administrator.id), database)


def mails(database):
    return database.scalars(select(Mail).order_by(Mail.id).execution_options(populate_existing=True)).all()


def events(database):
    return [event for event in database.scalars(select(TrailEntry.event).order_by(TrailEntry.id)) if "mail:" in event]


def text(response):
    return " ".join(response.get_data(as_text=True).split())


def failed(database, now, *person_ids):
    waiting(list(person_ids), now)
    for mail in mails(database):
        mail.state, mail.error, mail.attempts = MailState.FAILED, "The mail server said 550: no such user", 1
    database.flush()


def test_mail_is_off_until_it_is_switched_on(database, council, now, browser):
    waiting([council.auditor.id], now)
    assert "Mail is off" in text(browser.get("/mail/switch"))
    assert send_due(now, Post(), {}).sent == 0
    assert browser.post("/mail/switch/on").status_code == 303
    page = text(browser.get("/mail/switch"))
    assert "Mail is on" in page
    assert "by Rhian Stoddart." in page
    assert send_due(now, Post(), {}).sent == 1
    browser.post("/mail/switch/off")
    assert not database.get_one(MailSwitch, 1, populate_existing=True).is_on
    assert events(database) == ["mail:switched-on", "mail:switched-off"]


@pytest.mark.parametrize(("choice", "state"), [("drop", MailState.DROPPED), ("send", MailState.QUEUED)])
def test_whoever_switches_it_on_says_what_becomes_of_old_mails(database, council, now, browser, choice, state):
    waiting([council.auditor.id, council.auditor_b.id], now - timedelta(days=3))
    waiting([council.moderator.id], now)
    assert "3 mails wait: 2 written before today, 1 today." in text(browser.get("/mail/switch"))
    refused = browser.post("/mail/switch/on")
    assert refused.status_code == 422
    assert "Choose what should happen to the mails written before today" in text(refused)
    assert database.get(MailSwitch, 1) is None
    browser.post("/mail/switch/on", data={"old": choice})
    assert [mail.state for mail in mails(database)] == [state, state, MailState.QUEUED]
    if choice == "drop":
        assert "written before mail was switched on" in text(browser.get(f"/mail/{mails(database)[0].id}"))


def test_switching_twice_changes_nothing(database, council, now, admin, browser):
    administration.switch_on(admin, now, send_old=False)
    with pytest.raises(Stale):
        administration.switch_on(admin, now, send_old=False)
    assert browser.post("/mail/switch/on").status_code == 409
    assert events(database) == ["mail:switched-on"]


def test_only_administrators_do_any_of_it(database, council, now):
    failed(database, now, council.auditor.id)
    for person in (council.qa, council.director, council.auditor):
        viewer = viewer_of(person, now.date())
        for act in (
            lambda v=viewer: administration.switch_on(v, now, send_old=True),
            lambda v=viewer: administration.switch_off(v, now),
            lambda v=viewer: administration.send_again(mails(database)[0], v, now),
            lambda v=viewer: administration.send_failed_again(v, now),
        ):
            with pytest.raises(NotAllowed):
                act()


def test_a_mail_that_failed_says_why_and_can_be_sent_again(database, council, now, browser):
    switched_on(database, now)
    failed(database, now, council.auditor.id)
    mail_id = mails(database)[0].id
    page = text(browser.get(f"/mail/{mail_id}"))
    assert "no such user" in page
    assert "Send again" in page
    assert "1 mail has failed" in text(browser.get("/mail"))
    assert browser.post(f"/mail/{mail_id}/again").status_code == 303
    assert browser.post(f"/mail/{mail_id}/again").status_code == 409  # a double click
    post = Post()
    assert send_due(now, post, {}).sent == 1
    assert browser.post(f"/mail/{mail_id}/again").status_code == 409
    assert "Send again" not in text(browser.get(f"/mail/{mail_id}"))
    assert events(database) == ["mail:sent-again"]


def test_all_that_failed_can_be_sent_again_at_once(database, council, now, browser):
    failed(database, now, council.auditor.id, council.auditor_b.id)
    waiting([council.moderator.id], now)
    assert "Send 2 failed mails again" in text(browser.get("/mail?state=failed"))
    browser.post("/mail/failed/again")
    assert {mail.state for mail in mails(database)} == {MailState.QUEUED}
    browser.post("/mail/failed/again")
    assert events(database) == ["mail:sent-again"]


def test_a_digest_is_sent_again_with_all_that_is_in_it(database, council, now, admin, browser):
    failed(database, now, council.auditor.id)
    waiting([council.auditor.id], now, subject_key="round:2")
    item, other = mails(database)
    digest = Mail(
        message="digest", person_id=council.auditor.id, subject_key="person:1", slot="2026-06-17", variables={},
        subject="Case audits: 2 things for you today", text="x", html="x", state=MailState.FAILED, created_at=now, send_at=now,
    )  # fmt: skip
    database.add(digest)
    database.flush()
    item.digest_id = other.digest_id = digest.id
    other.state = MailState.FAILED
    database.flush()
    with pytest.raises(IllegalMove):
        administration.send_again(item, admin, now)
    assert "The digest that it is in" in text(browser.get(f"/mail/{item.id}"))
    assert "Reminder: your June case audit" in text(browser.get(f"/mail/{digest.id}"))
    administration.send_again(digest, admin, now)
    assert {mail.state for mail in mails(database)} == {MailState.QUEUED}
    assert "1 mail waiting" in text(browser.get("/mail"))


def test_the_list_leaves_as_a_workbook_and_the_trail_says_so(database, council, now, browser):
    waiting([council.auditor.id], now)
    answer = browser.get("/mail/export?state=queued")
    assert answer.mimetype.endswith("spreadsheetml.sheet")
    assert events(database) == ["mail:list-exported"]


@pytest.mark.parametrize("state", MailState)
def test_every_state_has_its_words_on_both_pages(database, council, now, browser, state):
    waiting([council.auditor.id], now)
    mail = mails(database)[0]
    mail.state = state
    database.flush()
    words = {"queued": "Waiting", "sending": "In hand", "sent": "Sent", "failed": "Failed", "dropped": "Dropped"}[state]
    assert f">{words}</strong>" in text(browser.get("/mail"))
    assert f">{words}</strong>" in text(browser.get(f"/mail/{mail.id}"))


def test_a_test_mail_goes_while_mail_is_off_and_stands_in_no_list(database, council, browser, monkeypatch):
    post = Post()
    monkeypatch.setattr(views, "transport_for", lambda *_: post)
    answer = browser.post("/mail/test", follow_redirects=True)
    assert "A test mail for rhian.stoddart@council.example was handed to the tests." in text(answer)
    assert [(letter.email, letter.subject) for letter in post.taken] == [
        ("rhian.stoddart@council.example", "Test mail from Case audits")
    ]
    assert mails(database) == []
    assert events(database) == ["mail:tested"]


@pytest.mark.parametrize("error", [Refused("The mail server said 550: no"), OutOfReach("no route to host")])
def test_a_test_mail_that_is_not_taken_says_why(database, council, browser, monkeypatch, error):
    def trouble(_letter):
        raise error

    post = Post(trouble)
    monkeypatch.setattr(views, "transport_for", lambda *_: post)
    assert f"The test mail was not taken. {error}" in text(browser.post("/mail/test"))
    assert post.closed
    assert events(database) == ["mail:tested"]


def test_without_a_way_to_send_the_pages_say_what_to_do(app, database, council, browser, monkeypatch):
    monkeypatch.setitem(app.config, "MAIL", MailConfig())
    assert "No way to send mail is set up yet" in text(browser.get("/mail"))
    page = text(browser.get("/mail/switch"))
    assert "docs/configuration.md" in page
    assert "Send a test mail" not in page
    assert browser.post("/mail/test").status_code == 404


def test_readiness_says_whether_mail_is_on_and_how_long_the_oldest_waits(database, council, now, client, clock):
    assert client.get("/ready").json["mail"] == "off"
    assert client.get("/ready").json["oldest_mail_waits_seconds"] is None
    switched_on(database, now)
    waiting([council.auditor.id], now)
    clock.now = now + timedelta(minutes=5)
    assert client.get("/ready").json["mail"] == "on"
    assert client.get("/ready").json["oldest_mail_waits_seconds"] == 300
