"""Who is told that a round is issued: each auditor, once, with how many audits they have (domain.md section 10)."""

from datetime import datetime

from qa_app.core.clock import london_day
from qa_app.core.format import MONTHS
from qa_app.issuing.queries import recipients
from qa_app.outbox.catalogue import Value
from qa_app.outbox.operations import queue
from qa_app.rounds.models import Round


def tell_auditors(round: Round, now: datetime) -> int:
    """Queue the mail `audits_issued` to every auditor with audits in the round; how many are new."""
    audits = {recipient.person_id: recipient.audits for recipient in recipients(round.id)}

    def variables(person_id: int) -> dict[str, Value]:
        return {
            "month": MONTHS[round.month.month - 1],
            "audits": audits[person_id],
            "due_on": round.due_on,
            "round": round.reference,
            "path": "/my-audits",
        }

    return queue(
        "audits_issued",
        list(audits),
        subject_key=f"round:{round.id}",
        slot=london_day(now).isoformat(),
        now=now,
        variables=variables,
    )
