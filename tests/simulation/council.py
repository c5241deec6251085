"""An invented council that lives through some months: rounds, submissions in time and late, absences and requests."""

import random
from collections.abc import Callable
from datetime import date, datetime, time
from typing import Any

from qa_app.access.roles import Role
from qa_app.access.viewer import Viewer, system
from qa_app.audits import operations as audits
from qa_app.audits.inputs import Outcome as AnswerOutcome
from qa_app.audits.models import Audit, DeclarationKind
from qa_app.audits.operations.declaring import Answer
from qa_app.cases.models import Case
from qa_app.core.database import db
from qa_app.exemptions import operations as exemptions
from qa_app.exemptions.inputs import AskInput
from qa_app.exemptions.states import Category
from qa_app.moderation import operations as moderations
from qa_app.moderation.queries import moderation_of
from qa_app.people import operations as staff
from qa_app.people.models import Person
from qa_app.people.queries import viewer_of
from qa_app.rounds import operations as rounds
from qa_app.sampling.model import NumberOfCases
from qa_app.slippage import operations as slippage
from qa_app.slippage.inputs import AnswerInput, RaiseInput
from qa_app.slippage.states import Outcome
from tests.factories.audits import fill
from tests.factories.moderation import own_grades
from tests.factories.people import council, person
from tests.factories.rounds import case_list
from tests.simulation.expected import LONDON, count_on, works_on

NAMES = ("Uma Vance", "Viktor Ames", "Wren Boyd", "Xanthe Cole", "Yusuf Dean", "Zadie Eccles", "Abel Frost", "Bea Gunn",
         "Caleb Hart", "Dora Irwin")  # fmt: skip


class Span:
    """What happens when: `at(now)` does what is due. Everything is done by the application's own operations."""

    def __init__(self, database: Any, first: date, months: list[date], seed: int) -> None:
        self.rng = random.Random(seed)
        self.agenda: list[tuple[datetime, Callable[[datetime], object]]] = []
        begins = moment(first, 7)
        self.people = council(database, begins)
        teams = (self.people.team_a1, self.people.team_a2, self.people.team_b1, self.people.team_b2)
        self.auditors = [one for one in self.people.everyone if one.auditor is not None]
        for number, name in enumerate(NAMES):
            team = teams[number % 4]
            made = person(database, begins, name, role=Role.AUDITOR, team=team, auditor=True)
            made.line_manager_id = team.manager_id
            self.auditors.append(made)
        self.cases = case_list(database, self.people, begins, each=25)
        database.flush()
        for number, month in enumerate(months):
            self.month(month, self.cases[number * 25 : number * 25 + 25])

    def who(self, one: Person, now: datetime) -> Viewer:
        """Somebody as a viewer then."""
        return viewer_of(one, now.astimezone(LONDON).date())

    def on(self, day: date, hour: int, what: Callable[[datetime], object]) -> None:
        """Put something on the agenda."""
        self.agenda.append((moment(day, hour), what))

    def at(self, now: datetime) -> None:
        """Do what is due by now, in order; what is put on meanwhile is done when it is due."""
        due = sorted((one for one in self.agenda if one[0] <= now), key=lambda one: one[0])
        self.agenda = [one for one in self.agenda if one[0] > now]
        for when, what in due:
            db.session.expire_all()
            what(when)
            db.session.commit()

    def month(self, month: date, cases: list[Case]) -> None:
        """One round, from its issue on the first working day to what comes in late."""
        first = month if works_on(month) else count_on(month, 1)
        self.on(first, 9, lambda now: self.issue(month, cases, now))

    def issue(self, month: date, cases: list[Case], now: datetime) -> None:
        """Create, allocate and issue a round, and decide what becomes of each of its audits."""
        today = now.astimezone(LONDON).date()
        round_ = rounds.create_round(month, rounds.ensure_audit_types(now), system(), now, issue_on=today)
        rounds.draw_sample(round_, NumberOfCases(len(cases)), "seed", system(), now)
        here = [one for one in self.auditors if one.works_on(today)]
        placed = [(case, here[number % len(here)].id) for number, case in enumerate(cases)]
        made = audits.allocate_audits(round_, placed, system(), now)
        counts = {one.id: sum(person_id == one.id for _, person_id in placed) for one in here}
        rounds.set_expectations(
            round_,
            [rounds.Expectation(one.id, one.team_id, one.team and one.team.service_id, counts[one.id]) for one in here],
        )
        rounds.mark_allocated(round_, system(), now)
        rounds.issue_round(round_, system(), now)
        self.fates(round_.due_on, made, today)

    def fates(self, due_on: date, made: list[Audit], today: date) -> None:
        """Some audits are done in time, some late, some never; some people ask, declare and slip."""
        order = list(made)
        self.rng.shuffle(order)
        special, rest = order[:6], order[6:]
        for audit in rest:
            chance = self.rng.random()
            if chance < 0.6:
                self.submit(audit, count_on(today, self.rng.randint(2, 19)))
            elif chance < 0.8:
                self.submit(audit, count_on(due_on, self.rng.randint(1, 6)))
        self.exempt(special[0], count_on(today, 8))
        self.slip(special[1], count_on(today, 11), Outcome.CAPACITY_FOUND)
        self.slip(special[2], count_on(today, 9), Outcome.NO_CAPACITY)
        self.declare(special[3], count_on(today, 4))
        self.back(special[4], count_on(today, 5))

    def submit(self, audit: Audit, day: date) -> None:
        """Write and submit an audit, if it is still its auditor's to do."""

        def do(now: datetime) -> None:
            db.session.refresh(audit)
            auditor = db.session.get_one(Person, audit.auditor_id)
            if audit.state in ("allocated", "in_progress") and auditor.works_on(now.astimezone(LONDON).date()):
                fill(audit, self.who(auditor, now), now)
                audits.submit_audit(audit, self.who(auditor, now), now)
                self.moderate(audit, now)

        self.on(day, self.rng.randint(9, 17), do)

    def moderate(self, audit: Audit, submitted_at: datetime) -> None:
        """Of the audits that are selected, two of three are moderated some days later: some in time, some late."""
        found = moderation_of(audit.id)
        if found is None or audit.number % 3 == 0:
            return

        def do(now: datetime) -> None:
            moderation = moderation_of(audit.id)
            moderator = db.session.get_one(Person, moderation.moderator_id) if moderation.moderator_id else None
            if moderation.state == "waiting" and moderator and moderator.works_on(now.astimezone(LONDON).date()):
                who = self.who(moderator, now)
                moderations.save_grades(moderation, own_grades(moderation), moderation.grades_version, who, now)
                if audit.number % 2:
                    moderations.lock_grades(moderation, who, now)
                    moderations.complete(moderation, "good", who, now)

        day = submitted_at.astimezone(LONDON).date()
        self.on(count_on(day, 1 + audit.number % 11), 14, do)

    def exempt(self, audit: Audit, day: date) -> None:
        """Asked in mid month, forwarded, decided after days of waiting; the QA team withdraws the audit later."""
        people, asked = self.people, []
        requester = db.session.get_one(Person, audit.auditor_id)
        month = audit.round.month

        def ask(now: datetime) -> None:
            wish = AskInput(month, month, Category.STATUTORY_WORK, "Two final hearings.", "They were listed today.")
            asked.append(exemptions.ask(requester.id, wish, self.who(requester, now), now))

        def forward(now: datetime) -> None:
            of_a = asked[0].service_id == people.service_a.id
            head = people.head_of_service if of_a else people.head_of_service_b
            if asked[0].state == "with_head_of_service":
                exemptions.forward(asked[0], "", self.who(head, now), now)

        def withdraw(now: datetime) -> None:
            db.session.refresh(audit)
            if audit.state in ("allocated", "in_progress"):
                audits.withdraw_audit(audit, "Its auditor is exempt.", self.who(people.qa, now), now)

        self.on(day, 10, ask)
        self.on(count_on(day, 1), 15, forward)
        self.on(
            count_on(day, 3),
            12,
            lambda now: exemptions.approve(asked[0], "Granted.", self.who(people.director, now), now),
        )
        self.on(count_on(day, 5), 16, withdraw)

    def slip(self, audit: Audit, day: date, outcome: Outcome) -> None:
        """Raised by the auditor, forwarded by the system manager's Head of Service, answered days later."""
        people, raised = self.people, []

        def raise_it(now: datetime) -> None:
            db.session.refresh(audit)
            auditor = db.session.get_one(Person, audit.auditor_id)
            if audit.state not in ("allocated", "in_progress") or not auditor.works_on(now.astimezone(LONDON).date()):
                return
            wish = RaiseInput("A court week.", count_on(audit.due_on, 3))
            raised.append(slippage.raise_notice(audit, wish, self.who(auditor, now), now))

        def forward(now: datetime) -> None:
            for notice in raised:
                db.session.refresh(notice)
                head = people.head_of_service if notice.service_id == people.service_a.id else people.head_of_service_b
                if notice.state in ("raised", "with_head_of_service"):
                    slippage.forward(notice, "Can somebody help?", self.who(head, now), now)

        def answer(now: datetime) -> None:
            for notice in raised:
                db.session.refresh(notice)
                if notice.state == "with_qa_team":
                    slippage.answer(notice, AnswerInput(outcome, "Noted."), self.who(people.qa, now), now)

        self.on(day, 11, raise_it)
        self.on(count_on(day, 1), 16, forward)
        self.on(count_on(day, 4), 10, answer)

    def declare(self, audit: Audit, day: date) -> None:
        """Declared unsuitable; the QA team answers two days later that it stays."""
        made = []

        def do(now: datetime) -> None:
            auditor = db.session.get_one(Person, audit.auditor_id)
            kind = DeclarationKind.UNSUITABLE
            made.append(audits.declare(audit, kind, "It was closed in May.", self.who(auditor, now), now))

        def keep(now: datetime) -> None:
            audits.answer_declaration(
                made[0], Answer(AnswerOutcome.KEPT, "It is open."), self.who(self.people.qa, now), now
            )

        self.on(day, 10, do)
        self.on(count_on(day, 2), 10, keep)

    def back(self, audit: Audit, day: date) -> None:
        """Submitted early and returned: its auditor has it to do again, and never does."""
        self.submit(audit, day)

        def give_back(now: datetime) -> None:
            db.session.refresh(audit)
            if audit.state == "submitted":
                audits.return_audit(audit, "Say more on the risk.", self.who(self.people.qa, now), now)

        self.on(count_on(day, 2), 12, give_back)

    def away(self, one: Person, deputy: Person, first: date, last: date) -> None:
        """Somebody is away, with a deputy."""

        def name(now: datetime) -> None:
            staff.name_deputy(one, deputy, first, last, system(), now)

        self.on(count_on(first, -1), 13, name)

    def leaves(self, one: Person, last: date) -> None:
        """Somebody's last day of work is known."""
        self.on(count_on(last, -2), 13, lambda now: staff.set_last_day(one, last, None, system(), now))


def moment(day: date, hour: int) -> datetime:
    """An hour of a day in London."""
    return datetime.combine(day, time(hour), tzinfo=LONDON)
