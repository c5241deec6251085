"""Read one improvement process and what its pages need. Out of scope looks exactly like absent."""

import re
from collections.abc import Collection, Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, false, or_, select, true
from sqlalchemy.orm import joinedload, selectinload
from sqlalchemy.sql.base import ExecutableOption

from qa_app.access.permissions import Permission
from qa_app.access.viewer import Viewer
from qa_app.audits.models import Audit
from qa_app.audits.queries import hidden_from
from qa_app.core.clock import months_before, start_of_day
from qa_app.core.database import db
from qa_app.core.errors import NotFound
from qa_app.improvement.models import Concern, Correction, ImprovementProcess, Meeting, Stage
from qa_app.improvement.states import ProcessState, StageKind
from qa_app.people.models import Person
from qa_app.rounds.models import Round

P = ImprovementProcess
_REFERENCE = re.compile(r"IP-([0-9]{4,9})")


def id_in(reference: str) -> int | None:
    """The id that a reference (`IP-0012`) stands for, or None where it is none."""
    found = _REFERENCE.fullmatch(reference)
    return int(found[1]) if found else None


def visible(viewer: Viewer) -> ColumnElement[bool]:
    """Which processes the viewer may know of.

    A moderator who has not graded an audit yet learns nothing from the process that it started, nor from the one whose
    re-audit it is, unless that is theirs to act on.
    """
    scope = viewer.scope(Permission.IMPROVEMENT_READ)
    clear = ~_hidden(viewer) if viewer.person_id else true()
    if scope.everything:
        return clear
    reach: list[ColumnElement[bool]] = []
    if scope.service_ids:
        reach.append(P.service_id.in_(scope.service_ids))
    if scope.team_ids:
        reach.append(P.team_id.in_(scope.team_ids))
    return and_(or_(*reach), clear) if reach else false()


def _hidden(viewer: Viewer) -> ColumnElement[bool]:
    audits = hidden_from(viewer)
    tells = or_(P.audit_id.in_(audits), and_(P.reaudit_id.is_not(None), P.reaudit_id.in_(audits)))
    theirs = or_(
        and_(P.lead_id.is_not(None), P.lead_id == viewer.person_id),
        and_(P.turn_id.is_not(None), P.turn_id == viewer.person_id),
    )
    return and_(tells, ~theirs)


def hidden_processes(viewer: Viewer) -> Select[int]:
    """The processes that would tell the viewer of an audit that they moderate blind and have not graded yet, by id."""
    return select(P.id).where(_hidden(viewer))


def process_for(viewer: Viewer, reference: str) -> ImprovementProcess:
    """One process with its stages, team and worker: what the page of a step needs.

    Raises:
        NotFound: there is none that the viewer may see.
    """
    return _found(viewer, reference, joinedload(P.stages))


def whole_process(viewer: Viewer, reference: str) -> ImprovementProcess:
    """One process with everything that its own page shows.

    Raises:
        NotFound: there is none that the viewer may see.
    """
    return _found(
        viewer,
        reference,
        joinedload(P.audit).joinedload(Audit.round),
        joinedload(P.audit).joinedload(Audit.auditor),
        joinedload(P.reaudit).joinedload(Audit.auditor),
        joinedload(P.reaudit).joinedload(Audit.round),
        joinedload(P.lead),
        joinedload(P.closed_by),
        joinedload(P.closed_for),
        joinedload(P.meeting).joinedload(Meeting.recorded_by),
        joinedload(P.meeting).joinedload(Meeting.recorded_for),
        joinedload(P.meeting)
        .selectinload(Meeting.corrections)
        .options(joinedload(Correction.by), joinedload(Correction.on_behalf_of)),
        selectinload(P.stages).options(
            joinedload(Stage.owner),
            joinedload(Stage.cover),
            joinedload(Stage.done_by),
            joinedload(Stage.done_for),
            joinedload(Stage.authorised_by),
        ),
        selectinload(P.concerns).options(joinedload(Concern.raised_by), joinedload(Concern.answered_by)),
    )


def _found(viewer: Viewer, reference: str, *loaded: ExecutableOption) -> ImprovementProcess:
    always = (joinedload(P.audit), joinedload(P.team), joinedload(P.service), joinedload(P.caseworker))
    wanted = select(P).where(P.id == (id_in(reference) or 0), visible(viewer)).options(*always, *loaded)
    found = db.session.scalars(wanted).unique().one_or_none()
    if found is None:
        raise NotFound
    return found


def process_address(viewer: Viewer, process_id: int) -> str | None:
    """The page of a process, or None where the viewer may not see it."""
    if not viewer.can(Permission.IMPROVEMENT_READ):
        return None
    found = db.session.scalar(select(P.id).where(P.id == process_id, visible(viewer)))
    return f"/improvement/IP-{found:04d}" if found else None


def process_of(audit_id: int) -> ImprovementProcess | None:
    """The process that an audit started, if it did."""
    return db.session.scalar(select(P).where(P.audit_id == audit_id))


def open_process_checking(audit_id: int) -> ImprovementProcess | None:
    """The open process whose re-audit this audit is, if it is one."""
    return db.session.scalar(select(P).where(P.reaudit_id == audit_id, P.state == ProcessState.OPEN))


def process_checked_by(audit_id: int) -> ImprovementProcess | None:
    """The process, open or closed, whose re-audit this audit is."""
    return db.session.scalar(select(P).where(P.reaudit_id == audit_id).order_by(P.id.desc()).limit(1))


def following(process: ImprovementProcess) -> ImprovementProcess | None:
    """The process that began where this one's re-audit was inadequate again."""
    return db.session.scalar(select(P).where(P.previous_id == process.id))


def to_schedule() -> list[tuple[int, date]]:
    """Open processes whose re-audit is to be done and not scheduled, with its date, the earliest first."""
    rows: Any = db.session.execute(
        select(P.id, Stage.due_on)
        .join(Stage, Stage.process_id == P.id)
        .where(
            P.state == ProcessState.OPEN,
            P.reaudit_id.is_(None),
            Stage.kind == StageKind.REAUDIT,
            Stage.outcome.is_(None),
            Stage.due_on.is_not(None),
        )
        .order_by(Stage.due_on, P.id)
    )
    return [(process_id, due_on) for process_id, due_on in rows]


def earlier_of_worker(caseworker_id: int, today: date, months: int) -> Sequence[ImprovementProcess]:
    """The processes of a worker's cases that began within so many months, the newest first.

    One that ended because the grade was changed, or the audit withdrawn, counts no more.
    """
    since = start_of_day(months_before(today, months))
    return db.session.scalars(
        select(P)
        .where(P.caseworker_id == caseworker_id, P.started_at >= since, P.state != ProcessState.ENDED)
        .order_by(P.started_at.desc(), P.id.desc())
    ).all()


def people_named(person_ids: Collection[int]) -> Mapping[int, str]:
    """Names by id."""
    rows: Any = db.session.execute(select(Person.id, Person.name).where(Person.id.in_(person_ids)))
    return {person_id: name for person_id, name in rows}


def possible_owners(process: ImprovementProcess, today: date) -> list[tuple[int, str]]:
    """Who may own an action of the plan: the team, its managers, the worker, the Practice Lead. Id and words."""
    team = process.team
    named = {process.caseworker_id, process.lead_id, team.manager_id, team.service_manager_id} - {None}
    rows: Any = db.session.execute(
        select(Person.id, Person.name, Person.job_title)
        .where(
            or_(Person.team_id == team.id, Person.id.in_(named)),
            or_(Person.leaves_on.is_(None), Person.leaves_on >= today),
        )
        .order_by(Person.name, Person.id)
    )
    return [(person_id, f"{name}, {title.lower()}" if title else name) for person_id, name, title in rows]


def round_of(reference: str) -> Round | None:
    """The round of a reference, if there is one."""
    return db.session.scalar(
        select(Round)
        .options(joinedload(Round.audit_type), joinedload(Round.tool_version))
        .where(Round.reference == reference)
    )
