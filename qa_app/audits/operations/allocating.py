"""Give audits to auditors, issue them, and change who does them or which case (domain.md sections 3 and 5)."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import delete, func, select, update

from qa_app.access.viewer import Viewer
from qa_app.audits.events import (
    AuditReassigned,
    AuditsDiscarded,
    AuditsIssued,
    AuditWithdrawn,
    CaseReplaced,
)
from qa_app.audits.models import Audit
from qa_app.audits.permissions import check_can_issue, check_can_manage
from qa_app.audits.states import AUDIT, OPEN_STATES
from qa_app.cases.models import Case
from qa_app.core.database import db
from qa_app.core.errors import BadInput, IllegalMove, Stale
from qa_app.core.events import record
from qa_app.core.states import StateChange, move
from qa_app.people.models import Team
from qa_app.rounds.models import Round
from qa_app.tools.models import Domain
from qa_app.trail import operations as trail


def allocate_audits(
    round_: Round, placements: Sequence[tuple[Case, int | None]], viewer: Viewer, now: datetime
) -> list[Audit]:
    """Make the round's audits, numbered from 1 in the order given, in place of all that were not issued.

    Each placement is a case and its auditor's person id; None where there was not enough capacity.

    Raises:
        NotAllowed: the viewer does not run rounds.
        IllegalMove: audits of the round are issued already.
    """
    check_can_issue(viewer)
    if db.session.scalar(select(_issued_audits(round_.id).exists())):
        raise IllegalMove("This round's audits are issued. Reassign them one by one instead of allocating again.")
    discard_unissued(round_.id)
    services = _service_of_team(case.team_id for case, _ in placements)
    total = _sections_total(round_.tool_version_id)
    audits = [
        _new_audit(round_, number, case, auditor_id, now, service_id=services[case.team_id], sections_total=total)
        for number, (case, auditor_id) in enumerate(placements, 1)
    ]
    db.session.add_all(audits)
    db.session.flush()
    given = sum(audit.auditor_id is not None for audit in audits)
    trail.append("audit:allocated", viewer, now, ("round", round_.id), audits=len(audits), with_auditor=given)
    return audits


def add_audit(
    round_: Round, case: Case, auditor_id: int, due_on: date, viewer: Viewer, now: datetime, *, reaudit_of: Audit
) -> Audit:
    """Add one re-audit to a round that is issued: open to its auditor at once, with a due date of its own.

    For the improvement process, which has checked who may and holds the round.

    Raises:
        IllegalMove: the round is not issued.
    """
    if round_.issued_at is None or round_.closed_at is not None:
        raise IllegalMove("This round is not running, so no audit can be added to it.")
    last = db.session.scalar(select(func.max(Audit.number)).where(Audit.round_id == round_.id)) or 0
    service_id, total = _service_of_team([case.team_id])[case.team_id], _sections_total(round_.tool_version_id)
    audit = _new_audit(round_, last + 1, case, auditor_id, now, service_id=service_id, sections_total=total)
    audit.issued_at, audit.due_on, audit.reaudit_of_id = now, due_on, reaudit_of.id
    db.session.add(audit)
    db.session.flush()
    trail.append("audit:added", viewer, now, ("audit", audit.id), auditor=auditor_id, reaudit_of=reaudit_of.id)
    record(AuditsIssued(round_.id, [case.id], now))
    return audit


def discard_unissued(round_id: int) -> None:
    """Delete the audits of a round that nobody has been given yet (before it is allocated, or sampled, again)."""
    ids = db.session.scalars(select(Audit.id).where(Audit.round_id == round_id, Audit.issued_at.is_(None))).all()
    if not ids:
        return
    record(AuditsDiscarded(round_id, ids))
    unissued = select(Audit.id).where(Audit.round_id == round_id, Audit.issued_at.is_(None))
    db.session.execute(
        delete(StateChange)
        .where(StateChange.subject_type == AUDIT.name, StateChange.subject_id.in_(unissued))
        .execution_options(synchronize_session=False)
    )
    db.session.execute(delete(Audit).where(Audit.round_id == round_id, Audit.issued_at.is_(None)))


def issue_audits(round_: Round, viewer: Viewer, now: datetime) -> int:
    """Open every audit that has an auditor to its auditor; how many. Those without wait until they are reassigned.

    Raises:
        NotAllowed: the viewer does not run rounds.
    """
    check_can_issue(viewer)
    waiting = (
        Audit.round_id == round_.id,
        Audit.issued_at.is_(None),
        Audit.auditor_id.is_not(None),
        Audit.state.in_(OPEN_STATES),
    )
    case_ids = db.session.scalars(select(Audit.case_id).where(*waiting)).all()
    if case_ids:
        db.session.execute(update(Audit).where(*waiting).values(issued_at=now, due_on=round_.due_on))
        trail.append("audit:issued", viewer, now, ("round", round_.id), audits=len(case_ids))
        record(AuditsIssued(round_.id, case_ids, now))
    return len(case_ids)


def reassign_audit(audit: Audit, auditor_id: int, reason: str, viewer: Viewer, now: datetime) -> None:
    """Give an audit that is not submitted to another auditor. It keeps its history, and what was written in it.

    In an issued round it is open to the new auditor at once. The reason may be empty only before issue.

    Raises:
        NotAllowed: the viewer is not of the QA team.
        IllegalMove, Stale: it is submitted or withdrawn, or was changed meanwhile.
        BadInput: the same auditor, or no reason.
    """
    check_can_manage(viewer)
    _hold(audit)
    if auditor_id == audit.auditor_id:
        raise BadInput("Choose another auditor.", {"auditor": "Choose somebody other than the auditor it has now"})
    if audit.issued_at is not None:
        _need_reason(reason, "Enter why the auditor changes")
    previous, newly_issued = audit.auditor_id, audit.issued_at is None and audit.round.issued_at is not None
    values: dict[str, Any] = {"auditor_id": auditor_id, "allocated_at": now}
    if newly_issued:
        values["issued_at"] = now
    move(audit, AUDIT, "reassign", now=now, person_id=viewer.person_id, reason=reason, **values)
    trail.append(
        "audit:reassigned", viewer, now, ("audit", audit.id), previous=previous, auditor=auditor_id, reason=reason
    )
    if newly_issued:
        record(AuditsIssued(audit.round_id, [audit.case_id], now))
    if audit.issued_at is not None:
        record(AuditReassigned(audit, previous, viewer, now))


def withdraw_audit(audit: Audit, reason: str, viewer: Viewer, now: datetime) -> None:
    """Take an audit that is not submitted out of the round.

    Raises:
        NotAllowed: the viewer is not of the QA team.
        IllegalMove, Stale: it is submitted or withdrawn, or was changed meanwhile.
        BadInput: no reason.
    """
    check_can_manage(viewer)
    _need_reason(reason, "Enter why the audit is withdrawn")
    _hold(audit)
    _withdraw(audit, reason, viewer, now)
    record(AuditWithdrawn(audit, viewer, now))


def replace_case(audit: Audit, case: Case, reason: str, viewer: Viewer, now: datetime) -> Audit:
    """Withdraw an audit and give its auditor one of another case in its place, which is returned.

    A new audit rather than another case on the old one: what was written about one child never ends up on another's,
    and the withdrawn audit keeps its history.

    Raises:
        NotAllowed: the viewer is not of the QA team.
        IllegalMove, Stale: it is submitted or withdrawn, or was changed meanwhile.
        BadInput: no reason, or the round has an audit of that case already.
    """
    check_can_manage(viewer)
    _need_reason(reason, "Enter why the case is replaced")
    _hold(audit)
    taken = select(Audit.id).where(Audit.round_id == audit.round_id, Audit.case_id == case.id)
    if db.session.scalar(taken.limit(1)) is not None:
        raise BadInput("This round has an audit of that case already. Choose another case.")
    _withdraw(audit, reason, viewer, now)
    last = db.session.scalar(select(func.max(Audit.number)).where(Audit.round_id == audit.round_id)) or 0
    replacement = _new_audit(
        audit.round,
        last + 1,
        case,
        audit.auditor_id,
        now,
        service_id=_service_of_team([case.team_id])[case.team_id],
        sections_total=audit.sections_total,
    )
    replacement.issued_at = now if audit.issued_at is not None else None
    db.session.add(replacement)
    db.session.flush()
    trail.append("audit:case-replaced", viewer, now, ("audit", audit.id), replacement=replacement.id, reason=reason)
    record(CaseReplaced(audit, replacement, viewer, now))
    return replacement


def _withdraw(audit: Audit, reason: str, viewer: Viewer, now: datetime) -> None:
    person_id = viewer.person_id
    values: dict[str, Any] = {"withdrawn_reason": reason, "withdrawn_by_id": person_id}
    move(audit, AUDIT, "withdraw", now=now, person_id=person_id, reason=reason, **values)
    trail.append("audit:withdrawn", viewer, now, ("audit", audit.id), reason=reason)


def _hold(audit: Audit) -> None:
    """Take the audit's round until the transaction ends, and see the audit as it then is.

    Issuing and allocating take the round first and its audits after. So must whoever changes an audit for the QA team:
    otherwise each could wait for the other, or change an audit in the middle of its issue.
    """
    db.session.refresh(audit.round, ["state", "issued_at", "version"], with_for_update={"key_share": True})
    anew = select(Audit).where(Audit.id == audit.id).execution_options(populate_existing=True)
    if db.session.scalar(anew) is None:
        raise Stale("This audit was replaced when its round was allocated again. Look at the round again.")


def _need_reason(reason: str, sentence: str) -> None:
    if not reason.strip():
        raise BadInput(f"{sentence}.", {"reason": sentence})


def _issued_audits(round_id: int) -> Any:
    return select(Audit.id).where(Audit.round_id == round_id, Audit.issued_at.is_not(None))


def _service_of_team(team_ids: Iterable[int]) -> Mapping[int, int]:
    rows = db.session.execute(select(Team.id, Team.service_id).where(Team.id.in_(set(team_ids))))
    return {team_id: service_id for team_id, service_id in rows}


def _sections_total(tool_version_id: int) -> int:
    return db.session.scalar(select(func.count(Domain.id)).where(Domain.tool_version_id == tool_version_id)) or 0


def _new_audit(
    round_: Round,
    number: int,
    case: Case,
    auditor_id: int | None,
    now: datetime,
    *,
    service_id: int,
    sections_total: int,
) -> Audit:
    return Audit(
        reference=f"{round_.reference}/{number:03d}",
        round_id=round_.id,
        number=number,
        case_id=case.id,
        case_reference=case.reference,
        case_type=case.case_type,
        case_opened_on=case.opened_on,
        team_id=case.team_id,
        service_id=service_id,
        caseworker_id=case.caseworker_id,
        auditor_id=auditor_id,
        due_on=round_.due_on,
        allocated_at=now,
        sections_total=sections_total,
    )
