"""Make and revoke tokens, and record that a table was read. A token goes to its owner once, and nowhere else."""

import secrets
from datetime import datetime

from sqlalchemy import select, update

from qa_app.access.permissions import Permission
from qa_app.access.viewer import Viewer
from qa_app.actions.models import Action
from qa_app.audits.models import Audit
from qa_app.core.clock import london_day, utc_now
from qa_app.core.database import db
from qa_app.core.errors import BadInput, IllegalMove, NotAllowed
from qa_app.feeds.models import FeedToken
from qa_app.feeds.rules import LIFETIMES, LONGEST_NAME, last_day
from qa_app.moderation.models import Moderation
from qa_app.signin.sessions import digest
from qa_app.trail import operations as trail


def make_token(name: str, days: int, viewer: Viewer, now: datetime) -> str:
    """Give a person a token that lives so many days, and return it.

    Raises:
        NotAllowed: the viewer may not have feeds.
        BadInput: no name, too long a one, or a lifetime that is not offered.
    """
    if viewer.person_id is None or not viewer.can(Permission.FEED_MANAGE):
        raise NotAllowed("Only a Head of Service, the QA team, the Director or an executive can read the feed.")
    name = name.strip()
    if not name or len(name) > LONGEST_NAME:
        words = f"Enter what the token is for, in at most {LONGEST_NAME} characters"
        raise BadInput(words, {"name": words})
    if days not in LIFETIMES:
        raise BadInput("Choose how long it is to work", {"days": "Choose how long it is to work"})
    token = secrets.token_urlsafe(32)
    made = FeedToken(
        person_id=viewer.person_id,
        name=name,
        digest=digest(token),
        made_at=now,
        expires_on=last_day(london_day(now), days),
    )
    db.session.add(made)
    db.session.flush()
    trail.append(
        "feed:token-made", viewer, now, ("person", viewer.person_id), token=name, last_day=str(made.expires_on)
    )
    return token


def revoke_token(token: FeedToken, viewer: Viewer, now: datetime) -> None:
    """Stop a token of one's own, at once.

    Raises:
        NotAllowed: it is somebody else's.
        IllegalMove: it is revoked already.
    """
    if viewer.person_id is None or token.person_id != viewer.person_id:
        raise NotAllowed("Only its owner can revoke a token.")
    if token.revoked_at is not None:
        raise IllegalMove("This token is revoked already.")
    token.revoked_at = now
    db.session.flush()
    trail.append("feed:token-revoked", viewer, now, ("person", viewer.person_id), token=token.name)


def record_read(table: str, since: datetime | None, token: FeedToken | None, viewer: Viewer, now: datetime) -> None:
    """One entry a read, however many pages it takes; without a token it is the command line's."""
    if token is not None:
        token.last_used_at = now
        db.session.flush()
    trail.append(
        "feed:read",
        viewer,
        now,
        ("person", viewer.person_id),
        table=table,
        since=since,
        token=token.name if token is not None else "command line",
    )


def serve_again(case_id: int) -> None:
    """Let what hangs on a case come with the next increment: more readers may see it than before."""
    written = utc_now()
    audits = select(Audit.id).where(Audit.case_id == case_id)
    for statement in (
        update(Audit).where(Audit.case_id == case_id),
        update(Moderation).where(Moderation.audit_id.in_(audits)),
        update(Action).where(Action.case_id == case_id),
    ):
        db.session.execute(statement.values(updated_at=written), execution_options={"synchronize_session": False})
