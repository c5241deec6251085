"""Ask, forward, decline, approve, refuse, withdraw (domain.md section 6).

The statement and the other words of a request stay in its own row: the trail says what happened, when, by whom and on
whose behalf, and never why somebody can't audit.
"""

from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import select

from qa_app.access.viewer import Viewer
from qa_app.core.clock import london_day
from qa_app.core.database import db
from qa_app.core.errors import BadInput
from qa_app.core.events import record
from qa_app.core.states import move
from qa_app.exemptions import queries
from qa_app.exemptions.events import (
    ExemptionAsked,
    ExemptionDecided,
    ExemptionDeclined,
    ExemptionForwarded,
    ExemptionWithdrawn,
)
from qa_app.exemptions.inputs import AskInput
from qa_app.exemptions.models import ExemptionRequest
from qa_app.exemptions.permissions import check_can_ask, check_can_decide, check_can_forward, check_can_withdraw
from qa_app.exemptions.rules import MOST_CHARACTERS
from qa_app.exemptions.states import EXEMPTION, ExemptionState, Timing
from qa_app.people.models import Person
from qa_app.trail import operations as trail

SUBJECT = "exemption"


def ask(person_id: int, wish: AskInput, viewer: Viewer, now: datetime) -> ExemptionRequest:
    """Ask for an exemption. It waits for the Head of Service, or straight for the Director where it is their own.

    Until it is decided every audit stays due.

    Raises:
        NotAllowed: the viewer asks for somebody else, or is no auditor.
        BadInput: the months are over, taken or out of order, or words are missing; by field.
    """
    check_can_ask(viewer, person_id)
    # Held until the transaction ends, so that of two requests sent at once the second sees the first.
    person = db.session.scalars(select(Person).where(Person.id == person_id).with_for_update(of=Person)).one()
    today = london_day(now)
    wish = replace(wish, first_month=wish.first_month.replace(day=1), last_month=wish.last_month.replace(day=1))
    if faults := queries.faults_of(person_id, wish, today):
        raise BadInput(f"{next(iter(faults.values()))}.", faults)
    timing = queries.timing_now(queries.month_facts(wish.first_month), today)
    team_id, service_id = queries.home_of(person)
    straight = queries.goes_straight(person, service_id, today)
    request = ExemptionRequest(
        person_id=person_id,
        team_id=team_id,
        service_id=service_id,
        first_month=wish.first_month,
        last_month=wish.last_month,
        category=wish.category,
        statement=wish.statement.strip(),
        timing=timing,
        late_reason=wish.late_reason.strip() if timing is Timing.LAST_WEEK else "",
        state=ExemptionState.WITH_DIRECTOR if straight else ExemptionState.WITH_HEAD_OF_SERVICE,
        asked_at=now,
    )
    db.session.add(request)
    db.session.flush()
    _note("exemption:asked", request, viewer, now, timing=timing, straight_to_director=straight)
    record(ExemptionAsked(request, viewer, now))
    return request


def forward(request: ExemptionRequest, note: str, viewer: Viewer, now: datetime, version: int | None = None) -> None:
    """Pass it on to the Director, with a note where there is something to say.

    Raises:
        NotAllowed: the viewer is not that Head of Service or their deputy, or asked for it themselves.
        IllegalMove, Stale: it was answered or withdrawn first.
    """
    actor = check_can_forward(viewer, request)
    _check_length("note", note)
    _answer_of_head("forward", request, note, actor, now, version)
    record(ExemptionForwarded(request, actor, now))


def decline(request: ExemptionRequest, reason: str, viewer: Viewer, now: datetime, version: int | None = None) -> None:
    """Say no as Head of Service; the requester sees the reason.

    Raises:
        NotAllowed: the viewer is not that Head of Service or their deputy, or asked for it themselves.
        IllegalMove, Stale: it was answered or withdrawn first. BadInput: no reason.
    """
    actor = check_can_forward(viewer, request)
    _need_reason(reason, "Enter why you decline it. The requester sees this")
    _answer_of_head("decline", request, reason, actor, now, version)
    record(ExemptionDeclined(request, actor, now))


def approve(request: ExemptionRequest, reason: str, viewer: Viewer, now: datetime, version: int | None = None) -> None:
    """Grant it as Director: what rounds expect of the requester falls, in every month of the span that is not closed.

    Raises:
        NotAllowed: the viewer is not the Director or their deputy, or asked for it themselves.
        IllegalMove, Stale: it was decided or withdrawn first. BadInput: no reason.
    """
    _decide("approve", request, reason, viewer, now, version)


def refuse(request: ExemptionRequest, reason: str, viewer: Viewer, now: datetime, version: int | None = None) -> None:
    """Say no as Director: every audit stays due.

    Raises:
        NotAllowed: the viewer is not the Director or their deputy, or asked for it themselves.
        IllegalMove, Stale: it was decided or withdrawn first. BadInput: no reason.
    """
    _decide("refuse", request, reason, viewer, now, version)


def withdraw(request: ExemptionRequest, viewer: Viewer, now: datetime, version: int | None = None) -> None:
    """Take one's own request back before it is decided.

    Raises:
        NotAllowed: it is somebody else's. IllegalMove, Stale: it was decided or withdrawn first.
    """
    check_can_withdraw(viewer, request)
    move(request, EXEMPTION, "withdraw", now=now, person_id=viewer.person_id, version=version, withdrawn_at=now)
    _note("exemption:withdrawn", request, viewer, now)
    record(ExemptionWithdrawn(request, viewer, now))


def record_view(request: ExemptionRequest, viewer: Viewer, now: datetime) -> None:
    """Record that the viewer read the statement of somebody's request."""
    trail.append("exemption:viewed", viewer, now, (SUBJECT, request.id))


def record_export(filters: dict[str, str], viewer: Viewer, now: datetime) -> None:
    """Record that the viewer took the ledger away as a file, and narrowed by what."""
    trail.append("exemption:ledger-exported", viewer, now, (SUBJECT, None), filters=sorted(filters))


def _answer_of_head(
    name: str, request: ExemptionRequest, words: str, actor: Viewer, now: datetime, version: int | None
) -> None:
    move(
        request,
        EXEMPTION,
        name,
        now=now,
        person_id=actor.person_id,
        version=version,
        head_answered_at=now,
        head_answered_by_id=actor.person_id,
        head_answered_for_id=actor.on_behalf_of,
        head_note=words.strip(),
    )
    _note({"forward": "exemption:forwarded", "decline": "exemption:declined"}[name], request, actor, now)


def _decide(
    name: str, request: ExemptionRequest, reason: str, viewer: Viewer, now: datetime, version: int | None
) -> None:
    actor = check_can_decide(viewer, request)
    _need_reason(reason, "Enter the reason for your decision. The requester sees this")
    move(
        request,
        EXEMPTION,
        name,
        now=now,
        person_id=actor.person_id,
        version=version,
        decided_at=now,
        decided_by_id=actor.person_id,
        decided_for_id=actor.on_behalf_of,
        decision_reason=reason.strip(),
    )
    _note({"approve": "exemption:approved", "refuse": "exemption:refused"}[name], request, actor, now)
    record(ExemptionDecided(request, actor, now))


def _note(event: str, request: ExemptionRequest, viewer: Viewer, now: datetime, **detail: Any) -> None:
    trail.append(
        event,
        viewer,
        now,
        (SUBJECT, request.id),
        first_month=request.first_month,
        last_month=request.last_month,
        **detail,
    )


def _need_reason(reason: str, sentence: str) -> None:
    if not reason.strip():
        raise BadInput(f"{sentence}.", {"reason": sentence})
    _check_length("reason", reason)


def _check_length(field: str, words: str) -> None:
    if (too_many := len(words) - MOST_CHARACTERS) > 0:
        sentence = f"Shorten this by {too_many} characters: use {MOST_CHARACTERS} or fewer"
        raise BadInput(f"{sentence}.", {field: sentence})
