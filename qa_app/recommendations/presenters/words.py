"""Outcomes, states, dates and figures in words."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from qa_app.core.due import left_in_words
from qa_app.core.format import long_day
from qa_app.recommendations.models import FollowUp, Recommendation, Report, ReportKind
from qa_app.recommendations.rules import Counts, percent
from qa_app.recommendations.states import RECOMMENDATION, Outcome, RecommendationState

KINDS = {
    ReportKind.AUDIT_REPORT: "Audit report",
    ReportKind.INSPECTION: "Inspection",
    ReportKind.REVIEW: "Review",
    ReportKind.OTHER: "Other",
}
OUTCOMES = {
    Outcome.FULLY: "Fully implemented",
    Outcome.SUBSTANTIALLY: "Substantially implemented",
    Outcome.PARTIALLY: "Partially implemented",
    Outcome.NOT: "Not implemented",
}
COLOURS = {Outcome.FULLY: "green", Outcome.SUBSTANTIALLY: "turquoise", Outcome.PARTIALLY: "yellow", Outcome.NOT: "red"}
UNJUDGED = "unjudged"
"""In addresses: those that no follow-up has judged."""
UNJUDGED_LABEL = "Not judged yet"
CHOICES: tuple[tuple[str, str], ...] = (
    *((str(outcome), words) for outcome, words in OUTCOMES.items()),
    (UNJUDGED, UNJUDGED_LABEL),
)


def path_of(report: Report) -> str:
    """The report's page. Everything about it stands below."""
    return f"/recommendations/{report.reference}"


def kind_label(kind: str) -> str:
    """How a kind of report reads."""
    return KINDS[ReportKind(kind)]


def service_label(name: str | None) -> str:
    """A service's name, or that a report is of them all."""
    return name or "The whole department"


def outcome_tag(outcome: str | None) -> tuple[str, str]:
    """An outcome in words, and the colour of its tag."""
    if outcome is None:
        return UNJUDGED_LABEL, "grey"
    found = Outcome(outcome)
    return OUTCOMES[found], COLOURS[found]


def state_words(found: Recommendation) -> str:
    """Where a recommendation is."""
    return RECOMMENDATION.labels[RecommendationState(found.state)]


def due_words(found: Recommendation, today: date) -> tuple[str, str, bool]:
    """Its date, what is beside it, and whether it is late: only while something is asked of its owner."""
    if found.due_on is None:
        return "No date", "", False
    written = long_day(found.due_on)
    if found.state != RecommendationState.OPEN:
        return written, "", False
    return written, left_in_words(found.due_on, today), today > found.due_on


def follow_up_name(number: int) -> str:
    """`Follow-up`, then `Re-follow-up`, `Re-follow-up 2` and so on."""
    return {1: "Follow-up", 2: "Re-follow-up"}.get(number, f"Re-follow-up {number - 1}")


@dataclass(frozen=True, slots=True)
class Cell:
    """One figure of the table of results, and the rows it opens."""

    number: int
    href: str
    label: str


@dataclass(frozen=True, slots=True)
class Results:
    """One row of the table of results."""

    name: str
    href: str
    cells: Sequence[Cell]
    total: int


def results(name: str, counts: Counts, base: str, *, unjudged: bool, href: str = "") -> Results:
    """How many came out how, each figure with the address of its rows. Nothing opens from a 0."""
    shown: list[tuple[Outcome | None, str, str]] = [(outcome, str(outcome), OUTCOMES[outcome]) for outcome in Outcome]
    if unjudged:
        shown.append((None, UNJUDGED, UNJUDGED_LABEL))
    cells = [
        Cell(counts.of(outcome), f"{base}?outcome={key}" if counts.of(outcome) else "", label)
        for outcome, key, label in shown
    ]
    return Results(name, href, cells, counts.total if unjudged else counts.judged)


def figures_of(found: FollowUp) -> list[tuple[str, str]]:
    """The figures of a follow-up's period, as far as they were typed: a share of nothing is left out."""
    rows: list[tuple[str, str]] = []
    if found.audits is not None:
        rows.append(("Audits", f"{found.audits:,}"))
    for name, number in (("Inadequate", found.inadequate), ("Repeat inadequate", found.repeat_inadequate)):
        if number is not None:
            share = percent(number, found.audits or 0)
            rows.append((name, f"{number:,} ({share})" if share else f"{number:,}"))
    return rows
