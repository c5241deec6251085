"""From counts to figures (domain.md sections 6 to 9). Pure: each takes what the queries found.

A figure is a share wherever there is something that it is a share of: the count stands beside the percentage.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from statistics import median
from typing import NamedTuple, TypeVar

from qa_app.actions.states import ActionState
from qa_app.audits.rules import Grade
from qa_app.core.clock import working_days_between
from qa_app.figures.model import (
    ActionRow,
    AuditCount,
    Completion,
    ConversationCount,
    ModerationRow,
    ProcessRow,
    SectionCount,
    StageRow,
)
from qa_app.improvement.states import Outcome

DONE = (ActionState.DONE, ActionState.VERIFIED)

Row = TypeVar("Row")
Key = TypeVar("Key")


class Totals(NamedTuple):
    """Completions added up. `on_time` of `due` is the completion rate: a late audit is kept, and does not count."""

    expected: int
    exempted: int
    not_started: int
    in_progress: int
    on_time: int
    late: int

    @property
    def due(self) -> int:
        """What is expected less what is exempted."""
        return self.expected - self.exempted

    @property
    def outstanding(self) -> int:
        """Audits issued and not submitted."""
        return self.not_started + self.in_progress


def added_up(rows: Iterable[Completion]) -> Totals:
    """The sum of completions, whatever months and teams they are of."""
    sums: Counter[str] = Counter()
    for row in rows:
        for name in Totals._fields:
            sums[name] += getattr(row, name)
    return Totals(*(sums[name] for name in Totals._fields))


def grouped(rows: Iterable[Row], key: Callable[[Row], Key]) -> dict[Key, list[Row]]:
    """Rows by a key, keys and rows in the order in which they come."""
    groups: dict[Key, list[Row]] = {}
    for row in rows:
        groups.setdefault(key(row), []).append(row)
    return groups


class Grades(NamedTuple):
    """How many audits have each grade, by its key, and how the scale reads them. `base` is how many have any."""

    counts: Mapping[str, int]
    base: int
    good_or_better: int
    inadequate: int


def graded(counts: Mapping[str, int], scale: Sequence[Grade]) -> Grades:
    """Counts by grade as figures. Every grade of the scale has a count; one that left the scale is only in the base."""
    base = sum(counts.values())
    good = sum(counts.get(grade.key, 0) for grade in scale if grade.good_or_better)
    inadequate = sum(counts.get(grade.key, 0) for grade in scale if grade.inadequate)
    return Grades({grade.key: counts.get(grade.key, 0) for grade in scale}, base, good, inadequate)


def grades_before(rows: Iterable[AuditCount], scale: Sequence[Grade]) -> Grades:
    """The auditors' own grades of the audits submitted."""
    return graded(_tally((row.before, row.n) for row in rows), scale)


def grades_after(rows: Iterable[AuditCount], scale: Sequence[Grade]) -> Grades:
    """The grades after moderation; the auditor's own where there was none, or none yet."""
    return graded(_tally((row.after, row.n) for row in rows), scale)


def not_final(rows: Iterable[AuditCount]) -> int:
    """How many submitted audits moderation or a dispute can still change."""
    return sum(row.n for row in rows if row.after is not None and not row.is_final)


def _tally(pairs: Iterable[tuple[str | None, int]]) -> Counter[str]:
    tally: Counter[str] = Counter()
    for key, n in pairs:
        if key is not None:
            tally[key] += n
    return tally


class Section(NamedTuple):
    """The grades of one section of the form."""

    key: str
    title: str
    grades: Grades


def sections(
    rows: Iterable[SectionCount], scale: Sequence[Grade], of: Callable[[SectionCount], bool] = lambda _: True
) -> list[Section]:
    """Each section's grades, in the order of the form. What does not apply to a case is in no base."""
    keys = {grade.key for grade in scale}
    found = []
    for (key, title), own in grouped(rows, lambda row: (row.key, row.title)).items():
        counts = _tally((row.grade, row.n) for row in own if row.grade in keys and of(row))
        found.append(Section(key, title, graded(counts, scale)))
    return found


def dominating(rows: Sequence[SectionCount], scale: Sequence[Grade]) -> list[Section]:
    """The sections of audits that are inadequate, those most often inadequate first: what dominates in them."""
    bad = {grade.key for grade in scale if grade.inadequate}
    found = [section for section in sections(rows, scale, lambda row: row.after in bad) if section.grades.inadequate]
    return sorted(found, key=lambda section: -section.grades.inadequate)


class Held(NamedTuple):
    """Conversations with somebody: how many were held, of how many audits that say."""

    with_whom: str
    held: int
    base: int


def conversations(rows: Iterable[ConversationCount]) -> list[Held]:
    """Conversations held, by with whom."""
    found = grouped(rows, lambda row: row.with_whom)
    return [Held(whom, sum(r.n for r in own if r.held), sum(r.n for r in own)) for whom, own in found.items()]


class Directions(NamedTuple):
    """What moderation did to the auditors' grades, of `base` moderations with both grades on the scale."""

    agreed: int
    up: int
    down: int
    base: int


def directions(rows: Iterable[ModerationRow], scale: Sequence[Grade]) -> Directions:
    """How many grades moderation kept, raised and lowered."""
    place = places(scale)
    moves = [place[row.before] - place[row.final] for row in rows if row.before in place and row.final in place]
    return Directions(moves.count(0), sum(m > 0 for m in moves), sum(m < 0 for m in moves), len(moves))


def places(scale: Sequence[Grade]) -> dict[str, int]:
    """Where each grade stands, the best at 0."""
    return {grade.key: n for n, grade in enumerate(scale)}


def crossed(rows: Iterable[ModerationRow], scale: Sequence[Grade]) -> list[list[int]]:
    """The cross-table of moderation: a row for each grade of the auditor, a column for each final grade."""
    place = places(scale)
    table = [[0] * len(scale) for _ in scale]
    for row in rows:
        if row.before in place and row.final in place:
            table[place[row.before]][place[row.final]] += 1
    return table


class Adherence(NamedTuple):
    """How many of the stages that were due were done in time, and how long those that were done took.

    `days` is the median of working days from the start of the process; None where none was done. What was waived or
    skipped with a reason is in `left_out` and in no base; what is not done and not late yet is in `running`.
    """

    in_time: int
    base: int
    days: float | None
    left_out: int
    running: int


def adherence(rows: Iterable[StageRow], today: date) -> Adherence:
    """Adherence of some stages on a day (domain.md sections 8 and 9)."""
    in_time = base = left_out = running = 0
    days = []
    for row in rows:
        if row.outcome in (Outcome.WAIVED, Outcome.SKIPPED):
            left_out += 1
        elif row.done_on is not None and row.outcome:
            base += 1
            in_time += row.done_on <= row.due_on
            days.append(working_days_between(row.started_on, row.done_on))
        elif row.due_on < today:
            base += 1
        else:
            running += 1
    return Adherence(in_time, base, float(median(days)) if days else None, left_out, running)


class Improvement(NamedTuple):
    """Improvement processes of a period."""

    started: int
    closed: int
    open_at_end: int
    repeat: int


def improvement(rows: Iterable[ProcessRow], first: date, last: date) -> Improvement:
    """Processes started and closed from one day to another, those open at its end, and repeat inadequates started."""
    found = list(rows)
    started = [row for row in found if first <= row.started_on <= last]
    closed = sum(row.closed_on is not None and first <= row.closed_on <= last for row in found)
    open_at_end = sum(row.closed_on is None or row.closed_on > last for row in found)
    return Improvement(len(started), closed, open_at_end, sum(row.is_repeat for row in started))


class Actions(NamedTuple):
    """Actions of a period: in time are those due in it that were done by their date.

    `by_first_date` is how many were done by the date that was first promised.
    """

    opened: int
    due: int
    in_time: int
    by_first_date: int
    overdue: int
    immediate_overdue: int


def actions(rows: Iterable[ActionRow], first: date, last: date, today: date) -> Actions:
    """Actions opened and due from one day to another, and overdue today. What is not due yet today counts nowhere."""
    found = list(rows)
    due = [row for row in found if first <= row.due_on <= last and (row.due_on < today or row.reported_on)]
    overdue = [row for row in found if row.reported_on is None and row.due_on < today]
    return Actions(
        sum(first <= row.opened_on <= last for row in found),
        len(due),
        sum(_done_by(row, row.due_on) for row in due),
        sum(_done_by(row, row.first_due_on) for row in due),
        len(overdue),
        sum(row.is_immediate for row in overdue),
    )


def _done_by(row: ActionRow, day: date) -> bool:
    """Whether it was said to be done by a day. What was reported as not done is late, whenever that was said."""
    return row.state in DONE and row.reported_on is not None and row.reported_on <= day
