"""Anybody presses any button in any order while days go by and things crash: the workflow never says two things."""

from datetime import date, datetime, timedelta
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test
from sqlalchemy import select

from qa_app.core import events
from qa_app.core.errors import Refusal
from qa_app.exemptions import operations
from qa_app.exemptions.models import ExemptionRequest
from qa_app.exemptions.queries import exempt_people
from qa_app.exemptions.queries.standing import STANDING
from qa_app.exemptions.rules import Months, list_of_months
from qa_app.exemptions.states import EXEMPTION, WAITING_STATES, ExemptionState
from qa_app.outbox.models import Mail, MailState
from qa_app.rounds.models import RoundAuditor
from qa_app.trail.models import TrailEntry
from tests.databases import examples
from tests.factories.audits import Scene, issued_round
from tests.factories.exemptions import wish
from tests.factories.progress import expectation
from tests.factories.rounds import JUNE, viewer

S = ExemptionState
NAMES = st.sampled_from(["auditor", "auditor_b", "moderator", "head_of_service", "head_of_service_b", "director", "qa"])
MONTH = st.integers(0, 3).map(lambda n: list_of_months(JUNE, 4)[n])


class Crash(Exception):
    """Planted between the move and what follows from it."""


class Life(RuleBasedStateMachine):
    """Requests of three auditors, and whoever tries to answer them."""

    def __init__(self, database: Any, scene: Scene, now: datetime) -> None:
        super().__init__()
        self.database, self.scene, self.now = database, scene, now
        self.savepoint = database.begin_nested()

    def teardown(self) -> None:
        """Undo the whole life."""
        self.savepoint.rollback()
        self.database.expire_all()

    def requests(self) -> list[ExemptionRequest]:
        """Every request, oldest first."""
        found = select(ExemptionRequest).order_by(ExemptionRequest.id)
        return list(self.database.scalars(found.execution_options(populate_existing=True)))

    def trail(self) -> list[str]:
        """Events on requests."""
        return list(self.database.scalars(select(TrailEntry.event).where(TrailEntry.event.startswith("exemption:"))))

    def attempt(self, act: Any, crash: bool) -> None:
        """Do it whole, or leave nothing."""
        record = operations.record
        before = (len(self.trail()), [(r.id, r.state, r.version) for r in self.requests()])

        def planted(_event: object) -> None:
            raise Crash

        operations.record = planted if crash else events.record
        try:
            with self.database.begin_nested():
                act()
        except (Refusal, Crash):
            self.database.expire_all()
            assert (len(self.trail()), [(r.id, r.state, r.version) for r in self.requests()]) == before
        finally:
            operations.record = record

    @rule(name=st.sampled_from(["auditor", "auditor_b", "moderator"]), first=MONTH, months=st.integers(1, 3),
          crash=st.booleans())  # fmt: skip
    def ask(self, name: str, first: date, months: int, crash: bool) -> None:
        """Somebody asks for some months."""
        person = getattr(self.scene.council, name)
        wanted = wish(first, list_of_months(first, months)[-1], late_reason="It came up yesterday.")
        self.attempt(lambda: operations.ask(person.id, wanted, viewer(person, self.now), self.now), crash)

    @rule(
        name=NAMES, move=st.sampled_from(sorted(EXEMPTION.moves)), index=st.integers(0, 5), stale=st.booleans(),
        crash=st.booleans(),
    )  # fmt: skip
    def answer(self, name: str, move: str, index: int, stale: bool, crash: bool) -> None:
        """Somebody presses a button of a page that is as old as it is."""
        if not (requests := self.requests()):
            return
        request = requests[index % len(requests)]
        who = viewer(getattr(self.scene.council, name), self.now)
        version = request.version - 1 if stale else request.version
        words = () if move == "withdraw" else ("Considered.",)
        self.attempt(lambda: getattr(operations, move)(request, *words, who, self.now, version), crash)

    @rule(days=st.integers(1, 12))
    def days_go_by(self, days: int) -> None:
        """Time passes."""
        self.now += timedelta(days=days)

    @invariant()
    def nobody_holds_a_month_twice(self) -> None:
        """Requests that wait or are approved never share a month."""
        taken: set[tuple[int, date]] = set()
        for request in self.requests():
            if request.state in STANDING:
                months = {(request.person_id, month) for month in Months(request.first_month, request.last_month)}
                assert not taken & months
                taken |= months

    @invariant()
    def each_state_says_how_it_came_there(self) -> None:
        """Who answered is kept with the answer, and is never who asked."""
        for request in self.requests():
            assert (request.decided_at is not None) == (request.state in (S.APPROVED, S.REFUSED))
            assert (request.withdrawn_at is not None) == (request.state == S.WITHDRAWN)
            assert request.person_id not in (request.decided_by_id, request.head_answered_by_id)
            if request.decided_at is not None:
                assert request.decision_reason
                assert request.head_answered_at is not None

    @invariant()
    def only_what_waits_is_asked_for(self) -> None:
        """A mail that asks for an answer is about a request that waits for it."""
        waits = {f"exemption:{request.id}": request.state for request in self.requests()}
        asks = select(Mail.subject_key, Mail.message).where(
            Mail.message.in_(["exemption_asked", "exemption_forwarded"]), Mail.state == MailState.QUEUED
        )
        for subject, message in self.database.execute(asks):
            assert waits[subject] in WAITING_STATES
            assert (message == "exemption_asked") == (waits[subject] == S.WITH_HEAD_OF_SERVICE)

    @invariant()
    def the_denominator_falls_for_who_is_exempt_alone(self) -> None:
        """June expects nothing of who was exempted in time, and all of everybody else."""
        exempt = exempt_people(JUNE)
        rows = self.database.scalars(
            select(RoundAuditor)
            .where(RoundAuditor.round_id == self.scene.round.id)
            .execution_options(populate_existing=True)
        )
        for row in rows:
            assert row.exempted in (0, row.expected)
            assert not row.exempted or row.person_id in exempt


def test_whoever_presses_what_in_which_order(database: Any, now: datetime) -> None:
    scene = issued_round(database, now)
    for who in (scene.council.auditor, scene.council.auditor_b, scene.council.moderator):
        row = expectation(who, 2)
        database.add(
            RoundAuditor(
                round_id=scene.round.id, person_id=who.id, team_id=row.team_id, service_id=row.service_id, expected=2
            )
        )
    database.flush()
    run_state_machine_as_test(
        lambda: Life(database, scene, now),
        settings=settings(
            max_examples=examples(15), stateful_step_count=15, deadline=None, suppress_health_check=list(HealthCheck)
        ),
    )
