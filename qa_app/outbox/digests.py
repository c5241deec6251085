"""Several things for one person on one day, as one mail: overdue, due soon, for information (domain.md section 10)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from flask import current_app

from qa_app.core.clock import london_day
from qa_app.outbox.catalogue import DIGEST, MESSAGES, Section, Value, kept, section_of
from qa_app.outbox.models import Mail, MailState
from qa_app.outbox.rendering import render
from qa_app.people.models import Person

HEADINGS = {
    Section.OVERDUE: "Overdue",
    Section.DUE_SOON: "Due soon",
    Section.FOR_INFORMATION: "For information",
}


@dataclass(frozen=True, slots=True)
class Line:
    """One mail in a digest."""

    subject: str
    link: str
    further: Sequence[tuple[str, str]] = ()


def envelope(person: Person, items: Sequence[Mail], now: datetime) -> Mail:
    """A new mail that holds others of the same person."""
    made = Mail(
        message=DIGEST,
        person_id=person.id,
        person=person,
        subject_key=f"person:{person.id}",
        slot=london_day(now).isoformat(),
        state=MailState.QUEUED,
        created_at=now,
        send_at=now,
        attempts=0,
        error="",
    )
    write(made, items)
    return made


def write(mail: Mail, items: Sequence[Mail]) -> None:
    """Write an envelope's text for what is in it now."""
    sections = _sections(items)
    variables: dict[str, Value] = {"items": len(items), "path": "/"}
    overdue = len(sections.get(HEADINGS[Section.OVERDUE], ()))
    written = render(DIGEST, variables, sections=list(sections.items()), overdue=overdue).to(mail.person.name)
    mail.variables = kept(variables)
    mail.subject, mail.text, mail.html = written.subject, written.text, written.html


def _sections(items: Sequence[Mail]) -> Mapping[str, Sequence[Line]]:
    base = current_app.config["BASE_URL"]
    found: dict[str, list[Line]] = {}
    for item in sorted(items, key=_order):
        heading = HEADINGS[section_of(item.message, item.variables)]
        link = base + str(item.variables.get("path", "/"))
        further = [(words, base + page.format(**item.variables)) for words, page in MESSAGES[item.message].further]
        found.setdefault(heading, []).append(Line(item.subject, link, further))
    return found


def _order(item: Mail) -> tuple[Section, str, str, int]:
    return section_of(item.message, item.variables), str(item.variables.get("due_on", "")), item.subject, item.id
