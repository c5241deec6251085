"""Start a process when an audit is submitted with a grade that starts it; what later becomes of that audit (section 8).

It does not wait for moderation, and an audit that is submitted again starts no second one.
"""

from datetime import date, datetime
from typing import Any

from qa_app.access.viewer import Viewer, system
from qa_app.audits.models import Audit
from qa_app.core.clock import london_day
from qa_app.core.database import db
from qa_app.core.format import long_day
from qa_app.core.states import move
from qa_app.improvement import messages
from qa_app.improvement.models import ImprovementProcess, Stage
from qa_app.improvement.operations.settling import settle, stage_of
from qa_app.improvement.operations.turns import give_turns, hold, retime
from qa_app.improvement.queries.covers import Covers, covers, lead_for, reviewer_for
from qa_app.improvement.queries.one import earlier_of_worker, process_checked_by, process_of
from qa_app.improvement.rules import Clocks, due_dates
from qa_app.improvement.states import PROCESS, CloseOutcome, Mark, Outcome, ProcessState, StageKind
from qa_app.settings.queries import values_at
from qa_app.trail import operations as trail

_CLOCKS = ("day_three_days", "review_days", "reaudit_weeks", "caseload_review_days", "closing_days")
_STARTS = "Improvement processes start"


def starts_improvement(audit: Audit, grade: str | None) -> bool:
    """Whether a grade of the audit's own scale starts the improvement process."""
    rows = audit.round.tool_version.scale
    return any(row["key"] == grade and row["starts_improvement"] for row in rows)


def follow_grade(audit: Audit, grade: str | None, viewer: Viewer, now: datetime) -> ImprovementProcess | None:
    """Start the process of an audit whose grade starts one; where one is open already, note what the grade is now.

    Called when the audit is submitted, and again when its grade is changed. The process, if the audit has one.
    """
    found, starts = process_of(audit.id), starts_improvement(audit, grade)
    if found is None:
        return start(audit, grade or "", viewer, now) if starts else None
    hold(found)
    if found.state == ProcessState.OPEN:
        _note_grade(found, grade or "", starts, viewer, now)
    return found


def _note_grade(process: ImprovementProcess, grade: str, starts: bool, viewer: Viewer, now: datetime) -> None:
    mark = "" if starts else Mark.BETTER
    if process.mark == mark and (not starts or process.grade == grade):
        return
    before = process.grade
    process.mark, process.marked_at = mark, now if mark else None
    if starts:
        process.grade = grade
    process.version += 1
    db.session.flush()
    trail.append(
        "improvement:grade-changed",
        viewer,
        now,
        ("improvement", process.id),
        before=before,
        after=grade,
        goes_on=starts,
    )
    if not starts:
        messages.tell_to_decide(process, viewer, now)


def start(audit: Audit, grade: str, viewer: Viewer, now: datetime) -> ImprovementProcess:
    """Start the process of an audit: its stages with their dates, who is responsible, who covers, and who is told.

    That of a re-audit is linked to the process which it checked.
    """
    previous = process_checked_by(audit.id)
    today, who = london_day(now), system(_STARTS)
    values = values_at([*_CLOCKS, "caseload_review_months"], today)
    needed, basis = _caseload(audit, today, values["caseload_review_months"])
    found = covers(today)
    process = ImprovementProcess(
        audit_id=audit.id,
        previous_id=previous.id if previous else None,
        team_id=audit.team_id,
        service_id=audit.service_id,
        caseworker_id=audit.caseworker_id,
        lead_id=lead_for(found),
        grade=grade,
        started_at=now,
        state=ProcessState.OPEN,
        caseload_basis=basis,
    )
    db.session.add(process)
    db.session.flush()
    clocks = Clocks(*(values[name] for name in _CLOCKS))
    _add_stages(process, due_dates(today, clocks, caseload_review=needed), found)
    detail = {"audit": audit.reference, "previous": previous.id if previous else None, "caseload_review": needed}
    trail.append("improvement:started", viewer, now, ("improvement", process.id), **detail)
    told = messages.tell_start(process, viewer, now)
    notified = stage_of(process, StageKind.NOTIFIED)
    assert notified is not None
    settle(process, notified, Outcome.DONE, who, now, note=told)
    give_turns(process, found, who, now)
    return process


def _add_stages(process: ImprovementProcess, dates: dict[StageKind, date | None], found: Covers) -> None:
    reviewer = reviewer_for(process.team, found)
    owners = {StageKind.NOTIFIED: None, StageKind.SERVICE_MANAGER_REVIEW: reviewer}
    for position, (kind, due_on) in enumerate(dates.items()):
        process.stages.append(
            Stage(kind=kind, position=position, due_on=due_on, owner_id=owners.get(kind, process.lead_id))
        )
    db.session.flush()


def _caseload(audit: Audit, today: date, months: int) -> tuple[bool, str]:
    """Whether a whole caseload review is considered, and why or why not: it is never silently absent."""
    if audit.caseworker_id is None:
        return False, "No social worker is recorded for this case, so earlier inadequate grades can't be counted."
    earlier = earlier_of_worker(audit.caseworker_id, today, months)
    if not earlier:
        return False, f"Not considered: the first inadequate grade of this social worker within {months} months."
    last = earlier[0]
    began = long_day(last.started_at)
    return True, f"Considered: another inadequate grade within {months} months ({last.reference}, {began})."


def note_returned(audit: Audit, viewer: Viewer, now: datetime) -> None:
    """An audit given back to its auditor: its process goes on, and says so."""
    process = process_of(audit.id)
    if process is not None and process.state == ProcessState.OPEN:
        hold(process)
        process.mark, process.marked_at, process.version = Mark.RETURNED, now, process.version + 1
        trail.append("improvement:audit-returned", viewer, now, ("improvement", process.id))
        db.session.flush()


def note_withdrawn(audit: Audit, viewer: Viewer, now: datetime) -> None:
    """An audit withdrawn after it was given back has no grade any more, so its process ends, with that reason."""
    process = process_of(audit.id)
    if process is None:
        return
    hold(process)
    if process.state == ProcessState.OPEN:
        reason = "The audit was withdrawn after it was given back to its auditor, so there is no grade any more."
        end(process, CloseOutcome.AUDIT_WITHDRAWN, reason, system(_STARTS), now)


def end(
    process: ImprovementProcess,
    outcome: CloseOutcome,
    reason: str,
    who: Viewer,
    now: datetime,
    version: int | None = None,
) -> None:
    """End a process that is held before its time; its open stages say why they were not done."""
    for stage in process.stages:
        if stage.outcome is None:
            settle(process, stage, Outcome.SKIPPED, who, now, note=reason)
    values: dict[str, Any] = {
        "closed_at": now,
        "closed_by_id": who.person_id,
        "closed_for_id": who.on_behalf_of,
        "close_outcome": outcome,
        "close_note": reason,
    }
    move(process, PROCESS, "end_early", now=now, person_id=who.person_id, reason=reason, version=version, **values)
    retime(process)
    messages.settle_all(process)
    trail.append("improvement:ended", who, now, ("improvement", process.id), outcome=outcome, reason=reason)
