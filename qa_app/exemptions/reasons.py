"""Whether what a mail on an exemption asks is still to be done, when it is about to be sent (domain.md section 10)."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import select

from qa_app.core.database import db
from qa_app.exemptions.models import ExemptionRequest
from qa_app.exemptions.queries import audits_of_exempt
from qa_app.exemptions.states import ExemptionState
from qa_app.outbox.catalogue import Value
from qa_app.outbox.models import Mail

Found = Mapping[int, Mapping[str, Value]]


def still_to_forward(mails: Sequence[Mail], now: datetime) -> Found:
    """Requests that still wait for the Head of Service."""
    return _in_state(mails, ExemptionState.WITH_HEAD_OF_SERVICE)


def still_to_decide(mails: Sequence[Mail], now: datetime) -> Found:
    """Requests that still wait for the Director."""
    return _in_state(mails, ExemptionState.WITH_DIRECTOR)


def still_to_reassign(mails: Sequence[Mail], now: datetime) -> Found:
    """Exempt auditors who still have issued audits, and how many there are now."""
    found: dict[int, Mapping[str, Value]] = {}
    for mail in mails:
        issued = [audit for audit in audits_of_exempt(_id(mail)) if audit.issued_at is not None]
        if issued:
            found[mail.id] = {**mail.variables, "audits": len(issued), "due_on": issued[0].due_on}
    return found


def _in_state(mails: Sequence[Mail], state: ExemptionState) -> Found:
    ids = select(ExemptionRequest.id).where(
        ExemptionRequest.id.in_({_id(mail) for mail in mails}), ExemptionRequest.state == state
    )
    waiting = set(db.session.scalars(ids))
    return {mail.id: mail.variables for mail in mails if _id(mail) in waiting}


def _id(mail: Mail) -> int:
    return int(mail.subject_key.partition(":")[2])
