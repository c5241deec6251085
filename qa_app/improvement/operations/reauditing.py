"""Schedule the re-audit with a different auditor, and draw the consequence of its grade (domain.md section 8)."""

from datetime import datetime
from typing import Any

from sqlalchemy.exc import IntegrityError

from qa_app.access.viewer import Viewer, system
from qa_app.allocation.models import Assignment
from qa_app.allocation.rules import preference_costs
from qa_app.allocation.words import PREFERENCE_WORDS
from qa_app.audits.models import Audit
from qa_app.audits.operations import add_audit
from qa_app.core.clock import add_working_days, is_working_day, london_day
from qa_app.core.database import db, transaction
from qa_app.core.errors import BadInput, IllegalMove, NotFound, Stale
from qa_app.core.jobs import Done
from qa_app.core.states import move
from qa_app.improvement import messages
from qa_app.improvement.models import ImprovementProcess, Stage
from qa_app.improvement.operations.settling import date_closing, open_stage_of, settle, stage_of
from qa_app.improvement.operations.starting import start, starts_improvement
from qa_app.improvement.operations.turns import claim, give_turns, hold, retime
from qa_app.improvement.permissions import check_can_schedule
from qa_app.improvement.queries.auditors import Slot, Takers, case_of, slot_for, takers_of
from qa_app.improvement.queries.covers import covers
from qa_app.improvement.queries.one import open_process_checking, process_of, to_schedule
from qa_app.improvement.rules import schedules_itself
from qa_app.improvement.states import PROCESS, CloseOutcome, Outcome, ProcessState, StageKind
from qa_app.rounds.models import Round
from qa_app.rounds.operations import create_round, issue_named_round
from qa_app.rounds.queries import audit_type
from qa_app.rounds.rules import REAUDIT
from qa_app.settings.queries import value_at
from qa_app.trail import operations as trail

_CLERK = "Re-audits are scheduled"


def schedule_reaudit(
    process: ImprovementProcess, auditor_id: int, viewer: Viewer, now: datetime, version: int | None = None
) -> Audit:
    """Put the case into the re-audit round of the month in which it is due, and give it to a different auditor.

    The round is made, and issued, where there is none yet. The audit carries the date of the stage.

    Raises:
        NotAllowed: the viewer is neither of the QA team nor Practice Lead.
        IllegalMove, Stale: it is scheduled or settled already, or the process was changed meanwhile.
        BadInput: a rule keeps this person from the case, or the case is closed.
    """
    who, today = check_can_schedule(viewer, process), london_day(now)
    stage = open_stage_of(process, StageKind.REAUDIT)
    assert stage.due_on is not None
    slot = slot_for(stage.due_on, today)
    round_ = _round_for(slot, now)
    claim(process, version)
    stage = open_stage_of(process, StageKind.REAUDIT)
    if process.reaudit_id is not None:
        raise IllegalMove("The re-audit of this improvement process is scheduled already.")
    case = case_of(process)
    if case.closed_on is not None:
        raise BadInput("The case is closed, so it can't be audited again. Skip the re-audit, and say why.")
    slot = Slot(slot.month, slot.due_on, round_)
    takers = takers_of(process, case, slot, today)
    _check_taker(takers, auditor_id)
    audit = add_audit(round_, case, auditor_id, slot.due_on, who, now, reaudit_of=process.audit)
    _explain(audit, takers, auditor_id, who, now)
    process.reaudit_id, stage.owner_id = audit.id, auditor_id
    stage.covered_since = stage.uncovered_since = stage.cover_id = None
    stage.turn_reason = ""
    db.session.flush()
    db.session.refresh(process, ["reaudit"])
    messages.settle(process, stage)
    detail = {"audit": audit.reference, "auditor": auditor_id, "due_on": slot.due_on}
    trail.append("improvement:reaudit-scheduled", who, now, ("improvement", process.id), **detail)
    messages.tell_reauditor(process, who, now)
    give_turns(process, covers(today), who, now)
    return audit


def _check_taker(takers: Takers, auditor_id: int) -> None:
    if auditor_id not in takers.options:
        raise BadInput("Choose an auditor from the list.", {"auditor": "Choose an auditor from the list"})
    if verdicts := takers.verdicts(auditor_id):
        sentence = " ".join(verdict.sentence for verdict in verdicts)
        raise BadInput(f"{sentence} Choose somebody else.", {"auditor": f"{sentence} Choose somebody else"})


def _explain(audit: Audit, takers: Takers, auditor_id: int, who: Viewer, now: datetime) -> None:
    """Keep why this auditor, as for every allocation."""
    paid = preference_costs(takers.case, takers.options[auditor_id], takers.loads.get(auditor_id, 0))
    why = {
        "sentence": "No rule is against it, and a different auditor did the first audit.",
        "paid": [{"preference": PREFERENCE_WORDS[one.preference], "cost": one.cost} for one in paid],
        "cost": sum(one.cost for one in paid),
    }
    db.session.add(Assignment(audit_id=audit.id, auditor_id=auditor_id, why=why, at=now, by_id=who.person_id))


def _round_for(slot: Slot, now: datetime) -> Round:
    """The month's round of re-audits, held and running. The system makes it, whoever schedules."""
    found, clerk = slot.round, system(_CLERK)
    if found is None:
        try:
            with db.session.begin_nested():
                found = create_round(slot.month, audit_type(REAUDIT), clerk, now, issue_on=london_day(now))
        except (BadInput, IntegrityError):
            found = slot_for(slot.due_on, london_day(now)).round
    if found is None:
        raise Stale("The round of re-audits was made by somebody else just now. Try again.")
    db.session.refresh(found, ["state", "version", "issued_at", "closed_at"], with_for_update={"key_share": True})
    if found.issued_at is None:
        issue_named_round(found, clerk, now)
    return found


def schedule_due(now: datetime) -> Done:
    """Schedule every re-audit that nobody has, once its auditor needs the time that is left; each in a transaction.

    Where nobody can do it, the QA team and the Head of Service hear of it: it is never silently not scheduled.
    """
    done, today, who = Done(), london_day(now), system(_CLERK)
    if not is_working_day(today):
        done.skip("no working day")
        return done
    with transaction():
        notice = value_at("reaudit_notice_days", today)
        waiting = to_schedule()
    for process_id, due_on in waiting:
        done.looked_at += 1
        if not schedules_itself(due_on, notice, today):
            done.skip("time is left")
            continue
        try:
            with transaction():
                _schedule_one(process_id, who, now, done)
        except (NotFound, Stale, IllegalMove):
            done.skip("changed meanwhile")
    return done


def _schedule_one(process_id: int, who: Viewer, now: datetime, done: Done) -> None:
    process, today = db.session.get_one(ImprovementProcess, process_id), london_day(now)
    stage = open_stage_of(process, StageKind.REAUDIT)
    assert stage.due_on is not None
    case = case_of(process)
    best = takers_of(process, case, slot_for(stage.due_on, today), today).best(1)
    if not best or case.closed_on is not None:
        done.queued += messages.tell_unscheduled(process, stage, now)
        done.skip("the case is closed" if best else "nobody can take it")
        return
    schedule_reaudit(process, best[0].auditor.person_id, who, now)
    done.queued += messages.tell_of_scheduling(process, stage, who, now)
    done.did[f"scheduled {process.reference}"] += 1


def follow_reaudit(audit: Audit, grade: str | None, viewer: Viewer, now: datetime) -> None:
    """A re-audit is submitted: better, and the Practice Lead may close; or inadequate again, and it escalates.

    Inadequate again, the process closes as a repeat and a new one begins with its own clocks, linked to it.
    """
    process = open_process_checking(audit.id)
    if process is None:
        return
    hold(process)
    if process.state != ProcessState.OPEN:
        return
    stage = stage_of(process, StageKind.REAUDIT)
    again = starts_improvement(audit, grade)
    who = system("Re-audits are followed")
    if stage is not None and stage.outcome is None:
        words = "Inadequate again." if again else "No longer inadequate."
        settle(process, stage, Outcome.DONE, viewer, now, note=words, repeat=again)
    process.version += 1
    if again:
        _repeat(process, audit, grade or "", viewer, now)
        return
    today = london_day(now)
    date_closing(process, add_working_days(today, value_at("closing_days", today)))
    give_turns(process, covers(today), who, now)


def _repeat(process: ImprovementProcess, audit: Audit, grade: str, viewer: Viewer, now: datetime) -> None:
    who = system("Re-audits are followed")
    db.session.flush()
    following = process_of(audit.id) or start(audit, grade, viewer, now)
    reason = f"The re-audit was inadequate again, so it goes on in {following.reference}."
    for stage in process.stages:
        if stage.outcome is None:
            settle(process, stage, Outcome.SKIPPED, who, now, note=reason)
    outcome = CloseOutcome.REPEAT_INADEQUATE
    values: dict[str, Any] = {"closed_at": now, "closed_by_id": None, "close_outcome": outcome, "close_note": reason}
    move(process, PROCESS, "close", now=now, person_id=None, reason=reason, **values)
    retime(process)
    messages.settle_all(process)
    trail.append("improvement:closed", who, now, ("improvement", process.id), outcome=outcome, following=following.id)
    messages.tell_of_repeat(following, viewer, now)


def reopen_reaudit(audit: Audit, viewer: Viewer, now: datetime) -> None:
    """A re-audit was given back to its auditor: it is to be done again, by the same date."""
    process = open_process_checking(audit.id)
    if process is None:
        return
    hold(process)
    stage = stage_of(process, StageKind.REAUDIT)
    if stage is not None and stage.outcome == Outcome.DONE:
        _open_again(stage)
        open_stage_of(process, StageKind.CLOSING).due_on = None
        process.version += 1
        trail.append("improvement:reaudit-reopened", viewer, now, ("improvement", process.id), audit=audit.id)
        give_turns(process, covers(london_day(now)), viewer, now)


def _open_again(stage: Stage) -> None:
    stage.outcome = stage.done_on = stage.done_at = stage.done_by_id = stage.done_for_id = None
    stage.note = ""


def unschedule(audit: Audit, viewer: Viewer, now: datetime) -> None:
    """A re-audit will not be done by this audit: it is to be scheduled again, and the Practice Lead has it again."""
    process = open_process_checking(audit.id)
    if process is None:
        return
    hold(process)
    stage = stage_of(process, StageKind.REAUDIT)
    process.reaudit_id, process.version = None, process.version + 1
    if stage is not None and stage.outcome is None:
        stage.owner_id = process.lead_id
    db.session.flush()
    db.session.refresh(process, ["reaudit"])
    trail.append("improvement:reaudit-unscheduled", viewer, now, ("improvement", process.id), audit=audit.id)
    give_turns(process, covers(london_day(now)), viewer, now)


def note_reauditor(audit: Audit, viewer: Viewer, now: datetime) -> None:
    """A re-audit has another auditor: it is their turn now."""
    process = open_process_checking(audit.id)
    if process is None:
        return
    hold(process)
    stage = stage_of(process, StageKind.REAUDIT)
    if stage is not None and stage.outcome is None:
        stage.owner_id, process.version = audit.auditor_id, process.version + 1
        db.session.flush()
        give_turns(process, covers(london_day(now)), viewer, now)
