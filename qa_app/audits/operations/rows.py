"""The statements of a save, prepared once: they run with every few words that an auditor types."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Row, bindparam, insert, select, update
from sqlalchemy.orm.attributes import set_committed_value

from qa_app.audits.models import Audit, Conversation, SectionAnswer
from qa_app.audits.states import OPEN_STATES
from qa_app.core.database import db

_TABLES = Audit.metadata.tables
_AUDIT, _ANSWER, _TALK = _TABLES["audit"], _TABLES["section_answer"], _TABLES["conversation"]

_TAKE = (
    update(_AUDIT)
    .where(
        _AUDIT.c.id == bindparam("the_id"),
        _AUDIT.c.auditor_id == bindparam("the_auditor"),
        _AUDIT.c.state.in_(sorted(OPEN_STATES)),
    )
    .values(last_activity_at=bindparam("the_time"))
    .returning(_AUDIT.c.state, _AUDIT.c.version)
)
_FIND = select(_ANSWER).where(_ANSWER.c.audit_id == bindparam("the_id"), _ANSWER.c.domain_id == bindparam("the_domain"))
_COUNT = (
    update(_AUDIT)
    .where(_AUDIT.c.id == bindparam("the_id"))
    .values(sections_done=_AUDIT.c.sections_done + bindparam("change"))
    .returning(_AUDIT.c.sections_done)
)
_INSERT = {SectionAnswer: insert(_ANSWER), Conversation: insert(_TALK)}
_UPDATE = {
    model: update(table).where(table.c.id == bindparam("the_id"), table.c.version == bindparam("seen"))
    for model, table in ((SectionAnswer, _ANSWER), (Conversation, _TALK))
}


def take(audit_id: int, auditor_id: int | None, now: datetime) -> Row[str, int] | None:
    """Take the audit's row, if it is open and this auditor's, and note the activity: its state and version."""
    found = db.session.connection().execute(_TAKE, {"the_id": audit_id, "the_auditor": auditor_id, "the_time": now})
    return found.first()


def find_answer(audit_id: int, domain_id: int) -> Any:
    """The row of a section's answer as it is now, or None."""
    return db.session.connection().execute(_FIND, {"the_id": audit_id, "the_domain": domain_id}).first()


def insert_words(model: type[Any], values: Mapping[str, Any]) -> None:
    """Insert a section's or a conversation's first words."""
    db.session.connection().execute(_INSERT[model], dict(values))


def update_words(model: type[Any], row_id: int, seen: int, values: Mapping[str, Any]) -> bool:
    """Write over words whose version is still the one that was seen; whether it was."""
    changed = db.session.connection().execute(_UPDATE[model], {**values, "the_id": row_id, "seen": seen})
    return bool(changed.rowcount == 1)


def count_sections(audit: Audit, change: int) -> None:
    """Add to the count of sections done, on the row and on the loaded audit."""
    done = db.session.connection().execute(_COUNT, {"the_id": audit.id, "change": change}).scalar_one()
    set_committed_value(audit, "sections_done", done)
