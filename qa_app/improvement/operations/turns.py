"""Whose turn each stage is: handed to cover before its date while the owner is away, and back when they return."""

from datetime import date, datetime, timedelta

from sqlalchemy import select, update

from qa_app.access.viewer import Viewer, system
from qa_app.audits.models import Audit
from qa_app.core.clock import add_working_days, london_day
from qa_app.core.database import db, transaction
from qa_app.core.errors import NotFound, Stale
from qa_app.core.format import day
from qa_app.core.jobs import Done
from qa_app.improvement import messages
from qa_app.improvement.models import ImprovementProcess, Stage
from qa_app.improvement.queries.clock import OpenStage, open_stages
from qa_app.improvement.queries.covers import Covers, covers
from qa_app.improvement.queries.one import people_named
from qa_app.improvement.rules import Candidate, Turn, turn_of
from qa_app.improvement.states import ProcessState, StageKind
from qa_app.trail import operations as trail

LONG = timedelta(days=1000)
"""Nobody is away for so long and comes back."""


def hold(process: ImprovementProcess) -> None:
    """Take the process's audit, then the process, until the transaction ends, and see both as they then are.

    In this order, as whatever changes an audit and then its process does: so no two wait for each other.
    """
    db.session.scalar(select(Audit.id).where(Audit.id == process.audit_id).with_for_update(of=Audit))
    again = select(ImprovementProcess).where(ImprovementProcess.id == process.id).with_for_update(of=ImprovementProcess)
    if db.session.scalar(again.execution_options(populate_existing=True)) is None:
        raise NotFound
    db.session.expire(process, ["stages", "meeting", "concerns"])


def claim(process: ImprovementProcess, version: int | None) -> None:
    """Take an open process for a change that leaves it open; `version` is the one that the person saw.

    Raises:
        Stale: it is open no more, or was changed meanwhile.
    """
    hold(process)
    seen = process.version if version is None else version
    taken = db.session.execute(
        update(ImprovementProcess)
        .where(
            ImprovementProcess.id == process.id,
            ImprovementProcess.version == seen,
            ImprovementProcess.state == ProcessState.OPEN,
        )
        .values(version=seen + 1)
        .execution_options(synchronize_session=False)
    )
    if taken.rowcount != 1:  # type: ignore[attr-defined]
        raise Stale("This improvement process was changed by somebody else. Look at it again before you go on.")
    db.session.refresh(process, ["version", "state"])


def next_stage(process: ImprovementProcess) -> Stage | None:
    """The open stage with the earliest date; those without a date come last."""
    open_ = [stage for stage in process.stages if stage.outcome is None]
    ordered = sorted(open_, key=lambda one: (one.due_on is None, one.due_on or date.max, one.position))
    return ordered[0] if ordered else None


def retime(process: ImprovementProcess) -> None:
    """Keep what the board finds and orders by: the next stage, its date and whose turn it is."""
    stage = next_stage(process) if process.state == ProcessState.OPEN else None
    process.next_kind = stage.kind if stage else ""
    process.next_due_on = stage.due_on if stage else None
    process.turn_id = stage.turn_id if stage else None
    db.session.flush()


def give_turns(process: ImprovementProcess, found: Covers, viewer: Viewer, now: datetime) -> int:
    """Settle whose turn each open stage is today, tell whoever it went to, and keep the next one: new mails."""
    told = 0
    for stage in process.stages:
        if stage.outcome is None and stage.due_on is not None and stage.kind != StageKind.NOTIFIED:
            told += _give_turn(process, stage, found, viewer, now)
    retime(process)
    return told


def _give_turn(process: ImprovementProcess, stage: Stage, found: Covers, viewer: Viewer, now: datetime) -> int:
    today, kind = london_day(now), StageKind(stage.kind)
    is_audit = kind is StageKind.REAUDIT and process.reaudit_id is not None
    candidates = _others(found, kind, stage.owner_id, process.service_id, process.caseworker_id, is_audit=is_audit)
    turn = turn_of(stage.owner_id, found.away(stage.owner_id), candidates, stage.due_on, today)
    moved = turn.is_covered and (stage.covered_since is None or stage.cover_id != turn.cover_id)
    back = not turn.is_covered and not turn.uncovered and (stage.covered_since or stage.uncovered_since)
    lost = turn.uncovered and stage.uncovered_since is None
    stage.cover_id = turn.cover_id
    if moved or lost:
        _note_turn(process, stage, turn, found, viewer, now)
        return messages.tell_cover(process, stage, now) if moved else messages.tell_uncovered(process, stage, now)
    if back:
        stage.covered_since = stage.uncovered_since = None
        stage.turn_reason = ""
        trail.append("improvement:handed-back", viewer, now, ("improvement", process.id), stage=stage.kind)
    return 0


def _note_turn(
    process: ImprovementProcess, stage: Stage, turn: Turn, found: Covers, viewer: Viewer, now: datetime
) -> None:
    stage.covered_since = now if turn.is_covered else None
    stage.uncovered_since = now if turn.uncovered else None
    stage.turn_reason = _why(stage, found, now)
    db.session.flush()
    event = "improvement:handed-to-cover" if turn.is_covered else "improvement:not-covered"
    detail = {"stage": stage.kind, "cover": turn.cover_id, "why": stage.turn_reason}
    trail.append(event, viewer, now, ("improvement", process.id), **detail)


def _why(stage: Stage, found: Covers, now: datetime) -> str:
    """Why it is not the owner's turn, as a sentence."""
    if stage.owner_id is None:
        return "Nobody holds this role."
    today, name = london_day(now), people_named([stage.owner_id])[stage.owner_id]
    until = [last for first, last in found.away(stage.owner_id) if first <= max(today, stage.due_on or today)]
    if not until or max(until) > today + LONG:
        return f"{name} does not work here any more."
    return f"{name} is away until {day(add_working_days(max(until), 1))}."


def hand_over(now: datetime) -> Done:
    """Hand every stage whose owner is away through its date to cover, before it is missed; each in its own transaction.

    Run twice it finds each with whom it belongs. Only processes of which something changes are written.
    """
    done, today, who = Done(), london_day(now), system("Absence is covered")
    with transaction():
        found, stages = covers(today), open_stages()
    done.looked_at = len(stages)
    changed = {one.process_id for one in stages if _moves(one, found, today)}
    done.skip("it is with whom it belongs", sum(one.process_id not in changed for one in stages))
    for process_id in sorted(changed):
        try:
            with transaction():
                process = db.session.get_one(ImprovementProcess, process_id)
                hold(process)
                if process.state != ProcessState.OPEN:
                    raise Stale("This improvement process was closed meanwhile.")
                done.queued += give_turns(process, found, who, now)
        except (NotFound, Stale):
            done.skip("changed meanwhile")
    return done


def _moves(one: OpenStage, found: Covers, today: date) -> bool:
    """Whether somebody else should have this stage, or be named as its cover."""
    others = _others(found, one.kind, one.owner_id, one.service_id, one.caseworker_id, is_audit=one.is_audit)
    turn = turn_of(one.owner_id, found.away(one.owner_id), others, one.due_on, today)
    kept = (one.cover_id, one.is_covered, one.is_uncovered)
    return (turn.cover_id, turn.is_covered, turn.uncovered) != kept


def _others(
    found: Covers,
    kind: StageKind,
    owner_id: int | None,
    service_id: int,
    caseworker_id: int | None,
    *,
    is_audit: bool,
) -> list[Candidate]:
    """Who may cover a stage: never the worker whose case it is."""
    candidates = found.candidates(kind, owner_id, service_id, is_audit=is_audit)
    return [one for one in candidates if one.person_id != caseworker_id]
