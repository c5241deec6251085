"""A sender that is killed, and several at once: no mail is lost, and one is doubled only where nobody could know.

Each mail has a Message-ID of its own, by which the mail server of the tests counts what it took.
"""

from collections import Counter
from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise

import pytest
from sqlalchemy import select

from qa_app.core.database import transaction
from qa_app.jobs.schedule import tick
from qa_app.outbox.models import Mail, MailState
from qa_app.outbox.operations import queue
from qa_app.people.models import Person
from tests.conftest import NOW
from tests.factories.mail import switched_on
from tests.faults.killing import KILLED, Point, at_once
from tests.faults.post import Office, office
from tests.faults.stores import Store, Stores

MAILS = 10
FIRST, LATER = "2026-06-17T10:30", "2026-06-17T10:41"
ANSWER = {"month": "June", "due_on": date(2026, 6, 30), "outcome": "reassigned", "path": "/my-audits"}


@pytest.fixture
def post():
    with office() as made:
        yield made


def filled(store: Store) -> Store:
    """Ten mails wait, mail is on, and nothing else is to be done today."""
    with store.session() as session:
        tick(NOW)
        session.remove()
    with store.session() as session, transaction():
        for mail in session.scalars(select(Mail)):
            mail.state = MailState.SENT
        switched_on(session, NOW)
        ids = session.scalars(select(Person.id).where(Person.email.is_not(None)).order_by(Person.id).limit(MAILS)).all()
        then = NOW - timedelta(hours=1)
        assert (
            queue("declaration_answered", ids, subject_key="declaration:0", slot="1", now=then, variables=ANSWER)
            == MAILS
        )
    return store


def sender(store: Store, post: Office, when: str = FIRST, name: str = "send"):
    command = store.command("tick", "--at", when, name=name)
    return replace(command, environ=command.environ | post.environ)


def states(store: Store) -> Counter[str]:
    with store.session() as session:
        return Counter(session.scalars(select(Mail.state).where(Mail.message == "declaration_answered")))


def sending_points(stores: Stores, post: Office) -> list[Point]:
    """Every point of an undisturbed run, and there it sends each mail once."""
    store = filled(stores.copy())
    points = sender(store, post).points()
    assert states(store) == {MailState.SENT: MAILS}
    assert sorted(post.taken.values()) == [1] * MAILS
    stores.drop(store)
    post.taken.clear()
    return points


def test_a_killed_sender_loses_nothing_and_doubles_at_most_the_mail_it_had_just_handed_over(stores, post):
    points = sending_points(stores, post)
    wrote = [
        after.number for before, after in pairwise(points) if (before.kind, after.kind) == ("write", "before-commit")
    ]
    _taken_back, claimed, *noted = wrote
    assert len(noted) == MAILS
    numbers = (claimed, noted[0], noted[MAILS // 2], noted[-1])
    chosen = [Point(kind, number) for number in numbers for kind in ("before-commit", "after-commit")]
    doubled = 0
    for point in chosen:
        store = filled(stores.copy())
        assert sender(store, post).killed_at(point).run() == KILLED, point
        store.check_whole()
        again = sender(store, post, LATER, "again")
        assert again.run() == 0, again.output()
        assert states(store) == {MailState.SENT: MAILS}, point
        assert len(post.taken) == MAILS, f"{point}: {post.taken}"
        extra = sum(post.taken.values()) - MAILS
        assert extra <= (1 if point.kind == "before-commit" else 0), f"killed at {point}"
        doubled += extra
        post.taken.clear()
        stores.drop(store)
    assert doubled == 3  # where the server's answer was there and our commit was not


def test_four_senders_at_once_send_each_mail_once(store, post):
    filled(store)
    commands = [sender(store, post, name=f"sender{number}") for number in range(4)]
    codes = at_once(commands)
    assert set(codes) <= {0, 1}, [command.output() for command in commands]
    assert sender(store, post, LATER).run() == 0
    assert states(store) == {MailState.SENT: MAILS}
    assert sorted(post.taken.values()) == [1] * MAILS


def test_a_refused_recipient_and_broken_connections_harm_no_other_mail(store, post):
    filled(store)
    with store.session() as session:
        emails = session.scalars(
            select(Person.email).where(Person.email.is_not(None)).order_by(Person.id).limit(3)
        ).all()
    refused, before, after = emails
    post.refuse[refused] = "550 5.1.1 no such user"
    post.drop_before.add(before)
    post.drop_after.add(after)
    for when in (FIRST, "2026-06-17T10:31", "2026-06-17T10:32"):
        assert sender(store, post, when).run() == 0
    assert states(store) == {MailState.SENT: MAILS - 1, MailState.FAILED: 1}
    assert sorted(post.taken.values()) == [1] * (MAILS - 2) + [2]
