"""The internal audit's year, replayed: June 2018 to May 2019, 219 audits, 8 inadequate, none again, and an Easter leave.

What that report found must be impossible to miss: a day-three meeting while the Practice Lead is out of the office,
managers who do not watch, delay that nobody notices, a caseload review that is quietly left out.
"""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import func, select

from qa_app.access.viewer import system
from qa_app.audits import operations as audits
from qa_app.audits.models import Audit
from qa_app.core.clock import add_working_days, is_working_day, london_day
from qa_app.core.database import db
from qa_app.improvement import operations
from qa_app.improvement.inputs import CaseloadInput, MeetingInput, PlannedAction, ReviewInput
from qa_app.improvement.models import ImprovementProcess, Stage
from qa_app.improvement.presenters.words import standing_of
from qa_app.improvement.queries import counts, find_processes, process_of
from qa_app.improvement.rules import Standing
from qa_app.improvement.states import CloseOutcome, Outcome, ProcessState, StageKind
from qa_app.outbox.models import Mail
from qa_app.people.operations import add_absence, name_deputy
from qa_app.recommendations import queries as recommendations
from qa_app.recommendations.presenters import report_page
from qa_app.recommendations.rules import Counts
from qa_app.rounds import operations as rounds
from qa_app.sampling.model import NumberOfCases
from qa_app.sampling.queries import drawn_cases
from tests.databases import ON_POSTGRESQL
from tests.factories.audits import fill
from tests.factories.people import Council, council, person
from tests.factories.recommendations import LIKE_THE_SOURCE, published, report_of
from tests.factories.rounds import team_cases, viewer

K = StageKind
START = datetime(2018, 5, 29, 9, 0, tzinfo=UTC)
A_MONTH = (19, 18, 18, 18, 18, 18, 18, 18, 18, 18, 19, 19)
"""Audits issued in each of the twelve months: 219."""

LEAVE = date(2019, 4, 15), date(2019, 4, 26)

BY_HAND = [
    # submitted, meeting, service manager review, re-audit (all worked out by hand; England's bank holidays)
    (date(2018, 6, 19), date(2018, 6, 22), date(2018, 7, 3), date(2018, 9, 11)),
    (date(2018, 8, 23), date(2018, 8, 29), date(2018, 9, 7), date(2018, 11, 15)),  # 27 August
    (date(2018, 10, 12), date(2018, 10, 17), date(2018, 10, 26), date(2019, 1, 4)),
    (date(2018, 12, 20), date(2018, 12, 27), date(2019, 1, 8), date(2019, 3, 14)),  # 25 and 26 December, 1 January
    (date(2019, 1, 29), date(2019, 2, 1), date(2019, 2, 12), date(2019, 4, 23)),
    (date(2019, 2, 28), date(2019, 3, 5), date(2019, 3, 14), date(2019, 5, 23)),
    (date(2019, 4, 12), date(2019, 4, 17), date(2019, 4, 30), date(2019, 7, 5)),  # Easter: 19 and 22 April
    (date(2019, 4, 17), date(2019, 4, 24), date(2019, 5, 3), date(2019, 7, 10)),
]
LATE_MEETING, LATE_REVIEW, SECOND_OF_WORKER, IN_LEAVE = 1, 3, 5, (6, 7)
"""By their place in the table: met two working days late; reviewed late; the worker of the third again; under leave."""


def at(day: date, hour: int = 10) -> datetime:
    return datetime(day.year, day.month, day.day, hour, tzinfo=UTC)


def _in_month(day: date, month: date) -> bool:
    return (day.year, day.month) == (month.year, month.month)


@dataclass
class Year:
    """The year as it is walked: one working day after the other, the clock's jobs first, then what people do."""

    database: Any
    people: Council
    deputy: Any
    whole: bool = True
    """With all 219 audits, or only with those that start a process."""
    processes: list[ImprovementProcess] = field(default_factory=list)
    day: date = date(2018, 6, 1)
    _planned: dict[date, list[Audit]] = field(default_factory=dict)
    _workers: dict[int, int] = field(default_factory=dict)

    def begin(self) -> "Year":
        """Twelve rounds with their audits; what is not inadequate is submitted at once."""
        cases = self._cases()
        for month, number in enumerate(A_MONTH):
            first = date(2018 + (5 + month) // 12, (5 + month) % 12 + 1, 1)
            wanted = number if self.whole else sum(_in_month(row[0], first) for row in BY_HAND)
            if wanted:
                self._round(first, [cases.pop() for _ in range(wanted)])
        return self

    def walk(self, until: date) -> None:
        """Day by day, up to the end of one."""
        while self.day <= until:
            if is_working_day(self.day):
                self._jobs(at(self.day, 7))
                self._deeds(self.day)
            self.day += timedelta(days=1)

    def _cases(self) -> list[Any]:
        teams = [getattr(self.people, name) for name in ("team_a1", "team_a2", "team_b1", "team_b2")]
        cases = team_cases(self.database, teams, START, 60)
        for n, case in enumerate(cases):
            case.caseworker_id = None
            case.reference = f"{n:03}-{case.reference}"
        self.database.flush()
        return cases

    def _round(self, month: date, cases: list[Any]) -> None:
        """A month's audits, most of them good; those of the table are given an inadequate grade on their day."""
        who = system()
        round_ = rounds.create_round(month, rounds.ensure_audit_types(START), who, at(month))
        rounds.draw_sample(round_, NumberOfCases(len(cases)), f"{month}", who, at(month))
        assert len(drawn_cases(round_.id)) == len(cases)
        bad = [n for n, (started, *_) in enumerate(BY_HAND) if _in_month(started, month)]
        for place, n in enumerate(bad):
            cases[place].team_id = self.people.team_a1.id
            cases[place].caseworker_id = self._worker(2 if n == SECOND_OF_WORKER else n)
        self.database.flush()
        made = audits.allocate_audits(round_, [(case, self.people.auditor_b.id) for case in cases], who, at(month))
        rounds.mark_allocated(round_, who, at(month))
        rounds.issue_round(round_, who, at(month))
        for audit in made:
            self.database.refresh(audit)
        for place, audit in enumerate(made):
            if place < len(bad):
                self._planned.setdefault(BY_HAND[bad[place]][0], []).append(audit)
            else:
                self._submit(audit, at(add_working_days(month, 5)), "good")

    def _worker(self, n: int) -> int:
        if n not in self._workers:
            made = person(self.database, START, f"Worker Number{n}", team=self.people.team_a1, account=False)
            self._workers[n] = made.id
        return self._workers[n]

    def _submit(self, audit: Audit, now: datetime, grade: str) -> None:
        who = viewer(audit.auditor, now)
        fill(audit, who, now, grade)
        audits.submit_audit(audit, who, now)

    def _jobs(self, now: datetime) -> None:
        operations.hand_over(now)
        operations.schedule_due(now)
        operations.chase(now)

    def _deeds(self, day: date) -> None:
        now = at(day)
        for audit in self._planned.get(day, []):
            self._submit(audit, now, "inadequate")
            found = process_of(audit.id)
            assert found is not None
            self.processes.append(found)
        for n, process in enumerate(self.processes):
            self._process(n, process, day, now)

    def _process(self, n: int, process: ImprovementProcess, day: date, now: datetime) -> None:
        meeting, review = BY_HAND[n][1], BY_HAND[n][2]
        met_on = add_working_days(meeting, 2) if n == LATE_MEETING else meeting
        reviewed_on = add_working_days(review, 3) if n == LATE_REVIEW else review
        if day == met_on:
            self._meet(n, process, now)
        if day == reviewed_on:
            given = ReviewInput(True, "Looked at the case and spoke to the worker.")
            operations.record_review(process, given, viewer(self.people.service_manager, now), now)
        if n == SECOND_OF_WORKER and day == date(2019, 3, 12):
            given = CaseloadInput(
                False, "Her whole caseload was read in October.", authorised_by_id=self.people.director.id
            )
            operations.record_caseload_review(process, given, viewer(self.people.practice_lead, now), now)
        audit = process.reaudit
        if audit is not None and audit.submitted_at is None and day == add_working_days(BY_HAND[n][3], -2):
            who = viewer(audit.auditor, now)
            fill(audit, who, now, "good")
            audits.submit_audit(audit, who, now)
        closing = next(stage for stage in process.stages if stage.kind == K.CLOSING)
        if closing.due_on == day and closing.outcome is None:
            leader = self._lead(now)
            operations.close_process(process, "The plan holds, and the child is seen.", leader, now)

    def _lead(self, now: datetime) -> Any:
        away = LEAVE[0] <= london_day(now) <= LEAVE[1]
        return viewer(self.deputy if away and self.deputy else self.people.practice_lead, now)

    def _meet(self, n: int, process: ImprovementProcess, now: datetime) -> None:
        if n in IN_LEAVE and self.deputy is None:
            return
        action = PlannedAction(1, "Visit this week", self.people.team_manager.id, london_day(now) + timedelta(days=7))
        late = "The worker was in court on both days." if n == LATE_MEETING else ""
        given = MeetingInput(
            london_day(now), "Worker, manager, Practice Lead", "A new risk assessment.", [action], late_reason=late
        )
        operations.record_meeting(process, given, self._lead(now), now)


@pytest.fixture
def people(database: Any, now: datetime) -> Council:
    made = council(database, START)
    for one in made.everyone:
        one.starts_on = date(2015, 4, 1)
    database.flush()
    return made


def year(database: Any, people: Council, *, covered: bool) -> Year:
    """The council before its year: the Practice Lead's leave is known, and perhaps who stands in."""
    before = at(date(2019, 3, 1))
    lead = people.practice_lead
    add_absence(lead, *LEAVE, viewer(people.qa, before), before)
    if covered:
        name_deputy(lead, people.lead_auditor, *LEAVE, viewer(lead, before), before)
    return Year(database, people, people.lead_auditor if covered else None, whole=covered).begin()


def stage(process: ImprovementProcess, kind: StageKind) -> Stage:
    return next(one for one in process.stages if one.kind == kind)


def told(database: Any, message: str, process: ImprovementProcess) -> list[tuple[date, str]]:
    """On which day a message about a process went into the outbox, and to whom."""
    rows = database.scalars(
        select(Mail).where(Mail.message == message, Mail.subject_key.startswith(f"improvement:{process.id}:"))
    )
    return sorted((london_day(mail.created_at), mail.person.name) for mail in rows)


def check_the_late_meeting(process: ImprovementProcess) -> None:
    """The morning after its date the lead is chased; a day later, and not yet, the Head of Service hears."""
    assert told(db.session, "improvement_step_late", process) == [(date(2018, 8, 30), "Morag Dunstan")]
    assert told(db.session, "improvement_step_escalated", process) == []


def check_the_board_after_easter(walked: Year) -> None:
    """Tuesday 23 April 2019, the lead on leave: one row a process, the earliest date first, the deputy in turn."""
    people, today = walked.people, date(2019, 4, 23)
    rows = find_processes(viewer(people.practice_lead, at(today)), {}, [], today)
    shown = [(row.reference, row.next_kind, row.next_due_on, row.turn) for row in rows]
    refs = [one.reference for one in walked.processes]
    assert shown == [
        (refs[7], K.DAY_THREE_MEETING, date(2019, 4, 24), "Dele Marchetti"),
        # Audited again on 17 April; five working days after that, over Easter, are the lead's last day of leave.
        (refs[4], K.CLOSING, date(2019, 4, 26), "Dele Marchetti"),
        (refs[6], K.SERVICE_MANAGER_REVIEW, date(2019, 4, 30), "Imani Thorne"),
        (refs[5], K.REAUDIT, date(2019, 5, 23), "Morag Dunstan"),
    ]
    assert [row.reaudit_id is None for row in rows] == [True, False, True, True], "from 1 May on that of the last"
    waits = counts(viewer(people.lead_auditor, at(today)), {}, today)
    assert waits.open == 4, "the deputy sees what they cover"


def check_the_follow_up(walked: Year, period: Any) -> None:
    """The report's own follow-up: its figures are those of the year, its eleven recommendations came out 2, 1, 4, 4."""
    now = at(date(2026, 6, 12))  # after the date of the factory's report
    followed = report_of(walked.database, now, people=walked.people)
    made = published(followed, LIKE_THE_SOURCE)
    assert (made.audits, made.inadequate) == (walked.database.scalar(period), len(walked.processes)) == (219, 8)
    assert made.repeat_inadequate == sum(one.is_repeat for one in walked.processes) == 0
    assert recommendations.published_counts(followed.qa, followed.report) == {1: Counts(2, 1, 4, 4, 0)}
    found = recommendations.recommendations_of(followed.qa, followed.report)
    page = report_page(
        followed.report, found, [made], recommendations.published_counts(followed.qa, followed.report), whole=True
    )
    assert [cell.number for cell in page.results[1].cells] == [2, 1, 4, 4]


ON_SQLITE = pytest.mark.skipif(ON_POSTGRESQL, reason="the shorter year is walked on both databases")


@pytest.mark.parametrize("covered", [pytest.param(True, marks=ON_SQLITE), False])
def test_the_whole_year(database: Any, people: Council, covered: bool) -> None:
    walked = year(database, people, covered=covered)
    # What is settled is asked for no more and its mails are taken back, so days are looked at as they come.
    walked.walk(date(2018, 8, 30))
    check_the_late_meeting(walked.processes[LATE_MEETING])
    walked.walk(date(2019, 4, 23))
    if covered:
        check_the_board_after_easter(walked)
    walked.walk(date(2019, 5, 31))
    processes = walked.processes
    last = date(2019, 5, 31)

    # The report's figures.
    period = select(func.count(Audit.id)).where(Audit.reaudit_of_id.is_(None), Audit.submitted_at.is_not(None))
    assert database.scalar(period) == (219 if covered else 8)
    assert len(processes) == 8
    if covered:
        check_the_follow_up(walked, period)
    assert sum(one.is_repeat for one in database.scalars(select(ImprovementProcess))) == 0

    # Every clock as it was worked out by hand.
    dates = [
        (
            london_day(one.started_at),
            stage(one, K.DAY_THREE_MEETING).due_on,
            stage(one, K.SERVICE_MANAGER_REVIEW).due_on,
            stage(one, K.REAUDIT).due_on,
        )
        for one in processes
    ]
    assert dates == BY_HAND

    # The board on the last day of May: what is over, what is open, what is late.
    found = counts(viewer(people.practice_lead, at(last)), {}, last)
    assert (found.open, found.late) == ((2, 0) if covered else (2, 2))
    closed = processes[:6]
    assert [(one.state, one.close_outcome) for one in closed] == [(ProcessState.CLOSED, CloseOutcome.IMPROVED)] * 6

    # Each re-audit was scheduled by itself, fifteen working days ahead, with a different auditor, in its month's round.
    for n, one in enumerate(closed):
        assert one.reaudit is not None
        assert one.reaudit.auditor_id != one.audit.auditor_id
        assert one.reaudit.round.reference == f"{BY_HAND[n][3]:%Y-%m}-re-audit"
        assert london_day(one.reaudit.issued_at) == add_working_days(BY_HAND[n][3], -15)
        assert one.reaudit.due_on == BY_HAND[n][3]

    # What was late says so, and why; nothing was left out without a reason and a name.
    assert [
        standing_of(point, last) is Standing.DONE_LATE for point in (stage(one, K.DAY_THREE_MEETING) for one in closed)
    ] == [n == LATE_MEETING for n in range(6)]
    assert [
        standing_of(point, last) is Standing.DONE_LATE
        for point in (stage(one, K.SERVICE_MANAGER_REVIEW) for one in closed)
    ] == [n == LATE_REVIEW for n in range(6)]
    for one in database.scalars(select(Stage)):
        if one.outcome in (Outcome.SKIPPED, Outcome.WAIVED):
            assert one.note
            assert one.done_by_id is not None

    # The caseload review of the worker whose cases came out so twice: not required, with who authorised it.
    assert [any(one.kind == K.CASELOAD_REVIEW for one in process.stages) for process in processes] == [
        n == SECOND_OF_WORKER for n in range(8)
    ]
    review = stage(processes[SECOND_OF_WORKER], K.CASELOAD_REVIEW)
    assert (review.outcome, review.authorised_by_id) == (Outcome.WAIVED, people.director.id)
    assert all(process.caseload_basis for process in processes)

    for n in IN_LEAVE:
        meeting = stage(processes[n], K.DAY_THREE_MEETING)
        if covered:
            # The step was the deputy's before its date, who did it in time on the lead's behalf.
            assert meeting.covered_since is not None
            assert london_day(meeting.covered_since) < BY_HAND[n][1]
            assert meeting.cover_id == people.lead_auditor.id
            assert (meeting.done_by_id, meeting.done_for_id) == (people.lead_auditor.id, people.practice_lead.id)
            assert meeting.done_on == BY_HAND[n][1]
        else:
            # Nobody covered, and that was said before the date to those who can change it; then it is the lead's again.
            said = told(database, "improvement_uncovered", processes[n])
            assert {name for _, name in said} == {"Kavita Rowntree", "Nia Fairclough"}
            assert all(day < BY_HAND[n][1] for day, _ in said)
            assert (meeting.outcome, meeting.turn_id) == (None, people.practice_lead.id)
            late = told(database, "improvement_step_escalated", processes[n])
            assert [name for _, name in late] == ["Kavita Rowntree"]
