"""The transports against servers that refuse, hang, hang up or are not there."""

import email
import socket
import time
from datetime import UTC, datetime
from email.policy import default

import pytest

from qa_app.config import MailConfig, read_config
from qa_app.outbox import transports
from qa_app.outbox.letters import ConnectionLost, Letter, OutOfReach, Refused, TryLater
from qa_app.outbox.transports import Smtp
from tests.faults.post import office

NOW = datetime(2026, 6, 17, 9, 30, tzinfo=UTC)


def letter(name="Asha Okafor", number=1, **changes):
    values = {
        "key": f"mail.{number}.20260617093000",
        "name": name,
        "email": f"{name.split()[0].lower()}@council.example",
        "subject": "Reminder: your June case audit, due Tue 30 June",
        "text": "Dear Asha,\n\nGrüße\n",
        "html": "<p>Dear Asha,</p>",
        "written_at": NOW,
    }
    return Letter(**(values | changes))


@pytest.fixture
def post():
    with office() as made:
        yield made


@pytest.fixture
def smtp(post, tmp_path, monkeypatch):
    monkeypatch.setattr(transports, "TIMEOUT", 1)
    config = read_config({"DATA_DIR": str(tmp_path)} | post.environ).mail
    made = Smtp(config, "https://case-audits.example.gov.uk")
    yield made
    made.close()


def test_a_mail_goes_out_as_text_and_html_and_says_that_a_machine_wrote_it(post, smtp):
    smtp.send(letter())
    address, content = post.messages[0]
    message = email.message_from_bytes(content.encode(), policy=default)
    assert address == "asha@council.example"
    assert message["To"] == "Asha Okafor <asha@council.example>"
    assert message["From"] == "case-audits@council.example"
    assert message["Message-ID"] == "<mail.1.20260617093000@case-audits.example.gov.uk>"
    assert message["Date"] == "Wed, 17 Jun 2026 09:30:00 +0000"
    assert message["Auto-Submitted"] == "auto-generated"
    assert message.get_body(("plain",)).get_content().splitlines() == ["Dear Asha,", "", "Grüße"]
    assert message.get_body(("html",)).get_content().strip() == "<p>Dear Asha,</p>"


def test_many_mails_share_one_connection(post, smtp):
    for number in range(5):
        smtp.send(letter(number=number))
    assert (len(post.messages), post.connections) == (5, 1)


def test_names_that_would_break_a_mail_are_refused_and_never_sent(post, smtp):
    with pytest.raises(Refused):
        smtp.send(letter(subject="x\nBcc: all@council.example"))
    with pytest.raises(Refused):
        smtp.send(letter(email="asha@council.example\r\nBcc: all@council.example"))
    assert post.messages == []
    smtp.send(letter(name="Siân Ó Briain", email="sian.obriain@council.example"))


@pytest.mark.parametrize(("answer", "error"), [("550 5.1.1 no such user", Refused), ("451 try later", TryLater)])
def test_one_recipient_refused_leaves_the_connection_to_the_others(post, smtp, answer, error):
    post.refuse["asha@council.example"] = answer
    with pytest.raises(error, match=answer.split()[0]):
        smtp.send(letter())
    smtp.send(letter("Bryn Pritchard", 2))
    assert [address for address, _ in post.messages] == ["bryn@council.example"]
    assert post.connections == 1


@pytest.mark.parametrize(("answer", "error"), [("554 no", Refused), ("452 full", TryLater)])
def test_a_mail_refused_after_its_text_is_judged_by_the_code(post, smtp, answer, error):
    post.after_each = answer
    with pytest.raises(error):
        smtp.send(letter())


def test_a_hang_up_before_the_answer_is_tried_again_on_a_new_connection(post, smtp):
    post.drop_before.add("asha@council.example")
    with pytest.raises(ConnectionLost):
        smtp.send(letter())
    smtp.send(letter())
    assert list(post.taken.values()) == [1]
    assert post.connections == 2


def test_a_hang_up_after_taking_it_doubles_it_with_the_same_message_id(post, smtp):
    post.drop_after.add("asha@council.example")
    with pytest.raises(ConnectionLost):
        smtp.send(letter())
    smtp.send(letter())
    assert list(post.taken.values()) == [2]


def test_a_server_that_never_answers_holds_up_no_longer_than_the_limit(post, smtp):
    post.hang.add("asha@council.example")
    began = time.monotonic()
    with pytest.raises(ConnectionLost):
        smtp.send(letter())
    assert time.monotonic() - began < 5
    smtp.send(letter("Bryn Pritchard", 2))


def test_a_slow_server_is_waited_for(post, smtp):
    post.sleep = 0.3
    smtp.send(letter())
    assert len(post.messages) == 1


def test_a_server_that_is_not_there_is_out_of_reach():
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    config = MailConfig("smtp", "a@council.example", "127.0.0.1", port, "none")
    with pytest.raises(OutOfReach, match="can't be used"):
        Smtp(config, "https://x.example").send(letter())


@pytest.mark.parametrize("security", ["starttls", "tls"])
def test_a_server_without_encryption_gets_no_mail_where_it_is_wanted(post, security, monkeypatch):
    monkeypatch.setattr(transports, "TIMEOUT", 1)
    config = MailConfig("smtp", "a@council.example", "127.0.0.1", post.port, security)
    with pytest.raises(OutOfReach):
        Smtp(config, "https://x.example").send(letter())
    assert post.messages == []
