"""What a month's close stands on: read for the page from the round's end to its published report."""

from collections import Counter
from datetime import date

from sqlalchemy import func, select

from qa_app.access.viewer import Viewer
from qa_app.audits.models import Audit
from qa_app.core.database import db, plain_rows
from qa_app.figures import queries as figures
from qa_app.figures.cuts import RANDOM_SAMPLE, month_of
from qa_app.figures.rules import added_up, not_final
from qa_app.moderation.models import Moderation
from qa_app.moderation.states import UNSETTLED, ModerationState
from qa_app.reports.material import MonthFacts
from qa_app.rounds.models import AuditType, Round


def facts_of(month: date, viewer: Viewer) -> MonthFacts | None:
    """How a month stands; None where it has no round of the random sample."""
    statement = select(Round).join(AuditType).where(Round.month == month, AuditType.key == RANDOM_SAMPLE)
    found = db.session.scalars(statement.order_by(Round.id).limit(1)).one_or_none()
    if found is None:
        return None
    cut = month_of(month)
    done = added_up(figures.completion_of(cut, viewer))
    by_state = (
        select(Moderation.state, func.count())
        .join(Audit, Audit.id == Moderation.audit_id)
        .where(Audit.round_id == found.id)
        .group_by(Moderation.state)
        .order_by(Moderation.state)
    )
    moderations = Counter({state: n for state, n in plain_rows(by_state)})
    return MonthFacts(
        month,
        found.state,
        found.due_on,
        found.report_due_on,
        done.outstanding,
        done.late,
        sum(moderations[state] for state in UNSETTLED),
        moderations[ModerationState.DISPUTED],
        not_final(figures.audit_counts(cut, viewer)),
    )
