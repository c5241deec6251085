"""A mail as it goes to a transport, and what a transport answers."""

from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, formataddr
from typing import Protocol
from urllib.parse import urlsplit

TIMEOUT = 10
"""Seconds to wait for an answer; one that hangs delays the others by no more."""


@dataclass(frozen=True, slots=True)
class Letter:
    """All that a transport needs. `key` is the same at every attempt, so that a second copy can be told as one."""

    key: str
    name: str
    email: str
    subject: str
    text: str
    html: str
    written_at: datetime


class Refused(Exception):
    """This mail will never be taken, whenever it is tried; `str(error)` says why, for administrators."""


class TryLater(Exception):
    """This mail was not taken now; another may be."""


class ConnectionLost(TryLater):
    """Nobody knows whether it was taken: the connection broke, or no answer came."""


class OutOfReach(Exception):
    """No mail can be sent for now: nothing answers, or our sender is refused."""


class Transport(Protocol):
    """A way to send mails, for one run of the sender."""

    label: str

    def send(self, letter: Letter) -> None:
        """Hand one mail over.

        Raises:
            Refused, TryLater, OutOfReach: it was not taken.
        """

    def close(self) -> None:
        """Let go of what is open."""


def as_message(letter: Letter, sender: str, base_url: str) -> EmailMessage:
    """The mail as text and HTML, marked as written by a machine, so that nobody's out-of-office answers it.

    Raises:
        Refused: a name, an address or a subject can't stand in a mail.
    """
    message = EmailMessage(policy=SMTP)
    try:
        message["From"] = sender
        message["To"] = formataddr((letter.name, letter.email))
        message["Subject"] = letter.subject
        message["Date"] = format_datetime(letter.written_at)
        message["Message-ID"] = f"<{letter.key}@{urlsplit(base_url).hostname or 'localhost'}>"
        message["Auto-Submitted"] = "auto-generated"
        message["X-Auto-Response-Suppress"] = "All"
        message.set_content(letter.text, cte="quoted-printable")
        message.add_alternative(letter.html, subtype="html", cte="quoted-printable")
    except (ValueError, UnicodeError, IndexError) as error:
        raise Refused(f"The mail can't be written: {error}") from error
    return message


def error_words(error: Exception) -> str:
    """What went wrong, for administrators."""
    return f"{type(error).__name__}: {error}"[:300] if str(error) else type(error).__name__
