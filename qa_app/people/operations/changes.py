"""What every change of a person shares: the version that the editor saw, and old and new values in words."""

from datetime import date
from typing import Any

from sqlalchemy import select, update

from qa_app.access.roles import Role
from qa_app.core.database import db
from qa_app.core.errors import BadInput, Stale
from qa_app.core.format import long_day
from qa_app.people.models import Person, RoleGrant, Service, Team
from qa_app.people.rules import leaves_an_administrator

Changes = dict[str, list[str]]
"""What is called what on the page -> the words before and after."""

LAST_ADMINISTRATOR = (
    "This is the last administrator who can sign in. Make somebody else an administrator first, then come back."
)


def claim(person: Person, version: int | None) -> None:
    """Take the person's row for this change, in the statement that writes; `version` is the one that the editor saw.

    Raises Stale where somebody else changed it meanwhile.
    """
    seen = person.version if version is None else version
    statement = (
        update(Person)
        .where(Person.id == person.id, Person.version == seen)
        .values(version=Person.version + 1)
        .execution_options(synchronize_session=False)
    )
    if db.session.execute(statement).rowcount != 1:  # type: ignore[attr-defined]
        raise Stale(
            "Somebody else changed this person while you were typing. Open the page again to see how it is now."
        )
    db.session.refresh(person, ["version"])


def differences(before: dict[str, Any], after: dict[str, Any]) -> Changes:
    """The entries of `after` that are not as before, in words."""
    return {
        name: [in_words(before.get(name)), in_words(value)]
        for name, value in after.items()
        if before.get(name) != value
    }


def in_words(value: Any) -> str:
    """A value as the history shows it."""
    if isinstance(value, date):
        return long_day(value)
    return "none" if value in (None, "") else str(value)


def name_of_person(person_id: int | None) -> str | None:
    """A person's name, for the history, which keeps names as they were."""
    return None if person_id is None else db.session.scalar(select(Person.name).where(Person.id == person_id))


def name_of_team(team_id: int | None) -> str | None:
    """A team's name."""
    return None if team_id is None else db.session.scalar(select(Team.name).where(Team.id == team_id))


def name_of_service(service_id: int | None) -> str | None:
    """A service's name."""
    return None if service_id is None else db.session.scalar(select(Service.name).where(Service.id == service_id))


def check_administrator_remains(person_id: int, today: date) -> None:
    """Raise BadInput where nobody but this person is an administrator for good.

    The administrators' rows stay locked until the end of the transaction: two who remove each other at the same
    moment would otherwise both be told yes.
    """
    rows = db.session.execute(
        select(RoleGrant.person_id, Person.starts_on, Person.leaves_on)
        .join(Person, Person.id == RoleGrant.person_id)
        .where(RoleGrant.role == Role.ADMINISTRATOR)
        .order_by(RoleGrant.id)
        .with_for_update()
    ).all()
    holders = {holder for holder, _, _ in rows}
    others = [(start, end) for holder, start, end in rows if holder != person_id]
    if person_id in holders and not leaves_an_administrator(others, today):
        raise BadInput(LAST_ADMINISTRATOR)
