"""Who can own a recommendation: people at work who can sign in and read it."""

from datetime import date

from sqlalchemy import ColumnElement, select

from qa_app.access.permissions import PERMISSIONS, Permission
from qa_app.core.database import db
from qa_app.people.models import Person, RoleGrant
from qa_app.people.queries import works


def possible_owners(today: date) -> list[tuple[int, str, str]]:
    """Id, name and job title of everybody who can own a recommendation, by name."""
    rows = db.session.execute(
        select(Person.id, Person.name, Person.job_title).where(*_can_own(today)).order_by(Person.name, Person.id)
    )
    return [(person_id, name, title) for person_id, name, title in rows]


def owners_by_email(today: date) -> dict[str, tuple[int, str]]:
    """The same people by their work email: id and name."""
    rows = db.session.execute(select(Person.email, Person.id, Person.name).where(*_can_own(today)))
    return {email: (person_id, name) for email, person_id, name in rows if email}


def _can_own(today: date) -> tuple[ColumnElement[bool], ...]:
    answers = sorted(PERMISSIONS[Permission.RECOMMENDATION_ANSWER])
    holds = select(RoleGrant.person_id).where(RoleGrant.role.in_(answers))
    return Person.email.is_not(None), works(today), Person.id.in_(holds)
