"""Who could take over an audit that slips: those whom no rule of allocation keeps from it, the best first."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from qa_app.allocation import queries as allocation
from qa_app.allocation.rules import suggest
from qa_app.allocation.words import PREFERENCE_WORDS
from qa_app.audits.models import Audit
from qa_app.core.database import db
from qa_app.people.models import Absence
from qa_app.slippage.rules import days_there

SUGGESTIONS = 8
LEAST_DAYS = 1
"""Somebody who is not there on a single working day before the due date is no help, whatever the rules say."""


@dataclass(frozen=True, slots=True)
class Taker:
    """Somebody who may take the audit, and what speaks against it."""

    person_id: int
    name: str
    against: str


def takers(audit: Audit, today: date) -> list[Taker]:
    """Those whom no rule is against, the best preference first; none where nobody has capacity left."""
    loads = allocation.loads_in(audit.round_id, without_audit_id=audit.id)
    away = _away(today, audit.due_on)
    options = [
        option
        for option in allocation.auditor_options(audit.round, loads)
        if option.person_id != audit.auditor_id and option.person_id not in away
    ]
    best = suggest(allocation.case_of(audit), options, loads, allocation.policy_of(audit.round), SUGGESTIONS)
    return [
        Taker(one.auditor.person_id, one.auditor.name, "; ".join(PREFERENCE_WORDS[p.preference] for p in one.paid))
        for one in best
    ]


def _away(today: date, due_on: date) -> set[int]:
    """People who are away on every working day that is left."""
    if today > due_on:
        return set()
    spans: dict[int, list[tuple[date, date]]] = {}
    rows = db.session.execute(
        select(Absence.person_id, Absence.starts_on, Absence.ends_on).where(
            Absence.ends_on >= today, Absence.starts_on <= due_on
        )
    )
    for person_id, starts_on, ends_on in rows:
        spans.setdefault(person_id, []).append((starts_on, ends_on))
    return {person_id for person_id, found in spans.items() if days_there(found, today, due_on) < LEAST_DAYS}
