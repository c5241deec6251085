"""Clocks against dates that were worked out by hand, and whose turn a step is, on any days."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa_app.core.clock import add_working_days, is_working_day, working_days_between
from qa_app.core.due import days_to
from qa_app.improvement.rules import (
    Candidate,
    Clocks,
    Standing,
    Step,
    due_dates,
    is_away_through,
    schedules_itself,
    standing,
    steps_due,
    turn_of,
    who_covers,
    working_day_within,
)
from qa_app.improvement.states import Outcome, StageKind

DEFAULT = Clocks(3, 10, 12, 10, 5)
K = StageKind

BY_HAND = [
    # started, what is special, meeting (3 working days), review (10 working days), re-audit (within 12 weeks)
    ("2026-06-17", "a plain Wednesday", "2026-06-22", "2026-07-01", "2026-09-09"),
    ("2026-06-19", "a Friday", "2026-06-24", "2026-07-03", "2026-09-11"),
    ("2026-06-20", "a Saturday: the clock begins on Monday", "2026-06-24", "2026-07-03", "2026-09-11"),
    ("2026-06-21", "a Sunday: twelve weeks end on a Sunday, so on the Friday before", "2026-06-24", "2026-07-03", "2026-09-11"),
    ("2026-03-31", "Tuesday before Good Friday 3 April and Easter Monday 6 April", "2026-04-07", "2026-04-16", "2026-06-23"),
    ("2026-04-02", "Maundy Thursday", "2026-04-09", "2026-04-20", "2026-06-25"),
    ("2026-04-03", "Good Friday itself", "2026-04-09", "2026-04-20", "2026-06-26"),
    ("2026-04-30", "before the bank holiday of 4 May", "2026-05-06", "2026-05-15", "2026-07-23"),
    ("2026-05-21", "before the bank holiday of 25 May", "2026-05-27", "2026-06-05", "2026-08-13"),
    ("2026-06-08", "twelve weeks end on the bank holiday of 31 August: the Friday before", "2026-06-11", "2026-06-22", "2026-08-28"),
    ("2026-10-05", "twelve weeks end on 28 December, in place of Boxing Day: Thursday 24", "2026-10-08", "2026-10-19", "2026-12-24"),
    ("2026-12-21", "Christmas (Friday) and 28 December in place of Boxing Day, New Year's Day", "2026-12-24", "2027-01-07", "2027-03-15"),
    ("2026-12-23", "the Wednesday before Christmas", "2026-12-30", "2027-01-11", "2027-03-17"),
    ("2026-12-24", "Christmas Eve", "2026-12-31", "2027-01-12", "2027-03-18"),
    ("2026-12-30", "over New Year 2027", "2027-01-05", "2027-01-14", "2027-03-24"),
    ("2027-01-01", "twelve weeks end on Good Friday 26 March 2027: the Thursday", "2027-01-06", "2027-01-15", "2027-03-25"),
    ("2027-01-04", "twelve weeks end on Easter Monday 29 March 2027: the Thursday before", "2027-01-07", "2027-01-18", "2027-03-25"),
    ("2027-03-24", "Easter 2027, 26 to 29 March, and the clocks change on Easter Sunday", "2027-03-31", "2027-04-09", "2027-06-16"),
    ("2028-02-25", "over a leap day", "2028-03-01", "2028-03-10", "2028-05-19"),
    ("2018-12-20", "Christmas 2018: 25 and 26 December, 1 January", "2018-12-27", "2019-01-08", "2019-03-14"),
    ("2019-04-16", "Easter 2019: 19 and 22 April", "2019-04-23", "2019-05-02", "2019-07-09"),
]  # fmt: skip


@pytest.mark.parametrize(("started", "what", "meeting", "review", "reaudit"), BY_HAND, ids=[row[1] for row in BY_HAND])
def test_the_dates_are_those_worked_out_by_hand(started, what, meeting, review, reaudit):
    dates = due_dates(date.fromisoformat(started), DEFAULT, caseload_review=True)
    assert {kind: day and day.isoformat() for kind, day in dates.items()} == {
        K.NOTIFIED: started,
        K.DAY_THREE_MEETING: meeting,
        K.IMPROVEMENT_PLAN: meeting,
        K.SERVICE_MANAGER_REVIEW: review,
        K.CASELOAD_REVIEW: review,
        K.REAUDIT: reaudit,
        K.CLOSING: None,
    }


def test_without_a_second_inadequate_there_is_no_caseload_stage():
    assert K.CASELOAD_REVIEW not in due_dates(date(2026, 6, 17), DEFAULT, caseload_review=False)


DAYS = st.dates(date(2019, 1, 1), date(2032, 12, 31))


@given(started=DAYS, days=st.integers(1, 30), weeks=st.integers(1, 52))
def test_every_date_is_a_working_day_in_its_order_and_within_its_clock(started, days, weeks):
    dates = due_dates(started, Clocks(days, days + 5, weeks, days, 5), caseload_review=True)
    for kind in (K.DAY_THREE_MEETING, K.SERVICE_MANAGER_REVIEW, K.REAUDIT):
        assert is_working_day(dates[kind])
    assert working_days_between(started, dates[K.DAY_THREE_MEETING]) == days
    assert started < dates[K.DAY_THREE_MEETING] < dates[K.SERVICE_MANAGER_REVIEW]
    assert dates[K.REAUDIT] <= started + timedelta(weeks=weeks)
    assert not any(
        is_working_day(dates[K.REAUDIT] + timedelta(days=n))
        for n in range(1, (started + timedelta(weeks=weeks) - dates[K.REAUDIT]).days + 1)
    )


@pytest.mark.parametrize(
    ("today", "found"),
    [
        ("2026-06-29", Standing.IN_TIME),
        ("2026-07-01", Standing.IN_TIME),
        ("2026-07-02", Standing.DUE),
        ("2026-07-03", Standing.DUE),
        ("2026-07-04", Standing.LATE),
        ("2026-07-06", Standing.LATE),
    ],
)
def test_an_open_stage_due_on_a_friday(today, found):
    assert standing(date(2026, 7, 3), None, None, date.fromisoformat(today)) is found


@pytest.mark.parametrize(
    ("done_on", "outcome", "found"),
    [
        ("2026-07-03", Outcome.DONE, Standing.DONE),
        ("2026-07-04", Outcome.DONE, Standing.DONE_LATE),
        ("2026-07-01", Outcome.NOT_YET, Standing.DONE),
        ("2026-07-06", Outcome.NOT_YET, Standing.DONE_LATE),
        ("2026-07-06", Outcome.SKIPPED, Standing.SKIPPED),
        ("2026-07-01", Outcome.WAIVED, Standing.WAIVED),
    ],
)
def test_a_settled_stage_says_how(done_on, outcome, found):
    assert standing(date(2026, 7, 3), date.fromisoformat(done_on), outcome, date(2027, 1, 1)) is found


def test_a_stage_without_a_date_is_neither_late_nor_due():
    assert standing(None, None, None, date(2026, 7, 3)) is Standing.NOT_DATED
    assert standing(None, date(2026, 7, 3), Outcome.DONE, date(2026, 7, 3)) is Standing.DONE


@given(due_on=DAYS, offset=st.integers(-40, 40))
def test_days_left_have_the_sign_of_the_date(due_on, offset):
    left = days_to(due_on, due_on + timedelta(days=offset))
    assert (left > 0) == (offset < 0)
    assert (left < 0) == (offset > 0)


@given(day=DAYS)
def test_within_never_means_later(day):
    found = working_day_within(day)
    assert found <= day
    assert is_working_day(found)


LEAD, DEPUTY, OTHER = 1, 2, 3
EASTER = [(date(2026, 3, 30), date(2026, 4, 10))]
DUE = date(2026, 4, 8)  # the Wednesday after Easter


def test_the_lead_who_is_there_keeps_the_step_and_the_cover_is_named_all_the_same():
    turn = turn_of(LEAD, [], [Candidate(OTHER, 1), Candidate(DEPUTY, 0)], DUE, date(2026, 4, 1))
    assert (turn.cover_id, turn.is_covered, turn.uncovered) == (DEPUTY, False, False)


def test_away_over_easter_the_step_is_the_deputys_before_its_date():
    deputy = Candidate(DEPUTY, 0, only=EASTER[0])
    turn = turn_of(LEAD, EASTER, [Candidate(OTHER, 1), deputy], DUE, date(2026, 4, 1))
    assert (turn.cover_id, turn.is_covered, turn.uncovered) == (DEPUTY, True, False)


def test_a_deputy_who_is_away_too_is_passed_over():
    turn = turn_of(LEAD, EASTER, [Candidate(OTHER, 1), Candidate(DEPUTY, 0, EASTER)], DUE, date(2026, 4, 1))
    assert turn.cover_id == OTHER


def test_a_deputy_named_for_other_days_is_no_cover():
    after = (date(2026, 4, 9), date(2026, 4, 30))
    turn = turn_of(LEAD, EASTER, [Candidate(DEPUTY, 0, only=after)], DUE, date(2026, 4, 1))
    assert (turn.is_covered, turn.uncovered) == (False, True)


def test_nobody_at_all_is_said():
    turn = turn_of(LEAD, EASTER, [], DUE, date(2026, 4, 1))
    assert (turn.cover_id, turn.is_covered, turn.uncovered) == (None, False, True)
    assert turn_of(None, [], [], DUE, date(2026, 4, 1)).uncovered


def test_back_on_the_day_itself_it_stays_the_leads():
    away = [(date(2026, 3, 30), date(2026, 4, 7))]
    assert not turn_of(LEAD, away, [Candidate(DEPUTY, 0)], DUE, date(2026, 4, 1)).is_covered


def test_once_it_is_late_it_is_whoever_is_there_today():
    late = date(2026, 4, 9)
    assert turn_of(LEAD, EASTER, [Candidate(DEPUTY, 0)], DUE, late).is_covered
    assert not turn_of(LEAD, EASTER, [Candidate(DEPUTY, 0)], DUE, date(2026, 4, 13)).is_covered


def test_weekends_and_bank_holidays_do_not_count_as_being_there():
    # Away from Maundy Thursday to Easter Monday but for the holidays themselves: no working day is left.
    assert is_away_through([(date(2026, 4, 2), date(2026, 4, 2))], date(2026, 4, 2), date(2026, 4, 6))


SPANS = st.lists(
    st.tuples(DAYS, st.integers(0, 40)).map(lambda pair: (pair[0], pair[0] + timedelta(days=pair[1]))), max_size=4
)
CANDIDATES = st.lists(st.builds(Candidate, person_id=st.integers(1, 6), rank=st.integers(0, 2), away=SPANS), max_size=5)


@given(away=SPANS, candidates=CANDIDATES, today=DAYS, ahead=st.integers(-20, 90))
def test_a_step_is_somebodys_who_is_there_or_it_is_said_that_it_is_nobodys(away, candidates, today, ahead):
    due_on = today + timedelta(days=ahead)
    turn = turn_of(1, away, candidates, due_on, today)
    there = not is_away_through(away, today, due_on)
    assert turn.is_covered + turn.uncovered + there == 1
    if turn.is_covered:
        assert turn.cover_id != 1
        chosen = [one for one in candidates if one.person_id == turn.cover_id]
        assert any(not is_away_through(one.away, today, due_on) for one in chosen)
    if turn.uncovered:
        others = [one for one in candidates if one.person_id != 1]
        assert all(is_away_through(one.away, today, due_on) for one in others)


@given(candidates=CANDIDATES, today=DAYS, ahead=st.integers(0, 90))
def test_the_order_in_which_people_are_found_decides_nothing(candidates, today, ahead):
    due_on = today + timedelta(days=ahead)
    assert who_covers(candidates, today, due_on) == who_covers(candidates[::-1], today, due_on)


@pytest.mark.parametrize(
    ("today", "found"),
    [
        ("2026-07-01", []),
        ("2026-07-02", [Step.DUE_SOON]),
        ("2026-07-03", [Step.DUE_SOON]),
        ("2026-07-04", []),
        ("2026-07-05", []),
        ("2026-07-06", [Step.LATE]),
        ("2026-07-07", [Step.LATE, Step.ESCALATE]),
        ("2026-07-20", [Step.LATE, Step.ESCALATE]),
    ],
)
def test_told_the_day_before_on_the_day_and_the_day_after_and_escalated_on_the_second(today, found):
    assert steps_due(K.DAY_THREE_MEETING, date(2026, 7, 3), 2, date.fromisoformat(today)) == found


def test_a_reaudit_is_told_of_from_ten_working_days_on():
    due_on = date(2026, 9, 9)
    days = [left for left in range(15, -1, -1) if steps_due(K.REAUDIT, due_on, 2, add_working_days(due_on, -left))]
    # The bank holiday of 31 August lies between: working days are counted, not days.
    assert days == [10, 5, 2, 1, 0]


def test_a_reaudit_schedules_itself_from_so_many_working_days_on():
    due_on = date(2026, 9, 9)
    assert not schedules_itself(due_on, 15, date(2026, 8, 17))
    assert schedules_itself(due_on, 15, date(2026, 8, 18))
    assert schedules_itself(due_on, 15, date(2026, 9, 10))
