"""What auditors declared and waits for an answer, and who might take an audit over."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import Select, or_, select
from sqlalchemy.orm import contains_eager, joinedload

from qa_app.access.permissions import Permission
from qa_app.access.viewer import Viewer
from qa_app.audits.models import Audit, Declaration
from qa_app.audits.states import OPEN_STATES
from qa_app.core.database import db
from qa_app.core.errors import NotFound
from qa_app.core.waiting import ask
from qa_app.people.models import Auditor, Person, Team
from qa_app.people.states import TrainingStatus


def possible_auditors(audit: Audit, today: date) -> list[tuple[int, str]]:
    """Trained auditors who might take it over: not its auditor, nor who works on the case or manages its team.

    Of a re-audit, not who did the first audit either.
    """
    first = select(Audit.auditor_id).where(Audit.id == audit.reaudit_of_id)
    first_id = db.session.scalar(first) if audit.reaudit_of_id is not None else None
    barred = {audit.auditor_id, audit.caseworker_id, audit.team.manager_id, first_id} - {None}
    rows = db.session.execute(
        select(Person.id, Person.name, Team.name)
        .join(Auditor, Auditor.person_id == Person.id)
        .outerjoin(Team, Team.id == Person.team_id)
        .where(
            Auditor.training_status == TrainingStatus.TRAINED,
            Person.id.not_in(barred),
            or_(Person.leaves_on.is_(None), Person.leaves_on >= today),
        )
        .order_by(Person.name, Person.id)
    )
    return [(person_id, f"{name}, {team}" if team else name) for person_id, name, team in rows]


def open_declaration_of(audit: Audit) -> Declaration | None:
    """The auditor's declaration that the QA team has not answered yet."""
    return db.session.scalar(
        select(Declaration).where(
            Declaration.audit_id == audit.id, Declaration.outcome == "", Declaration.made_by_id == audit.auditor_id
        )
    )


def newest_declaration_of(audit: Audit) -> Declaration | None:
    """The last thing that its auditor declared, answered or not: nothing more is declared before an answer."""
    return db.session.scalar(
        select(Declaration)
        .where(Declaration.audit_id == audit.id, Declaration.made_by_id == audit.auditor_id)
        .order_by(Declaration.id.desc())
        .limit(1)
    )


_WAITING = (
    select(Declaration)
    .join(Declaration.audit)
    .where(Declaration.outcome == "", Audit.state.in_(OPEN_STATES), Audit.auditor_id == Declaration.made_by_id)
    .order_by(Declaration.made_at, Declaration.id)
)
"""What waits for the QA team's answer, oldest first. Those that something else has settled are left out."""


def open_declarations(limit: int = 200) -> Sequence[Declaration]:
    """What waits for the QA team's answer, oldest first, with audit, auditor, team and round."""
    return db.session.scalars(
        _WAITING.limit(limit).options(
            contains_eager(Declaration.audit).joinedload(Audit.auditor),
            contains_eager(Declaration.audit).joinedload(Audit.team),
            contains_eager(Declaration.audit).joinedload(Audit.round),
        )
    ).all()


def waiting_declarations(viewer: Viewer) -> list[Select[Any]]:
    """For the home page: how many declarations the viewer has to answer."""
    return [ask("declarations", _WAITING)] if viewer.can(Permission.AUDIT_MANAGE) else []


def declaration(declaration_id: int) -> Declaration:
    """One declaration with its audit.

    Raises:
        NotFound: there is none.
    """
    found = db.session.scalar(
        select(Declaration)
        .where(Declaration.id == declaration_id)
        .options(
            joinedload(Declaration.audit).joinedload(Audit.auditor),
            joinedload(Declaration.audit).joinedload(Audit.team),
            joinedload(Declaration.audit).joinedload(Audit.round),
        )
    )
    if found is None:
        raise NotFound()
    return found
