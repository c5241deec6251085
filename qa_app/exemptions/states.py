"""The life of an exemption request (domain.md section 6)."""

from enum import StrEnum

from qa_app.core.states import Move, Workflow


class ExemptionState(StrEnum):
    """Where a request is."""

    WITH_HEAD_OF_SERVICE = "with_head_of_service"
    WITH_DIRECTOR = "with_director"
    APPROVED = "approved"
    REFUSED = "refused"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"


class Category(StrEnum):
    """Why somebody asks: the reasons that the director's letter allows."""

    ABSENCE = "absence"
    OTHER_ACTIVITY = "other_activity"
    STATUTORY_WORK = "statutory_work"
    OTHER = "other"


class Timing(StrEnum):
    """When somebody asked, against the first round that the request covers."""

    BEFORE_ISSUE = "before_issue"
    AFTER_ISSUE = "after_issue"
    LAST_WEEK = "last_week"


S = ExemptionState
WAITING_STATES = frozenset({S.WITH_HEAD_OF_SERVICE, S.WITH_DIRECTOR})

EXEMPTION = Workflow(
    name="exemption request",
    owners={
        S.WITH_HEAD_OF_SERVICE: "Head of Service",
        S.WITH_DIRECTOR: "Director",
        S.APPROVED: "nobody",
        S.REFUSED: "nobody",
        S.DECLINED: "nobody",
        S.WITHDRAWN: "nobody",
    },
    labels={
        S.WITH_HEAD_OF_SERVICE: "With Head of Service",
        S.WITH_DIRECTOR: "With Director",
        S.APPROVED: "Approved",
        S.REFUSED: "Refused",
        S.DECLINED: "Declined",
        S.WITHDRAWN: "Withdrawn",
    },
    moves={
        "forward": Move(frozenset({S.WITH_HEAD_OF_SERVICE}), S.WITH_DIRECTOR),
        "decline": Move(frozenset({S.WITH_HEAD_OF_SERVICE}), S.DECLINED),
        "approve": Move(frozenset({S.WITH_DIRECTOR}), S.APPROVED),
        "refuse": Move(frozenset({S.WITH_DIRECTOR}), S.REFUSED),
        "withdraw": Move(WAITING_STATES, S.WITHDRAWN),
    },
)
