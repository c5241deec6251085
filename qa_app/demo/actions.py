"""What becomes of the demonstration council's actions: most done and verified, some late, put off or left."""

import random
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import partial

from sqlalchemy import func, select

from qa_app.access.viewer import Viewer, system
from qa_app.actions import operations as actions
from qa_app.actions.inputs import VerifyInput
from qa_app.actions.models import Action
from qa_app.actions.permissions import can_verify
from qa_app.actions.states import ActionState, Outcome
from qa_app.audits.models import Audit
from qa_app.core.clock import add_working_days, london_day
from qa_app.core.database import db
from qa_app.demo.agenda import Agenda, at
from qa_app.demo.words import EVIDENCE, NOT_DONE, NOTES, PUT_OFF, SEEN
from qa_app.improvement.operations.recording import SOURCE as PLAN
from qa_app.people.models import Person, RoleGrant, Team
from qa_app.people.operations import set_last_day

DAY = timedelta(days=1)
IN_TIME, LATE, NOTHING, PUT_BACK = 0.74, 0.9, 0.93, 0.975
"""Of all actions: done by the due date, after it, reported as not done, put off and then done; the rest is left."""

FOUND = (Outcome.FULLY, Outcome.SUBSTANTIALLY, Outcome.PARTIALLY, Outcome.NOT_IMPLEMENTED)
SHARES = (68, 20, 9, 3)


@dataclass
class Deeds:
    """Puts on the agenda what owners and managers do, each by the operations and in their turn."""

    rng: random.Random
    agenda: Agenda
    viewer_of: Callable[[int], Viewer]
    qa: Viewer
    until: datetime
    """The demonstration's today."""

    def follow(self, audit: Audit, now: datetime) -> None:
        """What becomes of the actions that an audit has just opened."""
        self._follow("audit", audit.id, now)

    def follow_plan(self, process_id: int, now: datetime) -> None:
        """What becomes of the actions of an improvement plan that was just agreed."""
        self._follow(PLAN, process_id, now)

    def _follow(self, kind: str, source_id: int, now: datetime) -> None:
        opened = select(Action).where(
            Action.source_type == kind,
            Action.source_id == source_id,
            Action.state == ActionState.OPEN,
            Action.opened_at == now,
        )
        for action in db.session.scalars(opened.order_by(Action.id)).all():
            self._plan(action, now)

    def _plan(self, action: Action, now: datetime) -> None:
        fate, today = self.rng.random(), london_day(now)
        if fate < 0.3:
            self._on(today + DAY, partial(self._note, action))
        if action.is_immediate and now >= self.until - 5 * DAY:
            return  # still open, so that the demonstration has one
        if action.is_immediate:
            self._on(today + self.rng.choice((1, 1, 2, 5)) * DAY, partial(self._done, action))
        elif fate < IN_TIME:
            self._on(
                today + self.rng.randint(1, max(1, (action.due_on - today).days)) * DAY, partial(self._done, action)
            )
        elif fate < LATE:
            self._on(action.due_on + self.rng.randint(1, 12) * DAY, partial(self._done, action))
        elif fate < NOTHING:
            self._on(action.due_on - DAY, partial(self._not_done, action))
        elif fate < PUT_BACK:
            self._on(action.due_on - DAY, partial(self._put_off, action))
            self._on(action.due_on + 10 * DAY, partial(self._done, action))

    def _on(self, day: date, act: Callable[[datetime], object]) -> None:
        """On the first working day from a day on."""
        self.agenda.add(at(add_working_days(day - DAY, 1), self.rng.randint(9, 16), self.rng.randint(0, 59)), act)

    def _owner(self, action: Action) -> Viewer:
        return self.viewer_of(action.owner_id)

    def _note(self, action: Action, now: datetime) -> None:
        if action.state == ActionState.OPEN:
            actions.add_note(action, self.rng.choice(NOTES), self._owner(action), now)

    def _put_off(self, action: Action, now: datetime) -> None:
        if action.state == ActionState.OPEN:
            later = london_day(now) + 14 * DAY
            actions.revise(action, later, self.rng.choice(PUT_OFF), self._owner(action), now)

    def _not_done(self, action: Action, now: datetime) -> None:
        if action.state == ActionState.OPEN:
            actions.report_not_done(action, self.rng.choice(NOT_DONE), self._owner(action), now)

    def _done(self, action: Action, now: datetime) -> None:
        if action.state != ActionState.OPEN:
            return
        actions.report_done(action, self.rng.choice(EVIDENCE), self._owner(action), now)
        outcome = self.rng.choices(FOUND, SHARES)[0]
        again = action.outcome is not None
        self._on(
            london_day(now) + self.rng.randint(1, 9) * DAY,
            partial(self._verify, action, Outcome.FULLY if again else outcome),
        )

    def _verify(self, action: Action, outcome: Outcome, now: datetime) -> None:
        if action.state != ActionState.DONE:
            return
        due_on = london_day(now) + 14 * DAY
        actions.verify(action, VerifyInput(outcome, SEEN[outcome], due_on), self._verifier(action), now)
        if action.state == ActionState.OPEN:
            self._on(london_day(now) + 10 * DAY, partial(self._done, action))

    def _verifier(self, action: Action) -> Viewer:
        """The team's manager where they had no part in it, else the QA team."""
        team = db.session.get(Team, action.team_id) if action.team_id else None
        manager = self.viewer_of(team.manager_id) if team and team.manager_id else self.qa
        return manager if can_verify(manager, action) else self.qa

    def open_one_again(self, now: datetime) -> None:
        """Of what is done by now, the oldest turns out to be done in part."""
        done = select(Action).where(Action.state == ActionState.DONE).order_by(Action.reported_at, Action.id)
        if action := db.session.scalars(done.limit(1)).first():
            self._verify(action, Outcome.PARTIALLY, now)

    def leave(self, now: datetime) -> None:
        """A caseworker with open actions has left: whoever manages these has to give them to somebody."""
        with_role = select(RoleGrant.person_id)
        owner_id = db.session.scalars(
            select(Action.owner_id)
            .where(Action.state == ActionState.OPEN, Action.owner_id.not_in(with_role))
            .group_by(Action.owner_id)
            .order_by(func.count().desc(), Action.owner_id)
            .limit(1)
        ).first()
        if owner_id is not None:
            set_last_day(db.session.get_one(Person, owner_id), london_day(now) - DAY, None, system(), now)
