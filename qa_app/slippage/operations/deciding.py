"""What the Head of Service and the QA team do with a slippage notice, and how it closes (domain.md section 6)."""

from datetime import datetime
from typing import Any

from qa_app.access.viewer import Viewer
from qa_app.allocation.operations import swap_auditor, verdicts_on
from qa_app.audits.models import Audit
from qa_app.core.database import db
from qa_app.core.errors import BadInput
from qa_app.core.states import move
from qa_app.slippage import messages
from qa_app.slippage.inputs import AnswerInput
from qa_app.slippage.models import SlippageNotice
from qa_app.slippage.operations.holding import hold, hold_audit
from qa_app.slippage.permissions import check_can_answer, check_can_forward, check_can_take_back
from qa_app.slippage.queries import open_notice_of
from qa_app.slippage.states import OPEN_STATES, SLIPPAGE, Outcome
from qa_app.trail import operations as trail

ANSWERS = frozenset({Outcome.REASSIGNED, Outcome.CAPACITY_FOUND, Outcome.NO_CAPACITY, Outcome.BACK_ON_TRACK})
"""What the QA team may answer; the other outcomes come of what happens to the audit."""


def acknowledge(notice: SlippageNotice, note: str, viewer: Viewer, now: datetime, version: int | None = None) -> None:
    """The Head of Service, or a deputy, has seen it and has it in hand.

    Raises:
        NotAllowed: the viewer is not Head of the auditor's service, or the notice is about their own audit.
        IllegalMove, Stale: somebody has gone on with it already.
    """
    who = check_can_forward(viewer, notice)
    hold(notice)
    values: dict[str, Any] = {
        "acknowledged_at": now,
        "acknowledged_by_id": who.person_id,
        "acknowledged_for_id": who.on_behalf_of,
    }
    if note.strip():
        values["head_note"] = note.strip()
    move(notice, SLIPPAGE, "acknowledge", now=now, person_id=who.person_id, version=version, **values)
    trail.append("slippage:acknowledged", who, now, ("audit", notice.audit_id), notice=notice.id)
    messages.heads_have_acted(notice)


def forward(notice: SlippageNotice, note: str, viewer: Viewer, now: datetime, version: int | None = None) -> None:
    """The Head of Service, or a deputy, asks the QA team for capacity, with a note that says what is needed.

    Raises:
        NotAllowed: the viewer is not Head of the auditor's service, or the notice is about their own audit.
        IllegalMove, Stale: it is with the QA team or resolved already.
        BadInput: no note.
    """
    who = check_can_forward(viewer, notice)
    if not note.strip():
        sentence = "Enter what you ask the QA team for"
        raise BadInput(f"{sentence}.", {"note": sentence})
    hold(notice)
    values: dict[str, Any] = {
        "forwarded_at": now,
        "forwarded_by_id": who.person_id,
        "forwarded_for_id": who.on_behalf_of,
        "head_note": note.strip(),
    }
    move(notice, SLIPPAGE, "forward", now=now, person_id=who.person_id, version=version, **values)
    trail.append("slippage:forwarded", who, now, ("audit", notice.audit_id), notice=notice.id)
    messages.heads_have_acted(notice)
    messages.tell_qa_team(notice, viewer, now)


def answer(
    notice: SlippageNotice, given: AnswerInput, viewer: Viewer, now: datetime, version: int | None = None
) -> None:
    """The QA team says what happens now, with a sentence for the auditor. A reassigned audit changes hands at once.

    Raises:
        NotAllowed: the viewer is not of the QA team.
        IllegalMove, Stale: it is resolved, or was changed meanwhile.
        BadInput: no sentence, no new auditor, or one whom a rule keeps from this audit.
    """
    check_can_answer(viewer)
    _check_answer(given)
    audit = notice.audit
    if given.outcome is Outcome.REASSIGNED:
        # Issuing and allocating take the round before its audits, so whoever reassigns does too.
        db.session.refresh(audit.round, ["state"], with_for_update={"key_share": True})
    hold(notice)
    if given.outcome is Outcome.REASSIGNED and notice.state in OPEN_STATES:
        _check_taker(audit, given.auditor_id or 0)
    _resolve(notice, given.outcome, given.note, viewer, now, version=version, by_id=viewer.person_id)
    if given.outcome is Outcome.REASSIGNED:
        reason = f"After a slippage notice. {given.note.strip()}"
        swap_auditor(audit, given.auditor_id or 0, reason, viewer, now)
    messages.tell_auditor(notice, viewer, now)


def back_on_track(notice: SlippageNotice, note: str, viewer: Viewer, now: datetime) -> None:
    """The auditor will finish in time after all, so nobody need act any more.

    Raises:
        NotAllowed: the viewer is not the audit's auditor.
        IllegalMove, Stale: it is resolved already, or was changed meanwhile.
    """
    check_can_take_back(viewer, notice)
    hold(notice)
    check_can_take_back(viewer, notice)
    _resolve(notice, Outcome.BACK_ON_TRACK, note, viewer, now, by_id=viewer.person_id)


def settle(audit: Audit, outcome: Outcome, viewer: Viewer, now: datetime) -> bool:
    """Close the audit's open notice, if it has one, because of what happened to the audit; whether it had one."""
    hold_audit(audit.id)
    notice = open_notice_of(audit.id)
    if notice is None:
        return False
    _resolve(notice, outcome, "", viewer, now)
    return True


def _resolve(
    notice: SlippageNotice,
    outcome: Outcome,
    note: str,
    viewer: Viewer,
    now: datetime,
    *,
    version: int | None = None,
    by_id: int | None = None,
) -> None:
    values: dict[str, Any] = {
        "resolved_at": now,
        "resolved_by_id": by_id,
        "outcome": outcome,
        "outcome_note": note.strip(),
    }
    move(notice, SLIPPAGE, "resolve", now=now, person_id=by_id, version=version, **values)
    trail.append("slippage:resolved", viewer, now, ("audit", notice.audit_id), notice=notice.id, outcome=outcome)
    messages.nobody_need_act(notice)


def _check_answer(given: AnswerInput) -> None:
    faults = {}
    if given.outcome not in ANSWERS:
        faults["outcome"] = "Choose what happens now"
    if not given.note.strip():
        faults["note"] = "Enter a sentence for the auditor"
    if given.outcome is Outcome.REASSIGNED and given.auditor_id is None:
        faults["auditor"] = "Choose the new auditor"
    if faults:
        raise BadInput("Check what you entered.", faults)


def _check_taker(audit: Audit, auditor_id: int) -> None:
    """Here no rule is overridden: whoever must, does so on the page of the allocation, with a reason."""
    if auditor_id == audit.auditor_id:
        raise BadInput("Choose another auditor.", {"auditor": "Choose somebody other than the auditor it has now"})
    broken = verdicts_on(audit, auditor_id)
    if broken:
        sentence = f"{broken[0].sentence} Choose somebody else"
        raise BadInput(f"{sentence}.", {"auditor": sentence})
