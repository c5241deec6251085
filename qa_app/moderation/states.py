"""The life of a moderation (domain.md section 7)."""

from enum import StrEnum

from qa_app.core.states import Move, Workflow


class ModerationState(StrEnum):
    """Where a moderation is."""

    WAITING = "waiting"
    IN_PROGRESS = "in_progress"
    ON_HOLD = "on_hold"
    MODERATED = "moderated"
    DISPUTED = "disputed"
    DECIDED = "decided"
    ACCEPTED = "accepted"
    CANCELLED = "cancelled"


class Rule(StrEnum):
    """Which audits a council moderates: the values of the setting `moderation_rule`."""

    RISK_AND_SHARE = "risk_and_share"
    ALL = "all"
    INADEQUATE_TO_HEAD = "inadequate_to_head"


class Reason(StrEnum):
    """Why an audit is moderated, or not."""

    INADEQUATE = "inadequate"
    OUTSTANDING = "outstanding"
    SHARE = "share"
    EVERY = "every"
    NOT_SELECTED = "not_selected"


S = ModerationState
GRADING = frozenset({S.WAITING, S.IN_PROGRESS})
"""With the moderator."""
UNSETTLED = frozenset({S.WAITING, S.IN_PROGRESS, S.ON_HOLD})
"""Not moderated yet."""
WITH_RESULT = frozenset({S.MODERATED, S.DISPUTED, S.DECIDED, S.ACCEPTED})
"""Its grades may be read by everybody whom the audit concerns."""
OPEN = frozenset({S.WAITING, S.IN_PROGRESS, S.ON_HOLD, S.MODERATED, S.DISPUTED})
"""Somebody still has something to do."""

MODERATION = Workflow(
    name="moderation",
    owners={
        S.WAITING: "moderator",
        S.IN_PROGRESS: "moderator",
        S.ON_HOLD: "auditor",
        S.MODERATED: "auditor",
        S.DISPUTED: "moderation panel",
        S.DECIDED: "nobody",
        S.ACCEPTED: "nobody",
        S.CANCELLED: "nobody",
    },
    labels={
        S.WAITING: "Waiting",
        S.IN_PROGRESS: "In progress",
        S.ON_HOLD: "Audit returned",
        S.MODERATED: "Moderated",
        S.DISPUTED: "Disputed",
        S.DECIDED: "Decided by the panel",
        S.ACCEPTED: "Accepted",
        S.CANCELLED: "Cancelled",
    },
    moves={
        "start": Move(frozenset({S.WAITING}), S.IN_PROGRESS),
        "give": Move(GRADING, S.WAITING),
        "hold": Move(GRADING, S.ON_HOLD),
        "resume": Move(frozenset({S.ON_HOLD}), S.WAITING),
        "cancel": Move(frozenset({S.ON_HOLD}), S.CANCELLED),
        "moderate": Move(frozenset({S.IN_PROGRESS}), S.MODERATED),
        "accept": Move(frozenset({S.MODERATED}), S.ACCEPTED),
        "dispute": Move(frozenset({S.MODERATED}), S.DISPUTED),
        "decide": Move(frozenset({S.DISPUTED}), S.DECIDED),
    },
)
