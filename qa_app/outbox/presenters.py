"""What the pages of the outbox say."""

from typing import Any

from flask import url_for
from markupsafe import Markup

from qa_app.core.format import moment
from qa_app.core.lists import Choice, Column, Search
from qa_app.outbox.catalogue import MESSAGES
from qa_app.outbox.queries import SORTS, STATE_LABELS

STATE_COLOURS = {"queued": "blue", "sending": "yellow", "sent": "green", "failed": "red", "dropped": "grey"}


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


COLUMNS: tuple[Column[Any], ...] = (
    Column("to", "To", lambda mail: mail.person.name, sort=SORTS["to"], header=True),
    Column("subject", "Subject", _subject, sort=SORTS["subject"]),
    Column("message", "Kind", lambda mail: label(mail.message)),
    Column("state", "State", lambda mail: state_tag(mail.state), sort=SORTS["state"]),
    Column("at", "Written", lambda mail: moment(mail.created_at), sort=SORTS["at"]),
)

FILTERS = (
    Choice("state", "State", tuple((str(state), words) for state, words in STATE_LABELS.items())),
    Choice("message", "Kind", tuple((key, message.label) for key, message in MESSAGES.items())),
    Search("q", "Name"),
)
