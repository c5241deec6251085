"""The monitoring board: columns, filters and its heading in words."""

from collections.abc import Sequence
from datetime import date
from functools import lru_cache

from markupsafe import Markup, escape

from qa_app.access.viewer import Viewer
from qa_app.core.clock import london_day
from qa_app.core.format import day, plural
from qa_app.core.lists import Choice, Column, Filter
from qa_app.improvement.permissions import may_name_worker
from qa_app.improvement.presenters.line import line
from qa_app.improvement.presenters.words import (
    left_in_words,
    point_in_words,
    process_tag,
    stage_label,
    worker_words,
)
from qa_app.improvement.queries import SORTS, BoardRow, Counts
from qa_app.improvement.queries.board import ALL, CLOSED, DUE, IN_TIME, LATE, MINE, NOBODY
from qa_app.improvement.states import STAGE_LABELS, Mark, ProcessState, StageKind

EARLIEST_FIRST = "next"
STATES = ((LATE, "Late"), (DUE, "Due"), (IN_TIME, "In time"))
SHOWN = ((CLOSED, "Closed and ended"), (ALL, "All"))
Places = Sequence[tuple[int, str]]


def filters(services: Places, teams: Places, turns: Places) -> tuple[Filter, ...]:
    """State, whose turn, next step, service, team; open ones unless closed ones are asked for."""
    steps = tuple((str(kind), STAGE_LABELS[kind]) for kind in StageKind if kind is not StageKind.NOTIFIED)
    whose = ((MINE, "Mine"), (NOBODY, "Nobody's"), *_named(turns))
    return (
        Choice("state", "State", STATES),
        Choice("turn", "Whose turn", whose),
        Choice("stage", "Next step", steps),
        Choice("service", "Service", _named(services)),
        Choice("team", "Team", _named(teams)),
        Choice("show", "Show", SHOWN, unchosen="Open"),
    )


def _named(pairs: Places) -> tuple[tuple[str, str], ...]:
    return tuple((str(key), name) for key, name in pairs)


def columns(viewer: Viewer, today: date) -> tuple[Column[BoardRow], ...]:
    """Process, whose case, the line of stages, the next step, whose turn, and how long is left."""

    def worker(row: BoardRow) -> str:
        return worker_words(row.worker, may_name=may_name_worker(viewer, row.service_id, row.team_id))

    return (
        Column("reference", "Process", _link, sort=SORTS["reference"], header=True, value=lambda row: row.reference),
        Column("team", "Team", lambda row: _two(row.team, row.service), sort=SORTS["team"], value=lambda row: row.team),
        Column("worker", "Social worker", worker),
        Column("line", "Day by day", lambda row: _line(row, today), value=lambda row: _in_words(row, today)),
        Column("next", "Next step", lambda row: _next(row, today), sort=SORTS["next"], value=_next_words),
        Column("turn", "Whose turn", _turn, sort=SORTS["turn"]),
        Column("state", "State", lambda row: _state(row, today), value=lambda row: process_state(row, today)[0]),
    )


def export_columns(viewer: Viewer, today: date) -> tuple[Column[BoardRow], ...]:
    """What the workbook holds: the board's columns, and dates of their own."""
    return (
        *columns(viewer, today),
        Column("service", "Service", lambda row: row.service),
        Column("started", "Started", lambda row: day(row.started_at), value=lambda row: london_day(row.started_at)),
        Column("due", "Next step due", lambda row: day(row.next_due_on), value=lambda row: row.next_due_on),
    )


# Cells are put together from cached parts: to format each of 350 took as long as everything else.
_DIV, _LINE, _DIV_END, _SPAN_END = (
    Markup("<div>"),
    Markup('<br><span class="app-soft">'),
    Markup("</div>"),
    Markup("</span>"),
)
_HIDDEN = Markup('<span class="govuk-visually-hidden">')
_REFERENCE = (Markup('<a class="govuk-link app-nowrap" href="/improvement/'), Markup('">'), Markup("</a>"))


def _link(row: BoardRow) -> Markup:
    begin, named, end = _REFERENCE
    link = begin + row.reference + named + row.reference + end
    if row.previous_id is None:
        return link
    return _DIV + link + _LINE + f"Repeat of IP-{row.previous_id:04d}" + _SPAN_END + _DIV_END


@lru_cache(maxsize=512)
def _two(first: str, second: str) -> Markup:
    return _DIV + first + _LINE + second + _SPAN_END + _DIV_END


def _in_words(row: BoardRow, today: date) -> str:
    return ". ".join(point_in_words(point, today) for point in row.stages) + "."


def _line(row: BoardRow, today: date) -> Markup:
    ended = london_day(row.closed_at) if row.closed_at else None
    picture = line(row.stages, london_day(row.started_at), today, ended)
    return _DIV + picture + _HIDDEN + _in_words(row, today) + _SPAN_END + _DIV_END


def _next_words(row: BoardRow) -> str:
    if row.state != ProcessState.OPEN:
        return "None"
    label = stage_label(row.next_kind) if row.next_kind else "None"
    if row.next_kind == StageKind.REAUDIT and row.reaudit_id is None:
        label += ", to schedule"
    return label


def _next(row: BoardRow, today: date) -> Markup:
    return _due(_next_words(row), row.next_due_on if row.state == ProcessState.OPEN else None, today)


@lru_cache(maxsize=1024)
def _due(words: str, due_on: date | None, today: date) -> Markup:
    if due_on is None:
        return escape(words)
    late = "app-late" if due_on < today else "app-soft"
    return Markup('<div>{}<br>{} <span class="app-nowrap {}">{}</span></div>').format(
        words, day(due_on), late, left_in_words(due_on, today)
    )


def _turn(row: BoardRow) -> str:
    if row.state != ProcessState.OPEN or not row.next_kind:
        return "Nobody's"
    return row.turn or "Nobody: no cover"


def process_state(row: BoardRow, today: date) -> tuple[str, str]:
    """The words and the colour of a process's tag."""
    return process_tag(row.state, row.close_outcome, row.next_due_on, today)


def _state(row: BoardRow, today: date) -> Markup:
    text, colour = process_state(row, today)
    # What is over is no tag: as one it does not break, and its words are wider than the column.
    return _tags(text, colour, row.mark) if row.state == ProcessState.OPEN else escape(text)


@lru_cache(maxsize=64)
def _tags(text: str, colour: str, mark: str) -> Markup:
    tag = Markup('<strong class="govuk-tag govuk-tag--{}">{}</strong>').format(colour, text)
    if mark:
        words = "Decide" if mark == Mark.BETTER else "Audit returned"
        tag += Markup(' <strong class="govuk-tag govuk-tag--pink">{}</strong>').format(words)
    return Markup("<div>{}</div>").format(tag)


def heading(counts: Counts, chosen: dict[str, str]) -> str:
    """`5 processes open, 2 late`; of closed ones only how many."""
    if chosen.get("show") == CLOSED:
        return f"{plural(counts.all, 'process', 'processes')} closed"
    words = f"{plural(counts.open, 'process', 'processes')} open"
    if counts.late:
        words += f", {counts.late} late"
    if counts.due:
        words += f", {counts.due} due"
    if counts.uncovered:
        words += f", {counts.uncovered} that nobody covers"
    return words
