"""Who is told by mail what happens to an exemption request (domain.md sections 6 and 10). Called by `reactions.py`.

A mail says for which months and who asks, never why: the page behind its link asks for sign-in.
"""

from collections.abc import Iterable
from datetime import datetime

from qa_app.access.roles import Role
from qa_app.access.viewer import Viewer
from qa_app.core.clock import london_day
from qa_app.exemptions.events import (
    ExemptionAsked,
    ExemptionDecided,
    ExemptionDeclined,
    ExemptionForwarded,
    ExemptionWithdrawn,
)
from qa_app.exemptions.models import ExemptionRequest
from qa_app.exemptions.queries import audits_of_exempt
from qa_app.exemptions.rules import months_in_words
from qa_app.exemptions.states import ExemptionState
from qa_app.outbox.catalogue import Value
from qa_app.outbox.operations import queue, take_back
from qa_app.people.queries import deciders, holders_of

ASKED, FORWARDED, GRANTED = "exemption_asked", "exemption_forwarded", "exemption_granted_audits"


def subject_of(request_id: int) -> str:
    """What the mails about a request are kept under."""
    return f"exemption:{request_id}"


def tell_who_answers(event: ExemptionAsked) -> int:
    """The Head of Service hears, or the Director where it goes straight there; how many mails are new."""
    if event.request.state == ExemptionState.WITH_DIRECTOR:
        return _tell_directors(event.request, event.viewer, event.now)
    heads = deciders(
        Role.HEAD_OF_SERVICE, london_day(event.now), event.request.service_id, besides=event.request.person_id
    )
    return _tell(ASKED, heads, event.request, event.viewer, event.now, person=event.request.person.name)


def tell_directors(event: ExemptionForwarded) -> int:
    """The Director hears that a request waits for a decision; the Head of Service is asked no more."""
    take_back(subject_of(event.request.id), [ASKED])
    return _tell_directors(event.request, event.viewer, event.now)


def tell_who_asked_of_decline(event: ExemptionDeclined) -> int:
    """The requester hears that the Head of Service declined."""
    take_back(subject_of(event.request.id), [ASKED])
    return _tell("exemption_declined", [event.request.person_id], event.request, event.viewer, event.now)


def tell_who_asked_of_decision(event: ExemptionDecided) -> int:
    """The requester hears what the Director decided."""
    take_back(subject_of(event.request.id), [FORWARDED])
    request = event.request
    return _tell("exemption_decided", [request.person_id], request, event.viewer, event.now, outcome=request.state)


def tell_qa_team_of_audits(event: ExemptionDecided) -> int:
    """The QA team hears of issued audits that an exemption leaves with nobody to do them."""
    if event.request.state != ExemptionState.APPROVED:
        return 0
    issued = [audit for audit in audits_of_exempt(event.request.id) if audit.issued_at is not None]
    if not issued:
        return 0
    return _tell(
        GRANTED,
        holders_of(Role.QA_TEAM),
        event.request,
        event.viewer,
        event.now,
        person=event.request.person.name,
        audits=len(issued),
        due_on=issued[0].due_on,
    )


def take_back_what_was_asked(event: ExemptionWithdrawn) -> None:
    """Nobody is asked to answer a request that is withdrawn."""
    take_back(subject_of(event.request.id), [ASKED, FORWARDED])


def take_back_settled(request_ids: Iterable[int]) -> None:
    """The QA team is not asked about audits of an exempt auditor that have been given to others or withdrawn."""
    for request_id in request_ids:
        if not any(audit.issued_at is not None for audit in audits_of_exempt(request_id)):
            take_back(subject_of(request_id), [GRANTED])


def _tell_directors(request: ExemptionRequest, viewer: Viewer, now: datetime) -> int:
    directors = deciders(Role.DIRECTOR, london_day(now), besides=request.person_id)
    return _tell(FORWARDED, directors, request, viewer, now, person=request.person.name)


def _tell(
    message: str,
    person_ids: Iterable[int],
    request: ExemptionRequest,
    viewer: Viewer,
    now: datetime,
    **further: Value,
) -> int:
    """Queue a mail on a request; nobody is mailed about their own act."""
    common: dict[str, Value] = {
        "month": months_in_words(request.first_month, request.last_month),
        "path": f"/exemptions/{request.id}",
    }
    return queue(
        message,
        [person_id for person_id in person_ids if person_id != viewer.person_id],
        subject_key=subject_of(request.id),
        slot=f"version:{request.version}",
        now=now,
        variables=common | further,
    )
