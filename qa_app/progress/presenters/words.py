"""Headings, figures and tags of progress."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any

from markupsafe import Markup, escape

from qa_app.audits.states import OPEN_STATES, AuditState
from qa_app.core.due import days_to
from qa_app.core.format import MONTHS, plural, share
from qa_app.progress.queries import ListedAudit
from qa_app.progress.rules import Figures, ManagerRow, TaggedAudit

NOTHING = Markup()


def round_words(round_: Any, today: date) -> str:
    """`June`, `June 2025` where the year is not this one, `June dip sample` where it is no monthly round."""
    words = MONTHS[round_.month.month - 1]
    if round_.month.year != today.year:
        words += f" {round_.month.year}"
    return words if round_.audit_type.key == "monthly" else f"{words} {round_.audit_type.name.lower()}"


def heading(round_: Any, figures: Figures, today: date) -> str:
    """`June: 61 of 92 done, 9 working days left`: the page in one line. Done is what counts toward completion."""
    if round_.issued_at is None:
        return f"{round_words(round_, today)}: not issued yet"
    return f"{round_words(round_, today)}: {done_words(figures)}, {time_left(round_, today)}"


def done_words(figures: Figures) -> str:
    """`61 of 92 done`: what counts, of what is expected less what is exempted; of what is issued where nothing is."""
    return f"{figures.on_time:,} of {figures.due or figures.issued:,} done"


def time_left(round_: Any, today: date) -> str:
    """`9 working days left`, `due today`, `closed`, or `due date passed` until the round has closed itself."""
    if round_.closed_at is not None:
        return "closed"
    days = days_to(round_.due_on, today)
    if days < 0:
        return "due date passed"
    return f"{plural(days, 'working day')} left" if days else "due today"


def percent(ratio: Fraction | None) -> str:
    """A completion as people read it; nothing where nothing is due."""
    return "" if ratio is None else share(ratio.numerator, ratio.denominator)


def completion(figures: Figures) -> str | Markup:
    """Completion, and beside it the unadjusted figure where an exemption makes it another."""
    if not figures.exempted or (figures.due and not figures.on_time):  # then both are the same
        return share(figures.on_time, figures.expected)
    # One element, since a card on a phone lays out a cell's children side by side.
    return Markup('<span>{} <span class="app-soft">({} unadjusted)</span></span>').format(
        percent(figures.completion) or "exempt", percent(figures.unadjusted)
    )


@dataclass(frozen=True)
class Figure:
    """One box of the strip."""

    number: str
    text: str
    href: str = ""


def strip(figures: Figures, page: Any, audits_path: str) -> list[Figure]:
    """The strip of figures. Each opens into what it counts, under the same filters as the page."""

    def opens(key: str, number: int, words: str) -> Figure:
        address = page.address(sort=None, group=None, state=key)
        return Figure(f"{number:,}", words, audits_path + address[len(page.path) :] if number else "")

    exempt = page.address(having="exempted") if figures.exempted else ""
    return [
        Figure(f"{figures.expected:,}", "expected"),
        Figure(f"{figures.exempted:,}", "exempt", exempt),
        opens("on_time", figures.on_time, "done on time"),
        opens("in_progress", figures.in_progress, "in progress"),
        opens("not_started", figures.not_started, "not started"),
        opens("late", figures.late, "done late"),
        opens("slipping", figures.slipping, "slipping"),
        Figure(
            percent(figures.completion) or "None due",
            f"completion ({percent(figures.unadjusted) or 'none'} unadjusted)",
        ),
    ]


def tag_of(audit: TaggedAudit | ListedAudit, today: date) -> tuple[str, str]:
    """Where an audit is, in one or two words, and the colour of its tag."""
    if audit.state in OPEN_STATES:
        if today > audit.due_on:
            return "Overdue", "red"
        return ("In progress", "blue") if audit.state == AuditState.IN_PROGRESS else ("Not started", "grey")
    return ("Done late", "orange") if audit.is_late else ("Done", "green")


def tag(audit: TaggedAudit | ListedAudit, today: date) -> Markup:
    """The small tag of an audit's state."""
    words, colour = tag_of(audit, today)
    return Markup(f'<strong class="govuk-tag govuk-tag--{colour}">{words}</strong>')  # noqa: S704 - every value is a constant


def opening(audit: TaggedAudit | ListedAudit, inside: Markup = NOTHING) -> Markup:
    """What is inside, or else the reference, as a link to the audit for those who may read it, else as it is.

    Put together as text with each value escaped: a page has hundreds of these, and Markup.format was half its time.
    """
    reference = escape(audit.reference)
    if not audit.readable:
        return inside or reference
    hidden = f'<span class="govuk-visually-hidden"> {reference}</span>' if inside else ""
    html = f'<a class="govuk-link" href="/audits/{reference}">{inside or reference}{hidden}</a>'
    return Markup(html)  # noqa: S704 - every value is escaped above


def what_happened(rows: Sequence[ManagerRow], new: int) -> str:
    """What a press of Remind did, and what happens next."""
    if len(rows) == 1:
        name = rows[0].name
        if new:
            return f"A reminder to {name} is written. It says what is due and when, and links to their audits."
        return f"{name} was already reminded today, or has no email address, so no new mail was written."
    if not new:
        return f"All {len(rows)} were already reminded today, or have no email address, so no new mail was written."
    rest = f" {len(rows) - new} had been reminded today or have no email address." if new < len(rows) else ""
    return f"{plural(new, 'reminder')} written.{rest}"
