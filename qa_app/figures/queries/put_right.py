"""Rows of what audits led to in a period: stages and processes of improvement, actions (domain.md section 8).

A period is the days of a cut's months. What a row says of days is in London.
"""

from datetime import date, datetime

from sqlalchemy import ColumnElement, and_, or_, select, true

from qa_app.access.viewer import Viewer
from qa_app.actions.models import Action
from qa_app.actions.states import ActionState
from qa_app.core.clock import end_of_day, london_day, start_of_day
from qa_app.core.database import plain_rows
from qa_app.figures.cuts import Cut
from qa_app.figures.model import ActionRow, ProcessRow, StageRow
from qa_app.figures.queries.audits import in_scope
from qa_app.improvement.models import ImprovementProcess, Stage
from qa_app.people.models import Person


def stages_due(cut: Cut, viewer: Viewer) -> list[StageRow]:
    """Stages of improvement processes that were due in the period, with the manager responsible, by date.

    A stage that was due and is not done counts against its date like one that was done late.
    """
    process = ImprovementProcess
    statement = (
        select(process.service_id, process.team_id, Stage.owner_id, Person.name, Stage.kind)
        .add_columns(process.started_at, Stage.due_on, Stage.done_on, Stage.outcome)
        .select_from(Stage)
        .join(process, process.id == Stage.process_id)
        .outerjoin(Person, Person.id == Stage.owner_id)
        .where(Stage.due_on.between(cut.first, cut.last_day), _at_place(cut))
        .where(in_scope(viewer, process.service_id, process.team_id))
        .order_by(Stage.due_on, Stage.id)
    )
    return [
        StageRow(service, team, owner, name or "", kind, london_day(started), due, done, outcome)
        for service, team, owner, name, kind, started, due, done, outcome in plain_rows(statement)
    ]


def processes(cut: Cut, viewer: Viewer) -> list[ProcessRow]:
    """Improvement processes that were open at some time of the period, in the order in which they started."""
    process = ImprovementProcess
    statement = (
        select(process.service_id, process.team_id, process.grade, process.started_at, process.closed_at)
        .add_columns(process.close_outcome, process.previous_id)
        .where(process.started_at < end_of_day(cut.last_day), _at_place(cut))
        .where(or_(process.closed_at.is_(None), process.closed_at >= start_of_day(cut.first)))
        .where(in_scope(viewer, process.service_id, process.team_id))
        .order_by(process.started_at, process.id)
    )
    return [
        ProcessRow(service, team, grade, london_day(started), _day(closed), outcome, previous is not None)
        for service, team, grade, started, closed, outcome, previous in plain_rows(statement)
    ]


def actions_of(cut: Cut, viewer: Viewer) -> list[ActionRow]:
    """Actions that were opened, due or reported in the period, or are open now, by date. Drafts are nobody's yet."""
    begin, end = start_of_day(cut.first), end_of_day(cut.last_day)
    statement = (
        select(Action.service_id, Action.team_id, Action.is_immediate, Action.state, Action.opened_at)
        .add_columns(Action.first_due_on, Action.due_on, Action.reported_at, Action.outcome)
        .where(Action.state != ActionState.DRAFT, Action.opened_at < end)
        .where(
            or_(
                Action.state == ActionState.OPEN,
                Action.opened_at >= begin,
                Action.due_on.between(cut.first, cut.last_day),
                Action.reported_at >= begin,
            )
        )
        .where(*_of_place(cut), in_scope(viewer, Action.service_id, Action.team_id))
        .order_by(Action.due_on, Action.id)
    )
    return [
        ActionRow(service, team, immediate, state, london_day(opened), first, due, _day(reported), outcome)
        for service, team, immediate, state, opened, first, due, reported, outcome in plain_rows(statement)
    ]


def _day(at: datetime | None) -> date | None:
    return london_day(at) if at is not None else None


def _at_place(cut: Cut) -> ColumnElement[bool]:
    process = ImprovementProcess
    service = true() if cut.service_id is None else process.service_id == cut.service_id
    team = true() if cut.team_id is None else process.team_id == cut.team_id
    return and_(service, team)


def _of_place(cut: Cut) -> list[ColumnElement[bool]]:
    wanted = [(Action.service_id, cut.service_id), (Action.team_id, cut.team_id)]
    return [column == value for column, value in wanted if value is not None]
