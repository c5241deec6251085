"""Whether there is still something to remind of, when a reminder is about to be sent (domain.md section 10)."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from qa_app.audits.reasons import open_audits, rounds_of
from qa_app.core.clock import london_day
from qa_app.core.format import MONTHS
from qa_app.outbox.catalogue import Value
from qa_app.outbox.models import Mail
from qa_app.progress.rules import days_to


def still_outstanding(mails: Sequence[Mail], now: datetime) -> Mapping[int, Mapping[str, Value]]:
    """Reminders to those who have audits to do, with how many and how long is left as of now."""
    rounds = {f"round:{round_id}": round_ for round_id, round_ in rounds_of(mails).items()}
    counts = open_audits([round_.id for round_ in rounds.values()], {mail.person_id for mail in mails})
    found: dict[int, Mapping[str, Value]] = {}
    for mail in mails:
        round_ = rounds.get(mail.subject_key)
        if round_ is not None and (count := counts.get((round_.id, mail.person_id))):
            found[mail.id] = {
                "month": MONTHS[round_.month.month - 1],
                "audits": count,
                "due_on": round_.due_on,
                "working_days": days_to(round_.due_on, london_day(now)),
                "path": "/my-audits",
            }
    return found
