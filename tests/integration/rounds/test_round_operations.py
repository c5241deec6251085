"""What may be done to a round, in which state, by whom; and closing by itself."""

from datetime import UTC, date, datetime

import pytest
from sqlalchemy import func, select, update

from qa_app.access.viewer import system
from qa_app.core import events
from qa_app.core.database import transaction
from qa_app.core.errors import BadInput, IllegalMove, NotAllowed, Stale
from qa_app.core.jobs import Done
from qa_app.jobs.close_rounds import close_due_rounds
from qa_app.reactions import REACTIONS
from qa_app.rounds import operations, queries
from qa_app.rounds.events import RoundClosed, RoundIssued, SampleDrawn
from qa_app.rounds.models import AuditType, Round, RoundAuditor
from qa_app.rounds.rules import RoundDates
from qa_app.rounds.states import BEFORE_ISSUE, ROUND, RoundState
from qa_app.sampling.model import NumberOfCases
from qa_app.settings.models import PolicySetting
from qa_app.tools import operations as tools
from qa_app.tools.models import AuditTool
from qa_app.trail.models import TrailEntry
from tests.factories import people
from tests.factories.rounds import JUNE, case_list, round_at, viewer

S = RoundState
ROLES = (
    "auditor", "moderator", "lead_auditor", "team_manager", "service_manager", "head_of_service", "practice_lead",
    "qa", "director", "executive", "scrutiny", "administrator",
)  # fmt: skip
DATES = RoundDates(date(2026, 6, 2), date(2026, 6, 26), date(2026, 7, 3), date(2026, 7, 10))
# Verb: the call, and the states in which it may be done.
VERBS = {
    "draw": (lambda r, v, n: operations.draw_sample(r, NumberOfCases(4), "s", v, n, "More"), BEFORE_ISSUE),
    "allocate": (operations.mark_allocated, {S.SAMPLED, S.ALLOCATED}),
    "issue": (operations.issue_round, {S.ALLOCATED}),
    "close": (operations.close_round, {S.ISSUED}),
    "change dates": (lambda r, v, n: operations.change_dates(r, DATES, r.version, v, n), BEFORE_ISSUE),
}


@pytest.fixture
def council(database, now):
    made = people.council(database, now)
    case_list(database, made, now)
    return made


@pytest.fixture
def recorded():
    """Every event, instead of what follows from it: other areas test their own reactions."""
    seen = []
    events.connect({kind: (seen.append,) for kind in (SampleDrawn, RoundIssued, RoundClosed)})
    yield seen
    events.connect(REACTIONS)


@pytest.mark.usefixtures("recorded")
@pytest.mark.parametrize("state", list(S))
def test_every_state_verb_and_role(database, council, now, state):
    made = round_at(S.CLOSED if state is S.REPORTED else state, now)
    if state is S.REPORTED:
        database.execute(update(Round).values(state=state))
        database.refresh(made)
    for verb, (call, states) in VERBS.items():
        for role in ROLES:
            expected = NotAllowed if role != "qa" else None if state in states else IllegalMove
            saved = database.begin_nested()
            if expected:
                with pytest.raises(expected) as refusal:
                    call(made, viewer(getattr(council, role), now), now)
                assert str(refusal.value).endswith("."), (verb, role)
            else:
                call(made, viewer(council.qa, now), now)
            saved.rollback()
            database.refresh(made)
            assert made.state == state


def test_only_the_qa_team_creates(council, now):
    monthly = operations.ensure_audit_types(now)
    for role in ROLES:
        if role != "qa":
            with pytest.raises(NotAllowed):
                operations.create_round(JUNE, monthly, viewer(getattr(council, role), now), now)
    assert operations.create_round(JUNE, monthly, viewer(council.qa, now), now).reference == "2026-06"


def test_created_with_the_days_of_the_settings_in_force_when_it_is_issued(database, council, now):
    for start, days in ((date(2026, 1, 1), 3), (date(2026, 6, 15), 1)):
        database.add(PolicySetting(name="moderation_due_days", value=days, from_date=start, set_at=now))
    made = round_at(S.PLANNED, now)
    assert (made.issue_on, made.due_on) == (date(2026, 6, 1), date(2026, 6, 30))
    assert (made.moderation_due_on, made.report_due_on) == (date(2026, 7, 3), date(2026, 7, 16))


@pytest.mark.usefixtures("council")
def test_one_round_of_a_type_a_month(now):
    monthly = round_at(S.PLANNED, now).audit_type
    with pytest.raises(BadInput, match="already a round 2026-06"):
        operations.create_round(date(2026, 6, 20), monthly, system(), now)
    dip = operations.create_round(JUNE, queries.audit_type("dip"), system(), now)
    assert dip.reference == "2026-06-dip"


def test_a_round_needs_a_published_tool(database, now):
    tool = AuditTool(name="Supervision")
    database.add(tool)
    database.flush()
    kind = AuditType(key="supervision", name="Supervision audit", tool_id=tool.id, counts_toward_expectation=False)
    database.add(kind)
    database.flush()
    with pytest.raises(BadInput, match="The audit tool of Supervision audit has no published version"):
        operations.create_round(JUNE, kind, system(), now)
    assert database.scalar(select(func.count()).select_from(Round)) == 0
    draft = tools.draft_version(tool, system(), now)
    tools.publish_version(draft, system(), now)
    assert operations.create_round(JUNE, kind, system(), now).tool_version_id == draft.id


@pytest.mark.usefixtures("council")
def test_audit_types_are_made_once(database, now):
    first = operations.ensure_audit_types(now)
    assert operations.ensure_audit_types(now) is first
    assert database.scalar(select(func.count()).select_from(AuditType)) == len(operations.AUDIT_TYPES)
    assert first.counts_toward_expectation


@pytest.mark.usefixtures("council", "recorded")
def test_two_people_at_once_have_one_effect(database, now):
    made = round_at(S.ALLOCATED, now)
    seen = made.version
    operations.change_dates(made, DATES, seen, system(), now)
    with pytest.raises(Stale):
        operations.change_dates(made, DATES, seen, system(), now)
    with pytest.raises(Stale):
        operations.issue_round(made, system(), now, version=seen)
    assert made.due_on == DATES.due_on


@pytest.mark.usefixtures("council")
def test_days_out_of_order_are_refused(now):
    made = round_at(S.PLANNED, now)
    late = RoundDates(DATES.due_on, DATES.issue_on, DATES.moderation_due_on, DATES.report_due_on)
    with pytest.raises(BadInput) as refusal:
        operations.change_dates(made, late, made.version, system(), now)
    assert set(refusal.value.fields) == {"due_on"}


def test_each_step_is_recorded_and_told(database, council, now, recorded):
    made = round_at(S.CLOSED, now, by=viewer(council.qa, now))
    assert [type(event) for event in recorded] == [SampleDrawn, RoundIssued, RoundClosed]
    assert [(past.to_state, past.person) for past in queries.history(made.id)] == [
        (state, council.qa.name) for state in (S.SAMPLED, S.ALLOCATED, S.ISSUED, S.CLOSED)
    ]
    told = database.scalars(
        select(TrailEntry.event)
        .where(TrailEntry.subject_type == "round", TrailEntry.subject_id == made.id)
        .order_by(TrailEntry.id)
    ).all()
    assert told == ["round:created", "sample:drawn", "round:allocated", "round:issued", "round:closed"]
    assert (made.issued_at, made.closed_at) == (now, now)


@pytest.mark.usefixtures("recorded")
def test_expectations_are_fixed_at_issue_and_void_when_drawn_again(database, council, now):
    made = round_at(S.ALLOCATED, now)
    rows = [operations.Expectation(council.auditor.id, council.team_a1.id, council.service_a.id, 2, 1)]
    operations.set_expectations(made, rows)
    operations.set_expectations(made, rows)
    assert [(row.person.name, row.expected, row.exempted) for row in queries.expectations(made.id)] == [
        (council.auditor.name, 2, 1)
    ]
    operations.set_expectations(made, [])
    assert list(queries.expectations(made.id)) == []
    operations.set_expectations(made, rows)
    operations.draw_sample(made, NumberOfCases(4), None, system(), now, "The list was imported again")
    assert database.scalar(select(func.count()).select_from(RoundAuditor)) == 0
    operations.mark_allocated(made, system(), now)
    operations.issue_round(made, system(), now)
    with pytest.raises(IllegalMove):
        operations.set_expectations(made, rows)


@pytest.mark.usefixtures("council", "recorded")
@pytest.mark.parametrize(
    ("instant", "state"),
    [
        (datetime(2026, 6, 30, 22, 59, tzinfo=UTC), S.ISSUED),
        (datetime(2026, 6, 30, 23, 0, tzinfo=UTC), S.CLOSED),
        (datetime(2026, 7, 20, 9, 0, tzinfo=UTC), S.CLOSED),  # after days of downtime
    ],
)
def test_a_round_closes_by_itself_when_its_due_date_has_ended(database, now, instant, state):
    made = round_at(S.ISSUED, now)
    database.commit()
    done = close_due_rounds(instant)
    assert (made.state, done.did) == (state, {"closed 2026-06": 1} if state is S.CLOSED else {})
    assert close_due_rounds(instant) == Done()
    assert len([past for past in queries.history(made.id) if past.move == "close"]) == (state is S.CLOSED)


@pytest.mark.usefixtures("council", "recorded")
def test_a_round_closed_by_another_process_in_between_is_passed_over(database, now, monkeypatch):
    made = round_at(S.ISSUED, now)
    database.commit()
    later = datetime(2026, 7, 1, 9, tzinfo=UTC)
    due = list(queries.due_to_close(later))
    with transaction():
        operations.close_round(made, system(), later)
    monkeypatch.setattr("qa_app.jobs.close_rounds.due_to_close", lambda _now: due)
    assert not close_due_rounds(later).did


@pytest.mark.usefixtures("council", "recorded")
def test_which_rounds_are_current(now):
    assert queries.newest_issued_round() is None
    june = round_at(S.ISSUED, now)
    july = round_at(S.PLANNED, now, month=date(2026, 7, 1))
    assert list(queries.current_rounds()) == [june]
    assert list(queries.open_rounds()) == [june, july]
    assert queries.newest_issued_round() is june
    assert {kind for kind in ROUND.moves} >= {"issue", "close"}


@pytest.mark.usefixtures("recorded")
def test_a_round_whose_cases_are_drawn_is_not_issued_without_a_sample(database, council, now):
    round_ = round_at(S.PLANNED, now)
    with pytest.raises(IllegalMove, match="needs a sample"):
        operations.issue_named_round(round_, viewer(council.qa, now), now)
    assert round_.state == S.PLANNED
