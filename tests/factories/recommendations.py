"""A report with recommendations, owned, followed up and judged, walked there by the operations."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from qa_app.access.viewer import Viewer
from qa_app.people.models import Person
from qa_app.recommendations import operations, queries
from qa_app.recommendations.inputs import JudgementInput, RecommendationInput, ReportInput, SummaryInput
from qa_app.recommendations.models import FollowUp, Recommendation, Report, ReportKind
from qa_app.recommendations.states import Outcome
from tests.factories.people import Council, council
from tests.factories.rounds import viewer

O = Outcome  # noqa: E741 - a table of outcomes reads better with a short name
LIKE_THE_SOURCE = (O.FULLY,) * 2 + (O.SUBSTANTIALLY,) + (O.PARTIALLY,) * 4 + (O.NOT,) * 4
"""11 recommendations of one report: 2 fully, 1 substantially, 4 partially, 4 not implemented."""


@dataclass
class Followed:
    """A report of service A; its recommendations are owned by `team_manager` and `service_manager` in turn."""

    council: Council
    report: Report
    recommendations: list[Recommendation]
    now: datetime

    def viewer(self, person: Person) -> Viewer:
        """Anybody."""
        return viewer(person, self.now)

    @property
    def qa(self) -> Viewer:
        """The QA team."""
        return self.viewer(self.council.qa)

    @property
    def path(self) -> str:
        """The report's page."""
        return f"/recommendations/{self.report.reference}"


def report_of(
    database: Any, now: datetime, number: int = 11, *, department: bool = False, people: Council | None = None
) -> Followed:
    """A report with open recommendations, due in turn from a week on; the last has no date."""
    people = people or council(database, now)
    qa = viewer(people.qa, now)
    service_id = None if department else people.service_a.id
    wanted = ReportInput(
        "Response to inadequate audits",
        ReportKind.AUDIT_REPORT,
        date(2026, 1, 15),
        service_id,
        "Whether prompt action follows an inadequate audit.",
    )
    report = operations.add_report(wanted, qa, now)
    owners = (people.team_manager, people.service_manager)
    made = [
        operations.add_recommendation(
            report,
            RecommendationInput(
                f"Improve step {n}.",
                owners[n % 2].id,
                now.date() + timedelta(days=7 * n) if n < number else None,
            ),
            qa,
            now,
        )
        for n in range(1, number + 1)
    ]
    return Followed(people, report, made, now)


def judged(followed: Followed, outcomes: Sequence[Outcome | None], follow_up: FollowUp | None = None) -> FollowUp:
    """A follow-up in draft in which each recommendation, in order, is judged; None leaves one out."""
    found = follow_up or operations.start_follow_up(followed.report, followed.qa, followed.now)
    judgements = queries.judgements_of(followed.qa, found)
    for judgement, outcome in zip(judgements, outcomes, strict=True):
        if outcome is not None:
            typed = JudgementInput(outcome, f"Seen in the records of step {judgement.recommendation.number}.")
            operations.save_judgement(judgement, typed, judgement.version, followed.qa, followed.now)
    return found


def summed_up(followed: Followed, found: FollowUp) -> FollowUp:
    """The same with its date, figures and summary."""
    typed = SummaryInput(followed.now.date(), "June 2025 to May 2026", 219, 8, 0, "The process is well designed.")
    operations.save_summary(found, typed, found.version, followed.qa, followed.now)
    return found


def published(followed: Followed, outcomes: Sequence[Outcome]) -> FollowUp:
    """A follow-up, published."""
    found = summed_up(followed, judged(followed, outcomes))
    operations.publish(found, followed.qa, followed.now)
    return found
