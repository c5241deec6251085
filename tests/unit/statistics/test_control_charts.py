"""Control charts and run charts against published worked examples."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa_app.statistics.control import Phase, p_chart, spans, xmr
from qa_app.statistics.proportions import Share
from qa_app.statistics.runs import Kind, chart_of
from qa_app.statistics.signals import Rule, Side, Signal

# NIST/SEMATECH e-Handbook, section 6.3.3.2: defective chips, 30 wafers of 50 each.
WAFERS = (12, 15, 8, 10, 4, 7, 16, 9, 14, 10, 5, 6, 17, 12, 22, 8, 10, 5, 13, 11, 20, 18, 24, 15, 9, 12, 7, 13, 9, 6)
# The same, section 6.3.2.2: flow rate of 10 batches.
BATCHES = (49.6, 47.6, 49.9, 51.3, 47.8, 51.2, 52.6, 52.4, 53.6, 52.1)
# Montgomery, Introduction to Statistical Quality Control, section 7.2.2: purchase orders, samples of different size.
ORDERS = (
    100,
    80,
    80,
    100,
    110,
    110,
    100,
    100,
    90,
    90,
    110,
    120,
    120,
    120,
    110,
    80,
    80,
    80,
    90,
    100,
    100,
    100,
    100,
    90,
    90,
)
WRONG = (12, 8, 6, 9, 10, 12, 11, 16, 10, 6, 20, 15, 9, 8, 6, 8, 10, 7, 5, 8, 5, 8, 10, 6, 9)


def orders():
    return [Share(count, base) for count, base in zip(WRONG, ORDERS, strict=True)]


def test_a_p_chart_has_the_published_limits_of_nist():
    (limits, *_rest) = found = p_chart([Share(count, 50) for count in WAFERS])
    assert limits[:3] == pytest.approx((0.2313, 0.0524, 0.4102), abs=0.0001)
    assert len(set(found)) == 1


def test_limits_step_with_the_base_as_in_montgomerys_example():
    limits = p_chart(orders())
    assert sum(ORDERS) == 2450 and sum(WRONG) == 234
    assert limits[0][:3] == pytest.approx((0.0955, 0.0073, 0.1837), abs=0.0001)  # a sample of 100
    assert limits[1][:3] == pytest.approx((0.0955, 0.0, 0.1941), abs=0.0001)  # of 80: the lower limit is held at 0
    assert limits[11][2] == pytest.approx(0.1760, abs=0.0001)  # of 120
    chart = chart_of(orders())
    assert chart.kind is Kind.P
    outside = [signal for signal in chart.signals if signal.rule is Rule.OUTSIDE]
    assert outside == [Signal(Rule.OUTSIDE, Side.HIGH, 10, 10)]  # only sample 11, as published


def test_an_xmr_chart_has_the_published_limits_of_nist():
    limits = xmr(BATCHES)
    assert limits[0][:3] == pytest.approx((50.81, 45.8159, 55.8041), abs=0.0005)
    assert set(limits) == {limits[0]}


def test_times_are_never_below_nothing():
    assert xmr([1, 5, 1, 6])[0].lower == 0.0


def test_a_month_without_a_value_is_a_gap_that_counts_for_nothing():
    with_gap = xmr([*BATCHES[:4], None, *BATCHES[4:]])
    assert with_gap[4] is None
    assert [limits for limits in with_gap if limits] == xmr(BATCHES)
    assert p_chart([Share(1, 10), Share(0, 0), Share(3, 10)])[1] is None


def test_too_little_has_no_limits():
    assert xmr([3.0]) == [None]
    assert p_chart([Share(0, 0)]) == [None]
    assert p_chart([]) == xmr([]) == []


def test_limits_are_worked_out_anew_from_each_phase_and_held_after_its_baseline():
    shares = [Share(10, 50)] * 6 + [Share(20, 50)] * 6
    assert [round(limits.centre, 3) for limits in p_chart(shares)] == [0.3] * 12
    rebased = p_chart(shares, (Phase(0), Phase(6, "the audit tool changed")))
    assert [round(limits.centre, 3) for limits in rebased] == [0.2] * 6 + [0.4] * 6
    held = p_chart(shares, (Phase(0, baseline=6),))
    assert [round(limits.centre, 3) for limits in held] == [0.2] * 12
    assert [limits.centre for limits in xmr([1, 1, 9, 9], (Phase(0), Phase(2, "why")))] == [1, 1, 9, 9]


def test_re_basing_needs_a_written_reason_and_phases_an_order():
    with pytest.raises(ValueError, match="written reason"):
        Phase(3, "  ")
    for phases in ((), (Phase(1, "why"),), (Phase(0), Phase(5, "b"), Phase(3, "a")), (Phase(0), Phase(0))):
        with pytest.raises(ValueError, match="phases begin"):
            spans(10, phases)


def test_a_phase_that_begins_after_the_last_point_has_none():
    assert [list(span) for _phase, span in spans(3, (Phase(0), Phase(5, "later")))] == [[0, 1, 2], []]


def test_under_twelve_points_there_is_a_run_chart_and_from_twelve_on_limits():
    eleven = chart_of([Share(5, 50)] * 11)
    assert (eleven.kind, set(eleven.limits), set(eleven.centres)) == (Kind.RUN, {None}, {0.1})
    assert chart_of([Share(5, 50)] * 12).kind is Kind.P
    assert chart_of([Share(5, 50)] * 11 + [Share(0, 0)]).kind is Kind.RUN
    assert chart_of([3.0] * 12).kind is Kind.XMR
    assert chart_of([3.0, None, 5.0]).centres == (4.0, None, 4.0)
    assert chart_of([]).values == ()


def test_no_rule_reaches_over_a_phase():
    shares = [Share(10, 50), Share(11, 50)] * 3 + [Share(20, 50), Share(21, 50)] * 4
    phases = (Phase(0), Phase(6, "the tool changed"))
    assert [signal.rule for signal in chart_of(shares).signals] != []
    assert chart_of(shares, phases).signals == ()
    assert chart_of(shares, phases).phases == phases


def test_a_run_chart_has_the_median_and_finds_a_trend_of_five():
    assert chart_of([1, 2, 9, 4, 100]).centres == (4,) * 5
    assert chart_of([1, 2, 3, 4, 5, 1, 7, 1]).signals == (Signal(Rule.TREND, Side.HIGH, 0, 4),)
    assert chart_of([9, None, 8, 7, 6, 5]).signals == (Signal(Rule.TREND, Side.LOW, 0, 5),)
    assert chart_of([1, 2, 3, 4, 1, 7, 1, 6]).signals == ()


@given(st.lists(st.tuples(st.integers(0, 60), st.integers(0, 60)), min_size=1, max_size=30))
def test_limits_hold_their_centre_and_widen_as_the_base_shrinks(pairs):
    shares = [Share(min(pair), max(pair)) for pair in pairs]
    limits = p_chart(shares)
    found = sorted((share.base, limit) for share, limit in zip(shares, limits, strict=True) if limit)
    assert all(0 <= limit.lower <= limit.centre <= limit.upper <= 1 for _base, limit in found)
    widths = [limit.upper - limit.lower for _base, limit in found]
    assert all(after <= before + 1e-12 for before, after in pairwise(widths))
    base = sum(share.base for share in shares)
    assert all(limit.centre == pytest.approx(sum(share.count for share in shares) / base) for _base, limit in found)
