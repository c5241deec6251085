"""What the case list remembers of its audits: kept by reactions, so that a draw reads it in one query."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, case, update

from qa_app.cases.models import Case
from qa_app.core.database import db

BATCH = 500
"""Ids in one statement: databases limit how many a statement may carry."""


def note_issued(case_ids: Sequence[int]) -> None:
    """An audit of each of these cases is open now."""
    for first in range(0, len(case_ids), BATCH):
        chosen = Case.id.in_(case_ids[first : first + BATCH])
        _note(chosen, being_audited=True)


def note_submitted(case_id: int, day: date) -> None:
    """Its audit was submitted on this day in London; the newest day counts."""
    newest = case((Case.last_audited_on >= day, Case.last_audited_on), else_=day)
    _note(Case.id == case_id, being_audited=False, last_audited_on=newest)


def note_no_longer_audited(case_id: int) -> None:
    """No audit of it is open any more."""
    _note(Case.id == case_id, being_audited=False)


def _note(which: ColumnElement[bool], **values: Any) -> None:
    db.session.execute(update(Case).where(which).values(**values), execution_options={"synchronize_session": False})
