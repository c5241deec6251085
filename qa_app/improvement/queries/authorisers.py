"""Who may be named as having authorised that a whole caseload review is not required."""

from datetime import date
from typing import Any

from sqlalchemy import or_, select

from qa_app.access.permissions import Reach
from qa_app.access.roles import ROLE_LABELS, Role
from qa_app.access.viewer import Viewer
from qa_app.core.database import db
from qa_app.improvement.models import ImprovementProcess
from qa_app.improvement.permissions import authorising_roles
from qa_app.people.models import Person, RoleGrant
from qa_app.people.queries import works


def possible_authorisers(process: ImprovementProcess, viewer: Viewer, today: date) -> list[tuple[int, str]]:
    """Heads of the service and Directors at work, other than the one who writes, nor in whose place. Id and words."""
    everywhere = [role for role, reach in authorising_roles().items() if reach is Reach.ALL]
    of_service = [role for role, reach in authorising_roles().items() if reach is Reach.SERVICE]
    not_these = {viewer.person_id, process.caseworker_id} | {grant.on_behalf_of for grant in viewer.grants}
    rows: Any = db.session.execute(
        select(Person.id, Person.name, RoleGrant.role)
        .join(RoleGrant, RoleGrant.person_id == Person.id)
        .where(
            or_(
                RoleGrant.role.in_(everywhere),
                RoleGrant.role.in_(of_service) & (RoleGrant.service_id == process.service_id),
            ),
            works(today),
            Person.id.not_in(not_these - {None}),
        )
        .order_by(Person.name, Person.id)
    )
    return list(
        {person_id: (person_id, f"{name}, {ROLE_LABELS[Role(role)]}") for person_id, name, role in rows}.values()
    )
