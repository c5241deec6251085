"""What the pages of the outbox say."""

from dataclasses import dataclass
from typing import Any

from flask import Flask, url_for
from markupsafe import Markup

from qa_app.access.permissions import Permission
from qa_app.access.viewer import Viewer
from qa_app.config import MailConfig
from qa_app.core.format import moment, plural
from qa_app.core.lists import Choice, Column, Filter, Search
from qa_app.outbox.catalogue import MESSAGES, TEST
from qa_app.outbox.models import Mail, MailState
from qa_app.outbox.queries import SORTS, STATE_LABELS, Switch

STATE_COLOURS = {"queued": "blue", "sending": "yellow", "sent": "green", "failed": "red", "dropped": "grey"}
TOMORROW = "/mail/tomorrow"


def label(message: str) -> str:
    """What a kind of mail is called; a kind that is no longer sent keeps its old key."""
    return MESSAGES[message].label if message in MESSAGES else message


def state_tag(state: str) -> Markup:
    """A mail's state as a tag with words."""
    return Markup('<strong class="govuk-tag govuk-tag--{}">{}</strong>').format(
        STATE_COLOURS[state], STATE_LABELS[state]
    )


def _subject(mail: Any) -> Markup:
    return Markup('<a class="govuk-link" href="{}">{}</a>').format(
        url_for("outbox.mail", mail_id=mail.id), mail.subject
    )


def _state(mail: Any) -> Markup:
    if mail.digest_id is not None and mail.state == MailState.QUEUED:
        return Markup("{} in a digest").format(state_tag(mail.state))
    return state_tag(mail.state)


_TO: Column[Any] = Column("to", "To", lambda mail: mail.person.name, sort=SORTS["to"], header=True)
_KIND: Column[Any] = Column("message", "Kind", lambda mail: label(mail.message))
_WRITTEN: Column[Any] = Column("at", "Written", lambda mail: moment(mail.created_at), sort=SORTS["at"])

COLUMNS: tuple[Column[Any], ...] = (
    _TO,
    Column("subject", "Subject", _subject, sort=SORTS["subject"]),
    _KIND,
    Column("state", "State", _state, sort=SORTS["state"]),
    _WRITTEN,
)

EXPORT: tuple[Column[Any], ...] = (
    _TO,
    Column("subject", "Subject", lambda mail: mail.subject),
    _KIND,
    Column("state", "State", lambda mail: STATE_LABELS[mail.state]),
    _WRITTEN,
    Column("due", "Not before", lambda mail: moment(mail.send_at)),
    Column("sent", "Sent", lambda mail: moment(mail.sent_at)),
    Column("attempts", "Attempts", lambda mail: mail.attempts, numeric=True),
    Column("error", "What went wrong", lambda mail: mail.error),
)


def filters() -> tuple[Filter, ...]:
    """What the list can be narrowed by."""
    kinds = sorted(((key, message.label) for key, message in MESSAGES.items() if key != TEST), key=lambda pair: pair[1])
    return (
        Choice("state", "State", tuple((str(state), words) for state, words in STATE_LABELS.items())),
        Choice("message", "Kind", tuple(kinds)),
        Search("q", "Name"),
    )


def details(mail: Mail) -> list[dict[str, Any]]:
    """What is known of a mail, as rows of a summary."""
    rows: list[tuple[str, Any]] = [
        ("To", mail.person.name),
        ("Kind", label(mail.message)),
        ("State", _state(mail)),
        ("Written", moment(mail.created_at)),
    ]
    if mail.digest_id is not None:
        link = Markup('<a class="govuk-link" href="{}">The digest that it is in</a>')
        rows.append(("Digest", link.format(url_for("outbox.mail", mail_id=mail.digest_id))))
    elif mail.state == MailState.QUEUED:
        rows.append(("Not before", moment(mail.send_at)))
    if mail.sent_at is not None:
        rows.append(("Sent", moment(mail.sent_at)))
    if mail.attempts:
        rows.append(("Tried", plural(mail.attempts, "time")))
    if mail.error:
        rows.append(("Why" if mail.state == MailState.DROPPED else "What went wrong", mail.error))
    return [{"name": name, "value": value} for name, value in rows]


def may_send_again(mail: Mail, viewer: Viewer) -> bool:
    """Whether the page offers to send it again; what is in a digest goes with that."""
    ended = mail.state in (MailState.FAILED, MailState.DROPPED)
    return ended and mail.digest_id is None and viewer.can(Permission.MAIL_MANAGE)


@dataclass(frozen=True)
class Way:
    """Whether and how mail leaves, in a sentence; whether a way is set up; and whether nothing leaves."""

    text: str
    can_send: bool
    is_trouble: bool


def way(switch: Switch, config: MailConfig) -> Way:
    """How mail leaves now, as a sentence."""
    ways = {
        "smtp": f"by the mail server {config.smtp_host}",
        "notify": "by GOV.UK Notify",
        "demo": "to nobody: in this demonstration each is only marked as sent",
    }
    by = ways.get(config.transport)
    if by is None:
        return Way("No way to send mail is set up yet, so every mail waits.", can_send=False, is_trouble=True)
    if not switch.is_on:
        return Way("Mail is off: what is written waits here.", can_send=True, is_trouble=True)
    return Way(f"Mail is on. It goes {by}, on working days from 8:00.", can_send=True, is_trouble=False)


def since(switch: Switch) -> str:
    """Since when the switch is as it is, and by whom."""
    if switch.changed_at is None:
        return ""
    return f"Since {moment(switch.changed_at)}" + (f", by {switch.changed_by}." if switch.changed_by else ".")


def tomorrow(app: Flask) -> str:
    """The address of tomorrow's mails, where there is such a page."""
    return TOMORROW if any(rule.rule == TOMORROW for rule in app.url_map.iter_rules()) else ""
