"""The owner says what was done about a recommendation, before it is followed up (domain.md section 8)."""

from datetime import datetime

from sqlalchemy import select

from qa_app.access.viewer import Viewer
from qa_app.core.database import db
from qa_app.core.errors import BadInput, NotFound
from qa_app.core.states import move
from qa_app.recommendations.models import ProgressNote, Recommendation
from qa_app.recommendations.operations.reports import append
from qa_app.recommendations.permissions import check_can_describe
from qa_app.recommendations.states import RECOMMENDATION, RecommendationState


def describe(
    found: Recommendation, text: str, viewer: Viewer, now: datetime, *, is_done: bool, version: int | None = None
) -> ProgressNote:
    """Add what was done below what was said before. Said to be done it waits for the follow-up; else it goes on.

    Sent twice, the same words are there once.

    Raises:
        NotAllowed, IllegalMove: the viewer neither owns it nor stands in for its owner, or it is fully implemented.
        BadInput: nothing is said.
        Stale: it was changed meanwhile.
    """
    check_can_describe(viewer, found)
    if not text.strip():
        raise BadInput("Check what you entered.", {"text": "Enter what was done"})
    _hold(found)
    who = check_can_describe(viewer, found)
    newest = db.session.scalar(
        select(ProgressNote).where(ProgressNote.recommendation_id == found.id).order_by(ProgressNote.id.desc()).limit(1)
    )
    said = newest and (newest.by_id, newest.text, newest.is_done) == (viewer.person_id, text.strip(), is_done)
    if newest and said and is_done == (found.state == RecommendationState.SAID_DONE):
        return newest
    name = {True: "say_done", False: "go_on"}[is_done]
    if found.state in RECOMMENDATION.moves[name].sources:
        move(found, RECOMMENDATION, name, now=now, person_id=viewer.person_id, version=version)
    note = ProgressNote(
        recommendation_id=found.id,
        text=text.strip(),
        is_done=is_done,
        at=now,
        by_id=who.person_id or 0,
        for_id=who.on_behalf_of,
    )
    db.session.add(note)
    db.session.flush()
    verb = "recommendation:said-done" if is_done else "recommendation:progress-described"
    append(verb, found.report_id, who, now, number=found.number)
    return note


def _hold(found: Recommendation) -> None:
    """Take the recommendation's row until the transaction ends, and see it as it then is."""
    anew = select(Recommendation).where(Recommendation.id == found.id).with_for_update(of=Recommendation)
    if db.session.scalar(anew.execution_options(populate_existing=True)) is None:
        raise NotFound
