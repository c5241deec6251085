"""Everything that changes reports, recommendations and follow-ups, one function a verb."""

from qa_app.recommendations.operations.answering import describe
from qa_app.recommendations.operations.following import (
    Changed,
    publish,
    save_judgement,
    save_summary,
    start_follow_up,
)
from qa_app.recommendations.operations.imports import apply_list, find_list, keep_list, preview
from qa_app.recommendations.operations.reminding import remind_owners
from qa_app.recommendations.operations.reports import (
    add_recommendation,
    add_report,
    can_be_removed,
    change_recommendation,
    change_report,
    record_export,
    remove_recommendation,
)

__all__ = [
    "Changed",
    "add_recommendation",
    "add_report",
    "apply_list",
    "can_be_removed",
    "change_recommendation",
    "change_report",
    "describe",
    "find_list",
    "keep_list",
    "preview",
    "publish",
    "record_export",
    "remind_owners",
    "remove_recommendation",
    "save_judgement",
    "save_summary",
    "start_follow_up",
]
