"""What the pages of comments say."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from qa_app.access.viewer import Viewer
from qa_app.audits.models import Audit
from qa_app.audits.presenters import Happening, done_in_words, due_in_words, path_of, state_tag
from qa_app.audits.states import OPEN_STATES
from qa_app.comments.models import AuditComment
from qa_app.comments.permissions import PART_LABELS, Part, can_comment, part_in
from qa_app.core.format import day, plural

ADVICE = {
    Part.AUDITOR: "The caseworker and their managers read your answer. Give no grade here: they read it in the audit.",
    Part.CASEWORKER: "Say what the auditor should know or look at. The auditor, your managers and the QA team read it.",
    Part.MANAGER: "Say what the auditor should know or look at. The auditor, the caseworker and the QA team read it.",
}


@dataclass(frozen=True, slots=True)
class CommentsPage:
    """An audit as far as the people of the case may know of it, and what was said."""

    reference: str
    path: str
    facts: list[tuple[str, str]]
    state: str
    colour: str
    due: str
    comments: list[Happening]
    advice: str
    """What a comment is for; empty for whoever can't write one."""
    reads_audit: bool


def comments_page(
    audit: Audit, comments: Sequence[AuditComment], viewer: Viewer, today: date, *, reads_audit: bool
) -> CommentsPage:
    """The page of one audit's comments."""
    state, colour = state_tag(audit)
    part = part_in(viewer, audit) if can_comment(viewer, audit) else None
    return CommentsPage(
        reference=audit.reference,
        path=path_of(audit),
        facts=[
            ("Case", audit.case_reference),
            ("Team", audit.team.name),
            ("Caseworker", audit.caseworker.name if audit.caseworker else "None recorded"),
            ("Auditor", audit.auditor.name if audit.auditor else "None yet"),
        ],
        state=state,
        colour=colour,
        due=_due(audit, today),
        comments=[Happening(PART_LABELS[Part(said.said_as)], said.at, said.by.name, said.text) for said in comments],
        advice=ADVICE[part] if part else "",
        reads_audit=reads_audit,
    )


def _due(audit: Audit, today: date) -> str:
    if audit.state not in OPEN_STATES:
        return ""
    return f"Due {day(audit.due_on)}, {due_in_words(audit, today)}. {done_in_words(audit)}."


@dataclass(frozen=True, slots=True)
class CaseAudited:
    """One audit of a case of one's own."""

    text: str
    href: str
    hint: str


def own_cases(audits: Sequence[Audit], today: date) -> list[CaseAudited]:
    """The audits of one's own cases."""
    return [
        CaseAudited(
            f"Audit {audit.reference}, case {audit.case_reference}",
            f"{path_of(audit)}/comments",
            f"{audit.auditor.name if audit.auditor else 'No auditor yet'}. {_due(audit, today) or state_tag(audit)[0]}",
        )
        for audit in audits
    ]


def own_cases_title(number: int) -> str:
    """`2 of your cases are being audited`."""
    return f"{plural(number, 'audit')} of your cases" if number else "None of your cases is being audited"
