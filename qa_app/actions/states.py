"""The life of an action (domain.md section 8)."""

from enum import StrEnum

from qa_app.core.states import Move, Workflow


class ActionState(StrEnum):
    """Where an action is. A draft is of something that is not submitted yet, and in nobody's list."""

    DRAFT = "draft"
    OPEN = "open"
    DONE = "done"
    NOT_DONE = "not_done"
    VERIFIED = "verified"


class Outcome(StrEnum):
    """What a verification found, best first."""

    FULLY = "fully"
    SUBSTANTIALLY = "substantially"
    PARTIALLY = "partially"
    NOT_IMPLEMENTED = "not_implemented"


class ForWhom(StrEnum):
    """Whose situation or practice an action is to better."""

    CHILD = "child"
    WORKER = "worker"
    TEAM = "team"
    SERVICE = "service"


OUTCOME_LABELS = {
    Outcome.FULLY: "Fully implemented",
    Outcome.SUBSTANTIALLY: "Substantially implemented",
    Outcome.PARTIALLY: "Partially implemented",
    Outcome.NOT_IMPLEMENTED: "Not implemented",
}
FOR_WHOM_LABELS = {
    ForWhom.CHILD: "The child",
    ForWhom.WORKER: "The worker",
    ForWhom.TEAM: "The team",
    ForWhom.SERVICE: "The service",
}

S = ActionState
GOOD_ENOUGH = frozenset({Outcome.FULLY, Outcome.SUBSTANTIALLY})
"""Anything less re-opens the action."""

ACTION = Workflow(
    name="action",
    owners={
        S.DRAFT: "auditor",
        S.OPEN: "owner",
        S.DONE: "verifier",
        S.NOT_DONE: "nobody, unless a verifier re-opens it",
        S.VERIFIED: "nobody",
    },
    labels={
        S.DRAFT: "Draft",
        S.OPEN: "Open",
        S.DONE: "Done, to verify",
        S.NOT_DONE: "Not done",
        S.VERIFIED: "Verified",
    },
    moves={
        "open": Move(frozenset({S.DRAFT}), S.OPEN),
        "revise": Move(frozenset({S.OPEN}), S.OPEN),
        "reassign": Move(frozenset({S.OPEN}), S.OPEN),
        "report_done": Move(frozenset({S.OPEN}), S.DONE),
        "report_not_done": Move(frozenset({S.OPEN}), S.NOT_DONE),
        "verify": Move(frozenset({S.DONE}), S.VERIFIED),
        "send_back": Move(frozenset({S.DONE}), S.OPEN),
        "reopen": Move(frozenset({S.NOT_DONE}), S.OPEN),
    },
)
