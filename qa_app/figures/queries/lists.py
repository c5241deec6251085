"""The audits that a figure counts (domain.md section 9): every figure can be opened.

Rows are those that the reader may know of; how many others the figure counts is said beside them.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, and_, case, exists, func, or_, select, true

from qa_app.access.viewer import Viewer
from qa_app.audits.models import Audit, Conversation, SectionAnswer
from qa_app.audits.queries import visible
from qa_app.cases.models import Case
from qa_app.core.database import plain_rows
from qa_app.figures.cuts import Cut
from qa_app.figures.queries.audits import AFTER, BEFORE, LIVE, STANDING, SUBMITTED, in_scope, of_cut
from qa_app.people.models import Person, Service, Team
from qa_app.rounds.models import AuditType, Round
from qa_app.tools.models import Domain

SORTS: dict[str, Any] = {
    "reference": (Round.month, Audit.number),
    "team": Team.name,
    "service": Service.name,
    "auditor": Person.name,
    "submitted": Audit.first_submitted_at,
}
"""What the list can be sorted by."""


class CountedAudit(NamedTuple):
    """What the list tells of an audit that a figure counts."""

    reference: str
    service: str
    team: str
    auditor: str | None
    standing: str
    submitted_on: date | None
    before: str | None
    after: str | None


class Counted(NamedTuple):
    """One page of audits, how many the reader may know of, and how many the figure counts."""

    audits: Sequence[CountedAudit]
    total: int
    counted: int


STANDINGS: dict[str, ColumnElement[bool]] = {
    "not_started": STANDING == "not_started",
    "in_progress": STANDING == "in_progress",
    "on_time": STANDING == "on_time",
    "late": STANDING == "late",
    "submitted": SUBMITTED,
    "outstanding": LIVE & ~SUBMITTED,
    "not_final": and_(SUBMITTED, AFTER.is_not(None), Audit.state != "final"),
}
"""What `standing` can ask for, each as the figures count it."""


def counted_audits(
    cut: Cut,
    asked: Mapping[str, str],
    viewer: Viewer,
    order_by: Sequence[Any] = (),
    limit: int | None = None,
    offset: int = 0,
) -> Counted:
    """The audits of a cut narrowed by `asked`: `standing` (a key of STANDINGS), `before` and `after` (grades),
    `section` with `answer` (a section's key and its grade), `talk` with `held` (whom, and yes or no).
    """
    counted = and_(of_cut(cut), in_scope(viewer, Audit.service_id, Audit.team_id), *_narrowed(asked))
    shown = and_(visible(viewer), or_(Audit.blind_for_id.is_(None), Audit.blind_for_id != viewer.person_id))
    if viewer.is_system:
        shown = true()
    base = (
        select(Audit.id)
        .join(Round, Round.id == Audit.round_id)
        .join(AuditType)
        .join(Case, Case.id == Audit.case_id)
        .where(counted)
    )
    ((counts, total),) = plain_rows(
        base.with_only_columns(func.count(), func.coalesce(func.sum(case((shown, 1), else_=0)), 0))
    )
    part = (
        base.join(Team, Team.id == Audit.team_id)
        .join(Service, Service.id == Audit.service_id)
        .outerjoin(Person, Person.id == Audit.auditor_id)
        .with_only_columns(Audit.reference, Service.name, Team.name, Person.name, STANDING)
        .add_columns(Audit.first_submitted_at, BEFORE, AFTER)
        .where(shown)
        .order_by(*order_by, Audit.id)
        .limit(limit)
        .offset(offset)
    )
    return Counted([CountedAudit(*row) for row in plain_rows(part)], total, counts)


def _narrowed(asked: Mapping[str, str]) -> list[ColumnElement[bool]]:
    parts: list[ColumnElement[bool]] = []
    if standing := asked.get("standing"):
        parts.append(STANDINGS[standing])
    if before := asked.get("before"):
        parts.append(BEFORE.in_([before]))
    if after := asked.get("after"):
        parts.append(AFTER.in_([after]))
    if section := asked.get("section"):
        answer = SectionAnswer
        graded = [answer.grade == asked["answer"]] if asked.get("answer") else [answer.grade.is_not(None)]
        own = exists().where(answer.audit_id == Audit.id, answer.domain_id == Domain.id, Domain.key == section, *graded)
        parts.append(and_(SUBMITTED, own))
    if talk := asked.get("talk"):
        said = Conversation
        held = [said.held.is_(asked["held"] == "yes")] if asked.get("held") else [said.held.is_not(None)]
        parts.append(and_(SUBMITTED, exists().where(said.audit_id == Audit.id, said.with_whom == talk, *held)))
    return parts
