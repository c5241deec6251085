"""The list of reports, and the recommendations of one report as rows."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from markupsafe import Markup

from qa_app.core.format import long_day, plural, short_day
from qa_app.core.lists import Choice, Column, Filter, Search
from qa_app.recommendations.models import Judgement, Recommendation
from qa_app.recommendations.presenters.words import (
    CHOICES,
    KINDS,
    OUTCOMES,
    UNJUDGED,
    UNJUDGED_LABEL,
    due_words,
    follow_up_name,
    kind_label,
    outcome_tag,
    service_label,
    state_words,
)
from qa_app.recommendations.queries import SORTS, ReportRow
from qa_app.recommendations.queries.lists import DEPARTMENT
from qa_app.recommendations.states import Outcome, RecommendationState

NEWEST_FIRST = "dated"


def kind_choices() -> list[tuple[str, str]]:
    """Kinds of report to choose from."""
    return [(str(kind), words) for kind, words in KINDS.items()]


def filters(services: Sequence[tuple[int, str]]) -> tuple[Filter, ...]:
    """Title, kind, service and outcome."""
    offered = [(DEPARTMENT, service_label(None)), *((str(key), name) for key, name in services)]
    return (
        Search("q", "Title"),
        Choice("kind", "Kind", tuple(kind_choices())),
        Choice("service", "Service", tuple(offered)),
        Choice("having", "With recommendations", CHOICES),
    )


def columns() -> tuple[Column[ReportRow], ...]:
    """A report, and how many of its recommendations came out how; each figure opens its rows."""
    return (
        Column("title", "Report", _title, sort=SORTS["title"], header=True, value=lambda row: row.title),
        Column("reference", "Reference", lambda row: row.reference, sort=SORTS["reference"]),
        Column("kind", "Kind", lambda row: kind_label(row.kind)),
        Column("service", "Service", lambda row: service_label(row.service), sort=SORTS["service"]),
        Column("dated", "Dated", lambda row: short_day(row.dated), sort=SORTS["dated"], value=lambda row: row.dated),
        *(_figure(outcome, OUTCOMES[outcome]) for outcome in Outcome),
        _figure(None, UNJUDGED_LABEL),
        Column("follow_ups", "Follow-ups", _follow_ups, sort=SORTS["follow_ups"], value=lambda row: row.follow_ups),
    )


def _figure(outcome: Outcome | None, words: str) -> Column[ReportRow]:
    key = str(outcome) if outcome else UNJUDGED
    heading = words.removesuffix(" implemented") if outcome is not Outcome.NOT else words

    def cell(row: ReportRow) -> Any:
        number = row.counts.of(outcome)
        if not number:
            return 0
        link = '<a class="govuk-link" href="/recommendations/{}?outcome={}">{}</a>'
        return Markup(link).format(row.reference, key, number)  # noqa: S704 - every part is escaped by format

    return Column(key, heading, cell, sort=SORTS[key], numeric=True, value=lambda row: row.counts.of(outcome))


def _title(row: ReportRow) -> Markup:
    return Markup('<a class="govuk-link" href="/recommendations/{}">{}</a>').format(row.reference, row.title)


def _follow_ups(row: ReportRow) -> str:
    return f"{row.follow_ups} and a draft" if row.draft else str(row.follow_ups)


def heading(count: int) -> str:
    """`3 reports followed up`."""
    return f"{plural(count, 'report')} with recommendations"


@dataclass(frozen=True, slots=True)
class Row:
    """One recommendation as the report's page shows it."""

    path: str
    number: int
    text: str
    owner: str
    due: str
    days: str
    is_late: bool
    state: str
    outcome: str
    colour: str
    found: Recommendation
    newest: Judgement | None = None


def rows_of(recommendations: Sequence[Recommendation], chosen: Mapping[str, str], today: date, path: str) -> list[Row]:
    """The recommendations that the filters leave."""
    wanted = chosen.get("outcome")
    state = chosen.get("state")
    return [
        _row(each, today, path)
        for each in recommendations
        if (wanted is None or (each.outcome or UNJUDGED) == wanted) and (state is None or each.state == state)
    ]


def _row(each: Recommendation, today: date, path: str) -> Row:
    outcome, colour = outcome_tag(each.outcome)
    due, days, late = due_words(each, today)
    owner = each.owner.name if each.owner else "Nobody yet"
    return Row(
        f"{path}/{each.number}",
        each.number,
        each.text,
        owner,
        due,
        days,
        late,
        state_words(each),
        outcome,
        colour,
        each,
    )


def row_filters() -> tuple[Filter, ...]:
    """Outcome and state."""
    states = ((str(RecommendationState.OPEN), "Open"), (str(RecommendationState.SAID_DONE), "Said to be done"))
    return (Choice("outcome", "Newest judgement", CHOICES), Choice("state", "State", states))


def row_columns() -> tuple[Column[Row], ...]:
    """Number, words, owner, date and how far it is."""
    return (
        Column("number", "Number", lambda row: row.number, numeric=True),
        Column("text", "Recommended", _text, header=True),
        Column("owner", "Owner", lambda row: row.owner),
        Column("due", "Due", _due),
        Column("outcome", "Newest judgement", _tag),
        Column("state", "State", lambda row: row.state),
    )


def _text(row: Row) -> Markup:
    return Markup('<a class="govuk-link app-typed" href="{}">{}</a>').format(row.path, row.text)


def _due(row: Row) -> Any:
    if not row.days:
        return row.due
    kind = "app-late" if row.is_late else "app-soft"
    return Markup('<div>{}, <span class="{}">{}</span></div>').format(row.due, kind, row.days)


def _tag(row: Row) -> Markup:
    return Markup('<strong class="govuk-tag govuk-tag--{}">{}</strong>').format(row.colour, row.outcome)


def row_export(judged: Mapping[int, Judgement]) -> tuple[Column[Row], ...]:
    """The same for a workbook, with the newest evidence. `judged` is the newest judgement by recommendation."""

    def of(row: Row) -> Judgement | None:
        return judged.get(row.found.id)

    return (
        Column("number", "Number", lambda row: row.number),
        Column("text", "Recommendation", lambda row: row.text),
        Column("owner", "Owner", lambda row: row.owner),
        Column("due", "Due", lambda row: row.due, value=lambda row: row.found.due_on),
        Column(
            "first", "First due", lambda row: long_day(row.found.first_due_on), value=lambda r: r.found.first_due_on
        ),
        Column("state", "State", lambda row: row.state),
        Column("outcome", "Newest judgement", lambda row: row.outcome),
        Column("by", "Judged in", lambda row: follow_up_name(each.follow_up.number) if (each := of(row)) else ""),
        Column("evidence", "Evidence", lambda row: each.evidence if (each := of(row)) else ""),
    )
