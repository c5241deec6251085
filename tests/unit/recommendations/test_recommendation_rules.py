"""Counting outcomes, what a follow-up needs, figures that can be, and when an owner is reminded."""

from collections import Counter
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa_app.core.clock import is_working_day, working_days_between
from qa_app.recommendations.inputs import SummaryInput
from qa_app.recommendations.rules import (
    OVERDUE,
    Counts,
    JudgementFacts,
    Lack,
    Missing,
    count,
    counts_from,
    figure_faults,
    judgement_lacks,
    missing,
    percent,
    reminder_step,
)
from qa_app.recommendations.states import Outcome

OUTCOMES = st.one_of(st.none(), st.sampled_from(list(Outcome)))
DAYS = st.dates(date(2026, 1, 1), date(2027, 6, 30))


def test_eleven_recommendations_count_as_in_the_report() -> None:
    outcomes = ["fully"] * 2 + ["substantially"] + ["partially"] * 4 + ["not"] * 4
    counts = count(outcomes)
    assert counts == Counts(2, 1, 4, 4, 0)
    assert (counts.total, counts.judged) == (11, 11)


@given(st.lists(OUTCOMES, max_size=60))
def test_counts_are_those_of_the_rows(outcomes: list[Outcome | None]) -> None:
    counts, tally = count(outcomes), Counter(outcomes)
    assert [counts.of(outcome) for outcome in (*Outcome, None)] == [tally[outcome] for outcome in (*Outcome, None)]
    assert counts.total == len(outcomes)
    assert counts.judged == sum(outcome is not None for outcome in outcomes)
    assert counts == counts_from({key and str(key): number for key, number in tally.items()})


@given(st.lists(OUTCOMES, max_size=30), st.randoms())
def test_the_order_of_rows_does_not_matter(outcomes: list[Outcome | None], chance: object) -> None:
    shuffled = list(outcomes)
    chance.shuffle(shuffled)  # type: ignore[attr-defined]
    assert count(shuffled) == count(outcomes)


@pytest.mark.parametrize(
    ("facts", "lacks"),
    [
        (JudgementFacts(1, None, False), [Lack.OUTCOME, Lack.EVIDENCE]),
        (JudgementFacts(1, "fully", False), [Lack.EVIDENCE]),
        (JudgementFacts(1, None, True), [Lack.OUTCOME]),
        (JudgementFacts(1, "not", True, by_owner=True), [Lack.ANOTHER_JUDGE]),
        (JudgementFacts(1, "not", True), []),
    ],
)
def test_what_a_judgement_needs(facts: JudgementFacts, lacks: list[Lack]) -> None:
    assert judgement_lacks(facts) == lacks
    assert facts.complete is not bool(lacks)


def test_what_a_follow_up_needs_stands_in_the_order_of_its_pages() -> None:
    facts = [JudgementFacts(2, None, True), JudgementFacts(5, "fully", False), JudgementFacts(7, "not", True)]
    assert missing(facts, dated=None, has_summary=False) == [
        Missing(2, Lack.OUTCOME), Missing(5, Lack.EVIDENCE), Missing(None, Lack.DATE), Missing(None, Lack.SUMMARY),
    ]  # fmt: skip
    assert missing(facts[2:], dated=date(2026, 6, 1), has_summary=True) == []


@pytest.mark.parametrize(
    ("figures", "faults"),
    [
        ((None, None, None), []),
        ((219, 8, 0), []),
        ((219, None, None), []),
        ((0, 0, 0), []),
        ((None, 8, None), ["audits"]),
        ((5, 8, None), ["inadequate"]),
        ((219, 8, 9), ["repeat_inadequate"]),
        ((219, None, 1), ["repeat_inadequate"]),
        ((-1, 8, 0), ["audits"]),
    ],
)
def test_figures_that_cannot_be_are_refused(figures: tuple[int | None, ...], faults: list[str]) -> None:
    audits, inadequate, repeat = figures
    typed = SummaryInput(audits=audits, inadequate=inadequate, repeat_inadequate=repeat)
    assert list(figure_faults(typed)) == faults


@pytest.mark.parametrize(
    ("part", "whole", "words"),
    [(8, 219, "3.7%"), (0, 219, "0%"), (1, 8, "12.5%"), (10, 10, "100%"), (1, 3, "33.3%"), (2, 3, "66.7%"), (1, 0, ""),
     (1, 2000, "0.1%"), (100, 1000, "10%")],
)  # fmt: skip
def test_shares_have_one_digit_after_the_point(part: int, whole: int, words: str) -> None:
    assert percent(part, whole) == words


DUE = date(2026, 6, 30)


@pytest.mark.parametrize(
    ("today", "step"),
    [
        (date(2026, 6, 1), None),
        (date(2026, 6, 2), 20),
        (date(2026, 6, 3), 20),
        (date(2026, 6, 22), 20),
        (date(2026, 6, 23), 5),
        (date(2026, 6, 27), None),  # a Saturday
        (DUE, 5),
        (date(2026, 7, 1), OVERDUE),
        (date(2026, 9, 1), OVERDUE),
    ],
)
def test_reminders_hold_from_their_day_on(today: date, step: int | None) -> None:
    assert reminder_step(DUE, [20, 5], today) == step


def test_due_at_a_weekend_it_is_overdue_on_the_next_working_day() -> None:
    assert reminder_step(date(2026, 6, 27), [5], date(2026, 6, 29)) == OVERDUE


@given(DAYS, st.lists(st.integers(0, 60), max_size=4), st.integers(0, 120))
def test_the_last_reminder_whose_day_has_come_holds(due_on: date, days: list[int], before: int) -> None:
    today = due_on - timedelta(days=before)
    step = reminder_step(due_on, days, today)
    left = working_days_between(today, due_on)
    if not is_working_day(today):
        assert step is None
    else:
        assert step == min((day for day in (*days, OVERDUE) if day >= left), default=None)
