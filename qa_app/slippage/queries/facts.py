"""What the system reads the signs from, for every open audit at once (domain.md section 6).

Four statements, whatever the number of audits: ten thousand are read in well under a second.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any, cast

from sqlalchemy import Integer, case, func, select

from qa_app.audits.models import Audit
from qa_app.audits.states import OPEN_STATES, AuditState
from qa_app.core.clock import add_working_days, london_day, months_before
from qa_app.core.database import db
from qa_app.people.models import Absence
from qa_app.settings.queries import values_at
from qa_app.slippage.models import SlippageNotice
from qa_app.slippage.rules import PAST_ROUNDS, AuditFacts, Limits, is_quiet
from qa_app.slippage.states import SlippageState

HISTORY_MONTHS = 12


@dataclass(frozen=True, slots=True)
class Candidate:
    """An open audit without an open notice, and what is known of it."""

    audit_id: int
    facts: AuditFacts


def limits_on(day: date) -> Limits:
    """The settings in force."""
    names = ("slippage_not_started_days", "slippage_history_days", "slippage_least_days")
    values = values_at(names, day)
    return Limits(*(values[name] for name in names))


def candidates(today: date, limits: Limits) -> Iterator[Candidate]:
    """Every audit that might be foreseen to slip: issued, never submitted, not yet due, nobody told of it just now."""
    soon = add_working_days(today, max(limits.not_started_days, limits.history_days))
    absences = _absences(today)
    rows = _open_audits(today, soon, set(absences))
    history = _history(today, soon)
    told = _told(today)
    for audit_id, auditor_id, state, due_on in rows:
        if audit_id in told:
            continue
        rounds, poor = history.get(auditor_id, (0, 0))
        started = state != AuditState.ALLOCATED
        yield Candidate(audit_id, AuditFacts(due_on, started, rounds, poor, tuple(absences.get(auditor_id, ()))))


def _may_slip(today: date) -> list[Any]:
    return [
        Audit.state.in_(OPEN_STATES),
        Audit.issued_at.is_not(None),
        Audit.auditor_id.is_not(None),
        Audit.first_submitted_at.is_(None),
        Audit.due_on >= today,
    ]


def _open_audits(today: date, soon: date, away: set[int]) -> list[tuple[int, int, str, date]]:
    """Those not begun whose due date is near, and all of people who are or will be away."""
    rows: Any = db.session.execute(
        select(Audit.id, Audit.auditor_id, Audit.state, Audit.due_on).where(*_may_slip(today)).order_by(Audit.id)
    )
    return [
        (audit_id, auditor_id, state, due_on)
        for audit_id, auditor_id, state, due_on in rows
        if auditor_id in away or (state == AuditState.ALLOCATED and due_on <= soon)
    ]


def _absences(today: date) -> dict[int, list[tuple[date, date]]]:
    found: dict[int, list[tuple[date, date]]] = defaultdict(list)
    rows = cast(
        Iterable[tuple[int, date, date]],
        db.session.execute(
            select(Absence.person_id, Absence.starts_on, Absence.ends_on)
            .where(Absence.ends_on >= today)
            .order_by(Absence.starts_on, Absence.id)
        ),
    )
    for person_id, starts_on, ends_on in rows:
        found[person_id].append((starts_on, ends_on))
    return found


def _history(today: date, soon: date) -> dict[int, tuple[int, int]]:
    """By auditor who has not begun an audit: past rounds looked at, and in how many one was late or not done."""
    asked = select(Audit.auditor_id).where(*_may_slip(today), Audit.state == AuditState.ALLOCATED, Audit.due_on <= soon)
    bad = case((Audit.is_late | Audit.state.in_(OPEN_STATES) & Audit.first_submitted_at.is_(None), 1), else_=0)
    each = (
        select(
            Audit.auditor_id,
            func.max(bad).label("poor"),
            func.row_number()
            .over(partition_by=Audit.auditor_id, order_by=(func.max(Audit.due_on).desc(), Audit.round_id.desc()))
            .label("newest"),
        )
        .where(
            Audit.auditor_id.in_(asked),
            Audit.due_on < today,
            Audit.due_on >= months_before(today, HISTORY_MONTHS),
            Audit.issued_at.is_not(None),
            Audit.state != AuditState.WITHDRAWN,
        )
        .group_by(Audit.auditor_id, Audit.round_id)
        .subquery()
    )
    rows = cast(
        Iterable[tuple[int, int, int]],
        db.session.execute(
            select(each.c.auditor_id, func.count(), func.sum(each.c.poor).cast(Integer))
            .where(each.c.newest <= PAST_ROUNDS)
            .group_by(each.c.auditor_id)
        ),
    )
    return {person_id: (rounds, poor) for person_id, rounds, poor in rows}


def _told(today: date) -> set[int]:
    """Audits whose newest notice is open, or so newly settled that the system is silent for now."""
    newest = (
        select(func.max(SlippageNotice.id))
        .join(Audit, Audit.id == SlippageNotice.audit_id)
        .where(*_may_slip(today))
        .group_by(SlippageNotice.audit_id)
    )
    rows = db.session.execute(
        select(SlippageNotice.audit_id, SlippageNotice.state, SlippageNotice.outcome, SlippageNotice.resolved_at).where(
            SlippageNotice.id.in_(newest)
        )
    )
    return {
        audit_id
        for audit_id, state, outcome, at in rows
        if state != SlippageState.RESOLVED or is_quiet(outcome, at and london_day(at), today)
    }
