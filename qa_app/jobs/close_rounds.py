"""Close the rounds whose due date has ended."""

from datetime import datetime

from qa_app.access.viewer import system
from qa_app.core.database import db, transaction
from qa_app.core.errors import IllegalMove, Stale
from qa_app.core.jobs import Done
from qa_app.rounds.models import Round
from qa_app.rounds.operations import close_round
from qa_app.rounds.queries import due_to_close


def close_due_rounds(now: datetime) -> Done:
    """Close each round that is due to, in a transaction of its own, and say which were closed."""
    with transaction():
        due = [(round.id, round.reference) for round in due_to_close(now)]
    done = Done(looked_at=len(due))
    for round_id, reference in due:
        try:
            with transaction():
                close_round(db.session.get_one(Round, round_id, populate_existing=True), system("Rounds close"), now)
        except (IllegalMove, Stale):
            done.skip("another process closed it first")
            continue
        done.did[f"closed {reference}"] += 1
    return done
