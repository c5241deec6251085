"""Reports in any state, walked there by the operations."""

from datetime import date, datetime

from qa_app.access.viewer import Viewer
from qa_app.reports import operations, running
from qa_app.reports.models import Edition
from qa_app.reports.states import Audience, EditionState, ReportKind

SAID = {"grades": "Fewer audits are outstanding than in spring.", "completion": "Two auditors left in June."}


def edition_at(
    state: EditionState,
    qa: Viewer,
    now: datetime,
    kind: ReportKind = ReportKind.MONTHLY,
    audience: Audience = Audience.INTERNAL,
    month: date | None = None,
) -> Edition:
    """A report of a month (else the one of `now`); a correction of it too where it is to be superseded."""
    made = operations.make(kind, month or now.date().replace(day=1), audience, qa, now)
    if state == EditionState.BUILDING:
        return made
    running.build_now(made, qa, now)
    operations.write(made, SAID, 0, qa, now)
    if state == EditionState.IN_REVIEW:
        operations.send_for_review(made, made.version, qa, now)
    if state in (EditionState.PUBLISHED, EditionState.SUPERSEDED):
        operations.publish(made, made.version, qa, now)
    if state == EditionState.SUPERSEDED:
        further = operations.correct(made, "Three late audits were left out.", qa, now)
        running.build_now(further, qa, now)
        operations.publish(further, further.version, qa, now)
    return made
