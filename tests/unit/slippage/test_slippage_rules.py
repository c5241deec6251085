"""When an audit looks as if it will slip, and when an unanswered notice is chased."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa_app.core.clock import is_working_day, working_days_between
from qa_app.slippage.rules import (
    AuditFacts,
    Limits,
    Stage,
    Step,
    days_there,
    is_quiet,
    signs,
    stage_of,
    steps_due,
    working_day_after,
)
from qa_app.slippage.states import Outcome, SlippageState

LIMITS = Limits(not_started_days=5, history_days=10, least_days=3)
DUE = date(2026, 6, 30)
DAYS = st.dates(date(2026, 1, 1), date(2027, 1, 31))


@pytest.mark.parametrize(
    ("facts", "today", "expected"),
    [
        (AuditFacts(DUE, started=False), date(2026, 6, 22), []),
        (AuditFacts(DUE, started=False), date(2026, 6, 23), ["Not started, and 5 working days are left."]),
        (AuditFacts(DUE, started=False), DUE, ["Not started, and 0 working days are left."]),
        (AuditFacts(DUE, started=False), date(2026, 7, 1), []),
        (AuditFacts(DUE, started=True), date(2026, 6, 29), []),
        (AuditFacts(DUE, started=False, past_rounds=3, poor_rounds=1), date(2026, 6, 16), []),
        (
            AuditFacts(DUE, started=False, past_rounds=3, poor_rounds=2),
            date(2026, 6, 16),
            [
                "Not started, and 10 working days are left.",
                "Two of their last three rounds ended with an audit late or not done.",
            ],
        ),
        (
            AuditFacts(DUE, started=False, past_rounds=2, poor_rounds=2),
            date(2026, 6, 29),
            [
                "Not started, and 1 working day is left.",
                "All of their last two rounds ended with an audit late or not done.",
            ],
        ),
        (AuditFacts(DUE, started=False, past_rounds=3, poor_rounds=3), date(2026, 6, 15), []),
        (AuditFacts(DUE, started=True, past_rounds=3, poor_rounds=3), date(2026, 6, 29), []),
        (
            AuditFacts(DUE, started=True, absences=[(date(2026, 6, 17), date(2026, 6, 26))]),
            date(2026, 6, 17),
            ["Away until Mon 29 June: 2 working days there before the due date."],
        ),
        (
            AuditFacts(DUE, started=True, absences=[(date(2026, 6, 17), date(2026, 7, 10))]),
            date(2026, 6, 17),
            ["Away until Mon 13 July, after the due date."],
        ),
        (AuditFacts(DUE, started=True, absences=[(date(2026, 6, 17), date(2026, 6, 25))]), date(2026, 6, 17), []),
    ],
)
def test_the_signs_explain_themselves(facts: AuditFacts, today: date, expected: list[str]) -> None:
    assert signs(facts, LIMITS, today) == expected


def test_an_absence_that_lies_elsewhere_is_no_sign() -> None:
    for span in ((date(2026, 5, 1), date(2026, 6, 16)), (date(2026, 7, 1), date(2026, 7, 9))):
        assert signs(AuditFacts(DUE, started=True, absences=[span]), LIMITS, date(2026, 6, 29)) == []


def test_little_time_left_is_no_sign_of_an_absence() -> None:
    assert signs(AuditFacts(DUE, started=True, absences=[(DUE, DUE)]), LIMITS, DUE) != []
    assert signs(AuditFacts(DUE, started=True), LIMITS, DUE) == []


@given(DAYS, DAYS, st.booleans(), st.integers(0, 3), st.lists(st.tuples(DAYS, st.integers(0, 40)), max_size=3))
def test_nothing_is_foreseen_without_a_reason(
    today: date, due_on: date, started: bool, poor: int, away: list[tuple[date, int]]
) -> None:
    absences = [(first, first + timedelta(days=length)) for first, length in away]
    found = signs(AuditFacts(due_on, started, 3, poor, absences), LIMITS, today)
    if today > due_on or (started and not absences):
        assert found == []
    elif not started and working_days_between(today, due_on) <= LIMITS.not_started_days:
        assert found[0].startswith("Not started")
    for sentence in found:
        assert sentence.endswith(".")


@given(DAYS, st.integers(0, 60), st.integers(0, 60), st.integers(0, 60))
def test_days_there_are_at_most_the_working_days(first: date, length: int, start: int, away: int) -> None:
    last = first + timedelta(days=length)
    span = (first + timedelta(days=start), first + timedelta(days=start + away))
    whole = days_there((), first, last)
    assert 0 <= days_there([span], first, last) <= whole
    assert days_there([(first, last)], first, last) == 0
    assert is_working_day(working_day_after(first))


@pytest.mark.parametrize(
    ("outcome", "resolved_on", "today", "quiet"),
    [
        (None, None, DUE, False),
        (Outcome.BACK_ON_TRACK, date(2026, 6, 19), date(2026, 6, 23), True),
        (Outcome.BACK_ON_TRACK, date(2026, 6, 19), date(2026, 6, 24), False),
        (Outcome.CAPACITY_FOUND, date(2026, 6, 23), date(2026, 6, 25), True),
        (Outcome.REASSIGNED, date(2026, 6, 23), date(2026, 6, 26), False),
        (Outcome.NO_CAPACITY, date(2026, 1, 5), DUE, True),
        (Outcome.WITHDRAWN, DUE, DUE, False),
    ],
)
def test_what_was_just_settled_is_left_in_peace(
    outcome: str | None, resolved_on: date | None, today: date, quiet: bool
) -> None:
    assert is_quiet(outcome, resolved_on, today) is quiet


def test_whose_turn_it_is() -> None:
    assert stage_of(SlippageState.RAISED) is stage_of(SlippageState.WITH_HEAD_OF_SERVICE) is Stage.HEAD_OF_SERVICE
    assert stage_of(SlippageState.WITH_QA_TEAM) is Stage.QA_TEAM


def test_chased_after_two_working_days_and_escalated_after_four() -> None:
    since = date(2026, 6, 18)  # a Thursday
    expected = {19: [], 20: [], 21: [], 22: [Step.CHASE], 23: [Step.CHASE], 24: [Step.CHASE, Step.ESCALATE]}
    for day, steps in expected.items():
        assert steps_due(since, 2, 4, date(2026, 6, day)) == steps


@given(DAYS, st.integers(0, 30), st.integers(1, 10), st.integers(1, 10))
def test_what_is_due_stays_due_on_every_later_working_day(since: date, later: int, chase: int, escalate: int) -> None:
    today = since + timedelta(days=later)
    due, next_day = steps_due(since, chase, escalate, today), working_day_after(today)
    assert set(due) <= set(steps_due(since, chase, escalate, next_day))
    assert is_working_day(today) or due == []
