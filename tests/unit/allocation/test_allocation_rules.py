"""The hard rules one by one, as manual swaps meet them, and the costs of a single allocation."""

from dataclasses import replace

import pytest

from qa_app.allocation.model import (
    AuditorOption,
    CaseToAudit,
    Explanation,
    Paid,
    Policy,
    Preference,
    Rule,
    Weights,
)
from qa_app.allocation.rules import HARD_RULES, WORDS, check_assignment, preference_costs, suggest
from qa_app.allocation.words import why_in_words

CASE = CaseToAudit("2026-06/001", 4, "Team 4", 2, "Children in Care", "child_in_care", caseworker_id=40)
SAM = AuditorOption(7, "Sam Okoro", team_id=9, capacity=2, expectation=1)


def broken(policy=Policy.ANY, load=0, case=CASE, **changes) -> list[Rule]:
    return [verdict.rule for verdict in check_assignment(case, replace(SAM, **changes), load, policy)]


@pytest.mark.parametrize(
    ("changes", "rules"),
    [
        ({}, []),
        ({"trained": False}, [Rule.UNTRAINED]),
        ({"active": False}, [Rule.INACTIVE]),
        ({"exempt": True}, [Rule.EXEMPT]),
        ({"absent": True}, [Rule.ABSENT]),
        ({"capacity": 0}, [Rule.NO_CAPACITY]),
        ({"load": 1}, []),
        ({"load": 2}, [Rule.NO_CAPACITY]),
        ({"person_id": 40}, [Rule.WORKS_ON_CASE]),
        ({"supervises_ids": frozenset({40})}, [Rule.SUPERVISES_WORKER]),
        ({"manages_team_ids": frozenset({4})}, [Rule.MANAGES_TEAM]),
        ({"team_id": 4}, []),
        ({"trained": False, "exempt": True}, [Rule.UNTRAINED, Rule.EXEMPT]),
    ],
)
def test_any(changes, rules):
    assert broken(**changes) == rules


@pytest.mark.parametrize(
    ("changes", "rules"),
    [
        ({}, []),
        ({"team_id": 4}, [Rule.OWN_TEAM]),
        ({"manages_team_ids": frozenset({4})}, [Rule.OWN_TEAM, Rule.MANAGES_TEAM]),
        ({"supervises_ids": frozenset({40})}, [Rule.SUPERVISES_WORKER]),
    ],
)
def test_other_team(changes, rules):
    assert broken(Policy.OTHER_TEAM, **changes) == rules


@pytest.mark.parametrize(
    ("changes", "rules"),
    [
        ({}, [Rule.NOT_OWN_TEAM]),
        ({"team_id": 4}, []),
        ({"manages_team_ids": frozenset({4}), "supervises_ids": frozenset({40})}, []),
        ({"team_id": 4, "person_id": 40}, [Rule.WORKS_ON_CASE]),
    ],
)
def test_own_team(changes, rules):
    assert broken(Policy.OWN_TEAM, **changes) == rules


@pytest.mark.parametrize("policy", Policy)
def test_conflict_and_re_audit_hold_under_every_policy(policy):
    case = replace(CASE, conflict_ids=frozenset({7}), first_auditor_id=7, caseworker_id=None)
    found = broken(policy, case=case, team_id=4 if policy == "own_team" else 9)
    assert found == [Rule.CONFLICT, Rule.FIRST_AUDITOR]


def test_verdicts_are_sentences():
    verdicts = check_assignment(CASE, replace(SAM, exempt=True, person_id=40), 0, Policy.ANY)
    assert [one.sentence for one in verdicts] == [
        "Sam Okoro is exempt from this round.",
        "Sam Okoro works on the case.",
    ]


def test_every_rule_has_a_function_and_words():
    assert list(HARD_RULES) == list(WORDS) == list(Rule)


def test_what_each_preference_costs():
    worst = replace(SAM, last_caseworker_ids=frozenset({40}), audits_by_team={4: 3}, pool_service_id=1)
    assert preference_costs(CASE, worst, 2) == (
        Paid(Preference.SHARE, 1000),
        Paid(Preference.BEYOND_EXPECTATION, 10000),
        Paid(Preference.NO_EXPERIENCE, 40),
        Paid(Preference.SAME_CASEWORKER, 30),
        Paid(Preference.OUTSIDE_POOL, 20),
        Paid(Preference.TEAM_AGAIN, 30),
    )
    best = replace(SAM, experience=frozenset({"child_in_care"}), pool_service_id=2)
    assert preference_costs(CASE, best, 0) == ()
    assert preference_costs(replace(CASE, caseworker_id=None), best, 0) == ()


def test_suggestions_are_the_cheapest_who_may():
    people = [
        replace(SAM, person_id=1, name="Busy"),
        replace(SAM, person_id=2, name="Best", pool_service_id=2),
        replace(SAM, person_id=3, name="Barred", manages_team_ids=frozenset({4}), pool_service_id=2),
        replace(SAM, person_id=4, name="Next", pool_service_id=1),
        replace(SAM, person_id=5, name="Full"),
    ]
    found = suggest(CASE, people, {1: 1, 5: 2}, Policy.ANY, 5)
    assert [(one.auditor.name, one.cost) for one in found] == [("Best", 40), ("Next", 60), ("Busy", 5540)]
    assert len(suggest(CASE, people, {}, Policy.ANY, 2)) == 2


def test_a_cost_below_nothing_is_refused():
    with pytest.raises(ValueError, match="Enter a cost of 0 or more"):
        Weights(team_again=-1)


def test_why_in_words():
    why = Explanation(40, 12, {Rule.UNTRAINED: 27, Rule.EXEMPT: 1}, 1)
    assert why_in_words(why) == (
        "12 of 40 auditors could take it; 27 are not trained to audit; 1 is exempt from this round; "
        "1 got other audits and is full."
    )
    assert why_in_words(Explanation(2, 2, {}, 0)) == "2 of 2 auditors could take it."
