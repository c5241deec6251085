"""Completeness and lateness, without a database."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa_app.audits.rules import (
    NOT_APPLICABLE,
    AuditFacts,
    ConversationFacts,
    Grade,
    Lack,
    SectionFacts,
    SectionState,
    conversation_lacks,
    is_late,
    missing,
    section_complete,
    section_lacks,
    section_state,
    sections_done,
)
from qa_app.audits.states import AUDIT, AuditState
from qa_app.core.states import check_workflow

SCALE = {
    "good": Grade("good", "Good", True, False),
    "weak": Grade("weak", "Weak", False, False),
    "bad": Grade("bad", "Bad", False, True, True),
}
sections = st.builds(
    SectionFacts,
    key=st.sampled_from(["risk", "plan", "voice"]),
    title=st.just("Section"),
    required=st.booleans(),
    grade=st.sampled_from([None, "good", "weak", "bad", NOT_APPLICABLE]),
    affects_child_now=st.sampled_from([None, True, False]),
    has_text=st.booleans(),
    actions=st.integers(0, 2),
)
talks = st.builds(
    ConversationFacts,
    with_whom=st.sampled_from(["social_worker", "child"]),
    title=st.just("Conversation"),
    held=st.sampled_from([None, True, False]),
    says_why_not=st.booleans(),
)
audits = st.builds(
    AuditFacts,
    sections=st.lists(sections, max_size=5),
    conversations=st.lists(talks, max_size=3),
    scale=st.just(SCALE),
    has_overall_grade=st.booleans(),
    overall_grade=st.sampled_from([None, "good", "bad", "of another scale"]),
    has_overall_reasons=st.booleans(),
)


@given(sections)
def test_a_complete_section_lacks_nothing_and_is_graded(section: SectionFacts) -> None:
    assert section_complete(section, SCALE) is (section.grade is not None and section_lacks(section, SCALE) == [])
    assert (section_state(section, SCALE) is SectionState.COMPLETE) is section_complete(section, SCALE)


@given(sections)
def test_a_weakness_that_affects_the_child_always_needs_an_action(section: SectionFacts) -> None:
    needs = bool(section.affects_child_now) and section.grade in SCALE and not section.actions
    assert (Lack.ACTION in section_lacks(section, SCALE)) is needs


@given(audits)
def test_nothing_is_missing_exactly_when_every_part_is_whole(audit: AuditFacts) -> None:
    parts = [
        *(not s.required or s.grade is not None for s in audit.sections),
        *(not section_lacks(s, SCALE) for s in audit.sections),
        *(not conversation_lacks(c) for c in audit.conversations),
        not audit.has_overall_grade or (audit.overall_grade in SCALE and audit.has_overall_reasons),
    ]
    assert (missing(audit) == []) is all(parts)


@given(st.lists(sections, max_size=6), sections)
def test_the_count_grows_by_what_one_section_adds(some: list[SectionFacts], one: SectionFacts) -> None:
    before = sections_done(some, SCALE)
    assert sections_done([*some, one], SCALE) - before == section_complete(one, SCALE)


@pytest.mark.parametrize(
    ("grade", "affects", "actions", "state"),
    [
        (None, None, 0, SectionState.NOT_STARTED),
        (None, True, 0, SectionState.IN_PROGRESS),
        ("good", None, 0, SectionState.COMPLETE),
        ("good", True, 0, SectionState.IN_PROGRESS),
        ("weak", None, 0, SectionState.IN_PROGRESS),
        ("weak", False, 0, SectionState.COMPLETE),
        ("bad", True, 0, SectionState.IN_PROGRESS),
        ("bad", True, 1, SectionState.COMPLETE),
        (NOT_APPLICABLE, None, 0, SectionState.COMPLETE),
    ],
)
def test_how_far_a_section_is(grade: str | None, affects: bool | None, actions: int, state: SectionState) -> None:
    assert section_state(SectionFacts("risk", "Risk", True, grade, affects, False, actions), SCALE) is state


@pytest.mark.parametrize(
    ("due_on", "last_moment"),
    [
        (date(2026, 6, 30), datetime(2026, 6, 30, 22, 59, 59, tzinfo=UTC)),  # summer time
        (date(2026, 11, 30), datetime(2026, 11, 30, 23, 59, 59, tzinfo=UTC)),
        (date(2026, 10, 25), datetime(2026, 10, 25, 23, 59, 59, tzinfo=UTC)),  # the clocks go back that day
        (date(2027, 3, 28), datetime(2027, 3, 28, 22, 59, 59, tzinfo=UTC)),  # and forward on this one, Easter Day
    ],
)
def test_late_is_after_the_due_date_has_ended_in_london(due_on: date, last_moment: datetime) -> None:
    assert not is_late(last_moment, due_on)
    assert is_late(last_moment + timedelta(seconds=1), due_on)


def test_every_state_has_an_owner_a_label_and_a_way_to_it() -> None:
    assert check_workflow(AUDIT, AuditState) == []
