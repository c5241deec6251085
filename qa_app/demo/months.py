"""How the demonstration council's months went: some good, some slipping, and the present one in mid-flight."""

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import partial

from sqlalchemy import select

from qa_app.access.viewer import Viewer
from qa_app.allocation.operations import allocate_round
from qa_app.audits.models import Audit, DeclarationKind
from qa_app.audits.operations import declare, return_audit
from qa_app.audits.states import OPEN_STATES, AuditState
from qa_app.comments.operations import comment
from qa_app.core.clock import add_working_days, end_of_day, last_day_of_month, london_day, start_of_day
from qa_app.core.database import db
from qa_app.demo.actions import Deeds
from qa_app.demo.agenda import Agenda, at
from qa_app.demo.moderation import Moderators
from qa_app.demo.requests import ANSWERS, Requests
from qa_app.demo.words import COMMENTS, DECLARED
from qa_app.demo.writing import Writer
from qa_app.people.models import Auditor
from qa_app.people.states import TrainingStatus
from qa_app.progress.operations import remind
from qa_app.rounds.models import AuditType, Round
from qa_app.rounds.operations import close_round, create_round, draw_sample, issue_round
from qa_app.sampling.model import NumberOfCases

COMPLETION = (0.95, 0.93, 0.94, 0.9, 0.86, 0.88, 0.91, 0.84, 0.77, 0.73, 0.82, 0.89)
"""The share of each past month's audits that were done in time: good, slipping in the ninth and tenth, mended since."""

LATE_SHARE = 0.4
"""Of those not done in time, how many came in late; the rest never did."""

NOTICE_SHARE = 0.5
"""Of those not done in time, how many said so before."""

SLIPPING_BELOW = 0.85
"""In months with a smaller share done, exemptions were asked for in the last week."""

RETURNED = "Say what the last two visits found, so that your grade for risk can be followed."

MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)


@dataclass
class Months:
    """Puts each month of the demonstration council on the agenda."""

    rng: random.Random
    agenda: Agenda
    writer: Writer
    qa: Viewer
    audit_type: AuditType
    viewer_of: Callable[[int], Viewer]
    slow: frozenset[int]
    """People who tend to be late."""
    requests: Requests
    deeds: Deeds
    moderators: Moderators

    def past(self, month: date, done: float) -> None:
        """A month that is over: issued on its first working day, closed at the end of its last day."""
        issued = at(first_working_day(month), 8)
        self._issue(month, issued, lambda round_, when: self._past_audits(round_, month, done))
        self.agenda.add(
            issued - timedelta(days=11),
            lambda now: self.requests.of_past_month(month, self._trained(), issued, slipping=done < SLIPPING_BELOW),
        )

    def present(self, month: date, now: datetime) -> None:
        """The month that is running: every state that an audit can be in."""
        issued = min(at(first_working_day(month), 8), now - 8 * HOUR)
        self._issue(month, issued, lambda round_, when: self._present_audits(round_, month, when, now))
        self.agenda.add(now - timedelta(days=6), lambda _: self.requests.of_present_month(month, self._trained(), now))

    def planned(self, month: date, when: datetime) -> None:
        """The month to come: dates only, so that exemptions can be asked for in time."""
        self.agenda.add(when, lambda now: create_round(month, self.audit_type, self.qa, now))

    def _issue(self, month: date, when: datetime, then: Callable[[Round, datetime], None]) -> None:
        made: list[Round] = []
        add = self.agenda.add
        add(when - timedelta(days=10), lambda now: made.append(
            create_round(month, self.audit_type, self.qa, now, issue_on=london_day(when))))  # fmt: skip
        add(when - timedelta(days=3), lambda now: draw_sample(
            made[0], NumberOfCases(self._capacity()), f"{month:%Y-%m}", self.qa, now))  # fmt: skip
        add(when - timedelta(days=2), lambda now: allocate_round(made[0], self.qa, now))
        add(when, lambda now: issue_round(made[0], self.qa, now))
        add(when + MINUTE, lambda now: then(made[0], now))

    def _trained(self) -> Sequence[int]:
        trained = select(Auditor.person_id).where(Auditor.training_status == TrainingStatus.TRAINED)
        return db.session.scalars(trained.order_by(Auditor.person_id)).all()

    def _capacity(self) -> int:
        """One case for each trained auditor, less a few: somebody is always away."""
        return len(self._trained()) - 4

    def _past_audits(self, round_: Round, month: date, done: float) -> None:
        due = last_day_of_month(month)
        audits = self._audits(round_)
        in_time = set(self._by_promptness(audits)[: round(len(audits) * done)])
        for audit in audits:
            if audit.id in in_time:
                self._submit(audit, round_.issue_on, due)
            else:
                if self.rng.random() < NOTICE_SHARE:
                    self.requests.slipping(audit, self.rng.choice(list(ANSWERS)))
                if self.rng.random() < LATE_SHARE:
                    self._submit(audit, due + timedelta(days=1), due + timedelta(days=7))
        self.agenda.add(end_of_day(due) + MINUTE, lambda now: close_round(round_, self.qa, now))
        self.agenda.add(end_of_day(due) + 10 * HOUR, lambda now: self.requests.settle(round_.id, now))

    def _present_audits(self, round_: Round, month: date, issued: datetime, now: datetime) -> None:
        elapsed = (now - start_of_day(month)) / (end_of_day(last_day_of_month(month)) - start_of_day(month))
        audits = {a.id: a for a in self._audits(round_)}
        order = self._by_promptness(list(audits.values()))
        done = round(len(order) * max(0.12, elapsed * 0.8))
        started = done + round(len(order) * 0.18)
        for n, audit_id in enumerate(order[:started]):
            when = issued + (now - HOUR - issued) * self.rng.uniform(0.3, 0.97)
            share = 1.0 if n < done else self.rng.choice((0.25, 0.5, 0.75))
            self._write(audits[audit_id], when, share)
        waiting = [audits[i] for i in order[started:]]
        self.agenda.add(now - 30 * MINUTE, partial(self._exceptions, round_, waiting, list(audits.values())))
        self.requests.slipping_now(waiting[len(DECLARED) :], now)

    def _audits(self, round_: Round) -> Sequence[Audit]:
        given = Audit.auditor_id.is_not(None)
        return db.session.scalars(select(Audit).where(Audit.round_id == round_.id, given).order_by(Audit.number)).all()

    def _by_promptness(self, audits: Sequence[Audit]) -> list[int]:
        """Audit ids, the promptest auditor's first; slow people mostly last."""
        chance = {a.id: self.rng.random() + (0.6 if a.auditor_id in self.slow else 0) for a in audits}
        return sorted(chance, key=lambda audit_id: chance[audit_id])

    def _submit(self, audit: Audit, first: date, last: date) -> None:
        """Submit an audit in a working hour of some day between two dates."""
        day = first + timedelta(days=self.rng.randint(1, max(1, (last - first).days)))
        self._write(audit, at(min(day, last), self.rng.randint(10, 17), self.rng.randint(0, 59)), 1.0)

    def _write(self, audit: Audit, ended: datetime, share: float) -> None:
        viewer = self.viewer_of(audit.auditor_id or 0)

        def write(now: datetime) -> None:
            if audit.state not in OPEN_STATES or audit.auditor_id != viewer.person_id:
                return  # its auditor was exempted meanwhile
            self.writer.write(audit, viewer, now - 2 * HOUR, now, share)
            self.deeds.follow(audit, now)
            self.moderators.follow(audit, now)

        self.agenda.add(ended, write)

    def _exceptions(self, round_: Round, waiting: Sequence[Audit], every: Sequence[Audit], now: datetime) -> None:
        """Two declarations that wait for the QA team, an audit that was returned, and some reminders."""
        for audit, kind in zip(waiting, DeclarationKind, strict=False):
            declare(audit, kind, DECLARED[kind], self.viewer_of(audit.auditor_id or 0), now)
        for audit in [one for one in every if one.state == AuditState.SUBMITTED][:1]:  # not moderated yet
            return_audit(audit, RETURNED, self.qa, now)
        for audit, said in zip(reversed(waiting), COMMENTS, strict=False):
            if audit.team.manager_id not in (None, audit.auditor_id):
                comment(audit, said, self.viewer_of(audit.team.manager_id), now)
        behind = sorted({a.auditor_id for a in waiting if a.auditor_id in self.slow and a.auditor_id})
        if behind:
            remind(round_, behind[:5], self.qa, now)


def first_working_day(month: date) -> date:
    """The first working day of a month, which is when a round is issued."""
    return add_working_days(month - timedelta(days=1), 1)
