"""Read requests, as far as the viewer may know of them (domain.md section 12): out of scope looks like absent."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, false, func, or_, select, true
from sqlalchemy.orm import joinedload

from qa_app.access.permissions import Permission
from qa_app.access.viewer import Viewer
from qa_app.audits.models import Audit
from qa_app.audits.states import SUBMITTED_STATES, AuditState
from qa_app.core.clock import months_before, start_of_day
from qa_app.core.database import db
from qa_app.core.errors import NotFound
from qa_app.exemptions.inputs import AskInput
from qa_app.exemptions.models import ExemptionRequest
from qa_app.exemptions.permissions import check_can_decide, check_can_forward, turn_of
from qa_app.exemptions.queries.standing import WaitingAudit, audits_of_exempt
from qa_app.exemptions.states import WAITING_STATES, ExemptionState

WHOLE = (
    joinedload(ExemptionRequest.person),
    joinedload(ExemptionRequest.team),
    joinedload(ExemptionRequest.service),
    joinedload(ExemptionRequest.head_answered_by),
    joinedload(ExemptionRequest.head_answered_for),
    joinedload(ExemptionRequest.decided_by),
    joinedload(ExemptionRequest.decided_for),
)
CLOCK = func.coalesce(ExemptionRequest.head_answered_at, ExemptionRequest.asked_at)
"""Since when a request waits for whom it is with."""


def visible(viewer: Viewer) -> ColumnElement[bool]:
    """Which requests the viewer may know of."""
    scope = viewer.scope(Permission.EXEMPTION_READ)
    if scope.everything:
        return true()
    reach: list[ColumnElement[bool]] = []
    if scope.service_ids:
        reach.append(ExemptionRequest.service_id.in_(scope.service_ids))
    if scope.own_of:
        reach.append(ExemptionRequest.person_id == scope.own_of)
    return or_(*reach) if reach else false()


def reads_others(viewer: Viewer) -> bool:
    """Whether the viewer may know of requests besides their own."""
    scope = viewer.scope(Permission.EXEMPTION_READ)
    return scope.everything or bool(scope.service_ids)


def request_for(viewer: Viewer, request_id: int) -> ExemptionRequest:
    """One request with everybody named in it.

    Raises:
        NotFound: there is none that the viewer may know of.
    """
    found = db.session.scalar(
        select(ExemptionRequest)
        .where(ExemptionRequest.id == request_id, visible(viewer))
        .options(*WHOLE)
        .execution_options(populate_existing=True)
    )
    if found is None:
        raise NotFound
    return found


def own_request(viewer: Viewer, request_id: int) -> ExemptionRequest:
    """One request of the viewer's own.

    Raises:
        NotFound: there is none.
    """
    request = request_for(viewer, request_id)
    if request.person_id != viewer.person_id:
        raise NotFound
    return request


def is_waiting(request: ExemptionRequest) -> bool:
    """Whether a request is still to be answered, and so can be withdrawn."""
    return request.state in WAITING_STATES


def answered_by(request_id: int, viewer: Viewer) -> bool:
    """Whether the viewer answered a request, as it is kept now; the page may have been older."""
    found = request_for(viewer, request_id)
    return viewer.person_id in (found.head_answered_by_id, found.decided_by_id)


def on_whose_behalf(viewer: Viewer, request: ExemptionRequest) -> int | None:
    """In whose place the viewer would answer a request that waits for them; None where it is their own turn."""
    turn = turn_of(viewer, request)
    if not turn:
        return None
    check = check_can_forward if turn == "forward" else check_can_decide
    return check(viewer, request).on_behalf_of


def mine(viewer: Viewer) -> Sequence[ExemptionRequest]:
    """The viewer's own requests, the newest first."""
    return db.session.scalars(
        select(ExemptionRequest)
        .where(ExemptionRequest.person_id == viewer.person_id)
        .order_by(ExemptionRequest.asked_at.desc(), ExemptionRequest.id.desc())
        .options(*WHOLE)
    ).all()


def sent_already(viewer: Viewer, wish: AskInput) -> bool:
    """Whether exactly this request of the viewer's waits already: its button was pressed twice."""
    same = select(ExemptionRequest.id).where(
        ExemptionRequest.person_id == viewer.person_id,
        ExemptionRequest.state.in_(WAITING_STATES),
        ExemptionRequest.first_month == wish.first_month,
        ExemptionRequest.last_month == wish.last_month,
        ExemptionRequest.category == wish.category,
        ExemptionRequest.statement == wish.statement.strip(),
    )
    return db.session.scalar(same) is not None


def waiting(viewer: Viewer) -> Sequence[ExemptionRequest]:
    """Every request that waits for an answer and the viewer may know of, the longest wait first."""
    return db.session.scalars(
        select(ExemptionRequest)
        .where(ExemptionRequest.state.in_(WAITING_STATES), visible(viewer))
        .order_by(CLOCK, ExemptionRequest.id)
        .options(*WHOLE)
    ).all()


def waiting_for(viewer: Viewer, today: date) -> list[ExemptionRequest]:
    """What this viewer can answer now, for themselves or as a deputy, the longest wait first.

    `today` is the day as which the viewer's roles were read.
    """
    forwards, decides = viewer.scope(Permission.EXEMPTION_FORWARD), viewer.can(Permission.EXEMPTION_DECIDE)
    turns: list[ColumnElement[bool]] = []
    if forwards.service_ids:
        in_services = ExemptionRequest.service_id.in_(forwards.service_ids)
        turns.append(and_(ExemptionRequest.state == ExemptionState.WITH_HEAD_OF_SERVICE, in_services))
    if decides:
        turns.append(ExemptionRequest.state == ExemptionState.WITH_DIRECTOR)
    if not turns or viewer.is_system:
        return []
    found = db.session.scalars(
        select(ExemptionRequest).where(or_(*turns)).order_by(CLOCK, ExemptionRequest.id).options(*WHOLE)
    )
    return [request for request in found if turn_of(viewer, request)]


def audits_waiting(viewer: Viewer, request: ExemptionRequest | None = None) -> list[WaitingAudit]:
    """Audits of exempt auditors that the QA team has to give to others or withdraw; for anybody else there are none."""
    if not viewer.can(Permission.AUDIT_MANAGE):
        return []
    return audits_of_exempt(request.id if request else None)


@dataclass(frozen=True, slots=True)
class PastOf:
    """What whoever decides should know of the requester: the last 12 months' audits, and earlier requests."""

    issued: int
    done: int
    late: int
    earlier: Sequence[ExemptionRequest]


def past_of(request: ExemptionRequest, now: datetime, today: date) -> PastOf:
    """The requester's audits of the last 12 months, and their other requests, the newest first."""
    since = start_of_day(months_before(today, 12))
    rows: Any = db.session.execute(
        select(Audit.state, Audit.is_late, func.count(Audit.id))
        .where(
            Audit.auditor_id == request.person_id,
            Audit.issued_at >= since,
            Audit.issued_at <= now,
            Audit.state != AuditState.WITHDRAWN,
        )
        .group_by(Audit.state, Audit.is_late)
    ).all()
    done = sum(count for state, _, count in rows if state in SUBMITTED_STATES)
    late = sum(count for state, is_late, count in rows if state in SUBMITTED_STATES and is_late)
    earlier = db.session.scalars(
        select(ExemptionRequest)
        .where(ExemptionRequest.person_id == request.person_id, ExemptionRequest.id != request.id)
        .order_by(ExemptionRequest.asked_at.desc(), ExemptionRequest.id.desc())
    ).all()
    return PastOf(sum(count for _, _, count in rows), done, late, earlier)
