"""Nobody gets a hidden number back: an attacker who knows all that is shown works out the bounds of every hidden one."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import Bounds, LinearConstraint, milp

from qa_app.statistics.proportions import Share
from qa_app.statistics.suppression import CannotHide, suppress
from qa_app.statistics.tables import TOTAL, CountTable, Sum, joined, rectangle, same, separated

THRESHOLD = 5


def bounds(table, hidden):
    """The least and the greatest that each hidden count can be, for whoever knows the shown ones and every sum.

    Independent of the code under test: whole-number programmes over all cells, solved by another library.
    """
    cells = list(table.counts)
    place = {cell: at for at, cell in enumerate(cells)}
    matrix = np.zeros((max(len(table.sums), 1), len(cells)))
    for at, (total, parts) in enumerate(table.sums):
        for part in parts:
            matrix[at, place[part]] += 1
        matrix[at, place[total]] -= 1
    low = [0 if cell in hidden else table.counts[cell] for cell in cells]
    high = [10_000 if cell in hidden else table.counts[cell] for cell in cells]
    found = {}
    for cell in hidden:
        goal = np.zeros(len(cells))
        goal[place[cell]] = 1
        ends = [
            milp(
                sign * goal,
                integrality=np.ones(len(cells)),
                bounds=Bounds(low, high),
                constraints=LinearConstraint(matrix, 0, 0),
            )
            for sign in (1, -1)
        ]
        assert all(end.status == 0 for end in ends)
        found[cell] = tuple(round(end.x[place[cell]]) for end in ends)
    return found


def gives_away(table, hidden, threshold=THRESHOLD):
    """Hidden cells that an attacker can narrow down to less than is promised."""
    return {cell: pair for cell, pair in bounds(table, hidden).items() if pair[1] - pair[0] < threshold - 1}


def tables(rows=4, columns=4, most=12, name="grades"):
    """Tables of counts, most of them small."""
    return st.tuples(st.integers(1, rows), st.integers(2, columns)).flatmap(
        lambda size: st.lists(
            st.lists(st.integers(0, most), min_size=size[1], max_size=size[1]), min_size=size[0], max_size=size[0]
        ).map(lambda counts: rectangle(name, "ABCD"[: size[0]], "WXYZ"[: size[1]], counts))
    )


@settings(max_examples=40, deadline=None)
@given(tables())
def test_no_hidden_count_can_be_worked_out_from_a_table(table):
    found = suppress(table, THRESHOLD)
    assert {cell for cell, count in table.counts.items() if 0 < count < THRESHOLD} <= found.hidden
    assert gives_away(table, found.hidden) == {}


def test_primary_suppression_alone_would_be_caught():
    table = rectangle("grades", ("A", "B"), ("good", "inadequate"), ((20, 3), (30, 10)))
    assert gives_away(table, {("grades", "A", "inadequate")}) == {("grades", "A", "inadequate"): (3, 3)}
    # A second cell in the row and one in the column are not enough either, since the fourth gives both away.
    three = {("grades", "A", "inadequate"), ("grades", "A", "good"), ("grades", "B", "inadequate")}
    assert gives_away(table, three).keys() == three


def test_the_fewest_cells_are_hidden_that_protect():
    table = rectangle("grades", ("A", "B", "C"), ("good", "fair", "poor"), ((20, 30, 3), (30, 40, 10), (90, 80, 70)))
    found = suppress(table, THRESHOLD)
    assert found.hidden == {("grades", row, column) for row in "AB" for column in ("good", "poor")}
    assert found.shown(("grades", "A", "poor")) is None
    assert found.shown(("grades", "A", "fair")) == 30
    assert found.shown(("grades", TOTAL, TOTAL)) == 373


def test_two_small_counts_of_one_row_are_not_safe_by_themselves():
    """Both hidden, their sum is known: 1 and 2 would each be known to be at most 3."""
    table = rectangle("grades", ("A",), ("good", "fair", "poor"), ((20, 1, 2),))
    assert gives_away(table, {("grades", "A", "fair"), ("grades", "A", "poor")}) != {}
    assert len(suppress(table, THRESHOLD).hidden) > 2


def test_nothing_small_hides_nothing():
    table = rectangle("grades", ("A", "B"), ("good", "poor"), ((20, 0), (30, 10)))
    assert suppress(table, THRESHOLD).hidden == frozenset()
    assert suppress(rectangle("grades", ("A",), ("good", "poor"), ((1, 2),)), 0).hidden == frozenset()


def test_a_zero_is_hidden_where_it_would_tell_or_where_that_is_asked_for():
    table = rectangle("grades", ("A", "B"), ("good", "poor"), ((0, 3), (30, 10)))
    hidden = suppress(table, THRESHOLD).hidden
    assert {("grades", "A", "good"), ("grades", "A", "poor"), ("grades", "A", TOTAL)} <= hidden
    plain = rectangle("grades", ("A", "B"), ("good", "poor"), ((20, 0), (30, 10)))
    hidden = suppress(plain, THRESHOLD, hide_zeros=True).hidden
    assert ("grades", "A", "poor") in hidden and gives_away(plain, hidden) == {}


@settings(max_examples=8, deadline=None)
@given(st.lists(tables(3, 3, name="m"), min_size=2, max_size=3))
def test_months_that_come_one_after_the_other_and_their_quarter_give_nothing_away(months):
    """Each month's table is published, then the quarter's, each time beside all that was published before."""
    published, known, hidden = [], set(), set()
    for nth, month in enumerate(months):
        counts = [[month.counts.get(("m", row, column), 0) for column in "WXYZ"[:3]] for row in "ABC"]
        published.append(rectangle(f"m{nth}", "ABC", "WXY", counts))
        table = joined(published)
        hidden = set(suppress(table, THRESHOLD, known, hidden).hidden)
        known = set(table.counts) - hidden
    total = [
        [sum(table.counts[f"m{nth}", row, column] for nth, table in enumerate(published)) for column in "WXY"]
        for row in "ABC"
    ]
    quarter = rectangle("q", "ABC", "WXY", total)
    links = [Sum(cell, tuple((f"m{nth}", *cell[1:]) for nth in range(len(months)))) for cell in quarter.counts]
    table = joined([*published, quarter], links)
    found = suppress(table, THRESHOLD, known, hidden)
    assert not found.hidden & known
    assert gives_away(table, found.hidden) == {}


@settings(max_examples=15, deadline=None)
@given(tables(3, 3), st.randoms(use_true_random=False))
def test_two_tables_of_the_same_audits_give_nothing_away_together(table, chance):
    """By service and by case type, with the same grades: their totals are one."""
    columns = sorted({cell[2] for cell in table.counts} - {TOTAL})
    split = {column: [0, 0] for column in columns}
    for column in columns:
        for _audit in range(table.counts["grades", TOTAL, column]):
            split[column][chance.randrange(2)] += 1
    other = rectangle("types", "PQ", columns, [[split[column][at] for column in columns] for at in range(2)])
    links = [same(("grades", TOTAL, column), ("types", TOTAL, column)) for column in (*columns, TOTAL)]
    both = joined([table, other], links)
    assert gives_away(both, suppress(both, THRESHOLD).hidden) == {}


def test_what_was_published_already_can_make_it_too_late():
    table = rectangle("grades", ("A",), ("good", "poor"), ((20, 3),))
    shown = {("grades", "A", "good"), ("grades", "A", TOTAL), ("grades", TOTAL, TOTAL)}
    with pytest.raises(CannotHide, match="already gives"):
        suppress(table, THRESHOLD, known=shown)
    with pytest.raises(ValueError, match="either known or hidden"):
        suppress(table, THRESHOLD, known=shown, kept_hidden=shown)


def test_a_percentage_needs_both_its_counts_and_a_base_that_is_not_small():
    table = rectangle("grades", ("A", "B", "C"), ("good", "fair", "poor"), ((20, 30, 3), (30, 40, 10), (90, 80, 70)))
    found = suppress(table, THRESHOLD)
    assert found.share(("grades", "C", "good"), ("grades", "C", TOTAL), 20) == Share(90, 240)
    assert found.share(("grades", "A", "good"), ("grades", "A", TOTAL), 20) is None
    assert found.share(("grades", "C", "good"), ("grades", "C", TOTAL), 241) is None
    assert suppress(CountTable({"x": 0, "all": 0}), THRESHOLD).share("x", "all", 0) is None


def test_a_table_adds_up():
    with pytest.raises(ValueError, match="do not add up"):
        CountTable({"a": 1, "b": 2}, (Sum("b", ("a",)),))
    with pytest.raises(ValueError, match="never negative"):
        CountTable({"a": -1})
    with pytest.raises(ValueError, match="differ on"):
        joined([CountTable({"a": 1}), CountTable({"a": 2})])
    table = rectangle("t", ("A",), ("x", "y"), ((1, 2),))
    assert joined([table, table]) == table


def test_parts_that_no_sum_binds_are_looked_at_by_themselves():
    june, july = (rectangle(name, "AB", "XY", ((20, 3), (30, 10))) for name in ("june", "july"))
    both = joined([june, july])
    assert separated(both) == [june, july]
    links = [same(("june", TOTAL, TOTAL), ("july", TOTAL, TOTAL))]
    (whole,) = separated(joined([june, july], links))
    assert (whole.counts, set(whole.sums)) == (both.counts, {*both.sums, *links})
    hidden = suppress(june, THRESHOLD).hidden
    assert suppress(both, THRESHOLD, set(june.counts) - hidden, hidden).hidden == suppress(both, THRESHOLD).hidden
