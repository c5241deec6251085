"""Shares, Wilson intervals, targets and rolling quarters, against published examples and a reference library."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from statsmodels.stats.proportion import proportion_confint

from qa_app.statistics.proportions import (
    Direction,
    Interval,
    Rolled,
    Share,
    Verdict,
    is_thin,
    rolling,
    target_test,
    wilson,
)

shares = st.integers(1, 2000).flatmap(lambda base: st.builds(Share, st.integers(0, base), st.just(base)))


@pytest.mark.parametrize(
    ("count", "base", "low", "high"),
    [(81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0.0000, 0.1611), (1, 29, 0.0061, 0.1718)],
)
def test_wilson_gives_newcombes_published_intervals(count, base, low, high):
    assert wilson(Share(count, base)) == pytest.approx(Interval(low, high), abs=0.00005)


@given(shares, st.sampled_from([0.9, 0.95, 0.99]))
def test_wilson_agrees_with_the_reference_library(share, confidence):
    expected = proportion_confint(share.count, share.base, alpha=1 - confidence, method="wilson")
    assert wilson(share, confidence) == pytest.approx(expected, abs=1e-9)


@given(shares)
def test_an_interval_holds_its_share_and_mirrors_its_complement(share):
    low, high = wilson(share)
    assert 0 <= low <= share.value <= high <= 1
    assert wilson(Share(share.base - share.count, share.base)) == pytest.approx((1 - high, 1 - low), abs=1e-9)


def test_nothing_counted_has_no_share_no_interval_and_no_verdict():
    assert Share(0, 0).value is None
    assert wilson(Share(0, 0)) is None
    assert target_test(Share(0, 0), 0.4, Direction.AT_LEAST) is Verdict.CANNOT_TELL


@pytest.mark.parametrize(
    ("count", "base", "target", "direction", "verdict"),
    [
        (3, 50, 0.12, Direction.AT_MOST, Verdict.CANNOT_TELL),  # domain.md: 2% to 16% proves nothing about 12%
        (3, 500, 0.12, Direction.AT_MOST, Verdict.MET),
        (23, 100, 0.12, Direction.AT_MOST, Verdict.NOT_MET),
        (0, 20, 0.12, Direction.AT_MOST, Verdict.CANNOT_TELL),
        (60, 100, 0.40, Direction.AT_LEAST, Verdict.MET),
        (45, 100, 0.40, Direction.AT_LEAST, Verdict.CANNOT_TELL),
        (20, 100, 0.40, Direction.AT_LEAST, Verdict.NOT_MET),
        (5, 5, 1.0, Direction.AT_LEAST, Verdict.CANNOT_TELL),
    ],
)
def test_a_target_is_met_only_where_the_whole_interval_is(count, base, target, direction, verdict):
    assert target_test(Share(count, base), target, direction) is verdict


@given(shares, st.floats(0.01, 0.99))
def test_at_least_and_at_most_mirror_each_other(share, target):
    mirror = {Verdict.MET: Verdict.NOT_MET, Verdict.NOT_MET: Verdict.MET, Verdict.CANNOT_TELL: Verdict.CANNOT_TELL}
    at_least = target_test(share, target, Direction.AT_LEAST)
    assert target_test(share, target, Direction.AT_MOST) is mirror[at_least]


def test_a_thin_month_is_read_with_those_before_it():
    months = [Share(1, 10), Share(2, 20), Share(9, 40), Share(1, 12), Share(0, 5)]
    assert rolling(months) == [
        Rolled(Share(1, 10), 1),
        Rolled(Share(3, 30), 2),
        Rolled(Share(9, 40), 1),
        Rolled(Share(12, 72), 3),
        Rolled(Share(10, 57), 3),
    ]
    assert is_thin(Share(0, 29)) and not is_thin(Share(0, 30))


@given(st.lists(shares, max_size=12), st.integers(1, 100))
def test_rolling_adds_counts_of_at_most_a_quarter(months, thin):
    for at, (share, taken) in enumerate(rolling(months, thin)):
        assert taken == (1 if months[at].base >= thin else min(3, at + 1))
        assert share.count == sum(month.count for month in months[at + 1 - taken : at + 1])
        assert share.base == sum(month.base for month in months[at + 1 - taken : at + 1])
