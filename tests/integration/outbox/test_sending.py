"""The sender: each mail once, at the right time, to people who still want it; trouble of one is no trouble of others."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from sqlalchemy import select

from qa_app.outbox import catalogue
from qa_app.outbox.catalogue import MESSAGES, Section
from qa_app.outbox.letters import ConnectionLost, OutOfReach, Refused, TryLater
from qa_app.outbox.models import Mail, MailState, MailSwitch
from qa_app.outbox.rules import GAPS
from qa_app.outbox.sending import send_due
from tests.factories import people
from tests.factories.mail import REMINDER, Post, switched_on, waiting


@pytest.fixture
def council(database, now):
    council = people.council(database, now)
    switched_on(database, now)
    return council


@pytest.fixture
def gathered(monkeypatch):
    """Reminders and news of issued audits wait for the day's digest."""
    for name, section in (("reminder", Section.DUE_SOON), ("audits_issued", Section.FOR_INFORMATION)):
        monkeypatch.setitem(MESSAGES, name, replace(MESSAGES[name], at_once=False, section=section))
    assert catalogue.gathered() >= {"reminder", "audits_issued"}


ISSUED = {name: REMINDER[name] for name in ("month", "audits", "due_on", "round", "path")}


def rows(database):
    return database.scalars(select(Mail).order_by(Mail.id).execution_options(populate_existing=True)).all()


def states(database):
    return [mail.state for mail in rows(database)]


def raising(error, *names):
    def trouble(letter):
        if not names or letter.name in names:
            raise error

    return trouble


def everybody(council):
    return [person.id for person in council.everyone if person.email]


def test_a_mail_is_sent_once(database, council, now):
    waiting([council.auditor.id, council.auditor_b.id], now)
    post = Post()
    done = send_due(now, post, {})
    assert (done.looked_at, done.sent, dict(done.why)) == (2, 2, {})
    assert post.readers == ["Asha Okafor", "Bryn Pritchard"]
    assert post.closed
    assert [(mail.state, mail.sent_at, mail.attempts, mail.claimed_at) for mail in rows(database)] == [
        (MailState.SENT, now, 1, None)
    ] * 2
    assert send_due(now, post, {}).looked_at == 0
    assert post.tries == 2


def test_nothing_leaves_while_the_switch_is_off(database, council, now):
    database.get_one(MailSwitch, 1).is_on = False
    waiting([council.auditor.id], now)
    post = Post()
    assert dict(send_due(now, post, {}).why) == {"The master switch is off": 0}
    assert post.tries == 0
    assert states(database) == [MailState.QUEUED]


def test_nothing_leaves_without_a_way_to_send(database, council, now):
    waiting([council.auditor.id], now)
    assert "set up" in next(iter(send_due(now, None, {}).why))
    assert states(database) == [MailState.QUEUED]


@pytest.mark.parametrize("day_off", ["2026-06-20T10:00", "2026-12-25T10:00", "2026-06-17T06:59"])
def test_nothing_leaves_on_days_off_or_before_eight(database, council, day_off):
    then = datetime.fromisoformat(day_off).replace(tzinfo=UTC) - timedelta(hours=1)
    waiting([council.auditor.id], then)
    post = Post()
    send_due(then, post, {})
    assert post.tries == 0
    mail = rows(database)[0]
    assert mail.send_at > then
    assert send_due(mail.send_at, post, {}).sent == 1


def test_a_refused_recipient_fails_at_once_and_the_others_go(database, council, now):
    waiting(everybody(council), now)
    post = Post(raising(Refused("The mail server said 550: no such user"), "Asha Okafor"))
    done = send_due(now, post, {})
    assert done.sent == len(everybody(council)) - 1
    failed = [mail for mail in rows(database) if mail.state == MailState.FAILED]
    assert [(mail.person_id, mail.error) for mail in failed] == [
        (council.auditor.id, "The mail server said 550: no such user")
    ]
    send_due(now + timedelta(days=1), post, {})
    assert post.tries == len(everybody(council))


def test_what_is_not_taken_now_is_tried_again_with_growing_gaps_and_fails_in_the_end(database, council, now):
    waiting([council.auditor.id], now)
    post = Post(raising(TryLater("451: greylisted")))
    moments = []
    while states(database) == [MailState.QUEUED]:
        mail = rows(database)[0]
        moments.append(mail.send_at)
        send_due(mail.send_at - timedelta(seconds=1), post, {})
        send_due(mail.send_at, post, {})
    assert post.tries == len(moments) == len(GAPS) + 1
    assert [later - earlier for earlier, later in pairwise(moments[:4])] == list(GAPS[:3])
    assert rows(database)[0].error == "451: greylisted"
    assert states(database) == [MailState.FAILED]


def test_a_server_that_is_down_for_an_hour_costs_one_attempt_a_minute_and_loses_nothing(database, council, now):
    waiting(everybody(council), now)
    down, up = Post(raising(OutOfReach("no route"))), Post()
    for minute in range(60):
        send_due(now + timedelta(minutes=minute), down, {})
        assert set(states(database)) == {MailState.QUEUED}
    assert down.tries <= 60
    for minute in range(60, 150):
        send_due(now + timedelta(minutes=minute), up, {})
    assert set(states(database)) == {MailState.SENT}
    assert len(up.taken) == len({letter.key for letter in up.taken}) == len(everybody(council))


def test_a_connection_that_breaks_again_and_again_ends_the_run(database, council, now):
    waiting(everybody(council), now)
    post = Post(raising(ConnectionLost("timed out")))
    send_due(now, post, {})
    assert post.tries == 2
    assert set(states(database)) == {MailState.QUEUED}


def test_one_that_breaks_the_connection_does_not_keep_the_others(database, council, now):
    waiting(everybody(council), now)
    post = Post(raising(ConnectionLost("timed out"), "Asha Okafor"))
    assert send_due(now, post, {}).sent == len(everybody(council)) - 1


def test_a_fault_of_ours_lets_go_of_what_was_in_hand(database, council, now):
    waiting(everybody(council), now)
    with pytest.raises(ZeroDivisionError):
        send_due(now, Post(raising(ZeroDivisionError())), {})
    assert set(states(database)) == {MailState.QUEUED}


def test_a_lost_claim_is_taken_back_after_ten_minutes(database, council, now):
    waiting([council.auditor.id], now)
    mail = rows(database)[0]
    mail.state, mail.claimed_at = MailState.SENDING, now
    database.flush()
    post = Post()
    send_due(now + timedelta(minutes=9), post, {})
    assert post.tries == 0
    done = send_due(now + timedelta(minutes=10), post, {})
    assert (done.sent, dict(done.why)) == (1, {"Taken back from a sender that ended": 1})


def test_the_key_of_a_mail_stays_the_same(database, council, now):
    waiting([council.auditor.id], now)
    keys = set()
    post = Post(lambda letter: keys.add(letter.key))
    send_due(now, post, {})
    rows(database)[0].state = MailState.QUEUED
    database.flush()
    send_due(now + timedelta(days=1), post, {})
    assert (post.tries, len(keys)) == (2, 1)


def test_whoever_left_or_has_no_address_is_mailed_no_more(database, council, now):
    waiting([council.auditor.id, council.auditor_b.id, council.moderator.id], now)
    council.auditor.leaves_on = (now - timedelta(days=1)).date()
    council.auditor_b.email = None
    database.flush()
    post = Post()
    done = send_due(now, post, {})
    assert post.readers == ["Carys Whitlock"]
    assert dict(done.why) == {"No longer wanted": 2}
    assert [mail.error for mail in rows(database)[:2]] == [
        "They do not work here today.",
        "They have no email address. Add one, then send it again.",
    ]


def test_the_state_is_read_again_at_the_moment_of_sending(database, council, now):
    waiting([council.auditor.id, council.auditor_b.id, council.moderator.id], now)
    by_reader = {mail.person_id: mail.id for mail in rows(database)}
    kept = {by_reader[council.auditor.id]: REMINDER, by_reader[council.auditor_b.id]: REMINDER | {"audits": 4}}
    post = Post()
    send_due(now, post, {"reminder": lambda mails, _now: {m.id: kept[m.id] for m in mails if m.id in kept}})
    assert [letter.name for letter in post.taken] == ["Asha Okafor", "Bryn Pritchard"]
    assert "Your 4 case audits for June" in post.taken[1].text
    assert "Dear Bryn Pritchard," in post.taken[1].text
    dropped = rows(database)[2]
    assert (dropped.state, dropped.error) == (MailState.DROPPED, "What it asks for is settled.")
    assert rows(database)[1].variables["audits"] == 4


def test_a_reason_that_fails_puts_off_its_own_mails_alone(database, council, now):
    waiting([council.auditor.id], now)
    waiting([council.auditor.id], now, message="audits_issued", variables=ISSUED)
    post = Post()
    done = send_due(now, post, {"reminder": lambda *_: 1 / 0})
    assert done.sent == 1
    assert states(database) == [MailState.QUEUED, MailState.SENT]
    assert rows(database)[0].send_at == now + timedelta(hours=1)
    assert send_due(now + timedelta(hours=1), post, {}).sent == 1


def test_several_things_for_one_person_on_one_day_are_one_mail(database, council, now, gathered):
    waiting([council.auditor.id, council.auditor_b.id], now)
    waiting([council.auditor.id], now, subject_key="round:2", variables=REMINDER | {"working_days": -1, "month": "May"})
    waiting([council.auditor.id], now, message="audits_issued", variables=ISSUED)
    post = Post()
    assert send_due(now, post, {}).sent == 2
    digest = next(letter for letter in post.taken if letter.name == "Asha Okafor")
    assert digest.subject == "Case audits: 3 things for you today, 1 overdue"
    order = [
        digest.text.index(words) for words in ("Overdue", "your May case", "Due soon", "your June case", "For info")
    ]
    assert order == sorted(order)
    assert "/my-audits" in digest.text
    for part in (digest.text, digest.html):
        assert "/my/slippage?round=" in part
        assert "/exemptions/ask?month=2026-" in part
    assert next(letter for letter in post.taken if letter.name == "Bryn Pritchard").subject.startswith("Reminder")
    found = rows(database)
    envelope = next(mail for mail in found if mail.message == "digest")
    assert envelope.variables == {"items": 3, "path": "/"}
    assert [mail.digest_id for mail in found if mail.person_id == council.auditor.id and mail is not envelope] == [
        envelope.id
    ] * 3
    assert {mail.state for mail in found} == {MailState.SENT}


def test_a_second_digest_waits_for_the_next_working_day(database, council, now, gathered):
    waiting([council.auditor.id], now)
    post = Post()
    send_due(now, post, {})
    waiting([council.auditor.id], now, subject_key="round:2")
    waiting([council.auditor.id], now, message="audits_issued", variables=ISSUED)
    later = now + timedelta(hours=1)
    assert dict(send_due(later, post, {}).why) == {"Had a digest today": 2}
    assert send_due(later, post, {}).looked_at == 0
    tomorrow = datetime(2026, 6, 18, 7, 0, tzinfo=UTC)
    assert {mail.send_at for mail in rows(database) if mail.state == MailState.QUEUED} == {tomorrow}
    assert send_due(tomorrow, post, {}).sent == 1
    assert len(post.taken) == 2


def test_what_is_settled_between_two_attempts_leaves_the_digest(database, council, now, gathered):
    waiting([council.auditor.id], now)
    waiting([council.auditor.id], now, subject_key="round:2")
    send_due(now, Post(raising(TryLater("451"))), {})
    first = rows(database)[0].id
    post = Post()
    done = send_due(now + timedelta(minutes=1), post, {"reminder": lambda mails, _: {first: REMINDER}})
    assert done.sent == 1
    assert [letter.subject for letter in post.taken] == ["Case audits: 1 thing for you today"]
    assert states(database) == [MailState.SENT, MailState.DROPPED, MailState.SENT]


def test_a_digest_of_which_nothing_is_left_is_dropped(database, council, now, gathered):
    waiting([council.auditor.id], now)
    waiting([council.auditor.id], now, subject_key="round:2")
    send_due(now, Post(raising(TryLater("451"))), {})
    post = Post()
    send_due(now + timedelta(minutes=1), post, {"reminder": lambda *_: {}})
    assert post.tries == 0
    assert set(states(database)) == {MailState.DROPPED}


@pytest.mark.parametrize("error", [Refused("550"), None])
def test_what_is_in_a_digest_shares_its_fate(database, council, now, gathered, error):
    waiting([council.auditor.id], now)
    waiting([council.auditor.id], now, subject_key="round:2")
    if error is None:
        send_due(now, Post(raising(TryLater("451"))), {})
        council.auditor.email = None
        database.flush()
        send_due(now + timedelta(minutes=1), Post(), {})
        assert set(states(database)) == {MailState.DROPPED}
    else:
        send_due(now, Post(raising(error)), {})
        assert set(states(database)) == {MailState.FAILED}


def test_many_mails_are_sent_in_batches_and_no_digest_is_cut_in_two(database, council, now, gathered):
    many = [people.person(database, now, f"Person {number}", account=False).id for number in range(250)]
    waiting(many, now)
    waiting(many, now + timedelta(seconds=1), message="audits_issued", variables=ISSUED)
    post = Post()
    assert send_due(now + timedelta(minutes=1), post, {}).sent == 250
    assert all(letter.subject.startswith("Case audits: 2 things") for letter in post.taken)
