"""What the page of tomorrow's mails says."""

from collections.abc import Sequence
from datetime import datetime

from markupsafe import Markup

from qa_app.core.format import day, plural
from qa_app.core.lists import Choice, Column, Search
from qa_app.outbox.catalogue import MESSAGES
from qa_app.reminders.tomorrow import Reader


def _subjects(reader: Reader) -> Markup:
    line = Markup("<li>{}{}</li>")
    waiting = Markup(' <span class="app-soft">waits already</span>')
    lines = Markup("").join(line.format(mail.subject, waiting if mail.is_waiting else "") for mail in reader.mails)
    return Markup('<ul class="govuk-list govuk-!-font-size-16 govuk-!-margin-bottom-0">{}</ul>').format(lines)


def _as(reader: Reader) -> str:
    apart = sum(mail.message not in MESSAGES or MESSAGES[mail.message].at_once for mail in reader.mails)
    together = len(reader.mails) - apart
    return plural(apart + (together > 0), "mail")


COLUMNS: tuple[Column[Reader], ...] = (
    Column("to", "To", lambda reader: reader.name, header=True),
    Column("mails", "What", _subjects),
    Column("as", "As", _as),
)

FILTERS = (
    Search("q", "Name"),
    Choice(
        "message", "Kind", tuple(sorted(((key, one.label) for key, one in MESSAGES.items()), key=lambda one: one[1]))
    ),
)


def heading(readers: Sequence[Reader], when: datetime) -> str:
    """`12 people get mail on Tue 30 June`."""
    return f"{plural(len(readers), 'person gets', 'people get')} mail on {day(when)}"
