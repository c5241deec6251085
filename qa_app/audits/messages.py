"""Who is told by mail what happens to an audit (domain.md sections 3 and 10). Called by the table of reactions.

A mail about something that is asked has the audit as its subject: whatever settles it takes the mail back where it is
not sent yet. Its slot is the audit's version after the move, or the declaration, so that running twice doubles nothing.
"""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import select

from qa_app.access.roles import Role
from qa_app.access.viewer import Viewer
from qa_app.audits.events import (
    AuditReassigned,
    AuditReturned,
    AuditSubmitted,
    AuditWithdrawn,
    CaseReplaced,
    DeclarationAnswered,
    DeclarationMade,
)
from qa_app.audits.inputs import Outcome
from qa_app.audits.models import Audit, Declaration
from qa_app.audits.presenters.words import path_of
from qa_app.audits.states import OPEN_STATES
from qa_app.core.database import db
from qa_app.core.format import MONTHS
from qa_app.outbox.catalogue import Value
from qa_app.outbox.operations import queue, take_back
from qa_app.people.queries import holders_of


def tell_new_auditor(event: AuditReassigned) -> int:
    """The auditor of an issued audit that was another's, or nobody's, hears that it is theirs; how many are new."""
    audit = event.audit
    take_back(_taken(audit, audit.auditor_id))
    return _tell("audit_given", [audit.auditor_id], audit, event.viewer, event.now, path=path_of(audit))


def tell_auditor_of_return(event: AuditReturned) -> int:
    """The auditor hears that a submitted audit came back with a comment; how many mails are new."""
    audit = event.audit
    return _tell("audit_returned", [audit.auditor_id], audit, event.viewer, event.now, path=path_of(audit))


def tell_auditor_of_other_case(event: CaseReplaced) -> int:
    """The auditor hears that an issued audit has another in its place; how many mails are new."""
    audit = event.replacement
    if audit.issued_at is None:
        return 0
    return _tell("case_replaced", [audit.auditor_id], audit, event.viewer, event.now, path=path_of(audit))


def tell_who_lost_it(event: AuditReassigned | AuditWithdrawn) -> int:
    """Whoever had an issued audit hears that it is theirs no more; how many mails are new.

    Not where they declared something of it: the answer tells them.
    """
    audit, withdrawn = event.audit, isinstance(event, AuditWithdrawn)
    person_id = event.audit.auditor_id if isinstance(event, AuditWithdrawn) else event.previous_id
    if audit.issued_at is None or _answered_now(audit, person_id, event.now):
        return 0
    return _tell(
        "audit_taken",
        [person_id],
        audit,
        event.viewer,
        event.now,
        path="/my-audits",
        subject=_taken(audit, person_id),
        outcome="withdrawn" if withdrawn else Outcome.REASSIGNED,
    )


def told_otherwise(audit: Audit, person_id: int) -> int:
    """Take back the mail that an audit is theirs no more, where another that is sent at once says so; how many."""
    return take_back(_taken(audit, person_id), ["audit_taken"])


def _taken(audit: Audit, person_id: int | None) -> str:
    return f"audit-taken:{audit.id}:{person_id}"


def _answered_now(audit: Audit, person_id: int | None, now: datetime) -> bool:
    answered = select(Declaration.id).where(
        Declaration.audit_id == audit.id, Declaration.made_by_id == person_id, Declaration.answered_at == now
    )
    return db.session.scalar(answered) is not None


def tell_qa_team(event: DeclarationMade) -> int:
    """Everybody of the QA team hears that a declaration waits for an answer; how many mails are new."""
    declaration = event.declaration
    return _tell(
        "declaration_made",
        holders_of(Role.QA_TEAM),
        declaration.audit,
        event.viewer,
        event.now,
        path=f"/declarations/{declaration.id}",
        slot=f"declaration:{declaration.id}",
    )


def tell_who_declared(event: DeclarationAnswered) -> int:
    """Who declared hears whether the audit stays with them; how many mails are new.

    Where it is withdrawn there is nothing to say: whoever has another case in its place is told of that one.
    """
    declaration, audit = event.declaration, event.declaration.audit
    take_back(_about(audit), ["declaration_made"])
    theirs = audit.auditor_id == declaration.made_by_id
    if theirs and audit.state not in OPEN_STATES:
        return 0
    return _tell(
        "declaration_answered",
        [declaration.made_by_id],
        audit,
        event.viewer,
        event.now,
        path=path_of(audit) if theirs else "/my-audits",
        # An answer that takes the audit away asks for nothing more, so nothing that happens to the audit settles it.
        subject=_about(audit) if theirs else f"declaration:{declaration.id}",
        slot=f"declaration:{declaration.id}",
        outcome=Outcome.KEPT if theirs else Outcome.REASSIGNED,
    )


def take_back_what_was_asked(event: AuditReassigned | AuditSubmitted | AuditWithdrawn | CaseReplaced) -> None:
    """Nobody is asked by a waiting mail for what they can no longer do, or have done."""
    take_back(_about(event.audit))


def _about(audit: Audit) -> str:
    return f"audit:{audit.id}"


def _tell(  # noqa: PLR0913 - all but who, what and when are keyword-only
    message: str,
    person_ids: Iterable[int | None],
    audit: Audit,
    viewer: Viewer,
    now: datetime,
    *,
    path: str,
    subject: str = "",
    slot: str = "",
    **further: Value,
) -> int:
    """Queue a mail on an audit; nobody is mailed about their own act."""
    common: dict[str, Value] = {"month": MONTHS[audit.round.month.month - 1], "due_on": audit.due_on, "path": path}
    return queue(
        message,
        [person_id for person_id in person_ids if person_id is not None and person_id != viewer.person_id],
        subject_key=subject or _about(audit),
        slot=slot or f"version:{audit.version}",
        now=now,
        variables=common | further,
    )
