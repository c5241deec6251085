"""Read audits, as far as the viewer may see them."""

from qa_app.audits.models import Audit
from qa_app.audits.queries.declarations import (
    declaration,
    newest_declaration_of,
    open_declaration_of,
    open_declarations,
    possible_auditors,
    waiting_declarations,
)
from qa_app.audits.queries.form import (
    CONVERSATION_TITLES,
    Section,
    actions_of_section,
    actions_to_link,
    conversations_of,
    draft_content,
    links_of_section,
    next_section_key,
    possible_owners,
    section_of,
    sections_of,
)
from qa_app.audits.queries.lists import (
    PastAudit,
    audit_for,
    hidden_from,
    open_audits_of,
    own_audit,
    past_audits_of,
    readable_address,
    visible,
)
from qa_app.audits.queries.of_case import audits_of_case
from qa_app.audits.queries.versions import history_of, submission_of, submissions_of

__all__ = [
    "CONVERSATION_TITLES",
    "Audit",
    "PastAudit",
    "Section",
    "actions_of_section",
    "actions_to_link",
    "audit_for",
    "audits_of_case",
    "conversations_of",
    "declaration",
    "draft_content",
    "hidden_from",
    "history_of",
    "links_of_section",
    "newest_declaration_of",
    "next_section_key",
    "open_audits_of",
    "open_declaration_of",
    "open_declarations",
    "own_audit",
    "past_audits_of",
    "possible_auditors",
    "possible_owners",
    "readable_address",
    "section_of",
    "sections_of",
    "submission_of",
    "submissions_of",
    "visible",
    "waiting_declarations",
]
