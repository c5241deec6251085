"""Who is told what of an improvement process by mail (domain.md sections 8 and 10).

A mail about a stage has the stage in its subject, so that settling it takes back what is not sent yet. Nobody is mailed
about their own act, and whoever is away is read by their deputy.
"""

from qa_app.improvement.messages.parts import page_for, path_to, step_words, subject_of
from qa_app.improvement.messages.processes import (
    settle_all,
    tell_of_concern,
    tell_of_repeat,
    tell_start,
    tell_to_decide,
    told_at_start,
)
from qa_app.improvement.messages.steps import (
    chase,
    escalate,
    remind,
    settle,
    tell_authoriser,
    tell_cover,
    tell_of_further_review,
    tell_of_scheduling,
    tell_of_skipped,
    tell_reauditor,
    tell_uncovered,
    tell_unscheduled,
)

__all__ = [
    "chase",
    "escalate",
    "page_for",
    "path_to",
    "remind",
    "settle",
    "settle_all",
    "step_words",
    "subject_of",
    "tell_authoriser",
    "tell_cover",
    "tell_of_concern",
    "tell_of_further_review",
    "tell_of_repeat",
    "tell_of_scheduling",
    "tell_of_skipped",
    "tell_reauditor",
    "tell_start",
    "tell_to_decide",
    "tell_uncovered",
    "tell_unscheduled",
    "told_at_start",
]
