"""The named rules, each at its edge: met, one short of it, at the line, over a gap."""

import pytest

from qa_app.statistics.control import Limits
from qa_app.statistics.signals import Rule, Side, Signal, signals

HIGH, LOW = Side.HIGH, Side.LOW


def found(*sigmas, starts=(0,)):
    """Signals of points that lie so many standard deviations above a centre of 10, each of 1."""
    limits = [None if sigma is None else Limits(10, 7, 13, 1) for sigma in sigmas]
    values = [None if sigma is None else 10 + sigma for sigma in sigmas]
    return signals(values, limits, starts)


def test_a_point_outside_the_limits_is_a_signal_and_one_on_them_is_not():
    assert found(0, 3.01, 0) == [Signal(Rule.OUTSIDE, HIGH, 1, 1)]
    assert found(0, -3.01, 0) == [Signal(Rule.OUTSIDE, LOW, 1, 1)]
    assert found(0, 3, 0) == []


def test_eight_on_one_side_are_a_run_and_seven_are_none():
    eight = (0.5, 1, 0.5, 1, 0.5, 1, 0.5, 1)
    assert found(*eight) == [Signal(Rule.RUN, HIGH, 0, 7)]
    assert found(*eight[:7]) == []
    assert found(*(-sigma for sigma in eight)) == [Signal(Rule.RUN, LOW, 0, 7)]
    assert found(*eight[:7], -1, 1) == []


def test_a_long_run_is_one_signal():
    assert found(*(0.5, 1) * 10) == [Signal(Rule.RUN, HIGH, 0, 7)]


def test_a_point_on_the_centre_neither_adds_to_a_run_nor_breaks_it():
    assert found(0.5, 1, 0.5, 1, 0, 0.5, 1, 0.5) == []
    assert found(0.5, 1, 0.5, 1, 0, 0.5, 1, 0.5, 1) == [Signal(Rule.RUN, HIGH, 0, 8)]


def test_six_rising_or_falling_are_a_trend_and_five_are_none():
    assert found(-1, -0.5, 0, 0.5, 1, 1.5) == [Signal(Rule.TREND, HIGH, 0, 5)]
    assert found(-1, -0.5, 0, 0.5, 1) == []
    assert found(1.5, 1, 0.5, 0, -0.5, -1) == [Signal(Rule.TREND, LOW, 0, 5)]
    assert found(0, -1.5, -1, -0.5, 0, 0.5, 1) == [Signal(Rule.TREND, HIGH, 1, 6)]
    assert found(-1, -0.5, 0, -0.2, 0.5, 1, 1.5) == []


def test_equal_neighbours_neither_add_to_a_trend_nor_break_it():
    assert found(-1, -0.5, 0, 0, 0.5, 1) == []
    assert found(-1, -0.5, 0, 0, 0.5, 1, 1.5) == [Signal(Rule.TREND, HIGH, 0, 6)]


@pytest.mark.parametrize("between", [(), (0,), (2.01,)])
def test_two_of_three_in_the_outer_third_on_one_side_are_one_signal(between):
    (signal,) = found(0, 2.5, *between, 2.5, -1)
    assert signal == Signal(Rule.TWO_OF_THREE, HIGH, 1, 2 + (between == (0,)))


def test_two_of_three_is_not_met_further_apart_on_two_sides_or_at_the_edge():
    assert found(2.5, 0, 0, 2.5) == []
    assert found(2.5, 0, -2.5) == []
    assert found(2, 2) == []
    assert found(-2.5, -2.5) == [Signal(Rule.TWO_OF_THREE, LOW, 0, 1)]
    assert len(found(2.5, 2.5, 0, 0, 0, 2.5, 2.5)) == 2


def test_a_gap_joins_its_neighbours_and_a_phase_parts_them():
    eight = (0.5, 1, 0.5, 1, 0.5, 1, 0.5, 1)
    assert found(*eight[:4], None, *eight[4:]) == [Signal(Rule.RUN, HIGH, 0, 8)]
    assert found(*eight, starts=(0, 4)) == []
    assert found(0, 0, 0, 0, 3.5, starts=(0, 4)) == [Signal(Rule.OUTSIDE, HIGH, 4, 4)]


def test_without_any_spread_every_departure_is_outside():
    values, limits = [1.0, 1.0, 0.5], [Limits(1.0, 1.0, 1.0, 0.0)] * 3
    assert signals(values, limits) == [Signal(Rule.OUTSIDE, LOW, 2, 2)]


def test_signals_stand_in_the_order_in_which_they_were_met():
    assert [(signal.at, signal.rule) for signal in found(0, 2.5, 3.5, 0)] == [(2, Rule.OUTSIDE), (2, Rule.TWO_OF_THREE)]
