"""Sign in and out, passwords, invitations, and taking access away. Each leaves its entry in the trail."""

import re
import secrets
from collections.abc import Iterable
from datetime import datetime, timedelta

from sqlalchemy import delete, select, update

from qa_app.access.roles import Role
from qa_app.access.viewer import Viewer, system
from qa_app.core.clock import london_day
from qa_app.core.database import db
from qa_app.core.errors import BadInput, NotFound
from qa_app.people import operations as people
from qa_app.people.models import Person, RoleGrant
from qa_app.people.queries import viewer_of
from qa_app.signin import queries
from qa_app.signin.models import Account, FailedSignIn, SignInSession
from qa_app.signin.permissions import check_can_disable, check_can_manage_accounts
from qa_app.signin.sessions import digest, end_session, end_sessions_of, start_session
from qa_app.trail.operations import append

INVITATION_LASTS = timedelta(days=7)
NOBODY = system("Nobody signed in")
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")


def note_failure(keys: Iterable[str], claimed_id: int | None, now: datetime) -> None:
    """Count a failed try. The trail gets the person if there is one, never the email or the address."""
    db.session.add_all(FailedSignIn(key=key, at=now) for key in keys)
    append("signin:failed", NOBODY, now, ("person", claimed_id))
    db.session.flush()


def begin_session(
    person_id: int, now: datetime, *, browser: str, how: str, keys: Iterable[str] = (), new_hash: str | None = None
) -> str:
    """Begin a session of a person who has shown who they are, and return its token.

    Failures counted under `keys` are forgotten. `how` is `password` or `demo`; `new_hash` replaces an outdated digest.
    """
    db.session.execute(delete(FailedSignIn).where(FailedSignIn.key.in_(list(keys))))
    if new_hash:
        db.session.execute(update(Account).where(Account.person_id == person_id).values(password_hash=new_hash))
    token = start_session(person_id, now, browser)
    append("signin:signed-in", _viewer(person_id, now), now, ("person", person_id), browser=browser, how=how)
    return token


def sign_out(session_id: int, viewer: Viewer, now: datetime) -> None:
    """End the session of this browser."""
    end_session(session_id, now)
    append("signin:signed-out", viewer, now, ("person", viewer.person_id))


def end_own_session(session_id: int, viewer: Viewer, now: datetime) -> None:
    """End one of one's own sessions, in another browser perhaps.

    Raises:
        NotFound: there is no such session of this person's.
    """
    session = db.session.get(SignInSession, session_id)
    if session is None or session.person_id != viewer.person_id or session.ended_at is not None:
        raise NotFound
    end_session(session_id, now)
    append("signin:session-ended", viewer, now, ("person", viewer.person_id), browser=session.browser)


def sign_out_everywhere(viewer: Viewer, now: datetime) -> None:
    """End every session of one's own."""
    if viewer.person_id is not None:
        end_sessions_of(viewer.person_id, now)
        append("signin:signed-out-everywhere", viewer, now, ("person", viewer.person_id))


def invite(person_id: int, viewer: Viewer, now: datetime) -> str:
    """Give a person an account if they have none, and return the token of a new link to choose a password.

    The link works once, for `INVITATION_LASTS`; an earlier one stops working. A password chosen before goes on
    working until the link is used.

    Raises:
        NotAllowed: the viewer is no administrator.
        NotFound: there is no such person.
        BadInput: the person has no email to sign in with, has left, or is barred.
    """
    check_can_manage_accounts(viewer)
    person = _person(person_id)
    if not person.email:
        raise BadInput("Enter a work email for this person first: it is what they sign in with.")
    if person.leaves_on and person.leaves_on < london_day(now):
        raise BadInput("This person has left. Change the leaving date first if they have come back.")
    account = db.session.get(Account, person_id)
    if account is not None and account.disabled_at is not None:
        raise BadInput("This account is disabled. Enable it first.")
    if account is None:
        account = Account(person_id=person_id)
        db.session.add(account)
    token = secrets.token_urlsafe(32)
    account.invite_digest = digest(token)
    account.invite_expires_at = now + INVITATION_LASTS
    append("account:invited", viewer, now, ("person", person_id))
    db.session.flush()
    return token


def choose_password(token: str, password_hash: str, now: datetime) -> int:
    """Use up a link and set the password; return whose it is. Every session of that person ends.

    Raises:
        NotFound: the link was used, replaced or is too old, or the account is disabled or of someone who has left.
    """
    account = queries.account_by_invitation(token, now)
    if account is None or not account.usable:
        raise NotFound
    used = db.session.execute(
        update(Account)
        .where(Account.person_id == account.person_id, Account.invite_digest == digest(token))
        .values(password_hash=password_hash, invite_digest=None, invite_expires_at=None)
    )
    if used.rowcount != 1:  # type: ignore[attr-defined]
        raise NotFound
    end_sessions_of(account.person_id, now)
    append("signin:password-chosen", _viewer(account.person_id, now), now, ("person", account.person_id))
    return account.person_id


def change_password(viewer: Viewer, password_hash: str, now: datetime) -> None:
    """Set one's own new password. Every session ends, so the caller begins a new one; earlier links stop working."""
    if viewer.person_id is None:
        raise NotFound
    db.session.execute(
        update(Account)
        .where(Account.person_id == viewer.person_id)
        .values(password_hash=password_hash, invite_digest=None, invite_expires_at=None)
    )
    end_sessions_of(viewer.person_id, now)
    append("signin:password-changed", viewer, now, ("person", viewer.person_id))


def disable_account(person_id: int, viewer: Viewer, now: datetime) -> None:
    """Take a person's access away at once; sessions and links end with it.

    Raises:
        NotAllowed: the viewer is no administrator, it is their own account, or the last administrator's.
        NotFound: the person has no account.
    """
    check_can_disable(viewer, person_id, queries.is_last_administrator(person_id))
    account = _account(person_id)
    if account.disabled_at is not None:
        return
    account.disabled_at = now
    account.invite_digest = account.invite_expires_at = None
    end_sessions_of(person_id, now)
    append("account:disabled", viewer, now, ("person", person_id))
    db.session.flush()


def enable_account(person_id: int, viewer: Viewer, now: datetime) -> None:
    """Give a disabled account back. The password is the one of before.

    Raises:
        NotAllowed: the viewer is no administrator.
        NotFound: the person has no account.
    """
    check_can_manage_accounts(viewer)
    account = _account(person_id)
    if account.disabled_at is None:
        return
    account.disabled_at = None
    append("account:enabled", viewer, now, ("person", person_id))
    db.session.flush()


def create_administrator(
    name: str, email: str, now: datetime, *, password_hash: str | None = None
) -> tuple[int, str | None]:
    """Make whoever has this email an administrator who can sign in, adding the person if there is none.

    For the command line of whoever runs the machine. Returns the person's id and, where no password is given,
    the token of a link to choose one.

    Raises:
        BadInput: the email is none, or the person has left or is barred.
    """
    actor = system("Command line")
    email = email.strip().lower()
    if not _EMAIL.fullmatch(email):
        raise BadInput("Enter a work email, such as name@council.gov.uk.")
    person = db.session.scalar(select(Person).where(Person.email == email))
    person = person or people.add_person(people.PersonDetails(name, email), actor, now)
    held = select(RoleGrant.id).where(RoleGrant.person_id == person.id, RoleGrant.role == Role.ADMINISTRATOR)
    if db.session.scalar(held) is None:
        people.grant_role(person, Role.ADMINISTRATOR, actor, now)
    token = invite(person.id, actor, now)
    if password_hash is None:
        return person.id, token
    choose_password(token, password_hash, now)
    return person.id, None


def forget_old(now: datetime) -> int:
    """Delete failures that no longer count and sessions that are long over; how many. A job calls this once a day."""
    failures = db.session.execute(delete(FailedSignIn).where(queries.old_failures(now)))
    sessions = db.session.execute(delete(SignInSession).where(queries.old_sessions(now)))
    return int(failures.rowcount + sessions.rowcount)  # type: ignore[attr-defined]


def _viewer(person_id: int, now: datetime) -> Viewer:
    return viewer_of(_person(person_id), london_day(now))


def _person(person_id: int) -> Person:
    person = db.session.get(Person, person_id)
    if person is None:
        raise NotFound
    return person


def _account(person_id: int) -> Account:
    account = db.session.get(Account, person_id)
    if account is None:
        raise NotFound
    return account
