"""What followed from the audits of a window: actions, re-audits, recommendations."""

from collections.abc import Iterator
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import Select, and_, case, func, or_, select
from sqlalchemy.orm import aliased

from qa_app.actions.models import Action
from qa_app.actions.states import ActionState
from qa_app.audits.models import Audit
from qa_app.audits.states import SUBMITTED_STATES
from qa_app.core.clock import start_of_day
from qa_app.core.database import db, plain_rows
from qa_app.improvement.models import ImprovementProcess
from qa_app.inspection.queries.audits import streamed, told_ids
from qa_app.inspection.rules import Window
from qa_app.people.models import Team
from qa_app.recommendations.models import FollowUp, Judgement, Recommendation, Report
from qa_app.recommendations.states import FollowUpState
from qa_app.rounds.models import Round


class ActionRow(NamedTuple):
    """One action that an audit of a pack led to, at once or through its improvement process."""

    audit: str
    id: int
    what: str
    for_whom: str
    is_immediate: bool
    team: str | None
    first_due_on: date
    due_on: date
    state: str
    reported_at: Any
    verified_at: Any
    outcome: str | None


def actions(window: Window) -> Iterator[ActionRow]:
    """What the audits of a window led to, by audit."""
    statement = _led_to(
        window,
        Audit.reference, Action.id, Action.what, Action.for_whom, Action.is_immediate, Team.name,
        Action.first_due_on, Action.due_on, Action.state, Action.reported_at, Action.verified_at, Action.outcome,
    )  # fmt: skip
    return map(ActionRow._make, streamed(statement.order_by(Audit.id, Action.id)))


def actions_number(window: Window) -> int:
    """How many those are."""
    return db.session.scalar(_led_to(window, func.count())) or 0


def _led_to(window: Window, *columns: Any) -> Select[Any]:
    told = told_ids(window)
    processes = select(ImprovementProcess.id).where(ImprovementProcess.audit_id.in_(told))
    process = ImprovementProcess
    by_process = and_(Action.source_type == "improvement process", process.id == Action.source_id)
    audit_id = case((Action.source_type == "audit", Action.source_id), else_=process.audit_id)
    return (
        select(*columns)
        .select_from(Action)
        .outerjoin(process, by_process)
        .join(Audit, Audit.id == audit_id)
        .outerjoin(Team, Team.id == Action.team_id)
        .where(
            Action.state != ActionState.DRAFT,
            or_(
                and_(Action.source_type == "audit", Action.source_id.in_(told)),
                and_(Action.source_type == "improvement process", Action.source_id.in_(processes)),
            ),
        )
    )


class ReauditRow(NamedTuple):
    """An improvement process that an audit of a pack started, and what its re-audit found."""

    id: int
    audit: str
    team: str
    version_id: int
    grade: str
    state: str
    outcome: str | None
    reaudit: str | None
    reaudited_at: Any
    grade_after: str | None


def reaudits(window: Window) -> list[ReauditRow]:
    """Improvement processes of the audits of a window, by audit; the re-audit's grade once it is submitted."""
    again, process = aliased(Audit), ImprovementProcess
    shown = again.state.in_(SUBMITTED_STATES)
    after = func.coalesce(again.final_grade, again.overall_grade)
    rows = plain_rows(
        select(
            process.id, Audit.reference, Team.name, Round.tool_version_id, process.grade, process.state,
            process.close_outcome, again.reference, case((shown, again.submitted_at)), case((shown, after)),
        )
        .select_from(process)
        .join(Audit, Audit.id == process.audit_id)
        .join(Round, Round.id == Audit.round_id)
        .join(Team, Team.id == process.team_id)
        .outerjoin(again, again.id == process.reaudit_id)
        .where(process.audit_id.in_(told_ids(window)))
        .order_by(Audit.id, process.id)
    )  # fmt: skip
    return [ReauditRow._make(row) for row in rows]


class RecommendationRow(NamedTuple):
    """A recommendation that a follow-up judged, as that one found it."""

    report_id: int
    report: str
    number: int
    text: str
    outcome: str | None
    followed_up: Any


def recommendations(window: Window) -> list[RecommendationRow]:
    """What follow-ups that were published since the window began found, by report; a later one after an earlier."""
    rows = plain_rows(
        select(Report.id, Report.title, Recommendation.number, Recommendation.text, Judgement.outcome,
               FollowUp.published_at)
        .select_from(Judgement)
        .join(FollowUp, FollowUp.id == Judgement.follow_up_id)
        .join(Recommendation, Recommendation.id == Judgement.recommendation_id)
        .join(Report, Report.id == Recommendation.report_id)
        .where(FollowUp.state == FollowUpState.PUBLISHED, FollowUp.published_at >= start_of_day(window.first))
        .order_by(Report.id, Recommendation.number, FollowUp.number)
    )  # fmt: skip
    return [RecommendationRow._make(row) for row in rows]
