"""The life of an audit (domain.md section 3)."""

from enum import StrEnum

from qa_app.core.states import Move, Workflow


class AuditState(StrEnum):
    """Where an audit is."""

    ALLOCATED = "allocated"
    IN_PROGRESS = "in_progress"
    SUBMITTED = "submitted"
    MODERATED = "moderated"
    FINAL = "final"
    WITHDRAWN = "withdrawn"


S = AuditState
OPEN_STATES = frozenset({S.ALLOCATED, S.IN_PROGRESS})
SUBMITTED_STATES = frozenset({S.SUBMITTED, S.MODERATED, S.FINAL})

AUDIT = Workflow(
    name="audit",
    owners={
        S.ALLOCATED: "auditor",
        S.IN_PROGRESS: "auditor",
        S.SUBMITTED: "QA team",
        S.MODERATED: "QA team",
        S.FINAL: "nobody",
        S.WITHDRAWN: "nobody",
    },
    labels={
        S.ALLOCATED: "Not started",
        S.IN_PROGRESS: "In progress",
        S.SUBMITTED: "Submitted",
        S.MODERATED: "Moderated",
        S.FINAL: "Final",
        S.WITHDRAWN: "Withdrawn",
    },
    moves={
        "start": Move(frozenset({S.ALLOCATED}), S.IN_PROGRESS),
        "submit": Move(frozenset({S.IN_PROGRESS}), S.SUBMITTED),
        "return": Move(frozenset({S.SUBMITTED}), S.IN_PROGRESS),
        "reassign": Move(frozenset({S.ALLOCATED, S.IN_PROGRESS}), S.ALLOCATED),
        "moderate": Move(frozenset({S.SUBMITTED}), S.MODERATED),
        "finalise": Move(frozenset({S.SUBMITTED, S.MODERATED}), S.FINAL),
        "withdraw": Move(frozenset({S.ALLOCATED, S.IN_PROGRESS}), S.WITHDRAWN),
    },
)
