"""The list of slippage notices: oldest clock first."""

from collections.abc import Sequence
from datetime import date

from markupsafe import Markup

from qa_app.audits.models import Audit
from qa_app.core.clock import london_day, working_days_between
from qa_app.core.format import day, month_name, plural
from qa_app.core.lists import Choice, Column, Filter
from qa_app.people.models import Person, Service
from qa_app.slippage.models import SlippageNotice
from qa_app.slippage.presenters.words import state_tag
from qa_app.slippage.queries import SORT_CLOCK, NoticeRow
from qa_app.slippage.queries.lists import ALL
from qa_app.slippage.states import SLIPPAGE, SlippageState, Source

OLDEST_FIRST = "since"

STATES = (*((str(state), SLIPPAGE.labels[state]) for state in SlippageState), (ALL, "All, resolved ones too"))


def filters(services: Sequence[tuple[int, str]], months: Sequence[date]) -> tuple[Filter, ...]:
    """State, service and month."""
    return (
        Choice("state", "State", STATES, unchosen="Open"),
        Choice("service", "Service", tuple((str(service_id), name) for service_id, name in services)),
        Choice("month", "Month", tuple((f"{month:%Y-%m}", month_name(month)) for month in months)),
    )


def columns(today: date) -> tuple[Column[NoticeRow], ...]:
    """Who, of which audit, due when, where it is, and since when."""
    return (
        Column("auditor", "Auditor", _link, sort=Person.name, header=True, value=lambda row: row.auditor),
        Column("service", "Service", lambda row: row.service or "None", sort=Service.name),
        Column("audit", "Audit", lambda row: row.reference, sort=Audit.reference),
        Column("due", "Due", lambda row: day(row.due_on), sort=Audit.due_on),
        Column("source", "Seen by", lambda row: "System" if row.source == Source.SYSTEM else "Auditor"),
        Column("state", "State", _tag, sort=SlippageNotice.state),
        Column("since", "Waiting since", lambda row: _since(row, today), sort=SORT_CLOCK),
    )


def _link(row: NoticeRow) -> Markup:
    return Markup('<a class="govuk-link" href="/slippage/{}">{}</a>').format(row.id, row.auditor)


def _tag(row: NoticeRow) -> Markup:
    text, colour = state_tag(row.state, row.outcome)
    return Markup('<strong class="govuk-tag govuk-tag--{}">{}</strong>').format(colour, text)


def _since(row: NoticeRow, today: date) -> str:
    since = day(row.since)
    if row.state == SlippageState.RESOLVED:
        return "Nobody waits"
    waited = working_days_between(london_day(row.since), today)
    return f"{since}, {plural(waited, 'working day')}" if waited > 0 else since


def heading(count: int, chosen: dict[str, str]) -> str:
    """`3 open slippage notices`."""
    if not chosen.get("state"):
        return plural(count, "open slippage notice")
    return plural(count, "slippage notice")
