"""Which audits are moderated, by when, and what a moderation still needs."""

from datetime import date
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa_app.audits.content import read_scale
from qa_app.audits.rules import Grade
from qa_app.core.clock import is_working_day, working_days_between
from qa_app.moderation import rules
from qa_app.moderation.rules import Graded, Lack, OwnSection, OwnWhole
from qa_app.moderation.states import Reason, Rule
from qa_app.settings.definitions import GRADE_SCALE

SCALE = read_scale(GRADE_SCALE)
KEYS = [grade.key for grade in SCALE]
GRADES = st.sampled_from(KEYS)
SHARES, DRAWS = st.integers(0, 100), st.integers(0, rules.PARTS - 1)


@pytest.mark.parametrize(
    ("rule", "grade", "draw", "reason"),
    [
        (Rule.RISK_AND_SHARE, "outstanding", 9999, Reason.OUTSTANDING),
        (Rule.RISK_AND_SHARE, "inadequate", 9999, Reason.INADEQUATE),
        (Rule.RISK_AND_SHARE, "inadequate_critical", 0, Reason.INADEQUATE),
        (Rule.RISK_AND_SHARE, "good", 1999, Reason.SHARE),
        (Rule.RISK_AND_SHARE, "good", 2000, Reason.NOT_SELECTED),
        (Rule.RISK_AND_SHARE, "requires_improvement", 0, Reason.SHARE),
        (Rule.ALL, "inadequate", 9999, Reason.EVERY),
        (Rule.ALL, "good", 9999, Reason.EVERY),
        (Rule.INADEQUATE_TO_HEAD, "inadequate", 9999, Reason.INADEQUATE),
        (Rule.INADEQUATE_TO_HEAD, "outstanding", 0, Reason.NOT_SELECTED),
        (Rule.INADEQUATE_TO_HEAD, "good", 0, Reason.NOT_SELECTED),
    ],
)
def test_why_an_audit_is_moderated(rule: Rule, grade: str, draw: int, reason: Reason) -> None:
    assert rules.reason_for(rule, 20, draw, Graded(grade), SCALE) is reason


@pytest.mark.parametrize(
    ("sections", "inadequate", "outstanding"),
    [
        (["good", "inadequate", None], True, False),
        (["outstanding", "not_applicable", "outstanding"], False, True),
        (["outstanding", "good"], False, False),
        ([], False, False),
        (["not_applicable"], False, False),
    ],
)
def test_without_an_overall_grade_the_sections_stand_for_it(
    sections: list[str | None], inadequate: bool, outstanding: bool
) -> None:
    graded = Graded(None, sections)
    assert rules.is_inadequate(graded, SCALE) is inadequate
    assert rules.is_outstanding(graded, SCALE) is outstanding


def test_a_scale_of_a_council_s_own_decides_what_its_best_and_its_inadequate_are() -> None:
    scale = [Grade("a", "Met", True, False), Grade("b", "Not met", False, True)]
    assert rules.is_outstanding(Graded("a"), scale)
    assert rules.is_inadequate(Graded("b"), scale)
    assert not rules.is_outstanding(Graded("outstanding"), scale)


@given(st.text(max_size=20), st.integers(1, 10_000))
def test_a_draw_is_the_same_for_whoever_asks_again(seed: str, number: int) -> None:
    found = rules.draw(seed, number)
    assert 0 <= found < rules.PARTS
    assert rules.draw(seed, number) == found


def test_draws_known_by_heart_never_change() -> None:
    assert [rules.draw("2026-06", number) for number in (1, 2, 3)] == [4439, 9050, 3668]


@pytest.mark.parametrize("share", [1, 10, 20, 50])
def test_about_the_share_is_drawn(share: int) -> None:
    drawn = [rules.draw("seed", number) for number in range(20_000)]
    found = sum(
        rules.reason_for(Rule.RISK_AND_SHARE, share, one, Graded("good"), SCALE) is Reason.SHARE for one in drawn
    )
    assert abs(Fraction(found, len(drawn)) - Fraction(share, 100)) < Fraction(1, 100)


@given(GRADES, DRAWS, SHARES, SHARES)
def test_a_larger_share_never_drops_what_a_smaller_one_takes(grade: str, draw: int, one: int, other: int) -> None:
    smaller, larger = sorted((one, other))
    less = rules.reason_for(Rule.RISK_AND_SHARE, smaller, draw, Graded(grade), SCALE)
    more = rules.reason_for(Rule.RISK_AND_SHARE, larger, draw, Graded(grade), SCALE)
    assert less is Reason.NOT_SELECTED or more is less
    if smaller == 0 and grade in ("good", "requires_improvement"):
        assert less is Reason.NOT_SELECTED
    if larger == 100:
        assert more is not Reason.NOT_SELECTED


@given(st.sampled_from(Rule), SHARES, DRAWS, st.lists(GRADES, min_size=1, max_size=6))
def test_however_often_it_is_resubmitted_what_was_selected_stays_so(
    rule: Rule, share: int, draw: int, grades: list[str]
) -> None:
    reason: Reason | None = None
    selected = False
    for grade in grades:
        found = rules.reason_for(rule, share, draw, Graded(grade), SCALE)
        reason = rules.reason_after(reason, found)
        selected = selected or found is not Reason.NOT_SELECTED
        assert (reason is not Reason.NOT_SELECTED) is selected


def test_due_on_the_round_s_day_or_five_working_days_after_submission() -> None:
    in_time, late = date(2026, 6, 12), date(2026, 7, 8)
    assert rules.due_on(date(2026, 7, 9), in_time, 5) == date(2026, 7, 9)
    assert rules.due_on(date(2026, 7, 9), late, 5) == date(2026, 7, 15)


@given(st.dates(date(2026, 1, 1), date(2027, 12, 31)), st.integers(1, 30))
def test_a_dispute_has_its_working_days(moderated_on: date, days: int) -> None:
    until = rules.dispute_until(moderated_on, days)
    assert is_working_day(until)
    assert working_days_between(moderated_on, until) == days


def section(grade: str | None = "good", theirs: str | None = None, **more: bool) -> OwnSection:
    return OwnSection("risk", "Risk", more.get("required", True), grade, more.get("reason", False), theirs)


WHOLE = OwnWhole("good", True, True)


@pytest.mark.parametrize(
    ("one", "whole", "lacks"),
    [
        (section(), WHOLE, []),
        (section(None), WHOLE, [Lack.GRADE]),
        (section(None, required=False), WHOLE, []),
        (section(theirs="good"), WHOLE, []),
        (section(theirs="inadequate"), WHOLE, [Lack.REASON]),
        (section(theirs="inadequate", reason=True), WHOLE, []),
        (section(), OwnWhole(None, False, False), [Lack.OVERALL_GRADE, Lack.OVERALL_REASONS, Lack.FEEDBACK]),
        (section(), OwnWhole(None, True, True, asks_overall=False), []),
        (section(), OwnWhole(None, False, True, asks_overall=False), [Lack.OVERALL_REASONS]),
        (section(), OwnWhole("good", True, False, asks_feedback=False), []),
    ],
)
def test_what_is_missing(one: OwnSection, whole: OwnWhole, lacks: list[Lack]) -> None:
    assert [found.lack for found in rules.missing([one], whole)] == lacks


@pytest.mark.parametrize(
    ("people", "fault"),
    [
        ([], "Choose at least two"),
        ([7], "Choose at least two"),
        ([7, 7], "Choose at least two"),
        ([1, 2], "Choose somebody besides"),
        ([1, 7], ""),
        ([7, 8], ""),
        ([1, 2, 7], ""),
    ],
)
def test_a_panel_is_more_than_the_auditor_and_the_moderator(people: list[int], fault: str) -> None:
    assert rules.panel_faults(people, 1, 2).startswith(fault)
    assert bool(rules.panel_faults(people, 1, 2)) is bool(fault)


def test_agreement_counts_what_both_graded() -> None:
    pairs = {"a": ("good", "good"), "b": ("good", "inadequate"), "c": (None, "good"), "d": ("good", None)}
    assert rules.agreement(pairs) == (1, 2)
