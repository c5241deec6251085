"""The audits of a window, how many there are, and how their sections were graded.

A pack holds the issued audits of its months' rounds. Those of restricted cases are left out, and counted, since a pack
is handed on.
"""

from collections.abc import Iterator
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Select, and_, case, func, or_, select
from sqlalchemy.orm import aliased

from qa_app.access.viewer import Viewer
from qa_app.actions.models import Action
from qa_app.actions.states import ActionState
from qa_app.audits.models import Audit, SectionAnswer
from qa_app.audits.states import SUBMITTED_STATES, AuditState
from qa_app.cases.models import Case
from qa_app.core.database import db, plain_rows
from qa_app.inspection.rules import Window
from qa_app.people.models import Service, Team
from qa_app.rounds.models import AuditType, Round
from qa_app.tools.models import AuditTool, Domain, ToolVersion

AT_ONCE = 2_000
"""Rows that are held at once."""


def months() -> list[date]:
    """The months that have issued audits, newest first."""
    issued = select(Round.month).where(Round.issued_at.is_not(None)).distinct().order_by(Round.month.desc())
    return list(db.session.scalars(issued))


def _issued(window: Window) -> ColumnElement[bool]:
    """The query must join Round."""
    return and_(Round.month.between(window.first, window.last), Audit.issued_at.is_not(None))


def _told(window: Window) -> ColumnElement[bool]:
    """Submitted audits, whose grades may be told. The query must join Round and Case."""
    return and_(_issued(window), Audit.state.in_(SUBMITTED_STATES), Case.restricted.is_(False))


def told_ids(window: Window) -> Select[Any]:
    """The ids of those audits."""
    found = select(Audit.id).join(Round, Round.id == Audit.round_id).join(Case, Case.id == Audit.case_id)
    return found.where(_told(window))


def grades_blind(viewer: Viewer, window: Window) -> bool:
    """Whether the viewer moderates an audit of the window blind, or a re-audit of one, and has not graded it yet."""
    own = Audit.blind_for_id == viewer.person_id
    again = aliased(Audit)
    earlier = select(again.id).join(Round, Round.id == again.round_id)
    inside = Round.month.between(window.first, window.last)
    of_window = or_(inside, Audit.reaudit_of_id.in_(earlier.where(inside)))
    found = select(Audit.id).join(Round, Round.id == Audit.round_id).where(own, of_window).limit(1)
    return viewer.person_id is not None and db.session.scalar(found) is not None


class TypeCount(NamedTuple):
    """The audits of one audit type in a window. Restricted ones are counted apart, and in nothing else."""

    audit_type: str
    issued: int
    submitted: int
    late: int
    withdrawn: int
    restricted: int


def counts(window: Window) -> list[TypeCount]:
    """How many audits a pack would hold, by audit type."""
    own = Case.restricted.is_(False)
    submitted = and_(own, Audit.state.in_(SUBMITTED_STATES))
    rows = plain_rows(
        select(
            AuditType.name,
            func.count().filter(own),
            func.count().filter(submitted),
            func.count().filter(submitted, Audit.is_late),
            func.count().filter(own, Audit.state == AuditState.WITHDRAWN),
            func.count().filter(Case.restricted.is_(True)),
        )
        .select_from(Audit)
        .join(Round, Round.id == Audit.round_id)
        .join(AuditType, AuditType.id == Round.audit_type_id)
        .join(Case, Case.id == Audit.case_id)
        .where(_issued(window))
        .group_by(AuditType.id, AuditType.name)
        .order_by(AuditType.id)
    )
    return [TypeCount._make(row) for row in rows]


class AuditRow(NamedTuple):
    """One audit of a pack."""

    reference: str
    case_reference: str
    month: date
    audit_type: str
    tool: str
    tool_version: int
    version_id: int
    service: str
    team: str
    case_type: str
    state: str
    submitted_at: Any
    is_late: bool
    moderated_at: Any
    grade_before: str | None
    grade_after: str | None
    actions: int
    actions_open: int
    actions_done: int
    actions_verified: int
    actions_not_done: int


def audits(window: Window) -> Iterator[AuditRow]:
    """The issued audits of a window, withdrawn and unfinished ones too, by round and number."""
    of = Action.state
    followed = (
        select(
            Action.source_id.label("audit_id"),
            func.count().label("all"),
            func.count().filter(of == ActionState.OPEN).label("open"),
            func.count().filter(of == ActionState.DONE).label("done"),
            func.count().filter(of == ActionState.VERIFIED).label("verified"),
            func.count().filter(of == ActionState.NOT_DONE).label("not_done"),
        )
        .where(Action.source_type == "audit", of != ActionState.DRAFT, Action.source_id.in_(told_ids(window)))
        .group_by(Action.source_id)
        .subquery()
    )
    shown = Audit.state.in_(SUBMITTED_STATES)
    number = [func.coalesce(followed.c[name], 0) for name in ("all", "open", "done", "verified", "not_done")]
    statement: Any = (
        select(
            Audit.reference, Audit.case_reference, Round.month, AuditType.name, AuditTool.name, ToolVersion.number,
            ToolVersion.id, Service.name, Team.name, Audit.case_type, Audit.state, Audit.submitted_at, Audit.is_late,
            Audit.moderated_at, case((shown, Audit.overall_grade)),
            case((shown, func.coalesce(Audit.final_grade, Audit.overall_grade))), *number,
        )
        .select_from(Audit)
        .join(Round, Round.id == Audit.round_id)
        .join(AuditType, AuditType.id == Round.audit_type_id)
        .join(ToolVersion, ToolVersion.id == Round.tool_version_id)
        .join(AuditTool, AuditTool.id == ToolVersion.tool_id)
        .join(Case, Case.id == Audit.case_id)
        .join(Service, Service.id == Audit.service_id)
        .join(Team, Team.id == Audit.team_id)
        .outerjoin(followed, followed.c.audit_id == Audit.id)
        .where(_issued(window), Case.restricted.is_(False))
        .order_by(Round.month, Round.id, Audit.number)
    )  # fmt: skip
    return map(AuditRow._make, streamed(statement))


class ThemeCount(NamedTuple):
    """How often a section of one tool version was given one grade."""

    audit_type: str
    section: str
    title: str
    position: int
    version_id: int
    grade: str | None
    audits: int
    with_improvements: int
    affecting_child: int


def themes(window: Window) -> list[ThemeCount]:
    """Grades of sections, and how often an area for improvement was named, by audit type."""
    improvements = SectionAnswer.improvements != ""
    rows = plain_rows(
        select(
            AuditType.name, Domain.key, Domain.title, Domain.position, Domain.tool_version_id, SectionAnswer.grade,
            func.count(), func.count().filter(improvements),
            func.count().filter(SectionAnswer.affects_child_now.is_(True)),
        )
        .select_from(Audit)
        .join(Round, Round.id == Audit.round_id)
        .join(AuditType, AuditType.id == Round.audit_type_id)
        .join(Case, Case.id == Audit.case_id)
        .join(SectionAnswer, SectionAnswer.audit_id == Audit.id)
        .join(Domain, Domain.id == SectionAnswer.domain_id)
        .where(_told(window))
        .group_by(AuditType.id, AuditType.name, Domain.id, SectionAnswer.grade)
        .order_by(AuditType.id, Domain.tool_version_id, Domain.position, SectionAnswer.grade)
    )  # fmt: skip
    return [ThemeCount._make(row) for row in rows]


def scales() -> dict[int, list[dict[str, Any]]]:
    """The grades of each tool version, best first."""
    rows = db.session.execute(select(ToolVersion.id, ToolVersion.scale).order_by(ToolVersion.id))
    return {version_id: scale for version_id, scale in rows}


def streamed(statement: Select[Any]) -> Iterator[Any]:
    """Rows as they come, not all at once; asked for with the first of them."""
    db.session.flush()
    yield from db.session.connection().execute(statement.execution_options(yield_per=AT_ONCE))
