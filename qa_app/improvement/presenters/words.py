"""Stages, days and people in words."""

from datetime import date
from functools import lru_cache

from qa_app.core.due import days_to
from qa_app.core.format import day, long_day, plural
from qa_app.improvement.queries.board import StagePoint
from qa_app.improvement.rules import Standing, standing
from qa_app.improvement.states import STAGE_LABELS, CloseOutcome, ProcessState, StageKind

THE_WORKER = "The social worker"

_COLOURS = {
    Standing.NOT_DATED: "grey",
    Standing.IN_TIME: "blue",
    Standing.DUE: "yellow",
    Standing.LATE: "red",
    Standing.DONE: "green",
    Standing.DONE_LATE: "orange",
    Standing.WAIVED: "purple",
    Standing.SKIPPED: "grey",
}
_WORDS = {
    Standing.NOT_DATED: "Not yet",
    Standing.IN_TIME: "In time",
    Standing.DUE: "Due",
    Standing.LATE: "Late",
    Standing.DONE: "Done in time",
    Standing.DONE_LATE: "Done late",
    Standing.WAIVED: "Not required",
    Standing.SKIPPED: "Skipped, with a reason",
}
CLOSED_WORDS = {
    CloseOutcome.IMPROVED: "Closed after a better re-audit",
    CloseOutcome.WITHOUT_REAUDIT: "Closed without a re-audit",
    CloseOutcome.REPEAT_INADEQUATE: "Closed: inadequate again",
    CloseOutcome.GRADE_CHANGED: "Ended: the grade changed",
    CloseOutcome.AUDIT_WITHDRAWN: "Ended: the audit was withdrawn",
}


def stage_label(kind: str, number: int = 1) -> str:
    """`Service manager review`, `Further service manager review`."""
    label = STAGE_LABELS[StageKind(kind)]
    return label if number == 1 else f"Further {label[0].lower()}{label[1:]}"


def standing_of(point: StagePoint, today: date) -> Standing:
    """Where a stage is today."""
    return standing(point.due_on, point.done_on, point.outcome, today)


def standing_tag(found: Standing) -> tuple[str, str]:
    """The words and the colour of a stage's tag."""
    return _WORDS[found], _COLOURS[found]


def left_in_words(due_on: date | None, today: date) -> str:
    """`5 working days left`, `due today`, `2 working days late`."""
    if due_on is None:
        return ""
    left = days_to(due_on, today)
    if left == 0:
        return "due today"
    return f"{plural(abs(left), 'working day')} {'left' if left > 0 else 'late'}"


@lru_cache(maxsize=4096)
def point_in_words(point: StagePoint, today: date, *, end_of_process: bool = False) -> str:
    """One stage of the line, in words: `Re-audit: in time, due Wed 23 September`."""
    found = standing_of(point, today)
    words = f"{stage_label(point.kind, point.number)}: {standing_tag(found)[0].lower()}"
    if point.outcome is not None:
        return f"{words}, {day(point.done_on)}"
    if point.due_on is None:
        return words
    return words if end_of_process else f"{words}, due {day(point.due_on)}, {left_in_words(point.due_on, today)}"


def process_tag(state: str, close_outcome: str | None, next_due_on: date | None, today: date) -> tuple[str, str]:
    """Where a process is, and the colour of its tag."""
    if state != ProcessState.OPEN:
        words = CLOSED_WORDS[CloseOutcome(close_outcome)] if close_outcome else "Closed"
        return words, "orange" if close_outcome == CloseOutcome.REPEAT_INADEQUATE else "grey"
    found = standing(next_due_on, None, None, today)
    words, colour = standing_tag(found)
    return ("Open", "grey") if found is Standing.NOT_DATED else (words, colour)


def dated(value: date | None) -> str:
    """`30 June 2026`, or nothing."""
    return long_day(value)


def worker_words(name: str | None, *, may_name: bool) -> str:
    """The worker's name for those who need it, the role for others."""
    if name is None:
        return "No social worker recorded"
    return name if may_name else THE_WORKER
