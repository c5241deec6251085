"""Everything that changes an audit, one function a verb, by the part of its life."""

from qa_app.audits.inputs import ConversationInput, Outcome, OverallInput, SectionInput
from qa_app.audits.operations.allocating import (
    add_audit,
    allocate_audits,
    discard_unissued,
    issue_audits,
    reassign_audit,
    replace_case,
    withdraw_audit,
)
from qa_app.audits.operations.declaring import Answer, answer_declaration, declare
from qa_app.audits.operations.drafting import (
    Changed,
    add_action,
    link_action,
    remove_action,
    save_conversations,
    save_overall,
    save_section,
    unlink_action,
)
from qa_app.audits.operations.moderating import decide_grade, finalise_audit, hide_grades, moderate_audit
from qa_app.audits.operations.submitting import return_audit, submit_audit
from qa_app.audits.operations.viewing import record_view

__all__ = [
    "Answer",
    "Changed",
    "ConversationInput",
    "Outcome",
    "OverallInput",
    "SectionInput",
    "add_action",
    "add_audit",
    "allocate_audits",
    "answer_declaration",
    "decide_grade",
    "declare",
    "discard_unissued",
    "finalise_audit",
    "hide_grades",
    "issue_audits",
    "link_action",
    "moderate_audit",
    "reassign_audit",
    "record_view",
    "remove_action",
    "replace_case",
    "return_audit",
    "save_conversations",
    "save_overall",
    "save_section",
    "submit_audit",
    "unlink_action",
    "withdraw_audit",
]
