"""A sampled round is allocated as a whole, explained, and changed by hand under the same rules."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from qa_app.access.permissions import Permission
from qa_app.allocation import queries
from qa_app.allocation.models import AllocationRun, Assignment
from qa_app.allocation.operations import allocate_round, swap_auditor
from qa_app.allocation.rules import check_assignment, is_away_for_round
from qa_app.audits.models import Audit
from qa_app.core.errors import BadInput, IllegalMove, NotAllowed
from qa_app.people.models import Absence, Auditor
from qa_app.people.queries import viewer_of
from qa_app.rounds.models import RoundAuditor
from qa_app.rounds.states import RoundState
from qa_app.trail.operations import verify
from tests.factories.people import council as make_council
from tests.factories.rounds import case_list, round_at


@pytest.fixture
def council(database, now):
    return make_council(database, now)


@pytest.fixture
def qa(council, now):
    return viewer_of(council.qa, now.date())


@pytest.fixture
def sampled(council, qa, database, now):
    case_list(database, council, now)
    return round_at(RoundState.SAMPLED, now, by=qa)


def audits_of(database, round_):
    return database.scalars(select(Audit).where(Audit.round_id == round_.id).order_by(Audit.number)).all()


def test_every_audit_has_an_auditor_that_no_rule_is_against_or_is_stated_as_missing(sampled, qa, database, now):
    run = allocate_round(sampled, qa, now)
    audits = audits_of(database, sampled)
    without = [a for a in audits if a.auditor_id is None]
    assert sum(part["audits"] for part in run.shortfall) == len(without)
    assert [a.number for a in audits] == list(range(1, len(audits) + 1))
    policy = queries.policy_of(sampled)
    for audit in audits:
        if audit.auditor_id:
            loads = queries.loads_in(sampled.id, without_audit_id=audit.id)
            option = next(o for o in queries.auditor_options(sampled, loads) if o.person_id == audit.auditor_id)
            assert check_assignment(queries.case_of(audit), option, option.load, policy) == []
    assert sampled.state == "allocated"
    assert verify().faults == []


def test_each_allocation_says_why(sampled, qa, database, now):
    allocate_round(sampled, qa, now)
    reasons = database.scalars(select(Assignment)).all()
    assert len(reasons) == len(audits_of(database, sampled))
    assert all(r.why["sentence"] for r in reasons)


def test_an_audit_that_nobody_has_capacity_for_is_left_without_and_says_why(council, qa, database, now):
    case_list(database, council, now)
    wide = round_at(RoundState.SAMPLED, now, by=qa, size=40)
    run = allocate_round(wide, qa, now)
    without = [audit for audit in audits_of(database, wide) if audit.auditor_id is None]
    assert without
    assert sum(part["audits"] for part in run.shortfall) == len(without)
    sentences = {part["team"]: part["sentence"] for part in run.shortfall}
    for audit in without:
        why = database.scalars(select(Assignment).where(Assignment.audit_id == audit.id)).one()
        assert why.auditor_id is None
        assert why.why == {"sentence": sentences[audit.team.name]}


def test_expectations_are_kept_for_every_trained_auditor(sampled, qa, council, database, now):
    allocate_round(sampled, qa, now)
    kept = {
        row.person_id: row.expected
        for row in database.scalars(select(RoundAuditor).where(RoundAuditor.round_id == sampled.id))
    }
    assert kept[council.auditor.id] == 1
    assert council.caseworker.id not in kept


def test_allocating_again_replaces_everything_and_comes_out_the_same(sampled, qa, database, now):
    allocate_round(sampled, qa, now)
    first = [(a.case_id, a.auditor_id) for a in audits_of(database, sampled)]
    allocate_round(sampled, qa, now + timedelta(minutes=1))
    assert [(a.case_id, a.auditor_id) for a in audits_of(database, sampled)] == first
    assert database.scalars(select(AllocationRun.number).order_by(AllocationRun.number)).all() == [1, 2]
    assert len(database.scalars(select(Assignment)).all()) == len(first)


def test_an_absent_or_untrained_auditor_gets_none(sampled, qa, council, database, now):
    database.add(Absence(person_id=council.auditor.id, starts_on=sampled.issue_on, ends_on=sampled.due_on))
    database.get(Auditor, council.auditor_b.id).training_status = "in_training"
    database.flush()
    allocate_round(sampled, qa, now)
    given = {a.auditor_id for a in audits_of(database, sampled)}
    assert not given & {council.auditor.id, council.auditor_b.id}


@pytest.mark.parametrize("who", ["auditor", "head_of_service", "administrator", "director"])
def test_only_the_qa_team_allocates(sampled, council, now, who):
    viewer = viewer_of(getattr(council, who), now.date())
    assert not viewer.can(Permission.ROUND_MANAGE)
    with pytest.raises(NotAllowed):
        allocate_round(sampled, viewer, now)


def test_an_issued_round_keeps_its_allocation(council, qa, database, now):
    case_list(database, council, now)
    issued = round_at(RoundState.ISSUED, now, by=qa)
    with pytest.raises(IllegalMove):
        allocate_round(issued, qa, now)


def test_breaking_a_rule_by_hand_needs_a_reason_that_stays(sampled, qa, council, database, now):
    allocate_round(sampled, qa, now)
    audit = next(a for a in audits_of(database, sampled) if a.auditor_id and a.auditor_id != council.auditor.id)
    database.get(Auditor, council.auditor.id).training_status = "in_training"
    database.flush()
    with pytest.raises(BadInput, match="not trained"):
        swap_auditor(audit, council.auditor.id, " ", qa, now)
    swap_auditor(audit, council.auditor.id, "Learns beside the lead auditor", qa, now)
    newest = database.scalars(select(Assignment).where(Assignment.audit_id == audit.id).order_by(Assignment.id)).all()[
        -1
    ]
    assert (audit.auditor_id, newest.override_reason) == (council.auditor.id, "Learns beside the lead auditor")
    assert newest.run_id is None


def test_somebody_who_does_not_audit_cannot_be_chosen(sampled, qa, council, database, now):
    allocate_round(sampled, qa, now)
    with pytest.raises(BadInput, match="from the list"):
        swap_auditor(audits_of(database, sampled)[0], council.caseworker.id, "Because", qa, now)


def test_pages(sampled, council, qa, database, sign_in):
    client = sign_in(council.qa.id)
    address = f"/rounds/{sampled.reference}/allocation"
    assert "Allocate the round" in client.get(address).text
    assert client.post(address, data={"version": sampled.version}).status_code == 303
    page = client.get(address).text
    assert "Go on to issue" in page
    audit = next(a for a in audits_of(database, sampled) if a.auditor_id)
    swap = f"{address}/{audit.number}"
    assert "Somebody else" in client.get(swap).text
    nobody = client.post(swap, data={})
    assert nobody.status_code == 422
    assert "Choose who should have the audit" in nobody.text
    other = next(p for p, _ in queries.auditor_names() if p != audit.auditor_id)
    database.get(Auditor, other).training_status = "lapsed"
    database.commit()
    refused = client.post(swap, data={"suggested": "other", "other": str(other)})
    assert refused.status_code == 422
    assert "Enter why this rule must be broken" in refused.text
    assert (
        client.post(swap, data={"suggested": "other", "other": str(other), "reason": "No one else is here"}).status_code
        == 303
    )
    assert "against a rule: No one else is here" in client.get(address).text


def test_away_for_a_round(now):
    start, end = now.date().replace(day=1), now.date().replace(day=30)
    assert is_away_for_round([(start, end)], start, end, 5)
    assert not is_away_for_round([(start, start + timedelta(days=20))], start, end, 5)
    assert is_away_for_round([(start, start + timedelta(days=25))], start, end, 5)
    assert not is_away_for_round([], start, start, 5)
