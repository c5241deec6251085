"""The monitoring board: columns, filters and its heading in words."""

from collections.abc import Sequence
from datetime import date

from markupsafe import Markup

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


def _link(row: BoardRow) -> Markup:
    link = Markup('<a class="govuk-link app-nowrap" href="/improvement/{}">{}</a>').format(row.reference, row.reference)
    if row.previous_id is None:
        return link
    return Markup('<div>{}<br><span class="app-soft">Repeat of IP-{:04d}</span></div>').format(link, row.previous_id)


def _two(first: str, second: str) -> Markup:
    return Markup('<div>{}<br><span class="app-soft">{}</span></div>').format(first, second)


def _in_words(row: BoardRow, today: date) -> str:
    return ". ".join(point_in_words(point, today) for point in row.stages) + "."


def _line(row: BoardRow, today: date) -> Markup:
    ended = london_day(row.closed_at) if row.closed_at else None
    picture = line(row.stages, london_day(row.started_at), today, ended)
    words = _in_words(row, today)
    return Markup('<div>{}<span class="govuk-visually-hidden">{}</span></div>').format(picture, words)


def _next_words(row: BoardRow) -> str:
    if row.state != ProcessState.OPEN:
        return "None"
    label = stage_label(row.next_kind) if row.next_kind else "None"
    if row.next_kind == StageKind.REAUDIT and row.reaudit_id is None:
        label += ", to schedule"
    return label


def _next(row: BoardRow, today: date) -> Markup:
    words = _next_words(row)
    if row.next_due_on is None or row.state != ProcessState.OPEN:
        return Markup("{}").format(words)
    late = "app-late" if row.next_due_on < today else "app-soft"
    return Markup('<div>{}<br>{} <span class="app-nowrap {}">{}</span></div>').format(
        words, day(row.next_due_on), late, left_in_words(row.next_due_on, today)
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
    tag = Markup('<strong class="govuk-tag govuk-tag--{}">{}</strong>').format(colour, text)
    if row.mark and row.state == ProcessState.OPEN:
        words = "Decide" if row.mark == Mark.BETTER else "Audit returned"
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
