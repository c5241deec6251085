"""Lists of reports and of what waits for whom, each only as far as the viewer may see (domain.md section 12)."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, cast

from sqlalchemy import ColumnElement, Select, String, case, false, func, or_, select, true
from sqlalchemy import cast as cast_to

from qa_app.access.permissions import Permission
from qa_app.access.viewer import Viewer
from qa_app.core.clock import add_working_days
from qa_app.core.database import db
from qa_app.core.waiting import ask
from qa_app.people.models import Person, Service
from qa_app.recommendations.models import FollowUp, Recommendation, Report
from qa_app.recommendations.permissions import answers_for
from qa_app.recommendations.rules import Counts
from qa_app.recommendations.states import FollowUpState, Outcome, RecommendationState

DEPARTMENT = "department"
"""In the filter of services: what is of the whole department."""


def visible(viewer: Viewer) -> ColumnElement[bool]:
    """Which recommendations the viewer may know of. The query must join Report, and Person, the owner, from outside."""
    scope = viewer.scope(Permission.RECOMMENDATION_READ)
    if scope.everything:
        return true()
    reach: list[ColumnElement[bool]] = [Recommendation.owner_id.in_(answers_for(viewer))] if scope.own_of else []
    if scope.service_ids:
        reach.append(or_(Report.service_id.in_(scope.service_ids), Report.service_id.is_(None)))
    if scope.team_ids:
        reach.append(Person.team_id.in_(scope.team_ids))
    return or_(*reach) if reach else false()


def visible_reports(viewer: Viewer) -> ColumnElement[bool]:
    """Which reports the viewer may know of: those that they read whole, and those of which they see a part."""
    scope = viewer.scope(Permission.RECOMMENDATION_READ)
    if scope.everything:
        return true()
    part = (
        select(Recommendation.id)
        .outerjoin(Person, Person.id == Recommendation.owner_id)
        .where(Recommendation.report_id == Report.id, visible(viewer))
        .correlate(Report)
        .exists()
    )
    if scope.service_ids:
        return or_(Report.service_id.in_(scope.service_ids), Report.service_id.is_(None), part)
    return part


def _tally(outcome: Outcome | None) -> Any:
    """How many have an outcome; None: none yet. A report without recommendations has 0 of every kind."""
    no_outcome = Recommendation.id.is_not(None) & Recommendation.outcome.is_(None)
    found = no_outcome if outcome is None else Recommendation.outcome == outcome
    return func.coalesce(func.sum(case((found, 1), else_=0)), 0)


@dataclass(frozen=True, slots=True)
class ReportRow:
    """One line of the list of reports. Counts are of the recommendations that the viewer may see."""

    id: int
    title: str
    kind: str
    dated: date
    service: str | None
    counts: Counts
    follow_ups: int
    draft: int | None

    @property
    def reference(self) -> str:
        """`R-0003`."""
        return f"R-{self.id:04d}"


_TOTAL = func.count(Recommendation.id)
_FOLLOW_UPS = (
    select(func.count(FollowUp.id))
    .where(FollowUp.report_id == Report.id, FollowUp.state == FollowUpState.PUBLISHED)
    .scalar_subquery()
)
_DRAFT = (
    select(FollowUp.number)
    .where(FollowUp.report_id == Report.id, FollowUp.state == FollowUpState.DRAFT)
    .scalar_subquery()
)
SORTS: dict[str, Any] = {
    "reference": Report.id,
    "title": Report.title,
    "dated": Report.dated,
    "service": Service.name,
    "total": _TOTAL,
    "unjudged": _tally(None),
    "follow_ups": _FOLLOW_UPS,
    **{str(outcome): _tally(outcome) for outcome in Outcome},
}


def find_reports(
    viewer: Viewer,
    filters: Mapping[str, str],
    order_by: Sequence[Any],
    *,
    limit: int | None = None,
    offset: int = 0,
) -> tuple[list[ReportRow], int]:
    """The reports that the filters (q, kind, service, having) leave, one page of them, and how many in all."""
    narrowed = _narrowed(viewer, filters)
    total = db.session.scalar(select(func.count()).select_from(narrowed.subquery())) or 0
    rows: Any = db.session.execute(narrowed.order_by(*order_by, Report.id.desc()).limit(limit).offset(offset))
    return [
        ReportRow(key, title, kind, dated, service, Counts(*map(int, counts)), follow_ups, draft)
        for key, title, kind, dated, service, *counts, follow_ups, draft in rows
    ], total


def _narrowed(viewer: Viewer, filters: Mapping[str, str]) -> Select[Any]:
    tallies = [_tally(outcome).label(str(outcome)) for outcome in Outcome]
    seen = (
        select(Recommendation.id)
        .join(Report, Report.id == Recommendation.report_id)
        .outerjoin(Person, Person.id == Recommendation.owner_id)
        .where(visible(viewer))
    )
    found: Any = (
        select(
            Report.id,
            Report.title,
            Report.kind,
            Report.dated,
            Service.name.label("service"),
            *tallies,
            _tally(None).label("unjudged"),
            _FOLLOW_UPS.label("follow_ups"),
            _DRAFT.label("draft"),
        )
        .outerjoin(Service, Service.id == Report.service_id)
        .outerjoin(
            Recommendation,
            (Recommendation.report_id == Report.id) & Recommendation.id.in_(seen),
        )
        .where(visible_reports(viewer))
        .group_by(Report.id, Report.title, Report.kind, Report.dated, Service.name)
    )
    if text := filters.get("q"):
        found = found.where(Report.title.icontains(text, autoescape=True))
    if kind := filters.get("kind"):
        found = found.where(Report.kind == kind)
    if service := filters.get("service"):
        found = found.where(Report.service_id.is_(None) if service == DEPARTMENT else Report.service_id == int(service))
    if having := filters.get("having"):
        found = found.having(_tally(Outcome(having) if having in set(Outcome) else None) > 0)
    return cast(Select[Any], found)


SOON = 10
"""Working days before its date from which an owner's home page tells of a recommendation."""


def waiting_recommendations(viewer: Viewer, today: date) -> Iterator[Select[Any]]:
    """What waits for this viewer, for the home page: their own, and those of whom they stand in for, that are
    due soon or overdue; and drafts to go on with.

    Each leads on by report and number, with a slash between.
    """
    if viewer.can(Permission.RECOMMENDATION_ANSWER):
        due = (
            select(Recommendation)
            .where(
                Recommendation.owner_id.in_(answers_for(viewer)),
                Recommendation.state == RecommendationState.OPEN,
                Recommendation.due_on <= add_working_days(today, SOON),
            )
            .order_by(Recommendation.due_on, Recommendation.id)
        )
        yield ask("recommendations due", due, on=Recommendation.due_on, first=_place(Recommendation))
    if viewer.can(Permission.RECOMMENDATION_MANAGE):
        drafts = (
            select(FollowUp).where(FollowUp.state == FollowUpState.DRAFT).order_by(FollowUp.started_at, FollowUp.id)
        )
        yield ask("follow-ups in draft", drafts, at=FollowUp.started_at, first=_place(FollowUp))


def _place(model: Any) -> Any:
    return cast_to(model.report_id, String) + "/" + cast_to(model.number, String)
