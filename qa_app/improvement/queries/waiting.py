"""What improvement processes ask of a viewer today, for their home page (`core/waiting.py`)."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, select

from qa_app.access.permissions import Permission
from qa_app.access.viewer import Viewer
from qa_app.core.waiting import ask
from qa_app.improvement.models import ImprovementProcess
from qa_app.improvement.queries.one import visible
from qa_app.improvement.states import Mark, ProcessState, StageKind

P = ImprovementProcess
AHEAD = timedelta(days=7)
AHEAD_REAUDIT = timedelta(days=28)
"""A re-audit is asked for a week before the system schedules it by itself."""

STEP = "improvement:"
"""Before a stage's kind: the viewer's turn, with the first process and its date."""

DECIDE, NOBODYS, LATE = "improvement:decide", "improvement:nobodys", "improvement:late"
_ASKED = (
    StageKind.DAY_THREE_MEETING,
    StageKind.IMPROVEMENT_PLAN,
    StageKind.SERVICE_MANAGER_REVIEW,
    StageKind.CASELOAD_REVIEW,
    StageKind.CLOSING,
)


def waiting_steps(viewer: Viewer, today: date) -> Iterator[Select[Any]]:
    """The viewer's turns that are near or late; for those who watch others, what is late or nobody's."""
    if not any(map(viewer.can, (P_LEAD, P_REVIEW, P_SCHEDULE))):
        return
    asked = {viewer.person_id} | {grant.on_behalf_of for grant in viewer.grants}
    people = sorted(one for one in asked if one is not None)
    mine = P.turn_id.in_(people)
    for kind in _ASKED:
        yield _ask(STEP + kind, viewer, mine, P.next_kind == kind, P.next_due_on < today + AHEAD)
    if viewer.can(P_SCHEDULE):
        near = P.next_due_on < today + AHEAD_REAUDIT
        yield _ask(STEP + StageKind.REAUDIT, viewer, P.next_kind == StageKind.REAUDIT, P.reaudit_id.is_(None), near)
        yield _ask(DECIDE, viewer, P.mark == Mark.BETTER)
    yield _ask(NOBODYS, viewer, P.turn_id.is_(None), P.next_due_on.is_not(None))
    yield _ask(LATE, viewer, P.turn_id.not_in(people), P.next_due_on < today)


def _ask(kind: str, viewer: Viewer, *conditions: ColumnElement[bool]) -> Select[Any]:
    found = select(P.id).where(P.state == ProcessState.OPEN, visible(viewer), *conditions)
    return ask(kind, found.order_by(P.next_due_on, P.id), on=P.next_due_on, first=P.id)


P_LEAD, P_REVIEW = Permission.IMPROVEMENT_LEAD, Permission.IMPROVEMENT_REVIEW
P_SCHEDULE = Permission.IMPROVEMENT_SCHEDULE
