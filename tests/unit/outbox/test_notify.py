"""GOV.UK Notify's own client against a server that answers as Notify does (docs/configuration.md)."""

import json
import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import pytest
from notifications_python_client.notifications import NotificationsAPIClient

from qa_app.config import MailConfig
from qa_app.outbox.letters import Letter, OutOfReach, Refused
from qa_app.outbox.notify import Notify

KEY = "trial-8b3aa916-ec82-434e-b0c5-d5d9b371d6a3-dcdc5083-2fee-4fba-8afd-51f3f4bcb7b0"
LETTER = Letter(
    "mail-17", "Asha Okafor", "asha@borough.example", "Your June case audit", "Dear Asha", "<p>Dear Asha</p>",
    datetime(2026, 6, 17, 8, tzinfo=UTC),
)  # fmt: skip


class Stand:
    """A server in Notify's place: the answer that it gives, and what it was asked."""

    def __init__(self) -> None:
        self.status, self.said = 201, [{"error": "", "message": ""}]
        self.asked: list[dict[str, Any]] = []
        stand = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                stand.asked.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
                body = json.dumps({"id": "1"} if stand.status == 201 else {"errors": stand.said}).encode()
                self.send_response(stand.status)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_: object) -> None:
                """Says nothing."""

        self.server = HTTPServer(("127.0.0.1", 0), Handler)

    @property
    def client(self) -> Any:
        """The real client, which takes this for Notify."""
        return NotificationsAPIClient(KEY, base_url=f"http://127.0.0.1:{self.server.server_port}", timeout=5)  # type: ignore[no-untyped-call]


@pytest.fixture
def stand() -> Iterator[Stand]:
    made = Stand()
    thread = threading.Thread(target=made.server.serve_forever)
    thread.start()
    yield made
    made.server.shutdown()
    thread.join()
    made.server.server_close()


def notify(stand: Stand) -> Notify:
    return Notify(MailConfig(transport="notify", notify_api_key=KEY, notify_template_id="template-1"), stand.client)


def test_a_mail_is_handed_over_with_its_key_as_the_reference(stand: Stand) -> None:
    notify(stand).send(LETTER)
    assert stand.asked == [
        {
            "email_address": "asha@borough.example",
            "template_id": "template-1",
            "personalisation": {"subject": "Your June case audit", "body": "Dear Asha"},
            "reference": "mail-17",
        }
    ]


@pytest.mark.parametrize(
    ("status", "words", "raised"),
    [
        (400, "email_address Not a valid email address", Refused),
        (400, "Can't send to this recipient using a team-only API key", Refused),
        (400, "Template not found", OutOfReach),
        (403, "Invalid token: API key not found", OutOfReach),
        (429, "Exceeded rate limit", OutOfReach),
        (500, "Internal server error", OutOfReach),
        (503, "Try later", OutOfReach),
    ],
)
def test_what_is_said_of_one_reader_is_final_and_all_else_waits(
    stand: Stand, status: int, words: str, raised: type[Exception]
) -> None:
    stand.status, stand.said = status, [{"error": "Error", "message": words}]
    with pytest.raises(raised, match=f"GOV.UK Notify said {status}"):
        notify(stand).send(LETTER)


def test_nobody_at_home_is_out_of_reach(stand: Stand) -> None:
    gone = Notify(
        MailConfig(transport="notify", notify_api_key=KEY, notify_template_id="template-1"),
        NotificationsAPIClient(KEY, base_url="http://127.0.0.1:9", timeout=2),  # type: ignore[no-untyped-call]
    )
    with pytest.raises(OutOfReach):
        gone.send(LETTER)
