"""Sessions as rows: start, find and end them (ASVS 7). Idle 60 minutes (30 for administrators), 12 hours at most."""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from flask import Response, current_app, g, request
from flask_login import current_user
from sqlalchemy import select, update
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session, joinedload

from qa_app.access.roles import Role
from qa_app.access.viewer import Viewer
from qa_app.core.clock import london_day
from qa_app.core.database import db, is_out_of_reach, may_write
from qa_app.extensions import login_manager
from qa_app.people.queries import viewer_of
from qa_app.signin.models import Account, SignInSession

IDLE = timedelta(minutes=60)
IDLE_ADMINISTRATOR = timedelta(minutes=30)
LONGEST = timedelta(hours=12)
TOUCH_EVERY = timedelta(seconds=60)


def idle_limit(roles: frozenset[Role]) -> timedelta:
    """How long a session of someone with these roles may rest before it ends (ASVS 7.3.1)."""
    return IDLE_ADMINISTRATOR if Role.ADMINISTRATOR in roles else IDLE


@dataclass(frozen=True)
class SignedIn:
    """What Flask-Login calls the user: a live session and its viewer."""

    token: str
    session_id: int
    viewer: Viewer
    last_seen_at: datetime
    started_at: datetime
    is_authenticated: bool = True
    is_active: bool = True
    is_anonymous: bool = False

    def get_id(self) -> str:
        """The session's token: what the signed cookie holds."""
        return self.token


def digest(secret: str) -> str:
    """The digest under which a token or key is kept."""
    return hashlib.sha256(secret.encode()).hexdigest()


def start_session(person_id: int, now: datetime, browser: str = "") -> str:
    """Start a session and return its token; only the token's digest is kept."""
    token = secrets.token_urlsafe(32)
    db.session.add(
        SignInSession(
            token_digest=digest(token), person_id=person_id, started_at=now, last_seen_at=now, browser=browser[:200]
        )
    )
    db.session.flush()
    return token


def end_session(session_id: int, now: datetime) -> None:
    """End one session, at once."""
    db.session.execute(
        update(SignInSession)
        .where(SignInSession.id == session_id, SignInSession.ended_at.is_(None))
        .values(ended_at=now)
    )


def end_sessions_of(person_id: int, now: datetime) -> None:
    """End every session of a person, at once: sign out everywhere, a lost role, a new password, a leaver."""
    db.session.execute(
        update(SignInSession)
        .where(SignInSession.person_id == person_id, SignInSession.ended_at.is_(None))
        .values(ended_at=now)
    )


def find_session(token: str, now: datetime) -> SignedIn | None:
    """The live session of a token, or None: ended, idle or old sessions and disabled people have none."""
    row = db.session.execute(
        select(SignInSession, Account)
        .join(Account, Account.person_id == SignInSession.person_id)
        .where(
            SignInSession.token_digest == digest(token), SignInSession.ended_at.is_(None), Account.disabled_at.is_(None)
        )
        .options(joinedload(Account.person))
    ).one_or_none()
    if row is None:
        return None
    session, account = row
    if now - session.started_at >= LONGEST or not account.person.works_on(london_day(now)):
        return None
    viewer = viewer_of(account.person, london_day(now))
    if now - session.last_seen_at >= idle_limit(viewer.roles):
        return None
    return SignedIn(token, session.id, viewer, session.last_seen_at, session.started_at)


def touch(signed_in: SignedIn, now: datetime) -> None:
    """Remember that the session is in use, at most once a minute, in a transaction of its own."""
    if now - signed_in.last_seen_at < TOUCH_EVERY:
        return
    writing = may_write.set(True)
    try:
        with Session(db.engine) as session:
            session.execute(
                update(SignInSession).where(SignInSession.id == signed_in.session_id).values(last_seen_at=now)
            )
            session.commit()
    except DBAPIError as error:
        # The page is made, and whoever reads it does so whether or not this can be noted: the next request does.
        if not is_out_of_reach(error):
            raise
    finally:
        may_write.reset(writing)


def seconds_left(signed_in: SignedIn, now: datetime) -> tuple[int, int]:
    """Seconds until a session ends if it rests after this request, and until it ends however much it is used."""
    seen_at = now if _by_a_person() and now - signed_in.last_seen_at >= TOUCH_EVERY else signed_in.last_seen_at
    most = signed_in.started_at + LONGEST - now
    left = min(seen_at + idle_limit(signed_in.viewer.roles) - now, most)
    return int(left.total_seconds()), int(most.total_seconds())


def touch_after(response: Response) -> Response:
    """After a request by a person the session is in use. Every answer says in how many seconds it would end."""
    if "viewer" in g:
        response.headers["X-Signed-In-For"] = str(seconds_left(current_user, g.now)[0])
        if _by_a_person():
            # Whatever was to be kept is committed by now; a lock held here would make `touch` wait for itself.
            db.session.rollback()
            touch(current_user, g.now)
    return response


def _by_a_person() -> bool:
    """Whether a person asked: autosave and a page that refreshes itself are none."""
    return "1" not in (request.headers.get("X-Autosave"), request.headers.get("X-Live"))


@login_manager.user_loader  # type: ignore[untyped-decorator]
def _load(token: str) -> SignedIn | None:
    return find_session(token, g.get("now") or current_app.config["CLOCK"]())
