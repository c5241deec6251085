"""Figures by hand: what counts as in time, as due and as overdue on a day."""

from datetime import date

import pytest

from qa_app.audits.rules import Grade
from qa_app.figures.model import ActionRow, ModerationRow, StageRow
from qa_app.figures.rules import actions, adherence, crossed

FIRST, LAST, TODAY = date(2026, 6, 1), date(2026, 6, 30), date(2026, 7, 10)
DUE = date(2026, 6, 15)


def action(state, reported_on, first_due_on=DUE, due_on=DUE):
    return ActionRow(1, 1, False, state, FIRST, first_due_on, due_on, reported_on, None)


@pytest.mark.parametrize(
    ("row", "due", "in_time", "by_first_date", "overdue"),
    [
        (action("done", DUE), 1, 1, 1, 0),
        (action("verified", date(2026, 6, 16)), 1, 0, 0, 0),
        (action("not_done", date(2026, 6, 10)), 1, 0, 0, 0),
        (action("done", DUE, first_due_on=date(2026, 6, 14)), 1, 1, 0, 0),
        (action("open", None), 1, 0, 0, 1),
        (action("open", None, due_on=date(2026, 7, 10)), 0, 0, 0, 0),
        (action("open", None, due_on=date(2026, 5, 31)), 0, 0, 0, 1),
    ],
)
def test_an_action_is_in_time_when_it_was_done_by_its_date(row, due, in_time, by_first_date, overdue):
    found = actions([row], FIRST, LAST, TODAY)
    assert (found.due, found.in_time, found.by_first_date, found.overdue) == (due, in_time, by_first_date, overdue)


@pytest.mark.parametrize(
    ("done_on", "outcome", "due_on", "in_time", "base", "left_out", "running"),
    [
        (DUE, "done", DUE, 1, 1, 0, 0),
        (date(2026, 6, 16), "done", DUE, 0, 1, 0, 0),
        (None, None, DUE, 0, 1, 0, 0),
        (None, None, TODAY, 0, 0, 0, 1),
        (DUE, "skipped", DUE, 0, 0, 1, 0),
        (DUE, "waived", DUE, 0, 0, 1, 0),
        (DUE, "not_yet", DUE, 1, 1, 0, 0),
    ],
)
def test_a_stage_counts_as_in_time_late_left_out_or_running(done_on, outcome, due_on, in_time, base, left_out, running):
    row = StageRow(1, 1, None, "", "reaudit", FIRST, due_on, done_on, outcome)
    found = adherence([row], TODAY)
    assert (found.in_time, found.base, found.left_out, found.running) == (in_time, base, left_out, running)


def test_a_grade_that_the_scale_does_not_have_is_in_no_cell_of_the_cross_table():
    scale = [Grade("good", "Good", True, False), Grade("inadequate", "Inadequate", False, True)]
    pairs = (("good", "good"), ("good", "inadequate"), ("met", "good"), ("good", "met"))
    rows = [ModerationRow(1, 1, "share", 10, False, False, False, before, None, final) for before, final in pairs]
    assert crossed(rows, scale) == [[1, 1], [0, 0]]
