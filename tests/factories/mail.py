"""Mails that wait, and a post that notes what it is given."""

from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Any

from qa_app.outbox.letters import Letter
from qa_app.outbox.models import MailSwitch
from qa_app.outbox.operations import queue

REMINDER = {
    "month": "June",
    "audits": 1,
    "due_on": date(2026, 6, 30),
    "working_days": 9,
    "round": "2026-06",
    "path": "/my-audits",
}


def switched_on(database: Any, now: datetime) -> MailSwitch:
    """The master switch, on."""
    switch = MailSwitch(id=1, is_on=True, changed_at=now)
    database.add(switch)
    database.flush()
    return switch


def waiting(
    person_ids: list[int],
    now: datetime,
    *,
    message: str = "reminder",
    subject_key: str = "round:1",
    slot: str = "2026-06-17",
    variables: Mapping[str, Any] = REMINDER,
) -> int:
    """Queue a mail to each."""
    return queue(message, person_ids, subject_key=subject_key, slot=slot, now=now, variables=variables)


class Post:
    """A transport that keeps what it took. `trouble` may raise instead."""

    label = "the tests"

    def __init__(self, trouble: Callable[[Letter], None] = lambda _letter: None) -> None:
        self.taken: list[Letter] = []
        self.trouble = trouble
        self.tries = 0
        self.closed = False

    def send(self, letter: Letter) -> None:
        """Take one."""
        self.tries += 1
        self.trouble(letter)
        self.taken.append(letter)

    def close(self) -> None:
        """The run is over."""
        self.closed = True

    @property
    def readers(self) -> list[str]:
        """Who has had mail, in order."""
        return [letter.name for letter in self.taken]
