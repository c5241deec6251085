"""Progress by manager, read from the tables by set-based queries: rows, and the audits behind their figures."""

from qa_app.progress.queries.audits import (
    AUDIT_SORTS,
    FoundAudits,
    ListedAudit,
    Window,
    audits_behind,
    reminded_on,
    subject_key,
)
from qa_app.progress.queries.managers import (
    NOT_ALLOCATED,
    STATES,
    Organisation,
    Places,
    current_round,
    organisation,
    progress,
    round_by_reference,
    rounds_to_look_at,
)

__all__ = [
    "AUDIT_SORTS",
    "NOT_ALLOCATED",
    "STATES",
    "FoundAudits",
    "ListedAudit",
    "Organisation",
    "Places",
    "Window",
    "audits_behind",
    "current_round",
    "organisation",
    "progress",
    "reminded_on",
    "round_by_reference",
    "rounds_to_look_at",
    "subject_key",
]
