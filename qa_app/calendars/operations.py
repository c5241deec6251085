"""Make, renew and stop a calendar feed. The token goes to its owner once, and nowhere else: not to trail or logs."""

import secrets
from datetime import datetime

from sqlalchemy import delete, update
from sqlalchemy.exc import IntegrityError

from qa_app.access.viewer import Viewer
from qa_app.calendars.models import CalendarFeed
from qa_app.core.database import db
from qa_app.core.errors import NotFound
from qa_app.signin.sessions import digest
from qa_app.trail import operations as trail


def make_feed(viewer: Viewer, now: datetime) -> str:
    """Give a person a feed with a new token, and return the token. An earlier one stops working at once.

    Raises:
        NotFound: the viewer is no person.
    """
    if viewer.person_id is None:
        raise NotFound
    token = secrets.token_urlsafe(32)
    values = {"token_digest": digest(token), "made_at": now}
    renew = update(CalendarFeed).where(CalendarFeed.person_id == viewer.person_id).values(**values)
    renewed = bool(db.session.execute(renew).rowcount)  # type: ignore[attr-defined]
    if not renewed:
        try:
            with db.session.begin_nested():
                db.session.add(CalendarFeed(person_id=viewer.person_id, **values))
        except IntegrityError:  # made by another request in between
            db.session.execute(renew)
    event = "calendar:renewed" if renewed else "calendar:made"
    trail.append(event, viewer, now, ("person", viewer.person_id))
    return token


def stop_feed(viewer: Viewer, now: datetime) -> None:
    """Take a person's feed away, at once. Where there is none, nothing is to do."""
    stopped = db.session.execute(delete(CalendarFeed).where(CalendarFeed.person_id == viewer.person_id))
    if stopped.rowcount:  # type: ignore[attr-defined]
        trail.append("calendar:stopped", viewer, now, ("person", viewer.person_id))
