"""Tokens, and whose a token is."""

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from sqlalchemy import select

from qa_app.access.permissions import Permission
from qa_app.access.viewer import Viewer
from qa_app.core.database import db
from qa_app.core.errors import NotFound
from qa_app.feeds.models import FeedToken
from qa_app.people.models import Person
from qa_app.people.queries import viewer_of
from qa_app.signin.models import Account
from qa_app.signin.sessions import digest


class Reader(NamedTuple):
    """Who reads the feed, with which token, and what they may see today."""

    token: FeedToken
    viewer: Viewer


def tokens_of(viewer: Viewer) -> Sequence[FeedToken]:
    """A person's own tokens, newest first, those that are revoked or past their last day too."""
    own = FeedToken.person_id == viewer.person_id
    return db.session.scalars(select(FeedToken).where(own).order_by(FeedToken.id.desc())).all()


def own_token(viewer: Viewer, token_id: int) -> FeedToken:
    """One token of the viewer's own.

    Raises:
        NotFound: there is none, or it is somebody else's.
    """
    own = (FeedToken.id == token_id, FeedToken.person_id == viewer.person_id)
    found = db.session.scalar(select(FeedToken).where(*own))
    if found is None:
        raise NotFound
    return found


def reader_by_token(token: str, today: date) -> Reader | None:
    """Whose token it is, with the rights that they have today.

    None where it is nobody's, revoked or past its last day, and where its owner left, may not sign in or may not have
    feeds any more.
    """
    found = db.session.execute(
        select(FeedToken, Person)
        .join(Person, Person.id == FeedToken.person_id)
        .join(Account, Account.person_id == Person.id)
        .where(
            FeedToken.digest == digest(token),
            FeedToken.revoked_at.is_(None),
            FeedToken.expires_on >= today,
            Account.disabled_at.is_(None),
        )
    ).first()
    if found is None or not found[1].works_on(today):
        return None
    viewer = viewer_of(found[1], today)
    return Reader(found[0], viewer) if viewer.can(Permission.FEED_MANAGE) else None
