"""Every figure of progress, recomputed in plain Python from the rows of the tables, on random data."""

from collections import Counter
from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import insert, select

from qa_app.audits.models import Audit
from qa_app.audits.states import AuditState
from qa_app.exemptions.models import ExemptionRequest
from qa_app.exemptions.states import ExemptionState
from qa_app.people.models import Person, Team
from qa_app.progress.queries import STATES, Window, audits_behind, progress
from qa_app.progress.rules import total
from qa_app.rounds.models import RoundAuditor
from qa_app.slippage.models import SlippageNotice
from qa_app.slippage.states import SlippageState
from tests.databases import examples
from tests.factories import people
from tests.factories.rounds import case_list, round_at, viewer

NAMES = ("auditor", "auditor_b", "moderator", "lead_auditor", "team_manager", "team_manager_b1", "service_manager")
READERS = ("qa", "head_of_service", "head_of_service_b", "team_manager", "lead_auditor", "service_manager")


@st.composite
def a_round(draw):
    """What is expected of some people, and audits in any state, of anybody or nobody."""
    expected = {name: draw(st.integers(0, 4)) for name in draw(st.sets(st.sampled_from(NAMES)))}
    exempted = {name: draw(st.integers(0, count)) for name, count in expected.items()}
    one = st.tuples(
        st.sampled_from([*NAMES, None]),
        st.sampled_from(list(AuditState)),
        st.booleans(),
        st.booleans(),
        st.integers(0, 47),
        st.sampled_from([None, *SlippageState]),
    )
    asked = st.tuples(
        st.sampled_from(NAMES), st.sampled_from(list(ExemptionState)), st.integers(4, 6), st.integers(0, 2)
    )
    return expected, exempted, draw(st.lists(one, max_size=25)), draw(st.lists(asked, max_size=4))


@pytest.fixture
def place(database, now):
    council = people.council(database, now)
    return council, case_list(database, council, now), round_at("issued", now, size=4)


def put(database, place, data, now):
    """Rows as the operations would leave them, written at once so that many rounds can be tried."""
    council, cases, round_ = place
    expected, exempted, drawn, asked = data
    for name, state, first, months in asked:
        person = getattr(council, name)
        database.add(
            ExemptionRequest(
                person_id=person.id, first_month=date(2026, first, 1), last_month=date(2026, first + months, 1),
                category="other", statement="Why", timing="before_issue", state=state, asked_at=now,
            )
        )  # fmt: skip
    for name, count in expected.items():
        person = getattr(council, name)
        team = database.get(Team, person.team_id) if person.team_id else None
        database.execute(
            insert(RoundAuditor).values(
                round_id=round_.id, person_id=person.id, team_id=team and team.id, service_id=team and team.service_id,
                expected=count, exempted=exempted[name],
            )
        )  # fmt: skip
    for number, (name, state, issued, late, index, notice) in enumerate(drawn, 1):
        case = cases[index]
        made = database.execute(
            insert(Audit).values(
                reference=f"2026-06/{number:03}", round_id=round_.id, number=number, case_id=case.id,
                case_reference=case.reference, case_type=case.case_type, team_id=case.team_id,
                service_id=case.team.service_id, auditor_id=getattr(council, name).id if name else None, state=state,
                due_on=round_.due_on, allocated_at=now, issued_at=now if issued and name else None,
                is_late=late, last_activity_at=now + timedelta(minutes=number), overall_reasons="", withdrawn_reason="",
            )
        )  # fmt: skip
        if notice and name:
            person, (audit_id,) = getattr(council, name), made.inserted_primary_key
            database.add(
                SlippageNotice(audit_id=audit_id, person_id=person.id, source="auditor", state=notice, raised_at=now)
            )
    database.flush()


def by_hand(database, place, who):
    """The same figures from single rows, in plain Python."""
    _, _, round_ = place
    teams = {team.id: team for team in database.scalars(select(Team))}
    persons = {person.id: person for person in database.scalars(select(Person))}
    found = {}
    for row in database.scalars(select(RoundAuditor).where(RoundAuditor.round_id == round_.id)):
        found[row.person_id] = [row.team_id, row.service_id, Counter(expected=row.expected, exempted=row.exempted)]
    for audit in database.scalars(select(Audit).where(Audit.round_id == round_.id)):
        if audit.state == "withdrawn" or (audit.auditor_id and not audit.issued_at):
            continue
        key = audit.auditor_id or f"none-{audit.team_id}"
        if key not in found:
            team_id = persons[key].team_id if audit.auditor_id else audit.team_id
            found[key] = [team_id, teams[team_id].service_id if team_id else None, Counter()]
        state = {"allocated": "not_started", "in_progress": "in_progress"}.get(
            audit.state, "late" if audit.is_late else "on_time"
        )
        found[key][2][state] += 1
        notices = database.scalars(select(SlippageNotice).where(SlippageNotice.audit_id == audit.id))
        found[key][2]["slipping"] += any(notice.state != "resolved" for notice in notices)
    for request in database.scalars(select(ExemptionRequest)):
        undecided = request.state in ("with_head_of_service", "with_director")
        if undecided and request.first_month <= round_.month <= request.last_month and request.person_id in found:
            found[request.person_id][2]["pending"] = 1
    return {key: counts for key, (team, service, counts) in found.items() if covers(who, key, team, service)}


def covers(who, key, team_id, service_id):
    kinds = {str(grant.role): grant for grant in who.grants}
    if "qa_team" in kinds or key == who.person_id:
        return True
    return any(
        (
            role in ("head_of_service", "service_manager", "lead_auditor")
            and grant.service_id == service_id
            and service_id
        )
        or (role == "team_manager" and grant.team_id == team_id and team_id)
        for role, grant in kinds.items()
    )


FIELDS = ("expected", "exempted", *STATES, "slipping", "pending")


@given(data=a_round(), reader=st.sampled_from(READERS))
@settings(max_examples=examples(60), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_rows_totals_and_lists_agree_with_plain_counting(database, place, now, data, reader):
    attempt = database.begin_nested()
    try:
        put(database, place, data, now)
        who = viewer(getattr(place[0], reader), now)
        rows = progress(place[2], who, {})
        shown = {row.person_id or f"none-{row.team_id}": row.figures for row in rows}
        truth = by_hand(database, place, who)
        assert {key: Counter({f: getattr(value, f) for f in FIELDS}) for key, value in shown.items()} == truth
        whole = total(rows)
        assert all(getattr(whole, field) == sum(counts[field] for counts in truth.values()) for field in FIELDS)
        for state in (*STATES, "outstanding", "slipping", ""):
            behind = audits_behind(place[2], rows, state, who, Window([Audit.number]))
            number = getattr(whole, state) if state else whole.issued
            assert (behind.total, len(behind.audits)) == (number, number)
    finally:
        attempt.rollback()
