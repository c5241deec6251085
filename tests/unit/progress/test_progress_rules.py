"""Figures of progress, days left, and who may be reminded: pure."""

from datetime import date
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa_app.access.roles import Role
from qa_app.access.viewer import Grant, Viewer
from qa_app.core.due import days_to
from qa_app.core.errors import NotAllowed
from qa_app.progress.permissions import can_remind, check_can_remind
from qa_app.progress.presenters.words import what_happened
from qa_app.progress.rules import Figures, ManagerRow, total

COUNT = st.integers(0, 30)


@st.composite
def figures(draw):
    expected = draw(COUNT)
    return Figures(expected, draw(st.integers(0, expected)), *(draw(COUNT) for _ in range(4)))


def row(figures_, person_id=7, service_id=1, team_id=2, name="Asha Okafor"):
    return ManagerRow(person_id, name, team_id, "North", service_id, "Safeguarding", figures_, None)


def test_completion_is_what_counts_over_what_is_expected_less_what_is_exempted():
    some = Figures(expected=10, exempted=2, not_started=1, in_progress=1, on_time=6, late=1)
    assert some.completion == Fraction(6, 8)
    assert some.unadjusted == Fraction(6, 10)
    assert (some.issued, some.outstanding, some.due) == (9, 2, 8)


def test_where_nothing_is_due_there_is_no_completion():
    assert Figures(expected=1, exempted=1).completion is None
    assert Figures(expected=1, exempted=1).unadjusted == 0
    assert Figures().unadjusted is None


@given(st.lists(figures(), max_size=20))
def test_a_total_is_the_sum_of_its_rows(many):
    whole = total(row(one) for one in many)
    for name in (
        "expected",
        "exempted",
        "not_started",
        "in_progress",
        "on_time",
        "late",
        "issued",
        "outstanding",
        "due",
    ):
        assert getattr(whole, name) == sum(getattr(one, name) for one in many)


@pytest.mark.parametrize(
    ("today", "due_on", "days"),
    [
        (date(2026, 6, 17), date(2026, 6, 30), 9),
        (date(2026, 6, 29), date(2026, 6, 30), 1),
        (date(2026, 6, 30), date(2026, 6, 30), 0),
        (date(2026, 7, 1), date(2026, 6, 30), -1),
        (date(2026, 7, 6), date(2026, 6, 30), -4),
        (date(2026, 5, 30), date(2026, 5, 31), 1),  # a Saturday before a Sunday is not "due today"
        (date(2026, 8, 1), date(2026, 7, 31), -1),  # nor is the Saturday after a Friday
        (date(2026, 12, 24), date(2026, 12, 31), 3),  # Christmas Day and Boxing Day's substitute do not count
    ],
)
def test_days_to_the_due_date(today, due_on, days):
    assert days_to(due_on, today) == days


BEHIND = Figures(expected=1, not_started=1)


@pytest.mark.parametrize(
    ("role", "service_id", "team_id", "allowed"),
    [
        (Role.TEAM_MANAGER, None, 2, True),
        (Role.TEAM_MANAGER, None, 3, False),
        (Role.LEAD_AUDITOR, 1, None, True),
        (Role.SERVICE_MANAGER, 1, None, True),
        (Role.HEAD_OF_SERVICE, 1, None, True),
        (Role.HEAD_OF_SERVICE, 2, None, False),
        (Role.QA_TEAM, None, None, True),
        (Role.DIRECTOR, None, None, False),
        (Role.EXECUTIVE, None, None, False),
        (Role.PRACTICE_LEAD, None, None, False),
        (Role.AUDITOR, None, None, False),
        (Role.ADMINISTRATOR, None, None, False),
    ],
)
def test_who_reminds_whom(role, service_id, team_id, allowed):
    viewer = Viewer(1, "Kavita Rowntree", (Grant(role, service_id, team_id),))
    assert can_remind(viewer, row(BEHIND)) is allowed
    if not allowed:
        with pytest.raises(NotAllowed, match="your own team or service"):
            check_can_remind(viewer, row(BEHIND))


@pytest.mark.parametrize(
    ("some", "words"),
    [
        (row(BEHIND, person_id=None), "nobody to remind. Ask the QA team to allocate"),
        (row(BEHIND, person_id=1), "your own audits"),
        (row(Figures(expected=1, on_time=1)), "no audit outstanding"),
    ],
)
def test_a_refusal_says_why(some, words):
    viewer = Viewer(1, "Nia Fairclough", (Grant(Role.QA_TEAM),))
    with pytest.raises(NotAllowed, match=words):
        check_can_remind(viewer, some)


@pytest.mark.parametrize(
    ("count", "new", "words"),
    [
        (1, 1, "A reminder to Asha Okafor is written."),
        (1, 0, "Asha Okafor was already reminded today"),
        (3, 3, "3 reminders written."),
        (3, 1, "1 reminder written. 2 had been reminded today"),
        (3, 0, "All 3 were already reminded today"),
    ],
)
def test_what_a_press_did_is_said(count, new, words):
    assert what_happened([row(BEHIND)] * count, new).startswith(words)
