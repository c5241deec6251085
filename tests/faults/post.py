"""A mail server of the tests' own, which counts what it takes by Message-ID and can misbehave."""

# ruff: noqa: N802 - aiosmtpd names its handlers so

import asyncio
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from aiosmtpd.controller import Controller


class Office:
    """What the server took, and how it misbehaves: answers for recipients by address, and what it does with DATA."""

    def __init__(self) -> None:
        self.taken: Counter[str] = Counter()
        self.messages: list[Any] = []
        self.connections = 0
        self.refuse: dict[str, str] = {}
        self.hang: set[str] = set()
        self.sleep = 0.0
        self.drop_before: set[str] = set()
        self.drop_after: set[str] = set()
        self.after_each = ""
        self.port = 0

    @property
    def environ(self) -> dict[str, str]:
        """What a process needs to send here."""
        return {
            "MAIL_TRANSPORT": "smtp",
            "SMTP_HOST": "127.0.0.1",
            "SMTP_PORT": str(self.port),
            "SMTP_SECURITY": "none",
            "MAIL_FROM": "case-audits@council.example",
        }

    async def handle_EHLO(self, server: Any, session: Any, envelope: Any, hostname: str, responses: list[str]) -> Any:
        self.connections += 1
        session.host_name = hostname
        return responses

    async def handle_RCPT(self, server: Any, session: Any, envelope: Any, address: str, options: Any) -> str:
        if address in self.refuse:
            return self.refuse[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        address = envelope.rcpt_tos[0]
        if address in self.hang:
            await asyncio.sleep(3600)
        await asyncio.sleep(self.sleep)
        if address in self.drop_before:
            self.drop_before.discard(address)
            server.transport.abort()
            return "250 never heard"
        content = envelope.content.decode()
        self.messages.append((address, content))
        head = content.replace("\r\n", "\n").partition("\n\n")[0]
        self.taken[next(line for line in head.split("\n") if line.lower().startswith("message-id:"))] += 1
        if address in self.drop_after:
            self.drop_after.discard(address)
            server.transport.abort()
        return self.after_each or "250 OK"


class _Counter(Controller):
    def _trigger_server(self) -> None:
        self.port = self.server.sockets[0].getsockname()[1]  # the one that the machine chose for 0
        super()._trigger_server()


@contextmanager
def office() -> Iterator[Office]:
    """The server, on a port that is free."""
    made = Office()
    controller = _Counter(made, hostname="127.0.0.1", port=0)
    controller.start()
    try:
        made.port = controller.port
        yield made
    finally:
        controller.stop()
