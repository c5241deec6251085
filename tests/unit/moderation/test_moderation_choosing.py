"""Who may moderate, and who does."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa_app.allocation.model import AuditorOption, CaseToAudit
from qa_app.moderation.choosing import HEAD, MODERATOR, WORDS, Bar, Candidate, bars, bars_on, choose, sentences

CASE = CaseToAudit("1", 4, "North", 1, "Safeguarding", "child_in_need", caseworker_id=40, conflict_ids=frozenset({41}))
SAM = AuditorOption(7, "Sam Okoro", team_id=9, capacity=0, is_moderator=True)
AUDITOR = 8


@pytest.mark.parametrize(
    ("changes", "found"),
    [
        ({}, []),
        ({"is_moderator": False}, [Bar.UNTRAINED]),
        ({"trained": False}, [Bar.UNTRAINED]),
        ({"active": False}, [Bar.INACTIVE]),
        ({"person_id": AUDITOR}, [Bar.AUDITOR]),
        ({"person_id": 40}, [Bar.WORKS_ON_CASE]),
        ({"supervises_ids": frozenset({40})}, [Bar.SUPERVISES_WORKER]),
        ({"manages_team_ids": frozenset({4})}, [Bar.MANAGES_TEAM]),
        ({"person_id": 41}, [Bar.CONFLICT]),
        ({"absent": True}, [Bar.AWAY]),
        ({"absent": True, "person_id": AUDITOR}, [Bar.AUDITOR, Bar.AWAY]),
    ],
)
def test_what_keeps_a_person_from_it(changes: dict[str, object], found: list[Bar]) -> None:
    assert bars(CASE, replace(SAM, **changes), AUDITOR) == found  # type: ignore[arg-type]


def test_every_bar_has_words() -> None:
    assert list(WORDS) == list(Bar)
    assert sentences("Sam Okoro", [Bar.AUDITOR]) == ["Sam Okoro is the auditor."]


def test_a_head_who_is_away_may_where_their_deputy_may() -> None:
    away, deputy = replace(SAM, absent=True), replace(SAM, person_id=50, name="Deputy")
    assert bars_on(CASE, Candidate(away), AUDITOR) == [Bar.AWAY]
    assert bars_on(CASE, Candidate(away, acting=deputy), AUDITOR) == []
    assert bars_on(CASE, Candidate(away, acting=replace(deputy, person_id=AUDITOR)), AUDITOR) == [Bar.AUDITOR]


def person(number: int, name: str, **changes: object) -> AuditorOption:
    return replace(SAM, person_id=number, name=name, **changes)  # type: ignore[arg-type]


def test_the_lightest_load_then_another_team_then_the_name() -> None:
    busy, same_team = Candidate(person(1, "Ann"), 2), Candidate(person(2, "Bo", team_id=4), 1)
    zoe, yan = Candidate(person(3, "Zoe"), 1), Candidate(person(4, "Yan"), 1)
    assert choose(CASE, [busy, same_team, zoe, yan], AUDITOR, MODERATOR).candidate is yan
    assert choose(CASE, [busy, same_team], AUDITOR, MODERATOR).candidate is same_team
    given = [replace(yan, in_round=1), zoe]
    assert choose(CASE, given, AUDITOR, MODERATOR).candidate is zoe


def test_the_line_says_why() -> None:
    barred = [Candidate(person(AUDITOR, "Ann")), Candidate(person(41, "Bo")), Candidate(person(5, "Cy", absent=True))]
    chosen = choose(CASE, [*barred, Candidate(SAM, 3)], AUDITOR, MODERATOR)
    assert chosen.why == (
        "The lightest load (3 open) of 1 who may, among 4 moderators. "
        "Not considered: 1 is the auditor, 1 has a conflict of interest, 1 is away."
    )
    assert choose(CASE, barred, AUDITOR, MODERATOR).why == (
        "None of 3 moderators may: 1 is the auditor, 1 has a conflict of interest, 1 is away."
    )
    assert choose(CASE, [], AUDITOR, MODERATOR).why == "There is no moderator."
    head = Candidate(SAM, 0, rank=0)
    assert choose(CASE, [head], AUDITOR, HEAD).why == "The Head of the case's service."
    other = choose(CASE, [replace(head, rank=1), Candidate(person(AUDITOR, "Ann"))], AUDITOR, HEAD)
    assert other.why.startswith("The lightest load (0 open) of 1 who may, among 2 Heads of Service.")


PEOPLE = st.lists(
    st.builds(
        Candidate,
        st.builds(
            AuditorOption,
            person_id=st.integers(1, 60),
            name=st.sampled_from(["Ann", "Bo", "Cy"]),
            team_id=st.sampled_from([4, 9, None]),
            capacity=st.just(0),
            is_moderator=st.booleans(),
            trained=st.booleans(),
            active=st.booleans(),
            absent=st.booleans(),
            supervises_ids=st.sampled_from([frozenset(), frozenset({40})]),
            manages_team_ids=st.sampled_from([frozenset(), frozenset({4})]),
        ),
        st.integers(0, 5),
        st.integers(0, 5),
    ),
    max_size=8,
    unique_by=lambda candidate: candidate.option.person_id,
)


@given(PEOPLE, st.integers(1, 60))
def test_nobody_whom_a_rule_bars_is_ever_chosen_and_nobody_lighter_is_passed_over(
    people: list[Candidate], auditor_id: int
) -> None:
    chosen = choose(CASE, people, auditor_id, MODERATOR).candidate
    able = [one for one in people if not bars(CASE, one.option, auditor_id)]
    if chosen is None:
        assert able == []
    else:
        assert bars(CASE, chosen.option, auditor_id) == []
        assert chosen.option.person_id not in (auditor_id, 40, 41)
        assert chosen.load == min(one.load for one in able)
    assert choose(CASE, people[::-1], auditor_id, MODERATOR).candidate == chosen
