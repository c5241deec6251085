"""How the demonstration council's improvement processes went: most in time, some late, some again, some covered."""

import random
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import partial

from sqlalchemy import select

from qa_app.access.viewer import Viewer
from qa_app.audits.models import Audit
from qa_app.audits.states import OPEN_STATES
from qa_app.core.clock import add_working_days, london_day
from qa_app.core.database import db
from qa_app.core.errors import BadInput
from qa_app.demo.agenda import Agenda, at
from qa_app.demo.words import ACTIONS, AGREED, CONCERNS, LATE_MEETING, REVIEWED, WAIVED
from qa_app.demo.writing import Writer
from qa_app.improvement import operations as improvement
from qa_app.improvement.inputs import CaseloadInput, MeetingInput, PlannedAction, ReviewInput
from qa_app.improvement.models import ImprovementProcess
from qa_app.improvement.operations.settling import stage_of
from qa_app.improvement.queries import case_of, possible_authorisers, slot_for, suggestions
from qa_app.improvement.states import ConcernAbout, Mark, ProcessState, StageKind
from qa_app.people.models import Person
from qa_app.people.operations import add_absence, name_deputy
from qa_app.people.queries import viewer_of

K = StageKind
DAY = timedelta(days=1)
LATE, CONCERN, NOT_YET, HELD, AGAIN = 0.12, 0.15, 0.1, 0.5, 0.12
"""Shares: of meetings and reviews that came late, of meetings that raised a concern, and so on."""


LEFT, LEFT_DAYS = 0.3, timedelta(days=9)
"""Of what was due in the last days, how much nobody has done: so the board has something late."""


@dataclass
class Improvement:
    """Puts on the agenda what the Practice Lead, service managers and auditors do about each process."""

    rng: random.Random
    agenda: Agenda
    writer: Writer
    viewer_of: Callable[[int], Viewer]
    qa: Viewer
    moderate: Callable[[Audit, datetime], object]
    """What a moderator does about a re-audit."""
    today: date
    work_on: Callable[[int, datetime], object]
    """What the owners of a plan's actions do about them."""
    _planned: set[int] = field(default_factory=set)

    def plan(self, now: datetime) -> None:
        """What becomes of the processes that are new since the evening before."""
        found = select(ImprovementProcess).where(ImprovementProcess.state == ProcessState.OPEN)
        for process in db.session.scalars(found.order_by(ImprovementProcess.id)).all():
            if process.id not in self._planned:
                self._planned.add(process.id)
                self._follow(process)

    def _follow(self, process: ImprovementProcess) -> None:
        self._on(process, K.DAY_THREE_MEETING, 0, self._meet)
        self._on(process, K.SERVICE_MANAGER_REVIEW, self.rng.randint(0, 2), self._review)
        if stage_of(process, K.CASELOAD_REVIEW) is not None:
            self._on(process, K.CASELOAD_REVIEW, 1, self._caseload)
        self._on(process, K.REAUDIT, 22, self._schedule)

    def _on(
        self,
        process: ImprovementProcess,
        kind: StageKind,
        before: int,
        act: Callable[[ImprovementProcess, datetime], None],
    ) -> None:
        """So many working days before a stage is due, or a few after it."""
        stage = stage_of(process, kind)
        if stage is None or stage.due_on is None:
            return
        if stage.due_on < self.today <= stage.due_on + LEFT_DAYS and self.rng.random() < LEFT:
            return
        late = kind in (K.DAY_THREE_MEETING, K.SERVICE_MANAGER_REVIEW) and self.rng.random() < LATE
        day = add_working_days(stage.due_on, self.rng.randint(1, 4) if late else -before)
        self._at(day, partial(self._if_open, process, kind, act))

    def _at(self, day: date, act: Callable[[datetime], None]) -> None:
        self.agenda.add(at(day, self.rng.randint(9, 16), self.rng.randint(0, 59)), act)

    def _if_open(
        self,
        process: ImprovementProcess,
        kind: StageKind,
        act: Callable[[ImprovementProcess, datetime], None],
        now: datetime,
    ) -> None:
        stage = stage_of(process, kind)
        if process.state == ProcessState.OPEN and stage is not None and stage.outcome is None:
            act(process, now)

    def _acting(self, process: ImprovementProcess, kind: StageKind, now: datetime) -> Viewer | None:
        """Whose turn it is, as they may act that day: the lead, or who covers."""
        stage = stage_of(process, kind)
        person_id = stage.turn_id if stage else None
        return viewer_of(db.session.get_one(Person, person_id), london_day(now)) if person_id else None

    def _meet(self, process: ImprovementProcess, now: datetime) -> None:
        who, today = self._acting(process, K.DAY_THREE_MEETING, now), london_day(now)
        if who is None:
            return
        owners = [one for one in (process.team.manager_id, process.caseworker_id) if one] or [who.person_id or 0]
        wanted = self.rng.sample(ACTIONS, 2)
        plan = [
            PlannedAction(n, what, self.rng.choice(owners), today + self.rng.choice((7, 14, 21)) * DAY)
            for n, what in enumerate(wanted, 1)
        ]
        concern = self.rng.choice(list(ConcernAbout)) if self.rng.random() < CONCERN else None
        late = process.next_due_on is not None and today > process.next_due_on
        given = MeetingInput(
            today,
            "The social worker, the team manager and the Practice Lead",
            self.rng.choice(AGREED),
            plan,
            late_reason=LATE_MEETING if late else "",
            concern_about=concern,
            concern=CONCERNS[concern] if concern else "",
            next_step="The manager looks at the plan in the next supervision.",
        )
        improvement.record_meeting(process, given, who, now)
        self.work_on(process.id, now)

    def _review(self, process: ImprovementProcess, now: datetime) -> None:
        who = self._acting(process, K.SERVICE_MANAGER_REVIEW, now)
        if who is None:
            return
        again = add_working_days(london_day(now), 10) if self.rng.random() < NOT_YET else None
        given = ReviewInput(again is None, REVIEWED[again is None], again)
        improvement.record_review(process, given, who, now)
        if again is not None:
            self._on(process, K.SERVICE_MANAGER_REVIEW, 0, self._review)

    def _caseload(self, process: ImprovementProcess, now: datetime) -> None:
        who = self._acting(process, K.CASELOAD_REVIEW, now)
        if who is None:
            return
        today = london_day(now)
        if self.rng.random() < HELD:
            result = "Nine of eleven cases are sound. Two were given to a senior worker."
            given = CaseloadInput(True, result, today, "The service manager and the Practice Lead")
        else:
            given = CaseloadInput(False, WAIVED, authorised_by_id=possible_authorisers(process, who, today)[0][0])
        improvement.record_caseload_review(process, given, who, now)

    def _schedule(self, process: ImprovementProcess, now: datetime) -> None:
        stage, today = stage_of(process, K.REAUDIT), london_day(now)
        if stage is None or stage.due_on is None or process.reaudit_id is not None:
            return
        who = self._acting(process, K.REAUDIT, now)
        if process.mark == Mark.BETTER and who is not None:
            improvement.end_process(process, "The moderated grade stands, and its reasons convince.", who, now)
            return
        takers = suggestions(process, case_of(process), slot_for(stage.due_on, today), today)
        if not takers:
            return
        try:
            audit = improvement.schedule_reaudit(process, takers[0].person_id, self.qa, now)
        except BadInput:
            return  # the case has closed since
        day = add_working_days(audit.due_on, -self.rng.randint(1, 6))
        self._at(day, partial(self._reaudit, process, audit))

    def _reaudit(self, process: ImprovementProcess, audit: Audit, now: datetime) -> None:
        if audit.state not in OPEN_STATES or audit.auditor_id is None:
            return
        grade = "inadequate" if self.rng.random() < AGAIN else self.rng.choice(("good", "requires_improvement"))
        who = self.viewer_of(audit.auditor_id)
        self.writer.write(audit, who, now - 2 * timedelta(hours=1), now, 1.0, overall=grade)
        self.moderate(audit, now)
        self._at(add_working_days(london_day(now), 3), partial(self._close, process))

    def _close(self, process: ImprovementProcess, now: datetime) -> None:
        who = self._acting(process, K.CLOSING, now)
        if process.state != ProcessState.OPEN or who is None:
            return
        for concern in process.concerns:
            if concern.answered_at is None:
                improvement.answer_concern(process, concern.id, "Taken up in supervision, and put right.", who, now)
        if not improvement.close_obstacles(process):
            improvement.close_process(process, "The plan holds, and the child is seen.", who, now)

    def leave(self, lead_id: int, deputy_id: int, now: datetime) -> None:
        """The Practice Lead goes on leave for eight days, and has named who stands in."""
        lead, today = db.session.get_one(Person, lead_id), london_day(now)
        last = today + 8 * DAY
        add_absence(lead, today, last, self.qa, now)
        name_deputy(lead, db.session.get_one(Person, deputy_id), today, last, viewer_of(lead, today), now)
