"""The life of a recommendation, and of the follow-up audits that judge it (domain.md section 8)."""

from enum import StrEnum

from qa_app.core.states import Move, Workflow


class Outcome(StrEnum):
    """How far a recommendation is implemented, best first."""

    FULLY = "fully"
    SUBSTANTIALLY = "substantially"
    PARTIALLY = "partially"
    NOT = "not"


class RecommendationState(StrEnum):
    """Where a recommendation is."""

    OPEN = "open"
    SAID_DONE = "said_done"
    IMPLEMENTED = "implemented"


class FollowUpState(StrEnum):
    """Where a follow-up audit is."""

    DRAFT = "draft"
    PUBLISHED = "published"


R = RecommendationState
TO_FOLLOW_UP = frozenset({R.OPEN, R.SAID_DONE})
"""What a follow-up takes up: all that no follow-up has found fully implemented."""

RECOMMENDATION = Workflow(
    name="recommendation",
    owners={R.OPEN: "owner", R.SAID_DONE: "QA team", R.IMPLEMENTED: "nobody"},
    labels={R.OPEN: "Open", R.SAID_DONE: "Said to be done", R.IMPLEMENTED: "Fully implemented"},
    moves={
        "say_done": Move(frozenset({R.OPEN}), R.SAID_DONE),
        "go_on": Move(frozenset({R.SAID_DONE}), R.OPEN),
        "find_implemented": Move(TO_FOLLOW_UP, R.IMPLEMENTED),
        "find_wanting": Move(TO_FOLLOW_UP, R.OPEN),
    },
)

FOLLOW_UP = Workflow(
    name="follow-up audit",
    owners={FollowUpState.DRAFT: "QA team", FollowUpState.PUBLISHED: "nobody"},
    labels={FollowUpState.DRAFT: "Draft", FollowUpState.PUBLISHED: "Published"},
    moves={"publish": Move(frozenset({FollowUpState.DRAFT}), FollowUpState.PUBLISHED)},
)
