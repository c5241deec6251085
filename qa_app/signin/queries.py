"""Read accounts, sessions and failures."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import ColumnElement, and_, func, or_, select

from qa_app.access.roles import ROLE_LABELS, Role
from qa_app.core.clock import london_day
from qa_app.core.database import db
from qa_app.people.models import Person, RoleGrant, Service, Team
from qa_app.signin import rules
from qa_app.signin.models import Account, FailedSignIn, SignInSession
from qa_app.signin.sessions import LONGEST, digest

KEPT = timedelta(days=1)
"""How long failures and ended sessions are kept: far longer than a failure counts."""


@dataclass(frozen=True)
class KnownAccount:
    """What signing in needs to know of a person."""

    person_id: int
    name: str
    email: str
    password_hash: str | None
    usable: bool


def account_by_email(email: str, now: datetime) -> KnownAccount | None:
    """The account of an email, in whatever capitals it was typed."""
    return _account(Person.email == email.strip().lower(), now)


def account_by_person(person_id: int, now: datetime) -> KnownAccount | None:
    """The account of a person."""
    return _account(Person.id == person_id, now)


def account_by_invitation(token: str, now: datetime) -> KnownAccount | None:
    """The account that a link to choose a password still opens."""
    return _account(and_(Account.invite_digest == digest(token), Account.invite_expires_at > now), now)


def _account(where: ColumnElement[bool], now: datetime) -> KnownAccount | None:
    columns = (
        Person.id,
        Person.name,
        Person.email,
        Account.password_hash,
        Account.disabled_at,
        Person.starts_on,
        Person.leaves_on,
    )
    row = db.session.execute(select(*columns).join(Account, Account.person_id == Person.id).where(where)).one_or_none()
    if row is None:
        return None
    today = london_day(now)
    works = (row.starts_on is None or row.starts_on <= today) and (row.leaves_on is None or today <= row.leaves_on)
    return KnownAccount(row.id, row.name, row.email or "", row.password_hash, works and row.disabled_at is None)


def failures(keys: Mapping[rules.Counted, str], now: datetime) -> dict[rules.Counted, tuple[int, datetime]]:
    """How often each key failed within the last hour, and when last."""
    rows = db.session.execute(
        select(FailedSignIn.key, func.count(), func.max(FailedSignIn.at))
        .where(FailedSignIn.key.in_(keys.values()), FailedSignIn.at > now - rules.WINDOW)
        .group_by(FailedSignIn.key)
    )
    kinds = {key: kind for kind, key in keys.items()}
    return {kinds[key]: (count, last) for key, count, last in rows}


@dataclass(frozen=True)
class LiveSession:
    """A browser in which a person is signed in."""

    id: int
    browser: str
    started_at: datetime
    last_seen_at: datetime


def live_sessions(person_id: int, idle: timedelta, now: datetime) -> list[LiveSession]:
    """A person's sessions that still hold, the one used last first."""
    rows = db.session.execute(
        select(SignInSession.id, SignInSession.browser, SignInSession.started_at, SignInSession.last_seen_at)
        .where(
            SignInSession.person_id == person_id,
            SignInSession.ended_at.is_(None),
            SignInSession.started_at > now - LONGEST,
            SignInSession.last_seen_at > now - idle,
        )
        .order_by(SignInSession.last_seen_at.desc(), SignInSession.id)
    )
    return [LiveSession(*row) for row in rows]


def roles_in_words(person_id: int) -> list[str]:
    """A person's own roles with where they reach, such as `Head of Service (Children in Care)`."""
    rows = db.session.execute(
        select(RoleGrant.role, Service.name, Team.name)
        .outerjoin(Service, Service.id == RoleGrant.service_id)
        .outerjoin(Team, Team.id == RoleGrant.team_id)
        .where(RoleGrant.person_id == person_id)
        .order_by(RoleGrant.id)
    )
    return [
        ROLE_LABELS[Role(role)] + (f" ({service or team})" if service or team else "") for role, service, team in rows
    ]


@dataclass(frozen=True)
class ReadyPerson:
    """A person of the demo whom anyone may sign in as."""

    role: Role
    label: str
    person_id: int
    name: str
    job_title: str


def ready_people(today: date) -> list[ReadyPerson]:
    """One person for each role, in the order of the roles: the first of those who hold the fewest others besides.

    For the demonstration only.
    """
    rows = db.session.execute(
        select(RoleGrant.role, Person.id, Person.name, Person.job_title)
        .join(Person, Person.id == RoleGrant.person_id)
        .join(Account, Account.person_id == Person.id)
        .where(
            Account.disabled_at.is_(None),
            or_(Person.starts_on.is_(None), Person.starts_on <= today),
            or_(Person.leaves_on.is_(None), Person.leaves_on >= today),
        )
        .order_by(Person.id)
    ).all()
    held: dict[int, int] = {}
    for row in rows:
        held[row.id] = held.get(row.id, 0) + 1
    best = {}
    for row in sorted(rows, key=lambda row: (held[row.id], row.id), reverse=True):
        best[row.role] = row
    return [
        ReadyPerson(role, ROLE_LABELS[role], best[role].id, best[role].name, best[role].job_title)
        for role in Role
        if role in best
    ]


def is_last_administrator(person_id: int) -> bool:
    """Whether nobody else with a working account is an administrator."""
    others = (
        select(RoleGrant.id)
        .join(Account, Account.person_id == RoleGrant.person_id)
        .where(RoleGrant.role == Role.ADMINISTRATOR, RoleGrant.person_id != person_id, Account.disabled_at.is_(None))
    )
    holds = select(RoleGrant.id).where(RoleGrant.role == Role.ADMINISTRATOR, RoleGrant.person_id == person_id)
    found = db.session.execute(select(holds.exists(), others.exists())).one()
    return bool(found[0] and not found[1])


def old_failures(now: datetime) -> ColumnElement[bool]:
    """Failures that no longer count."""
    return FailedSignIn.at < now - KEPT


def old_sessions(now: datetime) -> ColumnElement[bool]:
    """Sessions that are long over, however they ended."""
    return SignInSession.started_at < now - LONGEST - KEPT


def is_anything_old(now: datetime) -> bool:
    """Whether there are failures or sessions to forget."""
    return bool(
        db.session.scalar(
            select(
                or_(
                    select(FailedSignIn.id).where(old_failures(now)).exists(),
                    select(SignInSession.id).where(old_sessions(now)).exists(),
                )
            )
        )
    )
