"""What an audit was: its submitted versions and its history."""

from collections.abc import Sequence

from sqlalchemy import select

from qa_app.audits.models import Audit, Submission
from qa_app.audits.states import AUDIT
from qa_app.core.database import db
from qa_app.core.errors import NotFound
from qa_app.core.states import StateChange
from qa_app.people.models import Person


def submissions_of(audit: Audit) -> Sequence[Submission]:
    """Every submitted version, oldest first."""
    return db.session.scalars(
        select(Submission).where(Submission.audit_id == audit.id).order_by(Submission.number)
    ).all()


def submission_of(audit: Audit, number: int) -> Submission:
    """One submitted version.

    Raises:
        NotFound: there is no such version.
    """
    found = db.session.scalar(select(Submission).where(Submission.audit_id == audit.id, Submission.number == number))
    if found is None:
        raise NotFound()
    return found


def history_of(audit: Audit) -> list[tuple[StateChange, str]]:
    """Every move of the audit, newest first, with the name of who made it."""
    rows = db.session.execute(
        select(StateChange, Person.name)
        .outerjoin(Person, Person.id == StateChange.person_id)
        .where(StateChange.subject_type == AUDIT.name, StateChange.subject_id == audit.id)
        .order_by(StateChange.id.desc())
    )
    return [(change, name or "the system") for change, name in rows]
