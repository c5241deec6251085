"""Everything that changes an improvement process, one function a verb."""

from qa_app.improvement.operations.chasing import chase
from qa_app.improvement.operations.closing import close_obstacles, close_process, end_process, go_on, skip_stage
from qa_app.improvement.operations.correcting import correct_meeting
from qa_app.improvement.operations.following import follow
from qa_app.improvement.operations.reauditing import (
    note_reauditor,
    reopen_reaudit,
    schedule_due,
    schedule_reaudit,
    unschedule,
)
from qa_app.improvement.operations.recording import (
    answer_concern,
    record_caseload_review,
    record_meeting,
    record_review,
)
from qa_app.improvement.operations.starting import follow_grade, note_returned, note_withdrawn
from qa_app.improvement.operations.turns import hand_over
from qa_app.improvement.operations.viewing import record_export, record_view

__all__ = [
    "answer_concern",
    "chase",
    "close_obstacles",
    "close_process",
    "correct_meeting",
    "end_process",
    "follow",
    "follow_grade",
    "go_on",
    "hand_over",
    "note_reauditor",
    "note_returned",
    "note_withdrawn",
    "record_caseload_review",
    "record_export",
    "record_meeting",
    "record_review",
    "record_view",
    "reopen_reaudit",
    "schedule_due",
    "schedule_reaudit",
    "skip_stage",
    "unschedule",
]
