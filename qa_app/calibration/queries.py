"""Read calibration sets. Out of scope looks exactly like absent; grades are their author's alone until revealed."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, func, select, true
from sqlalchemy.orm import joinedload, selectinload

from qa_app.access.permissions import Permission
from qa_app.access.roles import Role
from qa_app.access.viewer import Viewer
from qa_app.audits.models import Audit
from qa_app.audits.states import SUBMITTED_STATES
from qa_app.calibration.models import CalibrationGrade, CalibrationPart, CalibrationSet
from qa_app.calibration.states import CalibrationState
from qa_app.cases.models import Case
from qa_app.core.database import db
from qa_app.core.errors import NotFound
from qa_app.core.waiting import ask
from qa_app.people.models import Auditor, Person, RoleGrant, Team
from qa_app.people.queries import works
from qa_app.people.states import TrainingStatus

__all__ = [
    "CalibrationPart",
    "CalibrationSet",
    "auditors",
    "case_named",
    "grades_of",
    "own_part",
    "part_in",
    "set_for",
    "sets",
    "supervisors_of",
    "visible",
    "waiting_calibrations",
]


def visible(viewer: Viewer) -> ColumnElement[bool]:
    """Which sets the viewer may know of: the QA team all, others those in which they take part."""
    if viewer.can(Permission.CALIBRATION_MANAGE):
        return true()
    return CalibrationSet.id.in_(select(CalibrationPart.set_id).where(CalibrationPart.person_id == viewer.person_id))


def sets(
    viewer: Viewer, filters: Mapping[str, str], order_by: Sequence[Any], *, limit: int, offset: int
) -> tuple[Sequence[CalibrationSet], int]:
    """The sets that the filter (state) leaves, one page of them, and how many in all."""
    found = select(CalibrationSet).where(visible(viewer))
    if state := filters.get("state"):
        found = found.where(CalibrationSet.state == state)
    total = db.session.scalar(select(func.count()).select_from(found.subquery())) or 0
    rows = db.session.scalars(
        found.options(selectinload(CalibrationSet.parts))
        .order_by(*order_by, CalibrationSet.id.desc())
        .limit(limit)
        .offset(offset)
    )
    return rows.all(), total


def set_for(viewer: Viewer, set_id: int) -> CalibrationSet:
    """One set with its case, team, tool version and those who take part.

    Raises:
        NotFound: there is none that the viewer may know of.
    """
    found = db.session.scalar(
        select(CalibrationSet)
        .where(CalibrationSet.id == set_id, visible(viewer))
        .options(
            joinedload(CalibrationSet.case).joinedload(Case.caseworker),
            joinedload(CalibrationSet.team),
            joinedload(CalibrationSet.tool_version),
            selectinload(CalibrationSet.parts).joinedload(CalibrationPart.person),
        )
    )
    if found is None:
        raise NotFound
    return found


def part_in(found: CalibrationSet, viewer: Viewer) -> CalibrationPart | None:
    """The viewer's own part in a set, if they take part."""
    return next((part for part in found.parts if part.person_id == viewer.person_id), None)


def own_part(viewer: Viewer, set_id: int) -> CalibrationPart:
    """The viewer's own part in a set.

    Raises:
        NotFound: they take no part in such a set.
    """
    part = part_in(set_for(viewer, set_id), viewer)
    if part is None:
        raise NotFound
    return part


def grades_of(part_ids: Sequence[int]) -> dict[int, dict[int, CalibrationGrade]]:
    """Grades by part and section, as they are now."""
    rows = select(CalibrationGrade).where(CalibrationGrade.part_id.in_(part_ids))
    found: dict[int, dict[int, CalibrationGrade]] = {part_id: {} for part_id in part_ids}
    for row in db.session.scalars(rows.execution_options(populate_existing=True)):
        found[row.part_id][row.domain_id] = row
    return found


def auditors(today: date) -> list[tuple[int, str]]:
    """Who may take part: trained auditors at work, as id and words, by name."""
    holds = select(RoleGrant.person_id).where(RoleGrant.role == Role.AUDITOR)
    rows = db.session.execute(
        select(Person.id, Person.name, Team.name)
        .join(Auditor, Auditor.person_id == Person.id)
        .outerjoin(Team, Team.id == Person.team_id)
        .where(works(today), Auditor.training_status == TrainingStatus.TRAINED, Person.id.in_(holds))
        .order_by(Person.name, Person.id)
    )
    return [(person_id, f"{name}, {team}" if team else name) for person_id, name, team in rows]


def case_named(reference: str) -> tuple[Case, Audit | None] | None:
    """The case of a submitted audit's reference, or of its own; restricted ones are not found."""
    audit = db.session.scalar(
        select(Audit)
        .where(Audit.reference == reference, Audit.state.in_(SUBMITTED_STATES))
        .options(joinedload(Audit.round))
    )
    wanted = Case.id == audit.case_id if audit else Case.reference == reference
    case = db.session.scalar(select(Case).where(wanted, Case.restricted.is_(False)))
    return (case, audit) if case else None


def supervisors_of(case: Case) -> set[int]:
    """Who works on a case, or supervises who does."""
    if case.caseworker_id is None:
        return set()
    above = db.session.scalar(select(Person.line_manager_id).where(Person.id == case.caseworker_id))
    return {case.caseworker_id, *([above] if above is not None else [])}


def waiting_calibrations(viewer: Viewer) -> list[Select[Any]]:
    """For the home page: calibration sets that the viewer has still to grade."""
    if not viewer.can(Permission.CALIBRATION_GRADE):
        return []
    mine = (
        select(CalibrationPart.id)
        .join(CalibrationSet, CalibrationSet.id == CalibrationPart.set_id)
        .where(
            CalibrationPart.person_id == viewer.person_id,
            CalibrationPart.handed_in_at.is_(None),
            CalibrationSet.state == CalibrationState.RUNNING,
        )
        .order_by(CalibrationSet.due_on, CalibrationSet.id)
    )
    return [ask("calibrations", mine, on=CalibrationSet.due_on, first=CalibrationSet.id)]
