"""What the pages of rounds say."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from markupsafe import Markup

from qa_app.core.clock import working_days_between
from qa_app.core.due import left_in_words
from qa_app.core.format import day, month_name
from qa_app.core.lists import Column
from qa_app.rounds.models import AuditType, Round
from qa_app.rounds.queries import PastMove
from qa_app.rounds.rules import MONTHLY, REAUDIT
from qa_app.rounds.states import BEFORE_ISSUE, ROUND, RoundState

S = RoundState
COLOURS = {
    S.PLANNED: "grey",
    S.SAMPLED: "light-blue",
    S.ALLOCATED: "blue",
    S.ISSUED: "green",
    S.CLOSED: "purple",
    S.REPORTED: "grey",
}
# Each step: its words, the page under the round's address, and the first state in which the page shows something.
STEPS: tuple[tuple[str, str | None, RoundState], ...] = (
    ("Dates", "dates", S.PLANNED),
    ("Sample", "sample", S.PLANNED),
    ("Allocate", "allocation", S.SAMPLED),
    ("Issue", "issue", S.ALLOCATED),
    ("Running", "running", S.ISSUED),
    ("Closed", None, S.CLOSED),
    ("Report", None, S.REPORTED),
)
ORDER = list(RoundState)
# How many steps are done in each state; the one after them is where the round is.
DONE = {S.PLANNED: 1, S.SAMPLED: 2, S.ALLOCATED: 3, S.ISSUED: 4, S.CLOSED: 6, S.REPORTED: 7}
MOVE_WORDS = {
    "draw_sample": "Sample drawn",
    "draw_again": "Sample drawn again",
    "allocate": "Allocated",
    "issue": "Issued",
    "close": "Closed",
    "report": "Reported",
}


@dataclass(frozen=True, slots=True)
class Step:
    """One step of the line: done, now or neither; without an address where there is nothing to see yet."""

    text: str
    state: str
    href: str | None


@dataclass(frozen=True, slots=True)
class NextStep:
    """The one thing to do next with a round: a sentence, and the page that does it (if any)."""

    sentence: str
    action: str = ""
    href: str = ""


def address(round: Round, page: str = "") -> str:
    """The address of a round, or of one of its pages."""
    return f"/rounds/{round.reference}" + (f"/{page}" if page else "")


def steps(round: Round) -> list[Step]:
    """The round as a line of steps."""
    done = DONE[S(round.state)]
    reached = ORDER.index(S(round.state))
    return [
        Step(
            text,
            "done" if number < done else "now" if number == done else "",
            address(round, page) if page and ORDER.index(first) <= reached else None,
        )
        for number, (text, page, first) in enumerate(STEPS)
    ]


def title(round: Round) -> str:
    """`June 2026: monthly case audit`."""
    name = round.audit_type.name
    return f"{month_name(round.month)}: {name[:1].lower()}{name[1:]}"


def state_tag(state: str) -> Markup:
    """The state of a round as a tag with words."""
    return Markup('<strong class="govuk-tag govuk-tag--{}">{}</strong>').format(
        COLOURS[S(state)], ROUND.labels[S(state)]
    )


def next_step(round: Round, today: date) -> NextStep:
    """What the QA team does next with the round."""
    due = f"{day(round.due_on)}, {left_in_words(round.due_on, today)}"
    following = {
        S.PLANNED: NextStep("Draw the sample from the case list.", "Draw the sample", address(round, "sample")),
        S.SAMPLED: NextStep("Give each case an auditor.", "Allocate the cases", address(round, "allocation")),
        S.ALLOCATED: NextStep(
            "Look through the allocation, then issue the audits.", "Issue the audits", address(round, "issue")
        ),
        S.ISSUED: NextStep(f"Audits are due by the end of {due}.", "See how it runs", address(round, "running")),
        S.CLOSED: NextStep(
            "The round is closed. An audit submitted now is kept, but counts as late.",
            *(("Close the month", f"/reports/month/{round.month:%Y-%m}") if round.audit_type.key == MONTHLY else ()),
        ),
        S.REPORTED: NextStep(
            "The round is reported and its figures are frozen.", "See the reports", "/reports?kind=monthly"
        ),
    }
    return following[S(round.state)]


def history(moves: Sequence[PastMove]) -> list[dict[str, Any]]:
    """The moves of a round for a timeline, the newest first."""
    return [
        {
            "title": MOVE_WORDS[past.move],
            "at": past.at,
            "by": past.person or "the system",
            "text": past.reason,
        }
        for past in reversed(moves)
    ]


def date_rows(round: Round) -> list[dict[str, str]]:
    """The days of a round with why they are what they are."""
    return [
        {"name": "Issue", "value": day(round.issue_on)},
        {"name": "Due", "value": f"{day(round.due_on)}, end of day"},
        {"name": "Moderation due", "value": _after_due(round, round.moderation_due_on)},
        {"name": "Report due", "value": _after_due(round, round.report_due_on)},
    ]


def dates_context(round: Round) -> dict[str, Any]:
    """What the page of dates needs beside its form."""
    return {"may_change": round.state in BEFORE_ISSUE, "rows": date_rows(round)}


def _after_due(round: Round, when: date) -> str:
    count = working_days_between(round.due_on, when)
    return f"{day(when)}, {count} working {'day' if count == 1 else 'days'} after the due date"


def month_choices(today: date) -> list[tuple[str, str]]:
    """Months that a round can be made for: the last one, this one and the next six."""
    return [(f"{month:%Y-%m}", month_name(month)) for month in _months(today)]


def suggested(types: Sequence[AuditType], today: date, taken: set[date]) -> dict[str, str]:
    """What the form of a new round starts with: the first month from now that has none, and the monthly type."""
    free = next((month for month in _months(today)[1:] if month not in taken), today)
    return {"month": f"{free:%Y-%m}", "audit_type": types[0].key if types else ""}


def _months(today: date) -> list[date]:
    first = today.year * 12 + today.month - 2
    return [date(index // 12, index % 12 + 1, 1) for index in range(first, first + 8)]


def type_choices(types: Sequence[AuditType]) -> list[tuple[str, str]]:
    """Audit types by key and name; a re-audit is never a round of its own making."""
    return [(kind.key, kind.name) for kind in types if kind.key != REAUDIT]


def type_hints(types: Sequence[AuditType]) -> dict[str, str]:
    """Whether audits of a type count toward the monthly expectation."""
    counted = "Counts toward each auditor's monthly expectation"
    return {kind.key: counted for kind in types if kind.counts_toward_expectation and kind.key == MONTHLY}


def columns(sorts: dict[str, Any], drawn: Callable[[int], int]) -> tuple[Column[Round], ...]:
    """Columns of the list of rounds."""
    return (
        Column("month", "Round", _link, sort=sorts["month"], header=True),
        Column("type", "Type", lambda row: row.audit_type.name, sort=sorts["type"]),
        Column("state", "State", lambda row: state_tag(row.state), sort=sorts["state"]),
        Column("issue", "Issue", lambda row: day(row.issue_on)),
        Column("due", "Due", lambda row: day(row.due_on), sort=sorts["due"]),
        Column("drawn", "Cases drawn", lambda row: drawn(row.id) or "", numeric=True),
    )


def _link(round: Round) -> Markup:
    return Markup('<a class="govuk-link" href="{}">{}</a>').format(address(round), month_name(round.month))
