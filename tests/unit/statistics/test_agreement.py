"""Weighted kappa against published examples and a reference library; and where audits were not equally likely chosen."""

import math
import random

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st
from statsmodels.stats.inter_rater import cohens_kappa

from qa_app.statistics.agreement import Pair, Weights, is_enough, weighted_kappa

# SAS/STAT, PROC FREQ, "Tests and measures of agreement": two dermatologists on a scale of four.
SKIN = ((10, 4, 1, 0), (5, 10, 12, 2), (2, 4, 12, 5), (0, 2, 6, 13))
# D. G. Altman, Practical Statistics for Medical Research (1991), section 14.3: two assays on a scale of five.
ASSAYS = ((86, 3, 14, 0, 2), (26, 0, 10, 4, 0), (20, 2, 22, 4, 1), (11, 1, 37, 16, 14), (3, 0, 15, 24, 48))


def pairs(table):
    return [
        Pair(first, second) for first, row in enumerate(table) for second, n in enumerate(row) for _audit in range(n)
    ]


def test_kappa_and_its_interval_are_the_published_ones():
    kappa = weighted_kappa(pairs(SKIN), 4)
    assert (kappa.value, kappa.error) == pytest.approx((0.5082, 0.0655), abs=0.00005)
    assert (kappa.low, kappa.high) == pytest.approx((0.3798, 0.6366), abs=0.0001)
    assert kappa.audits == 88
    assert weighted_kappa(pairs(ASSAYS), 5).value == pytest.approx(0.56, abs=0.005)


square = st.integers(2, 5).flatmap(
    lambda grades: st.lists(
        st.lists(st.integers(0, 30), min_size=grades, max_size=grades), min_size=grades, max_size=grades
    )
)


@pytest.mark.filterwarnings("ignore:invalid value:RuntimeWarning")
@example([[0, 0], [1, 0]], Weights.LINEAR)
@given(square, st.sampled_from(Weights))
def test_kappa_agrees_with_the_reference_library(table, weights):
    kappa = weighted_kappa(pairs(table), len(table), weights)
    assume(kappa is not None)
    expected = cohens_kappa(table, wt=str(weights))
    assert kappa.value == pytest.approx(expected.kappa, abs=1e-9)
    # Without any spread the library takes the root of a number that should be 0 and may be a hair below it.
    error = 0.0 if math.isnan(expected.std_kappa) else expected.std_kappa
    assert kappa.error == pytest.approx(error, abs=1e-6)


@given(square, st.sampled_from(Weights))
def test_equal_probabilities_change_nothing(table, weights):
    alike = weighted_kappa([pair._replace(probability=0.2) for pair in pairs(table)], len(table), weights)
    plain = weighted_kappa(pairs(table), len(table), weights)
    assert (alike is None) == (plain is None)
    if plain is not None:
        assert alike == pytest.approx(plain, abs=1e-9)


def test_weighting_finds_the_kappa_of_all_from_those_chosen_unequally():
    """Of 40,000 audits all inadequate ones are chosen and a tenth of the rest, by a fixed seed."""
    chance = random.Random(5)
    everyone = []
    for _audit in range(40_000):
        first = chance.choices(range(4), (5, 40, 45, 10))[0]
        second = first if chance.random() < 0.7 else min(max(first + chance.choice((-1, 1)), 0), 3)
        everyone.append(Pair(first, second, 1.0 if first == 3 else 0.1))
    chosen = [pair for pair in everyone if chance.random() < pair.probability]
    true = weighted_kappa([pair._replace(probability=1.0) for pair in everyone], 4)
    weighted = weighted_kappa(chosen, 4)
    naive = weighted_kappa([pair._replace(probability=1.0) for pair in chosen], 4)
    assert abs(naive.value - true.value) > 0.05
    assert weighted.low < true.value < weighted.high
    assert abs(weighted.value - true.value) < 0.02


def test_the_weighted_interval_holds_the_truth_about_as_often_as_it_says():
    chance = random.Random(7)
    population = [
        Pair(first, second, 1.0 if first in (0, 3) else 0.25)
        for first, second in chance.choices(
            [(0, 0), (1, 1), (1, 2), (2, 2), (2, 1), (3, 3), (3, 2)], (5, 30, 8, 30, 8, 12, 4), k=3000
        )
    ]
    true = weighted_kappa([pair._replace(probability=1.0) for pair in population], 4).value
    held = 0
    for _time in range(60):
        taken = chance.sample(population, 500)
        kappa = weighted_kappa([pair for pair in taken if chance.random() < pair.probability], 4)
        held += kappa.low <= true <= kappa.high
    assert 53 <= held <= 60


def test_where_chance_alone_agrees_always_there_is_no_kappa():
    assert weighted_kappa([], 4) is None
    assert weighted_kappa([Pair(2, 2)] * 20, 4) is None
    assert weighted_kappa([Pair(0, 0)], 1) is None


@pytest.mark.parametrize("probability", [0, -0.1, 1.1])
def test_a_probability_that_cannot_be_is_refused(probability):
    with pytest.raises(ValueError, match="some probability"):
        weighted_kappa([Pair(0, 1, probability)], 4)


def test_kappa_is_shown_from_twice_the_square_of_the_grades():
    assert is_enough(50, 5) and not is_enough(49, 5)
    assert is_enough(32, 4) and not is_enough(31, 4)
