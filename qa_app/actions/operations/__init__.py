"""Everything that changes an action, one function a verb, by the part of its life."""

from qa_app.actions.operations.chasing import chase
from qa_app.actions.operations.raising import (
    discard_drafts,
    link,
    open_drafts,
    raise_action,
    record_export,
    remove_action,
    unlink,
)
from qa_app.actions.operations.reassigning import reassign, reassign_many
from qa_app.actions.operations.verifying import reopen, verify
from qa_app.actions.operations.working import add_note, report_done, report_not_done, revise

__all__ = [
    "add_note",
    "chase",
    "discard_drafts",
    "link",
    "open_drafts",
    "raise_action",
    "reassign",
    "reassign_many",
    "record_export",
    "remove_action",
    "reopen",
    "report_done",
    "report_not_done",
    "revise",
    "unlink",
    "verify",
]
