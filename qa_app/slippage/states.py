"""The life of a slippage notice (domain.md section 6)."""

from enum import StrEnum

from qa_app.core.states import Move, Workflow


class SlippageState(StrEnum):
    """Where a notice is."""

    RAISED = "raised"
    WITH_HEAD_OF_SERVICE = "with_head_of_service"
    WITH_QA_TEAM = "with_qa_team"
    RESOLVED = "resolved"


class Source(StrEnum):
    """Who saw it coming."""

    AUDITOR = "auditor"
    SYSTEM = "system"


class Outcome(StrEnum):
    """How a notice was resolved: the first four by an answer, the others by what happened to the audit."""

    REASSIGNED = "reassigned"
    CAPACITY_FOUND = "capacity_found"
    NO_CAPACITY = "no_capacity"
    BACK_ON_TRACK = "back_on_track"
    SUBMITTED_IN_TIME = "submitted_in_time"
    SUBMITTED_LATE = "submitted_late"
    WITHDRAWN = "withdrawn"


S = SlippageState
OPEN_STATES = frozenset({S.RAISED, S.WITH_HEAD_OF_SERVICE, S.WITH_QA_TEAM})

SLIPPAGE = Workflow(
    name="slippage notice",
    owners={
        S.RAISED: "Head of Service",
        S.WITH_HEAD_OF_SERVICE: "Head of Service",
        S.WITH_QA_TEAM: "QA team",
        S.RESOLVED: "nobody",
    },
    labels={
        S.RAISED: "Raised",
        S.WITH_HEAD_OF_SERVICE: "With Head of Service",
        S.WITH_QA_TEAM: "With QA team",
        S.RESOLVED: "Resolved",
    },
    moves={
        "acknowledge": Move(frozenset({S.RAISED}), S.WITH_HEAD_OF_SERVICE),
        "forward": Move(frozenset({S.RAISED, S.WITH_HEAD_OF_SERVICE}), S.WITH_QA_TEAM),
        "resolve": Move(OPEN_STATES, S.RESOLVED),
    },
)
