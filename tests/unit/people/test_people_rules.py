"""Rules of people, without a database."""

from datetime import date

import pytest

from qa_app.access.roles import NEEDS_SERVICE, NEEDS_TEAM, Role
from qa_app.people.rules import (
    HELD_BY_AUDITORS,
    Span,
    employment_fault,
    leaves_an_administrator,
    may_be_deputy,
    may_have_deputy,
    scope_fault,
    scope_of,
    span_fault,
)

MAY = date(2026, 5, 1)
JUNE = date(2026, 6, 1)
JULY = date(2026, 7, 1)


@pytest.mark.parametrize("role", list(Role))
def test_a_role_says_what_limits_it(role: Role) -> None:
    whole = scope_fault(role, 1, 2)
    assert set(whole) == ({"role"} if role in HELD_BY_AUDITORS else set())
    without = set(scope_fault(role, None, None))
    assert ("service_id" in without) == (role in NEEDS_SERVICE)
    assert ("team_id" in without) == (role in NEEDS_TEAM)
    assert scope_of(role, 1, 2) == (1 if role in NEEDS_SERVICE else None, 2 if role in NEEDS_TEAM else None)


def test_dates_must_be_in_order_and_free() -> None:
    assert span_fault(Span(JUNE, JUNE), [], "an absence") == {}
    assert span_fault(Span(JUNE, MAY), [], "an absence") == {
        "ends_on": "Enter a last day that is the same as the first day or after it"
    }
    assert span_fault(Span(MAY, JUNE), [Span(JUNE, JULY)], "an absence") == {
        "starts_on": "Enter dates that do not overlap an absence that is already there"
    }
    assert span_fault(Span(MAY, MAY), [Span(JUNE, JULY)], "an absence") == {}


@pytest.mark.parametrize(
    ("starts", "ends", "right"), [(None, MAY, True), (MAY, None, True), (MAY, MAY, True), (JUNE, MAY, False)]
)
def test_nobody_leaves_before_they_begin(starts: date | None, ends: date | None, right: bool) -> None:
    assert (employment_fault(starts, ends) == "") is right


def test_deputies() -> None:
    assert may_have_deputy([Role.AUDITOR, Role.DIRECTOR])
    assert not may_have_deputy([Role.AUDITOR, Role.QA_TEAM])
    assert may_be_deputy([Role.AUDITOR])
    assert not may_be_deputy([])
    assert not may_be_deputy([Role.AUDITOR, Role.SCRUTINY])


def test_an_administrator_remains_only_if_one_works_now_and_stays() -> None:
    assert leaves_an_administrator([(None, None)], JUNE)
    assert leaves_an_administrator([(JUNE, None)], JUNE)
    assert not leaves_an_administrator([], JUNE)
    assert not leaves_an_administrator([(JULY, None), (None, JULY), (None, MAY)], JUNE)
