"""Lists of requests: one's own, the inbox, and the ledger."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from markupsafe import Markup

from qa_app.core.clock import london_day, working_days_between
from qa_app.core.format import day, month_name, plural, short_day
from qa_app.core.lists import Choice, Column, Filter, ListPage, Search
from qa_app.exemptions.forms import CATEGORIES
from qa_app.exemptions.models import ExemptionRequest
from qa_app.exemptions.presenters.words import (
    TIMINGS,
    category_words,
    days_words,
    months_words,
    state_tag,
    state_words,
    steps,
    timing_tag,
)
from qa_app.exemptions.queries import SORTS, WAITING, Counts, Denominator
from qa_app.exemptions.states import EXEMPTION, WAITING_STATES, ExemptionState, Timing

Row = ExemptionRequest
_LINK = Markup('<a class="govuk-link" href="/exemptions/{}">{}</a>')

_WITHDRAW = Markup(
    '<a class="govuk-link" href="/exemptions/{}/withdraw">Withdraw<span class="govuk-visually-hidden"> {}</span></a>'
)


def _months_link(request: Row) -> Markup:
    return _LINK.format(request.id, months_words(request))


def _name_link(request: Row) -> Markup:
    return _LINK.format(request.id, request.person.name)


def _months_column() -> Column[Row]:
    return Column("months", "Months", months_words)


def _why_column() -> Column[Row]:
    return Column("category", "Why", lambda request: category_words(request.category))


def _answer(request: Row) -> str:
    return request.decision_reason or (request.head_note if request.state == ExemptionState.DECLINED else "")


def _withdraw(request: Row) -> Markup | str:
    if request.state not in WAITING_STATES:
        return ""
    return _WITHDRAW.format(request.id, months_words(request))


_MINE: tuple[Column[Row], ...] = (
    Column("months", "Months", _months_link, header=True),
    _why_column(),
    Column("asked", "Asked on", lambda request: short_day(request.asked_at)),
    Column("timing", "Timing", timing_tag),
    Column("state", "State", state_tag),
    Column(
        "answer", "Reason given", lambda request: Markup('<span class="app-typed">{}</span>').format(_answer(request))
    ),
    Column("withdraw", "Change", _withdraw),
)


def _whole(columns: Sequence[Column[Row]], rows: Sequence[Row], path: str, list_id: str) -> ListPage[Row]:
    """A list on one page, in the order given."""
    page = ListPage(columns, (), {}, path, default_sort="", id=list_id, size=max(1, len(rows)))
    return page.fill(rows, len(rows))


def my_list(rows: Sequence[Row]) -> ListPage[Row]:
    """One's own requests, the newest first."""
    return _whole(_MINE, rows, "/my/requests", "requests")


@dataclass(frozen=True, slots=True)
class Inbox:
    """What waits for this reader, and what waits for others; the longest wait first."""

    yours: ListPage[Row]
    others: ListPage[Row]


def inbox(yours: Sequence[Row], waiting: Sequence[Row], today: date) -> Inbox:
    """The inbox of somebody who may answer `yours` of all that waits."""
    ids = {request.id for request in yours}
    others = [request for request in waiting if request.id not in ids]
    columns = _inbox_columns(today)
    return Inbox(_whole(columns, yours, "/requests", "yours"), _whole(columns, others, "/requests", "others"))


def _inbox_columns(today: date) -> tuple[Column[Row], ...]:
    return (
        Column("name", "Who", _name_link, header=True),
        Column("team", "Team", lambda request: request.team.name if request.team else ""),
        _months_column(),
        _why_column(),
        Column("timing", "Timing", timing_tag),
        Column("clock", "Waiting for", lambda request: _waited(request, today)),
        Column("state", "With", state_tag),
    )


def _waited(request: Row, today: date) -> str:
    since = london_day(request.head_answered_at or request.asked_at)
    days = max(0, working_days_between(since, today))
    return f"{plural(days, 'working day')}, since {day(since)}" if days else f"Less than a day, since {day(since)}"


def heading_of_inbox(yours: int, waiting: int) -> str:
    """`2 exemption requests for you to answer`, or how many wait for others."""
    if yours:
        return f"{plural(yours, 'exemption request')} for you to answer"
    return f"{plural(waiting, 'exemption request')} waiting"


Effects = Mapping[int, Sequence[tuple[date, int]]]


def ledger_columns(now: datetime, effects: Effects) -> tuple[Column[Row], ...]:
    """The ledger, on the page and in the file. `effects` is filled once the rows are read."""
    return (
        Column("name", "Who", _name_link, sort=SORTS["name"], header=True, value=lambda request: request.person.name),
        Column("team", "Team", lambda request: request.team.name if request.team else "", sort=SORTS["team"]),
        Column(
            "service", "Service", lambda request: request.service.name if request.service else "", sort=SORTS["service"]
        ),
        Column("months", "Months", months_words, sort=SORTS["months"]),
        _why_column(),
        Column("timing", "Timing", timing_tag, value=lambda request: TIMINGS[Timing(request.timing)][0]),
        Column(
            "asked",
            "Asked on",
            lambda request: short_day(request.asked_at),
            sort=SORTS["asked"],
            value=lambda request: london_day(request.asked_at),
        ),
        Column(
            "head",
            "With Head of Service",
            lambda request: days_words(steps(request, now).with_head),
            value=lambda request: steps(request, now).with_head,
        ),
        Column(
            "director",
            "With Director",
            lambda request: days_words(steps(request, now).with_director),
            value=lambda request: steps(request, now).with_director,
        ),
        Column("state", "State", state_tag, value=state_words),
        Column(
            "effect",
            "Audits exempted",
            lambda request: _effect(effects.get(request.id, ())),
        ),
    )


def _effect(months: Sequence[tuple[date, int]]) -> str:
    return ", ".join(f"{month_name(month)}: {audits}" for month, audits in months)


def ledger_filters(services: Sequence[tuple[int, str]], months: Sequence[date]) -> tuple[Filter, ...]:
    """What the ledger can be narrowed by."""
    states = [(WAITING, "Not decided yet"), *((str(state), words) for state, words in EXEMPTION.labels.items())]
    return (
        Search("q", "Name"),
        Choice("service", "Service", tuple((str(service_id), name) for service_id, name in services)),
        Choice("month", "Month", tuple((f"{month:%Y-%m}", month_name(month)) for month in months)),
        Choice("category", "Why", tuple((str(key), words) for key, words in CATEGORIES)),
        Choice("timing", "Timing", tuple((str(key), words) for key, (words, _) in TIMINGS.items())),
        Choice("state", "State", tuple(states)),
    )


def ledger_heading(total: int) -> str:
    """`48 exemption requests`."""
    return plural(total, "exemption request")


def denominator_words(month: date, found: Denominator) -> str:
    """`June 2026: 92 audits expected, 4 of them exempted, so completion is counted against 88.`"""
    if not found.expected:
        return f"{month_name(month)}: nothing is expected of anybody yet. That is fixed when the round is allocated."
    exempted = f"{found.exempted:,} of them exempted" if found.exempted else "none of them exempted"
    due = found.expected - found.exempted
    expected = plural(found.expected, "audit")
    return f"{month_name(month)}: {expected} expected, {exempted}, so completion is counted against {due:,}."


@dataclass(frozen=True, slots=True)
class Figure:
    """A number that opens into its list."""

    number: int
    text: str
    href: str


def ledger_figures(found: Counts, page: ListPage[Any]) -> list[Figure]:
    """Counts of what the other filters leave, by timing and state, each opening into its rows."""

    def by_state(state: ExemptionState, words: str) -> Figure:
        return Figure(found.by_state.get(state, 0), words, page.address(state=str(state), timing=None, page=None))

    return [
        Figure(found.total, "asked for", page.address(state=None, timing=None, page=None)),
        Figure(found.last_week, "in the last week", page.address(timing=str(Timing.LAST_WEEK), state=None, page=None)),
        Figure(found.waiting, "not decided yet", page.address(state=WAITING, timing=None, page=None)),
        by_state(ExemptionState.APPROVED, "approved"),
        by_state(ExemptionState.REFUSED, "refused"),
        by_state(ExemptionState.DECLINED, "declined"),
    ]
