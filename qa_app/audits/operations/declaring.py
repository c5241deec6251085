"""An auditor can't audit this case: said by the auditor, answered by the QA team (domain.md section 3)."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select, update

from qa_app.access.viewer import Viewer
from qa_app.audits.events import DeclarationAnswered, DeclarationMade
from qa_app.audits.inputs import Outcome
from qa_app.audits.models import Audit, Declaration, DeclarationKind
from qa_app.audits.operations.allocating import reassign_audit, replace_case
from qa_app.audits.permissions import check_can_conduct, check_can_manage
from qa_app.cases.models import Case
from qa_app.core.database import db
from qa_app.core.errors import BadInput, IllegalMove, Stale
from qa_app.core.events import record
from qa_app.trail import operations as trail


@dataclass(frozen=True, slots=True)
class Answer:
    """The QA team's answer: with the new auditor, or the case that replaces this one, where it is that."""

    outcome: Outcome
    note: str
    auditor_id: int | None = None
    replacement: Case | None = None


def declare(audit: Audit, kind: DeclarationKind, reason: str, viewer: Viewer, now: datetime) -> Declaration:
    """Tell the QA team of a conflict of interest or an unsuitable case. The audit stays due until they answer.

    Raises:
        NotAllowed, IllegalMove: the viewer is not its auditor, it is not open, or they were told already.
        BadInput: no reason.
    """
    check_can_conduct(viewer, audit)
    if not reason.strip():
        sentence = "Enter why you can't audit this case"
        raise BadInput(f"{sentence}.", {"reason": sentence})
    waiting = select(Declaration.id).where(
        Declaration.audit_id == audit.id, Declaration.outcome == "", Declaration.made_by_id == viewer.person_id
    )
    if db.session.scalar(waiting) is not None:
        raise IllegalMove("You have told the QA team already. They will answer; until then the audit stays due.")
    declaration = Declaration(
        audit_id=audit.id, kind=kind, reason=reason.strip(), made_at=now, made_by_id=viewer.person_id
    )
    db.session.add(declaration)
    db.session.flush()
    trail.append("audit:declared", viewer, now, ("audit", audit.id), kind=kind, reason=reason)
    record(DeclarationMade(declaration, viewer, now))
    return declaration


def answer_declaration(declaration: Declaration, answer: Answer, viewer: Viewer, now: datetime) -> None:
    """Reassign the audit, replace its case, or keep it with this auditor (then the note says why).

    Raises:
        NotAllowed: the viewer is not of the QA team.
        IllegalMove, Stale: the audit is not open, or somebody answered first.
        BadInput: no note, no auditor for a reassignment, or no case for a replacement.
    """
    check_can_manage(viewer)
    _check_answer(answer)
    changed = db.session.execute(
        update(Declaration)
        .where(Declaration.id == declaration.id, Declaration.outcome == "")
        .values(
            outcome=answer.outcome,
            outcome_note=answer.note.strip(),
            answered_at=now,
            answered_by_id=viewer.person_id,
        )
        .execution_options(synchronize_session=False)
    )
    if changed.rowcount != 1:  # type: ignore[attr-defined]
        raise Stale("Somebody answered this first. Look at the list again.")
    db.session.refresh(declaration)
    audit, reason = declaration.audit, f"Declared by the auditor. {answer.note.strip()}"
    if answer.outcome is Outcome.REASSIGNED and answer.auditor_id is not None:
        reassign_audit(audit, answer.auditor_id, reason, viewer, now)
    elif answer.outcome is Outcome.REPLACED and answer.replacement is not None:
        replace_case(audit, answer.replacement, reason, viewer, now)
    trail.append("audit:declaration-answered", viewer, now, ("audit", audit.id), outcome=answer.outcome)
    record(DeclarationAnswered(declaration, viewer, now))


def _check_answer(answer: Answer) -> None:
    faults = {}
    if not answer.note.strip():
        faults["note"] = "Enter a sentence for the auditor"
    if answer.outcome is Outcome.REASSIGNED and answer.auditor_id is None:
        faults["auditor"] = "Choose the new auditor"
    if answer.outcome is Outcome.REPLACED and answer.replacement is None:
        faults["outcome"] = "No reserve of this service is left. Reassign the audit, withdraw it or keep it"
    if faults:
        raise BadInput("Check what you entered.", faults)
