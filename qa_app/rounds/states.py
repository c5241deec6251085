"""The life of a round (domain.md section 3)."""

from enum import StrEnum

from qa_app.core.states import Move, Workflow


class RoundState(StrEnum):
    """Where a round is."""

    PLANNED = "planned"
    SAMPLED = "sampled"
    ALLOCATED = "allocated"
    ISSUED = "issued"
    CLOSED = "closed"
    REPORTED = "reported"


S = RoundState
BEFORE_ISSUE = frozenset({S.PLANNED, S.SAMPLED, S.ALLOCATED})
ROUND = Workflow(
    name="round",
    owners={
        S.PLANNED: "QA team",
        S.SAMPLED: "QA team",
        S.ALLOCATED: "QA team",
        S.ISSUED: "auditors",
        S.CLOSED: "QA team",
        S.REPORTED: "nobody",
    },
    labels={
        S.PLANNED: "Planned",
        S.SAMPLED: "Sampled",
        S.ALLOCATED: "Allocated",
        S.ISSUED: "Issued",
        S.CLOSED: "Closed",
        S.REPORTED: "Reported",
    },
    moves={
        "draw_sample": Move(frozenset({S.PLANNED}), S.SAMPLED),
        "draw_again": Move(frozenset({S.SAMPLED, S.ALLOCATED}), S.SAMPLED),
        "allocate": Move(frozenset({S.SAMPLED, S.ALLOCATED}), S.ALLOCATED),
        "issue": Move(frozenset({S.ALLOCATED}), S.ISSUED),
        "issue_named": Move(frozenset({S.PLANNED}), S.ISSUED),
        "close": Move(frozenset({S.ISSUED}), S.CLOSED),
        "report": Move(frozenset({S.CLOSED}), S.REPORTED),
    },
)
