"""How far a due date is, in words."""

from datetime import date

import pytest

from qa_app.core.due import left_in_words

FRIDAY, SATURDAY, SUNDAY, MONDAY = (date(2026, 11, day) for day in (27, 28, 29, 30))


@pytest.mark.parametrize(
    ("due_on", "today", "words"),
    [
        (MONDAY, FRIDAY, "1 working day left"),
        (FRIDAY, FRIDAY, "due today"),
        (SUNDAY, FRIDAY, "no working day left"),
        (SUNDAY, SUNDAY, "due today"),
        (FRIDAY, SATURDAY, "late"),
        (FRIDAY, MONDAY, "1 working day late"),
    ],
)
def test_a_weekend_is_neither_today_nor_a_day_to_work(due_on, today, words):
    assert left_in_words(due_on, today) == words
