"""What the clock's jobs look at: every open stage with a date, in one statement, whatever the number of processes."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select

from qa_app.core.database import db
from qa_app.improvement.models import ImprovementProcess, Stage
from qa_app.improvement.states import ProcessState, StageKind
from qa_app.outbox.models import Mail

P = ImprovementProcess


@dataclass(frozen=True, slots=True)
class OpenStage:
    """An open stage with a date, of an open process, and whose turn it is kept to be."""

    stage_id: int
    process_id: int
    kind: StageKind
    due_on: date
    owner_id: int | None
    cover_id: int | None
    is_covered: bool
    is_uncovered: bool
    service_id: int
    caseworker_id: int | None
    is_audit: bool
    """A re-audit that an auditor has: nobody covers it."""


_OPEN = (
    select(
        Stage.id,
        Stage.process_id,
        Stage.kind,
        Stage.due_on,
        Stage.owner_id,
        Stage.cover_id,
        Stage.covered_since.is_not(None),
        Stage.uncovered_since.is_not(None),
        P.service_id,
        P.caseworker_id,
        P.reaudit_id.is_not(None),
    )
    .join(P, P.id == Stage.process_id)
    .where(P.state == ProcessState.OPEN, Stage.outcome.is_(None), Stage.due_on.is_not(None))
    .order_by(Stage.process_id, Stage.position, Stage.id)
)


def open_stages() -> Sequence[OpenStage]:
    """Every open stage with a date, by process and in its order."""
    return [_stage_of(row) for row in db.session.execute(_OPEN)]


def _stage_of(row: Any) -> OpenStage:
    stage_id, process_id, kind, due_on, *facts, scheduled = row
    values: Any = (stage_id, process_id, StageKind(kind), due_on, *facts, kind == StageKind.REAUDIT and scheduled)
    return OpenStage(*values)


def told_already() -> set[tuple[str, str]]:
    """Which stages were chased or escalated: the mails' subjects and messages."""
    rows = db.session.execute(
        select(Mail.subject_key, Mail.message)
        .where(Mail.message.in_(("improvement_step_late", "improvement_step_escalated")))
        .distinct()
    )
    return {(subject, message) for subject, message in rows}
