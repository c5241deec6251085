"""The case list and the imports as pages show them. Out of scope looks exactly like absent."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, or_, select, true
from sqlalchemy.orm import joinedload

from qa_app.access.permissions import Permission
from qa_app.access.viewer import Viewer
from qa_app.cases.models import Case, CaseImport, CaseImportState, ImportRow
from qa_app.core.database import db
from qa_app.core.errors import NotFound
from qa_app.core.states import StateChange
from qa_app.core.waiting import ask
from qa_app.people.models import Person, Service, Team

SORTS: dict[str, Any] = {
    "reference": Case.reference,
    "kind": Case.case_type,
    "service": Service.name,
    "team": Team.name,
    "worker": Person.name,
    "opened": Case.opened_on,
    "audited": Case.last_audited_on,
}
"""What the case list can be sorted by."""

IMPORT_SORTS: dict[str, Any] = {"uploaded": CaseImport.uploaded_at, "file": CaseImport.filename}
ROW_SORTS: dict[str, Any] = {"reference": ImportRow.reference, "place": (ImportRow.sheet, ImportRow.row)}


@dataclass(frozen=True, slots=True)
class CaseRow:
    """One line of the case list."""

    id: int
    reference: str
    case_type: str
    service: str
    team: str
    worker: str | None
    opened_on: date | None
    closed_on: date | None
    last_audited_on: date | None
    restricted: bool
    being_audited: bool


@dataclass(frozen=True, slots=True)
class Moment:
    """One change of a case's restriction."""

    to_state: str
    at: Any
    by: str | None
    reason: str


def visible(viewer: Viewer) -> ColumnElement[bool]:
    """Which cases the viewer may see. The query must join Team."""
    scope = viewer.scope(Permission.CASE_READ)
    if scope.everything:
        return true()
    return or_(Team.service_id.in_(scope.service_ids), Team.id.in_(scope.team_ids))


def find_cases(
    viewer: Viewer,
    filters: dict[str, str],
    order_by: Sequence[Any],
    limit: int | None = None,
    offset: int = 0,
) -> tuple[list[CaseRow], int]:
    """A page of the cases that match the filters, and how many match in all."""
    columns = (
        Case.id,
        Case.reference,
        Case.case_type,
        Service.name,
        Team.name,
        Person.name,
        Case.opened_on,
        Case.closed_on,
        Case.last_audited_on,
        Case.restricted,
        Case.being_audited,
    )
    where = and_(visible(viewer), *_conditions(filters))
    found = _joined(select(*columns)).where(where).order_by(*order_by, Case.id).limit(limit).offset(offset)
    total = db.session.scalar(_joined(select(func.count(Case.id))).where(where)) or 0
    return [CaseRow(*row) for row in db.session.execute(found)], total


def _joined(statement: Any) -> Any:
    return (
        statement.select_from(Case)
        .join(Team, Case.team_id == Team.id)
        .join(Service, Team.service_id == Service.id)
        .outerjoin(Person, Case.caseworker_id == Person.id)
    )


def _conditions(filters: dict[str, str]) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if text := filters.get("q"):
        conditions.append(
            or_(Case.reference.icontains(text, autoescape=True), Person.name.icontains(text, autoescape=True))
        )
    if kind := filters.get("kind"):
        conditions.append(Case.case_type == kind)
    if service := filters.get("service"):
        conditions.append(Team.service_id == int(service))
    if team := filters.get("team"):
        conditions.append(Case.team_id == int(team))
    if state := filters.get("state"):
        conditions.append(_STATES[state])
    return conditions


_STATES: dict[str, ColumnElement[bool]] = {
    "open": Case.closed_on.is_(None),
    "closed": Case.closed_on.is_not(None),
    "restricted": Case.restricted.is_(True),
    "audited": Case.being_audited.is_(True),
}


def open_cases(viewer: Viewer) -> int:
    """How many open cases the viewer may see."""
    return find_count(viewer, _STATES["open"])


def find_count(viewer: Viewer, condition: ColumnElement[bool]) -> int:
    """How many cases the viewer may see of which something holds."""
    statement = select(func.count(Case.id)).join(Team, Case.team_id == Team.id).where(visible(viewer), condition)
    return db.session.scalar(statement) or 0


def case_for(viewer: Viewer, case_id: int) -> Case:
    """One case with its team, service and caseworker.

    Raises:
        NotFound: there is none that the viewer may see.
    """
    found = db.session.scalar(
        select(Case)
        .join(Team, Case.team_id == Team.id)
        .where(Case.id == case_id, visible(viewer))
        .options(joinedload(Case.team).joinedload(Team.service), joinedload(Case.caseworker))
    )
    if found is None:
        raise NotFound()
    return found


def restrictions_of(case_id: int) -> list[Moment]:
    """When a case was marked as restricted and when not, newest first."""
    rows = db.session.execute(
        select(StateChange.to_state, StateChange.at, Person.name, StateChange.reason)
        .outerjoin(Person, StateChange.person_id == Person.id)
        .where(StateChange.subject_type == "case", StateChange.subject_id == case_id)
        .order_by(StateChange.id.desc())
    )
    return [Moment(*row) for row in rows]


def case_import(import_id: int) -> CaseImport:
    """One import. Raises NotFound where there is none."""
    found = db.session.get(CaseImport, import_id)
    if found is None:
        raise NotFound()
    return found


def imports(order_by: Sequence[Any], limit: int, offset: int) -> tuple[list[tuple[CaseImport, str | None]], int]:
    """A page of the imports, each with who uploaded it, and how many there are."""
    rows = db.session.execute(
        select(CaseImport, Person.name)
        .outerjoin(Person, CaseImport.uploaded_by_id == Person.id)
        .order_by(*order_by, CaseImport.id.desc())
        .limit(limit)
        .offset(offset)
    )
    return [(found, name) for found, name in rows], db.session.scalar(select(func.count(CaseImport.id))) or 0


def waiting_imports(viewer: Viewer) -> list[Select[Any]]:
    """For the home page: the newest case list that was uploaded and is not applied."""
    found = select(CaseImport).where(CaseImport.state == CaseImportState.PREVIEWED).order_by(CaseImport.id.desc())
    asked = ask("case imports", found, at=CaseImport.uploaded_at, first=CaseImport.id)
    return [asked] if viewer.can(Permission.CASE_IMPORT) else []


def has_cases() -> bool:
    """Whether any list was ever applied."""
    return db.session.scalar(select(Case.id).limit(1)) is not None


def name_of_uploader(found: CaseImport) -> str:
    """Who uploaded a list; the command line has no name."""
    name = db.session.scalar(select(Person.name).where(Person.id == found.uploaded_by_id))
    return name or "the command line"


def import_rows(
    import_id: int,
    kind: str,
    filters: dict[str, str],
    order_by: Sequence[Any],
    limit: int | None = None,
    offset: int = 0,
) -> tuple[list[ImportRow], int]:
    """A page of one kind of a preview's lines, and how many match in all."""
    conditions = [ImportRow.case_import_id == import_id, ImportRow.kind == kind]
    if text := filters.get("q"):
        conditions.append(ImportRow.reference.icontains(text, autoescape=True))
    found = select(ImportRow).where(*conditions).order_by(*order_by, ImportRow.id).limit(limit).offset(offset)
    total = db.session.scalar(select(func.count(ImportRow.id)).where(*conditions)) or 0
    return list(db.session.scalars(found)), total
