"""The life of an improvement process and the stages that it goes through (domain.md section 8)."""

from enum import StrEnum

from qa_app.core.states import Move, Workflow


class ProcessState(StrEnum):
    """Where a process is."""

    OPEN = "open"
    CLOSED = "closed"
    ENDED = "ended"


class StageKind(StrEnum):
    """The stages, in the order in which a process goes through them."""

    NOTIFIED = "notified"
    DAY_THREE_MEETING = "day_three_meeting"
    IMPROVEMENT_PLAN = "improvement_plan"
    SERVICE_MANAGER_REVIEW = "service_manager_review"
    CASELOAD_REVIEW = "caseload_review"
    REAUDIT = "reaudit"
    CLOSING = "closing"


class Outcome(StrEnum):
    """How a stage was settled. Whatever is not done carries a reason and a name."""

    DONE = "done"
    NOT_YET = "not_yet"
    """The service manager looked, and remedial actions were not effective yet: a further review follows."""
    WAIVED = "waived"
    """Criteria met, not required: for a whole caseload review alone, with who authorised it."""
    SKIPPED = "skipped"


class Mark(StrEnum):
    """What makes a person decide whether a process goes on."""

    RETURNED = "returned"
    """The audit was given back to its auditor: the clock runs on until it is submitted again."""
    BETTER = "better"
    """The grade starts no improvement process any more."""


class CloseOutcome(StrEnum):
    """How a process ended."""

    IMPROVED = "improved"
    WITHOUT_REAUDIT = "without_reaudit"
    REPEAT_INADEQUATE = "repeat_inadequate"
    GRADE_CHANGED = "grade_changed"
    AUDIT_WITHDRAWN = "audit_withdrawn"


class ConcernAbout(StrEnum):
    """Whose practice a concern is about, beside the social worker's."""

    TEAM_MANAGER = "team_manager"
    INDEPENDENT_REVIEWING_OFFICER = "independent_reviewing_officer"
    OTHER = "other"


S = ProcessState

PROCESS = Workflow(
    name="improvement process",
    owners={S.OPEN: "Practice Lead", S.CLOSED: "nobody", S.ENDED: "nobody"},
    labels={S.OPEN: "Open", S.CLOSED: "Closed", S.ENDED: "Ended early"},
    moves={
        "close": Move(frozenset({S.OPEN}), S.CLOSED),
        "end_early": Move(frozenset({S.OPEN}), S.ENDED),
    },
)

STAGE_LABELS = {
    StageKind.NOTIFIED: "Notified",
    StageKind.DAY_THREE_MEETING: "Day-three meeting",
    StageKind.IMPROVEMENT_PLAN: "Improvement plan",
    StageKind.SERVICE_MANAGER_REVIEW: "Service manager review",
    StageKind.CASELOAD_REVIEW: "Whole caseload review",
    StageKind.REAUDIT: "Re-audit",
    StageKind.CLOSING: "Closing",
}
CONCERN_LABELS = {
    ConcernAbout.TEAM_MANAGER: "Team manager",
    ConcernAbout.INDEPENDENT_REVIEWING_OFFICER: "Independent Reviewing Officer",
    ConcernAbout.OTHER: "Another professional",
}
