"""Counts of audits, and of what was expected of whom (domain.md sections 6 and 9).

Each takes a cut and the viewer, who sees the figures of their own services and teams alone. All are set-based: one
statement that reads the audits of the cut's rounds, however many years the others are. Statements are kept: to put one
together takes longer than to run it.
"""

from collections import Counter, defaultdict
from collections.abc import Collection
from datetime import date
from functools import lru_cache
from typing import Any, cast

from sqlalchemy import (
    ColumnElement,
    CompoundSelect,
    Select,
    and_,
    case,
    false,
    func,
    literal,
    or_,
    select,
    true,
    union_all,
)

from qa_app.access.permissions import Permission
from qa_app.access.viewer import Viewer
from qa_app.audits.content import read_scale
from qa_app.audits.models import Audit
from qa_app.audits.rules import Grade
from qa_app.audits.states import SUBMITTED_STATES, AuditState
from qa_app.core.database import plain_rows
from qa_app.figures.cuts import Cut
from qa_app.figures.model import AuditCount, Completion, OtherActivity, Standing, Workers
from qa_app.people.models import Person, Team
from qa_app.rounds.models import AuditType, Round, RoundAuditor
from qa_app.tools.models import ToolVersion

SUBMITTED = Audit.state.in_(SUBMITTED_STATES)
LIVE = and_(
    Audit.state != AuditState.WITHDRAWN,
    or_(Audit.issued_at.is_not(None), and_(Round.issued_at.is_not(None), Audit.auditor_id.is_(None))),
)
"""Audits that are issued and not withdrawn, as progress by manager counts them. The query must join Round."""

STANDING = case(
    (Audit.state == AuditState.ALLOCATED, Standing.NOT_STARTED),
    (Audit.state == AuditState.IN_PROGRESS, Standing.IN_PROGRESS),
    (Audit.is_late, Standing.LATE),
    else_=Standing.ON_TIME,
)
"""One that was returned is in progress again."""

BEFORE = case((SUBMITTED, Audit.overall_grade))
AFTER = case((SUBMITTED, func.coalesce(Audit.final_grade, Audit.overall_grade)))
IS_FINAL = Audit.state == AuditState.FINAL


def rounds_of(cut: Cut) -> ColumnElement[bool]:
    """The rounds of a cut. The query must join Round and AuditType."""
    return and_(Round.month.between(cut.first, cut.last), AuditType.key == cut.audit_type)


def of_cut(cut: Cut) -> ColumnElement[bool]:
    """The live audits of a cut. The query must join Round and AuditType."""
    parts = [rounds_of(cut), LIVE]
    if cut.service_id is not None:
        parts.append(Audit.service_id == cut.service_id)
    if cut.team_id is not None:
        parts.append(Audit.team_id == cut.team_id)
    if cut.case_type:
        parts.append(Audit.case_type == cut.case_type)
    return and_(*parts)


def in_scope(viewer: Viewer, service: Any, team: Any) -> ColumnElement[bool]:
    """Whether a thing of this service and team (columns) belongs to the figures that the viewer may read."""
    scope = viewer.scope(Permission.FIGURES_READ)
    if scope.everything:
        return true()
    reach = []
    if scope.service_ids:
        reach.append(service.in_(scope.service_ids))
    if scope.team_ids:
        reach.append(team.in_(scope.team_ids))
    return or_(*reach) if reach else false()


def audit_counts(cut: Cut, viewer: Viewer, months: Collection[date] | None = None) -> list[AuditCount]:
    """How many audits of the cut (of some of its months, where given) are alike in all that a figure asks for."""
    return [AuditCount(*row) for row in plain_rows(_counted(cut, viewer, None if months is None else tuple(months)))]


@lru_cache(maxsize=256)
def _counted(cut: Cut, viewer: Viewer, months: tuple[date, ...] | None) -> Select[Any]:
    columns = (Round.month, Audit.service_id, Audit.team_id, Audit.case_type)
    derived = (STANDING.label("standing"), BEFORE.label("before"), AFTER.label("after"), IS_FINAL.label("is_final"))
    return (
        select(*columns, *derived, func.count())
        .select_from(Audit)
        .join(Round, Round.id == Audit.round_id)
        .join(AuditType)
        .where(of_cut(cut), in_scope(viewer, Audit.service_id, Audit.team_id))
        .where(true() if months is None else Round.month.in_(months))
        .group_by(*columns, *(column.name for column in derived))  # by name: PostgreSQL wants the same parameters
        .order_by(Round.month, Audit.service_id, Audit.team_id)
    )


def completion_of(cut: Cut, viewer: Viewer) -> list[Completion]:
    """What was expected and what became of it, by month and the auditors' service and team.

    Agrees with progress by manager: an audit counts where its auditor was when the round was allocated; that of
    somebody of whom nothing was expected where they are now; one that nobody has where its case is. The cut's case type
    does not narrow it, since nobody is expected to audit cases of a type.
    """
    at: dict[tuple[date, int | None, int | None], dict[str, Any]] = defaultdict(Counter)
    for month, service_id, team_id, what, count in plain_rows(_completion(cut, viewer)):
        at[month, service_id, team_id][what] += count
    keys = sorted(at, key=lambda key: (key[0], key[1] or 0, key[2] or 0))
    return [Completion(*key)._replace(**at[key]) for key in keys]


@lru_cache(maxsize=256)
def _completion(cut: Cut, viewer: Viewer) -> CompoundSelect[Any]:
    """Each count with what it is: a field of Completion."""
    expected = (_asked_of(cut, viewer, name) for name in ("expected", "exempted"))
    return union_all(*expected, _done(cut, viewer))


def _asked_of(cut: Cut, viewer: Viewer, name: str) -> Select[Any]:
    service, team = RoundAuditor.service_id, RoundAuditor.team_id
    statement: Any = (
        select(Round.month, service, team, literal(name), func.sum(getattr(RoundAuditor, name)))
        .join(Round, Round.id == RoundAuditor.round_id)
        .join(AuditType)
        .where(rounds_of(cut), in_scope(viewer, service, team), *_at_place(cut, service, team))
        .group_by(Round.month, service, team)
    )
    return cast("Select[Any]", statement)


def _done(cut: Cut, viewer: Viewer) -> Select[Any]:
    nobody = Audit.auditor_id.is_(None)
    service = case(
        (nobody, Audit.service_id), (RoundAuditor.id.is_not(None), RoundAuditor.service_id), else_=Team.service_id
    )
    team = case((nobody, Audit.team_id), (RoundAuditor.id.is_not(None), RoundAuditor.team_id), else_=Person.team_id)
    expected_of = and_(RoundAuditor.round_id == Audit.round_id, RoundAuditor.person_id == Audit.auditor_id)
    return (
        select(
            Round.month, service.label("at_service"), team.label("at_team"), STANDING.label("standing"), func.count()
        )
        .select_from(Audit)
        .join(Round, Round.id == Audit.round_id)
        .join(AuditType)
        .outerjoin(RoundAuditor, expected_of)
        .outerjoin(Person, Person.id == Audit.auditor_id)
        .outerjoin(Team, Team.id == Person.team_id)
        .where(rounds_of(cut), LIVE, in_scope(viewer, service, team), *_at_place(cut, service, team))
        .group_by(Round.month, "at_service", "at_team", "standing")
    )


def _at_place(cut: Cut, service: Any, team: Any) -> list[ColumnElement[bool]]:
    wanted = [(service, cut.service_id), (team, cut.team_id)]
    return [column == value for column, value in wanted if value is not None]


def workers(cut: Cut, viewer: Viewer) -> list[Workers]:
    """How many people stand behind the figures of each service: caseworkers as audited, auditors as expected."""
    cases = (
        select(Audit.service_id, func.count(Audit.caseworker_id.distinct()))
        .join(Round, Round.id == Audit.round_id)
        .join(AuditType)
        .where(of_cut(cut), SUBMITTED, in_scope(viewer, Audit.service_id, Audit.team_id))
        .group_by(Audit.service_id)
    )
    service, team = RoundAuditor.service_id, RoundAuditor.team_id
    auditors = (
        select(service, func.count(RoundAuditor.person_id.distinct()))
        .join(Round, Round.id == RoundAuditor.round_id)
        .join(AuditType)
        .where(rounds_of(cut), RoundAuditor.expected > 0, in_scope(viewer, service, team))
        .group_by(service)
    )
    found = {service_id: Workers(service_id, caseworkers=number) for service_id, number in plain_rows(cases)}
    for service_id, number in plain_rows(auditors):
        if service_id is not None:
            found[service_id] = found.get(service_id, Workers(service_id))._replace(auditors=number)
    return [found[key] for key in sorted(found)]


def other_activity(cut: Cut, viewer: Viewer) -> list[OtherActivity]:
    """Audits of every other type in the cut's months: never part of the random sample's percentages."""
    submitted = func.sum(case((SUBMITTED, literal(1)), else_=literal(0)))
    statement = (
        select(AuditType.key, AuditType.name, func.count(), submitted)
        .select_from(Audit)
        .join(Round, Round.id == Audit.round_id)
        .join(AuditType)
        .where(Round.month.between(cut.first, cut.last), AuditType.key != cut.audit_type, LIVE)
        .where(in_scope(viewer, Audit.service_id, Audit.team_id))
        .group_by(AuditType.key, AuditType.name)
        .order_by(AuditType.name)
    )
    return [OtherActivity(*row) for row in plain_rows(statement)]


def scale_of(cut: Cut) -> list[Grade]:
    """The grades of the newest tool version that the cut's rounds use, best first; none where there is no round."""
    statement = (
        select(ToolVersion.scale)
        .join(Round, Round.tool_version_id == ToolVersion.id)
        .join(AuditType)
        .where(rounds_of(cut))
        .order_by(Round.month.desc(), Round.id.desc())
        .limit(1)
    )
    return read_scale(next((row.scale for row in plain_rows(statement)), []))
