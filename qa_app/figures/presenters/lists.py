"""The list of audits that a figure counts: its filters, columns and heading, and the address of any figure's list."""

from collections.abc import Mapping, Sequence
from datetime import date
from functools import lru_cache
from typing import Any
from urllib.parse import urlencode

from markupsafe import Markup

from qa_app.audits.content import grade_label
from qa_app.audits.models import ConversationWith
from qa_app.audits.queries import CONVERSATION_TITLES
from qa_app.audits.rules import NOT_APPLICABLE, Grade
from qa_app.cases.models import CASE_TYPE_LABELS
from qa_app.core.format import day, month_name, plural
from qa_app.core.lists import Choice, Column
from qa_app.figures.cuts import RANDOM_SAMPLE, Cut
from qa_app.figures.queries import Choices, Counted, CountedAudit
from qa_app.figures.queries.lists import SORTS

PATH = "/figures/audits"
STANDING_WORDS = {
    "submitted": "Submitted",
    "on_time": "Submitted on time",
    "late": "Submitted late",
    "outstanding": "Not submitted",
    "in_progress": "In progress",
    "not_started": "Not started",
    "not_final": "Grade not final yet",
}


def address(cut: Cut, **asked: str) -> str:
    """The address of the list of a cut's audits, narrowed as `queries.counted_audits` says."""
    state = {"from": f"{cut.first:%Y-%m}", "to": f"{cut.last:%Y-%m}", "type": cut.audit_type}
    state |= {"service": str(cut.service_id or ""), "team": str(cut.team_id or ""), "case_type": cut.case_type}
    return f"{PATH}?{urlencode({key: value for key, value in (state | asked).items() if value})}"


def month_from(text: str, otherwise: date) -> date:
    """The month that an address says as `2026-06`, else another."""
    try:
        return date.fromisoformat(f"{text}-01")
    except ValueError:
        return otherwise


def cut_of(args: Mapping[str, str], newest: date, known: Choices) -> Cut:
    """The cut that an address asks for. What is not offered is as if absent; months in the wrong order swap."""
    first, last = (month_from(args.get(key, ""), newest) for key in ("from", "to"))
    chosen = {key: args.get(key, "") for key in ("type", "service", "team", "case_type")}
    return Cut(
        min(first, last),
        max(first, last),
        chosen["type"] if chosen["type"] in dict(known.audit_types) else RANDOM_SAMPLE,
        int(chosen["service"]) if chosen["service"] in dict(known.services) else None,
        int(chosen["team"]) if chosen["team"] in dict(known.teams) else None,
        chosen["case_type"] if chosen["case_type"] in CASE_TYPE_LABELS else "",
    )


def place_filters(known: Choices) -> tuple[Choice, ...]:
    """The filters that every page of figures has: months, audit type, service, team, case type."""
    months = _months(tuple(known.months))
    return (
        Choice("from", "From", months, unchosen="Newest month"),
        Choice("to", "To", months, unchosen="Newest month"),
        Choice("type", "Audit type", tuple(known.audit_types), unchosen="Random sample"),
        Choice("service", "Service", tuple(known.services)),
        Choice("team", "Team", tuple(known.teams)),
        Choice("case_type", "Case type", tuple((str(key), text) for key, text in CASE_TYPE_LABELS.items())),
    )


@lru_cache(maxsize=64)
def _months(months: tuple[date, ...]) -> tuple[tuple[str, str], ...]:
    """Kept: ten years of months stand in the form twice."""
    return tuple((f"{month:%Y-%m}", month_name(month)) for month in months)


def filters(known: Choices, scale: Sequence[Grade]) -> tuple[Choice, ...]:
    """Those of every page of figures, and what a figure counts."""
    grades = tuple((grade.key, grade.label) for grade in scale)
    talks = tuple((whom.value, CONVERSATION_TITLES[whom]) for whom in ConversationWith)
    return (
        *place_filters(known),
        Choice("standing", "State", tuple(STANDING_WORDS.items())),
        Choice("before", "Auditor's grade", grades),
        Choice("after", "Grade after moderation", grades),
        Choice("section", "Section", tuple(known.sections)),
        Choice("answer", "Grade of the section", (*grades, (NOT_APPLICABLE, "Not applicable"))),
        Choice("talk", "Conversation", talks),
        Choice("held", "Held", (("yes", "Held"), ("no", "Not held"))),
    )


def columns(scale: Sequence[Grade]) -> tuple[Column[CountedAudit], ...]:
    """Reference, place, auditor, state and grades."""
    return (
        Column("reference", "Audit", _opening, sort=SORTS["reference"], header=True, value=lambda row: row.reference),
        Column("service", "Service", lambda row: row.service, sort=SORTS["service"]),
        Column("team", "Team", lambda row: row.team, sort=SORTS["team"]),
        Column("auditor", "Auditor", lambda row: row.auditor or "Not allocated", sort=SORTS["auditor"]),
        Column("standing", "State", lambda row: STANDING_WORDS[row.standing]),
        Column(
            "submitted",
            "First submitted",
            lambda row: day(row.submitted_on),
            sort=SORTS["submitted"],
            value=lambda row: row.submitted_on,
        ),
        Column("before", "Auditor's grade", lambda row: grade_label(row.before, scale)),
        Column("after", "After moderation", lambda row: grade_label(row.after, scale)),
    )


def _opening(row: CountedAudit) -> Markup:
    round_reference, number = row.reference.rsplit("/", 1)
    link = Markup('<a class="govuk-link app-nowrap" href="/audits/{}/{}">{}</a>')
    return link.format(round_reference, int(number), row.reference)


def heading(cut: Cut, found: Counted) -> str:
    """`37 audits, April to June 2026`."""
    period = month_name(cut.last)
    if cut.first != cut.last:
        same_year = cut.first.year == cut.last.year
        period = f"{month_name(cut.first).split()[0] if same_year else month_name(cut.first)} to {period}"
    return f"{plural(found.counted, 'audit')}, {period}"


def unlisted(found: Counted) -> str:
    """Why fewer stand here than the figure counts; empty where all do."""
    missing = found.counted - found.total
    if not missing:
        return ""
    return f"{plural(missing, 'audit')} more counted here, not listed: of cases that you may not open."


def as_filters(args: Any, cut: Cut) -> dict[str, str]:
    """What was asked for, in a trail entry's words."""
    return {**args, "from": f"{cut.first:%Y-%m}", "to": f"{cut.last:%Y-%m}", "type": cut.audit_type}
