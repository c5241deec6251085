"""The demonstration council's reports with recommendations: one followed up and followed up again, one that is new."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial

from sqlalchemy import select

from qa_app.access.roles import Role
from qa_app.access.viewer import Viewer
from qa_app.core.clock import is_working_day, london_day
from qa_app.core.database import db
from qa_app.demo.agenda import Agenda, at
from qa_app.demo.recommended import INSPECTED, OBJECTIVE, RECOMMENDED, SINCE, SUMMARY
from qa_app.people.models import RoleGrant
from qa_app.recommendations import operations
from qa_app.recommendations.inputs import JudgementInput, RecommendationInput, ReportInput, SummaryInput
from qa_app.recommendations.models import FollowUp, Recommendation, Report, ReportKind
from qa_app.recommendations.queries import judgements_of, recommendations_of

DAY, HOUR = timedelta(days=1), timedelta(hours=1)
OWNERS = (Role.PRACTICE_LEAD, Role.HEAD_OF_SERVICE, Role.SERVICE_MANAGER, Role.TEAM_MANAGER)


@dataclass
class Recommendations:
    """Puts the life of two reports on the agenda, by the operations as everything else."""

    agenda: Agenda
    qa: Viewer
    viewer_of: Callable[[int], Viewer]
    owners: Sequence[int] = field(default_factory=list)

    def follow(self, now: datetime) -> None:
        """A report of a year ago: followed up in spring with 2, 1, 4 and 4 of 11, and again now, in draft."""
        add = self.agenda.add
        add(_before(now, 330), partial(self._add_first, now))
        add(_before(now, 20), partial(self._add_second, now))

    def _add_first(self, present: datetime, now: datetime) -> None:
        self.owners = _owners()
        dated = london_day(now - 25 * DAY)
        wanted = ReportInput(
            "Management response to quality assurance audits", ReportKind.AUDIT_REPORT, dated, None, OBJECTIVE
        )
        report = operations.add_report(wanted, self.qa, now)
        for n, one in enumerate(RECOMMENDED):
            due = london_day(present + one.due_in * DAY)
            owner = self.owners[n % len(self.owners)]
            operations.add_recommendation(report, RecommendationInput(one.text, owner, due), self.qa, now + HOUR)
        for n, one in enumerate(RECOMMENDED):
            if one.said:
                self.agenda.add(_before(present, 150 - 2 * n), partial(self._say, report, n + 1, one.said))
        self.agenda.add(_before(present, 120), partial(self._follow_up, report))
        for number, words in SINCE.items():
            self.agenda.add(_before(present, 30 - number), partial(self._say, report, number, words))
        self.agenda.add(_before(present, 6), partial(self._again, report))

    def _add_second(self, present: datetime, now: datetime) -> None:
        dated = london_day(now - 5 * DAY)
        wanted = ReportInput("Focused visit: children at risk of exploitation", ReportKind.INSPECTION, dated)
        report = operations.add_report(wanted, self.qa, now)
        for n, text in enumerate(INSPECTED):
            wish = RecommendationInput(text, self.owners[-1 - n], london_day(present + (60 + 15 * n) * DAY))
            operations.add_recommendation(report, wish, self.qa, now)

    def _say(self, report: Report, number: int, words: str, now: datetime) -> None:
        found = _numbered(self.qa, report, number)
        assert found.owner_id is not None
        operations.describe(found, words, self.viewer_of(found.owner_id), now, is_done=words.startswith("Done"))

    def _follow_up(self, report: Report, now: datetime) -> None:
        found = operations.start_follow_up(report, self.qa, now)
        for judgement, one in zip(judgements_of(self.qa, found), RECOMMENDED, strict=True):
            typed = JudgementInput(one.outcome, one.evidence)
            operations.save_judgement(judgement, typed, 0, self.qa, now + HOUR)
        self.agenda.add(_before(now, -4), partial(self._publish, found))

    def _publish(self, found: FollowUp, now: datetime) -> None:
        summary = SummaryInput(london_day(now), "The twelve months before this follow-up", 219, 8, 0, SUMMARY)
        operations.save_summary(found, summary, found.version, self.qa, now)
        operations.publish(found, self.qa, now + HOUR)

    def _again(self, report: Report, now: datetime) -> None:
        """Begun, with the first four of nine judged."""
        found = operations.start_follow_up(report, self.qa, now)
        for judgement in judgements_of(self.qa, found)[:4]:
            one = RECOMMENDED[judgement.recommendation.number - 1]
            typed = JudgementInput(one.again, one.evidence_again)
            operations.save_judgement(judgement, typed, 0, self.qa, now + HOUR)


def _before(present: datetime, days: int) -> datetime:
    """A morning so many days before, or the last working day before that."""
    day = london_day(present) - days * DAY
    while not is_working_day(day):
        day -= DAY
    return at(day, 10)


def _numbered(viewer: Viewer, report: Report, number: int) -> Recommendation:
    return next(each for each in recommendations_of(viewer, report) if each.number == number)


def _owners() -> list[int]:
    """Those who answer for practice, most senior first, each once."""
    found: dict[int, None] = {}
    for role in OWNERS:
        holders = select(RoleGrant.person_id).where(RoleGrant.role == role).order_by(RoleGrant.id)
        found |= dict.fromkeys(db.session.scalars(holders))
    return list(found)
