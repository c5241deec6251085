"""How far a due date is, in working days and in words. Pure."""

from datetime import date

from qa_app.core.clock import working_days_between
from qa_app.core.format import days_left


def days_to(due_on: date, today: date) -> int:
    """Working days from today to the due date, as people say it: positive before it, 0 on it, negative after it.

    A weekend never turns into "due today": the day before a due date counts as at least 1, the day after as at most -1.
    """
    if today == due_on:
        return 0
    counted = working_days_between(today, due_on)
    return max(1, counted) if today < due_on else min(-1, counted)


def left_in_words(due_on: date, today: date) -> str:
    """`6 working days left`, `due today`, `2 working days late`; between working days `no working day left` or `late`:
    the weekend before a due date, or after one.
    """
    if today == due_on:
        return days_left(0)
    left = working_days_between(today, due_on)
    return days_left(left) if left else ("no working day left" if today < due_on else "late")
