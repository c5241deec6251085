"""Every move from every state by everybody: what is allowed happens once, and whatever is not changes nothing."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import func, select

from qa_app.access.roles import Role
from qa_app.access.viewer import system
from qa_app.core.errors import BadInput, IllegalMove, NotAllowed, Refusal, Stale
from qa_app.core.states import StateChange
from qa_app.exemptions import operations, queries
from qa_app.exemptions.models import ExemptionRequest
from qa_app.exemptions.permissions import may_read_statement
from qa_app.exemptions.states import EXEMPTION, Category, ExemptionState, Timing
from qa_app.people.models import Deputy, RoleGrant
from qa_app.rounds.models import RoundAuditor
from qa_app.trail.models import TrailDetail, TrailEntry
from tests.factories.exemptions import STATEMENT, Asked, ask, request_at, walk, wish
from tests.factories.people import council, person
from tests.factories.progress import expectation
from tests.factories.rounds import JUNE, viewer

S = ExemptionState
JULY, AUGUST = date(2026, 7, 1), date(2026, 8, 1)

Act = Callable[[ExemptionRequest, Any, datetime], None]
MOVES: dict[str, Act] = {
    "forward": lambda request, who, now: operations.forward(request, "I support this.", who, now),
    "decline": lambda request, who, now: operations.decline(request, "Not now.", who, now),
    "approve": lambda request, who, now: operations.approve(request, "Granted.", who, now),
    "refuse": lambda request, who, now: operations.refuse(request, "Not granted.", who, now),
    "withdraw": operations.withdraw,
}
MAY = {
    "forward": {"head_of_service"},
    "decline": {"head_of_service"},
    "approve": {"director"},
    "refuse": {"director"},
    "withdraw": {"auditor"},
}
PEOPLE = (
    "auditor", "auditor_b", "moderator", "lead_auditor", "team_manager", "service_manager", "head_of_service",
    "head_of_service_b", "practice_lead", "qa", "director", "executive", "scrutiny", "administrator",
)  # fmt: skip


def stand_in(database: Any, away: Any, deputy: Any, now: datetime, days: int = 5) -> None:
    database.add(
        Deputy(
            person_id=away.id,
            deputy_id=deputy.id,
            starts_on=now.date() - timedelta(days=5),
            ends_on=now.date() + timedelta(days=days),
        )
    )
    database.flush()


def entries(database: Any) -> int:
    return database.scalar(select(func.count(TrailEntry.id)))


@pytest.mark.parametrize("state", S)
@pytest.mark.parametrize("name", PEOPLE)
def test_each_move_from_each_state_by_each_role(database: Any, now: datetime, state: S, name: str) -> None:
    asked = request_at(database, state, now)
    who, request = viewer(getattr(asked.people, name), now), asked.request
    for move, act in MOVES.items():
        allowed = name in MAY[move] and state in EXEMPTION.moves[move].sources
        before, seen = entries(database), (request.state, request.version)
        if not allowed:
            with pytest.raises(IllegalMove if name in MAY[move] else NotAllowed):
                act(request, who, now)
            assert (request.state, request.version) == seen
            assert entries(database) == before
            continue
        with database.begin_nested() as savepoint:
            act(request, who, now)
            assert request.state == EXEMPTION.moves[move].target
            assert request.version == seen[1] + 1
            savepoint.rollback()
        database.refresh(request)


@pytest.mark.parametrize("name", PEOPLE)
def test_an_auditor_asks_for_themselves_alone(database: Any, now: datetime, name: str) -> None:
    people = council(database, now)
    who = viewer(getattr(people, name), now)
    with pytest.raises(NotAllowed):
        operations.ask(people.team_manager_b2.id, wish(), who, now)
    if Role.AUDITOR in who.roles or Role.MODERATOR in who.roles:
        assert operations.ask(who.person_id or 0, wish(), who, now).state in (S.WITH_HEAD_OF_SERVICE, S.WITH_DIRECTOR)
    else:
        with pytest.raises(NotAllowed):
            operations.ask(who.person_id or 0, wish(), who, now)


def test_the_system_asks_for_nobody(database: Any, now: datetime) -> None:
    people = council(database, now)
    with pytest.raises(NotAllowed, match="only for themselves"):
        operations.ask(people.auditor.id, wish(), system(), now)
    assert database.scalar(select(func.count(ExemptionRequest.id))) == 0


def test_what_is_asked_is_kept_with_the_team_and_service_of_then(database: Any, now: datetime) -> None:
    people = council(database, now)
    request = ask(people.auditor, now, wish(JUNE, AUGUST, Category.OTHER_ACTIVITY))
    assert (request.team_id, request.service_id) == (people.team_a1.id, people.service_a.id)
    assert (request.first_month, request.last_month) == (JUNE, AUGUST)
    assert (request.category, request.timing, request.state) == (
        Category.OTHER_ACTIVITY,
        Timing.BEFORE_ISSUE,
        S.WITH_HEAD_OF_SERVICE,
    )


def test_a_service_manager_without_a_team_belongs_to_the_service_that_they_manage(database: Any, now: datetime) -> None:
    people = council(database, now)
    request = ask(people.service_manager, now)
    assert (request.team_id, request.service_id, request.state) == (None, people.service_a.id, S.WITH_HEAD_OF_SERVICE)


def make_auditor(database: Any, someone: Any, now: datetime) -> None:
    database.add(RoleGrant(person_id=someone.id, role=Role.AUDITOR, granted_at=now))
    database.flush()


def test_a_head_of_services_own_request_goes_straight_to_the_director(database: Any, now: datetime) -> None:
    people = council(database, now)
    make_auditor(database, people.head_of_service, now)
    assert ask(people.head_of_service, now).state == S.WITH_DIRECTOR


def test_so_does_that_of_their_deputy_and_of_someone_without_a_service_or_without_a_head(
    database: Any, now: datetime
) -> None:
    people = council(database, now)
    stand_in(database, people.head_of_service, people.team_manager, now)
    assert ask(people.team_manager, now).state == S.WITH_DIRECTOR
    nowhere = person(database, now, "Vera Nowhere", role=Role.AUDITOR, auditor=True)
    request = ask(nowhere, now)
    assert (request.service_id, request.state) == (None, S.WITH_DIRECTOR)
    people.head_of_service_b.leaves_on = now.date() - timedelta(days=1)
    assert ask(people.auditor_b, now).state == S.WITH_DIRECTOR


def test_a_deputy_forwards_and_the_record_says_for_whom(database: Any, now: datetime) -> None:
    asked = request_at(database, S.WITH_HEAD_OF_SERVICE, now)
    stand_in(database, asked.people.head_of_service, asked.people.practice_lead, now)
    stand_in(database, asked.people.director, asked.people.practice_lead, now)
    who, request = viewer(asked.people.practice_lead, now), asked.request
    operations.forward(request, "", who, now)
    assert request.head_answered_by_id == asked.people.practice_lead.id
    assert request.head_answered_for_id == asked.people.head_of_service.id
    operations.approve(request, "Granted.", who, now)
    assert request.decided_for_id == asked.people.director.id
    entry = database.scalars(select(TrailEntry).order_by(TrailEntry.id.desc()).limit(1)).one()
    assert (entry.event, entry.on_behalf_of_id) == ("exemption:approved", asked.people.director.id)


def test_a_deputy_whose_days_are_over_may_do_nothing(database: Any, now: datetime) -> None:
    asked = request_at(database, S.WITH_HEAD_OF_SERVICE, now)
    stand_in(database, asked.people.head_of_service, asked.people.practice_lead, now, days=-1)
    who = viewer(asked.people.practice_lead, now)
    assert queries.waiting_for(who, now.date()) == []
    with pytest.raises(NotAllowed):
        operations.forward(asked.request, "", who, now)


def test_the_head_of_service_acts_for_themselves_though_a_deputy_is_named(database: Any, now: datetime) -> None:
    asked = request_at(database, S.WITH_HEAD_OF_SERVICE, now)
    stand_in(database, asked.people.head_of_service, asked.people.practice_lead, now)
    operations.forward(asked.request, "", viewer(asked.people.head_of_service, now), now)
    assert asked.request.head_answered_for_id is None


def test_nobody_answers_their_own_request_even_as_a_deputy(database: Any, now: datetime) -> None:
    asked = request_at(database, S.WITH_HEAD_OF_SERVICE, now)
    stand_in(database, asked.people.head_of_service, asked.people.auditor, now)
    stand_in(database, asked.people.director, asked.people.auditor, now)
    own = viewer(asked.people.auditor, now)
    assert queries.waiting_for(own, now.date()) == []
    with pytest.raises(NotAllowed):
        operations.forward(asked.request, "", own, now)
    walk(asked.request, S.WITH_DIRECTOR, asked.people, now)
    with pytest.raises(NotAllowed):
        operations.approve(asked.request, "Granted.", own, now)


def test_a_directors_own_request_is_not_decided_by_who_stands_in_for_them(database: Any, now: datetime) -> None:
    people = council(database, now)
    make_auditor(database, people.director, now)
    stand_in(database, people.director, people.practice_lead, now)
    request = ask(people.director, now)
    assert request.state == S.WITH_DIRECTOR
    for name in ("director", "practice_lead"):
        with pytest.raises(NotAllowed):
            operations.approve(request, "Granted.", viewer(getattr(people, name), now), now)
        assert not may_read_statement(viewer(people.practice_lead, now), request)
    other = person(database, now, "Wynn Another", role=Role.DIRECTOR)
    operations.approve(request, "Granted.", viewer(other, now), now)
    assert request.state == S.APPROVED


STATEMENT_READERS = {"auditor", "head_of_service", "director"}


@pytest.mark.parametrize("name", PEOPLE)
def test_the_statement_is_for_the_requester_and_the_deciders_alone(database: Any, now: datetime, name: str) -> None:
    asked = request_at(database, S.WITH_HEAD_OF_SERVICE, now)
    who = viewer(getattr(asked.people, name), now)
    assert may_read_statement(who, asked.request) == (name in STATEMENT_READERS)


def test_the_statement_is_nowhere_but_in_its_row(database: Any, now: datetime) -> None:
    asked = request_at(database, S.APPROVED, now)
    kept = [repr(row) for model in (TrailDetail, StateChange) for row in database.scalars(select(model))]
    details = [repr(detail) for detail in database.scalars(select(TrailDetail.detail))]
    reasons = list(database.scalars(select(StateChange.reason)))
    assert not any("CANARY" in text for text in [*kept, *details, *reasons])
    assert asked.request.statement == STATEMENT


@pytest.mark.parametrize(
    ("move", "words"), [("decline", " "), ("approve", ""), ("refuse", "\n"), ("forward", "x" * 4001)]
)
def test_an_answer_needs_its_reason(database: Any, now: datetime, move: str, words: str) -> None:
    state = S.WITH_HEAD_OF_SERVICE if move in ("decline", "forward") else S.WITH_DIRECTOR
    asked = request_at(database, state, now)
    who = asked.people.head_of_service if move in ("decline", "forward") else asked.people.director
    with pytest.raises(BadInput) as refused:
        getattr(operations, move)(asked.request, words, viewer(who, now), now)
    assert set(refused.value.fields) == {"note" if move == "forward" else "reason"}
    assert asked.request.state == state


def test_of_two_deciders_the_second_is_refused(database: Any, now: datetime) -> None:
    asked = request_at(database, S.WITH_DIRECTOR, now)
    other = person(database, now, "Wynn Another", role=Role.DIRECTOR)
    seen = asked.request.version
    operations.approve(asked.request, "Granted.", viewer(asked.people.director, now), now, seen)
    with pytest.raises(Refusal):
        operations.refuse(asked.request, "No.", viewer(other, now), now, seen)
    assert asked.request.state == S.APPROVED


@pytest.mark.parametrize("move", ["forward", "decline", "withdraw"])
def test_a_page_that_was_open_too_long_changes_nothing(database: Any, now: datetime, move: str) -> None:
    asked = request_at(database, S.WITH_HEAD_OF_SERVICE, now)
    request, stale = asked.request, asked.request.version - 1
    words = () if move == "withdraw" else ("x",)
    who = asked.people.auditor if move == "withdraw" else asked.people.head_of_service
    with pytest.raises(Stale):
        getattr(operations, move)(request, *words, viewer(who, now), now, stale)
    database.refresh(request)
    assert request.state == S.WITH_HEAD_OF_SERVICE


def test_sent_twice_it_is_asked_once(database: Any, now: datetime) -> None:
    people = council(database, now)
    ask(people.auditor, now)
    with pytest.raises(BadInput, match="already"):
        ask(people.auditor, now)
    assert database.scalar(select(func.count(ExemptionRequest.id))) == 1


@pytest.mark.parametrize("state", S)
def test_months_are_free_again_once_a_request_is_refused_declined_or_withdrawn(
    database: Any, now: datetime, state: S
) -> None:
    asked = request_at(database, state, now)
    if state in (S.REFUSED, S.DECLINED, S.WITHDRAWN):
        assert ask(asked.people.auditor, now, wish(JUNE, JULY)).id != asked.request.id
    else:
        with pytest.raises(BadInput, match="You have asked for June 2026 already"):
            ask(asked.people.auditor, now, wish(JUNE, JULY))
        ask(asked.people.auditor, now, wish(JULY))


def test_in_the_last_week_the_reason_for_lateness_is_asked_and_kept(database: Any, now: datetime) -> None:
    asked = request_at(database, S.WITHDRAWN, now)
    assert asked.request.timing == Timing.AFTER_ISSUE
    late = datetime(2026, 6, 23, 9, tzinfo=now.tzinfo)
    with pytest.raises(BadInput) as refused:
        ask(asked.people.auditor, late)
    assert list(refused.value.fields) == ["late_reason"]
    request = ask(asked.people.auditor, late, wish(late_reason="It was decided yesterday."))
    assert (request.timing, request.late_reason) == (Timing.LAST_WEEK, "It was decided yesterday.")


def expected_of(database: Any, asked: Asked, who: Any) -> tuple[int, int]:
    row = database.scalars(
        select(RoundAuditor)
        .where(RoundAuditor.person_id == who.id, RoundAuditor.round_id == asked.scene.round.id)
        .execution_options(populate_existing=True)
    ).one()
    return row.expected, row.exempted


def with_expectations(database: Any, asked: Asked) -> None:
    for who, number in ((asked.people.auditor, 2), (asked.people.moderator, 1)):
        row = expectation(who, number)
        database.add(
            RoundAuditor(
                round_id=asked.scene.round.id,
                person_id=who.id,
                team_id=row.team_id,
                service_id=row.service_id,
                expected=number,
            )
        )
    database.flush()


@pytest.mark.parametrize("state", [S.APPROVED, S.REFUSED])
def test_the_expectation_falls_when_it_is_approved_and_of_nobody_else(database: Any, now: datetime, state: S) -> None:
    asked = request_at(database, S.WITH_DIRECTOR, now)
    with_expectations(database, asked)
    move = operations.approve if state == S.APPROVED else operations.refuse
    move(asked.request, "Considered.", viewer(asked.people.director, now), now)
    assert expected_of(database, asked, asked.people.auditor) == (2, 2 if state == S.APPROVED else 0)
    assert expected_of(database, asked, asked.people.moderator) == (1, 0)


@pytest.mark.parametrize("how", ["closed", "due date over"])
def test_a_round_that_is_over_never_changes(database: Any, now: datetime, how: str) -> None:
    asked = request_at(database, S.WITH_DIRECTOR, now)
    with_expectations(database, asked)
    when = now if how == "closed" else datetime(2026, 6, 30, 23, 30, tzinfo=now.tzinfo)
    if how == "closed":
        asked.scene.round.state = "closed"
        database.flush()
    operations.approve(asked.request, "Granted.", viewer(asked.people.director, when), when)
    assert expected_of(database, asked, asked.people.auditor) == (2, 0)
    if how == "due date over":
        assert queries.audits_of_exempt() == []


def test_who_is_exempt_and_whose_request_is_pending(database: Any, now: datetime) -> None:
    asked = request_at(database, S.APPROVED, now)
    waiting = ask(asked.people.auditor_b, now, wish(JULY, AUGUST))
    assert queries.exempt_people(JUNE) == {asked.people.auditor.id}
    assert queries.exempt_people(JULY) == frozenset()
    assert queries.pending_people(JUNE) == frozenset()
    assert queries.pending_people(AUGUST) == {waiting.person_id}


def test_a_crash_after_the_move_leaves_nothing(database: Any, now: datetime, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = request_at(database, S.WITH_DIRECTOR, now)
    with_expectations(database, asked)
    before = entries(database)

    def crash(_event: object) -> None:
        raise RuntimeError("planted")

    monkeypatch.setattr(operations, "record", crash)
    with pytest.raises(RuntimeError), database.begin_nested():
        operations.approve(asked.request, "Granted.", viewer(asked.people.director, now), now)
    database.refresh(asked.request)
    assert (asked.request.state, entries(database)) == (S.WITH_DIRECTOR, before)
