"""When an exemption may be asked for, how late it is, and how long each step took."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa_app.exemptions.inputs import AskInput
from qa_app.exemptions.rules import (
    MonthFacts,
    Months,
    Steps,
    is_over,
    list_of_months,
    month_faults,
    months_in_words,
    steps_of,
    still_counts,
    timing_of,
    word_faults,
)
from qa_app.exemptions.states import Category, Timing

JUNE, JULY, AUGUST = date(2026, 6, 1), date(2026, 7, 1), date(2026, 8, 1)
TODAY = date(2026, 6, 17)
ISSUED = datetime(2026, 6, 1, 9, tzinfo=UTC)
DUE = date(2026, 6, 30)


def wish(first: date = JUNE, last: date | None = None, **words: str) -> AskInput:
    return AskInput(first, last or first, Category.OTHER, words.get("statement", "Why"), words.get("late_reason", ""))


@pytest.mark.parametrize(
    ("issued", "due", "today", "timing"),
    [
        (None, None, TODAY, Timing.BEFORE_ISSUE),
        (None, DUE, DUE, Timing.BEFORE_ISSUE),
        (ISSUED, DUE, date(2026, 6, 22), Timing.AFTER_ISSUE),
        (ISSUED, DUE, date(2026, 6, 23), Timing.LAST_WEEK),
        (ISSUED, DUE, DUE, Timing.LAST_WEEK),
    ],
)
def test_timing_is_against_the_first_months_round(
    issued: datetime | None, due: date | None, today: date, timing: Timing
) -> None:
    assert timing_of(MonthFacts(JUNE, issued, due), today, 7) is timing


@given(st.integers(0, 30), st.integers(-40, 0))
def test_it_only_ever_becomes_later(days: int, before: int) -> None:
    order = list(Timing)
    facts = MonthFacts(JUNE, ISSUED, DUE)
    one, other = (timing_of(facts, DUE + timedelta(days=n), days) for n in (before, before + 1))
    assert order.index(one) <= order.index(other)


@pytest.mark.parametrize(
    ("facts", "today", "over"),
    [
        (MonthFacts(JUNE), date(2026, 6, 30), False),
        (MonthFacts(JUNE), date(2026, 7, 1), True),
        (MonthFacts(JUNE, ISSUED, DUE), DUE, False),
        (MonthFacts(JUNE, ISSUED, DUE), date(2026, 7, 1), True),
        (MonthFacts(JUNE, ISSUED, DUE, closed=True), TODAY, True),
        (MonthFacts(JUNE, ISSUED, date(2026, 7, 5)), date(2026, 7, 3), False),
    ],
)
def test_when_a_month_is_over(facts: MonthFacts, today: date, over: bool) -> None:
    assert is_over(facts, today) is over


@pytest.mark.parametrize(
    ("first", "last", "standing", "field"),
    [
        (JUNE, JUNE, [], ""),
        (JULY, JUNE, [], "last_month"),
        (JUNE, date(2027, 5, 1), [], ""),
        (JUNE, date(2027, 6, 1), [], "last_month"),
        (date(2027, 7, 1), date(2027, 7, 1), [], "first_month"),
        (date(2026, 5, 1), JUNE, [], "first_month"),
        (JUNE, AUGUST, [Months(JULY, JULY)], "first_month"),
        (JUNE, JUNE, [Months(JULY, AUGUST)], ""),
    ],
)
def test_which_months_can_be_asked_for(first: date, last: date, standing: list[Months], field: str) -> None:
    assert list(month_faults(wish(first, last), MonthFacts(first), standing, TODAY)) == ([field] if field else [])


def test_words_are_needed_and_a_late_one_needs_its_reason() -> None:
    assert word_faults(wish(), Timing.AFTER_ISSUE) == {}
    assert set(word_faults(wish(statement=" "), Timing.LAST_WEEK)) == {"statement", "late_reason"}
    assert "Shorten" in word_faults(wish(statement="x" * 4001), Timing.AFTER_ISSUE)["statement"]


MONTH = st.integers(0, 40).map(lambda n: list_of_months(date(2026, 1, 1), 41)[n])
SPAN = st.tuples(MONTH, MONTH).map(lambda pair: Months(min(pair), max(pair)))


@given(SPAN, SPAN)
def test_spans_overlap_where_they_share_a_month(one: Months, other: Months) -> None:
    assert one.overlaps(other) == bool(set(one) & set(other)) == other.overlaps(one)


@pytest.mark.parametrize(
    ("first", "last", "words"),
    [
        (JUNE, JUNE, "June 2026"),
        (JUNE, AUGUST, "June to August 2026"),
        (date(2026, 12, 1), date(2027, 1, 1), "December 2026 to January 2027"),
    ],
)
def test_months_in_words(first: date, last: date, words: str) -> None:
    assert months_in_words(first, last) == words


FRIDAY = datetime(2026, 6, 12, 15, tzinfo=UTC)
MONDAY, WEDNESDAY = FRIDAY + timedelta(days=3), FRIDAY + timedelta(days=5)


@pytest.mark.parametrize(
    ("head", "decided", "withdrawn", "straight", "declined", "steps"),
    [
        (None, None, None, False, False, Steps(3, None)),
        (MONDAY, None, None, False, False, Steps(1, 2)),
        (MONDAY, WEDNESDAY, None, False, False, Steps(1, 2)),
        (MONDAY, None, None, False, True, Steps(1, None)),
        (None, None, MONDAY, False, False, Steps(1, None)),
        (None, MONDAY, None, True, False, Steps(None, 1)),
    ],
)
def test_steps_are_counted_in_working_days(
    head: datetime | None, decided: datetime | None, withdrawn: datetime | None, straight: bool, declined: bool,
    steps: Steps,
) -> None:  # fmt: skip
    assert steps_of(FRIDAY, head, decided, withdrawn, WEDNESDAY, straight=straight, declined=declined) == steps


def test_an_approval_counts_until_the_end_of_the_due_date_in_london() -> None:
    assert still_counts(datetime(2026, 6, 30, 22, 59, tzinfo=UTC), DUE)
    assert not still_counts(datetime(2026, 6, 30, 23, 0, tzinfo=UTC), DUE)
