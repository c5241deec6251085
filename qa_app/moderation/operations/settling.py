"""What follows a moderated grade: accepted, disputed and decided, and the audit made final (domain.md section 7)."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy.orm import joinedload

from qa_app.access.viewer import Viewer, system
from qa_app.audits import operations as audits
from qa_app.audits.models import Audit
from qa_app.core.clock import add_working_days, is_working_day, london_day
from qa_app.core.database import db, transaction
from qa_app.core.errors import BadInput, IllegalMove, NotFound, Stale
from qa_app.core.jobs import Done
from qa_app.core.states import move
from qa_app.moderation import messages, rules
from qa_app.moderation.inputs import DecisionInput
from qa_app.moderation.models import Moderation
from qa_app.moderation.operations.holding import hold, hold_audit
from qa_app.moderation.permissions import check_can_acknowledge, check_can_dispute, check_can_record_decision
from qa_app.moderation.queries.lists import submitted_unmoderated, undisputed_ids
from qa_app.moderation.queries.one import names_of
from qa_app.moderation.states import MODERATION, ModerationState
from qa_app.settings.queries import value_at
from qa_app.trail import operations as trail


def acknowledge(moderation: Moderation, viewer: Viewer, now: datetime, version: int | None = None) -> None:
    """The auditor has read the feedback and accepts it.

    Where the grade was kept the audit is final at once. Where it was changed, the Head of Service has until the last
    day for a dispute, as they had before.

    Raises:
        NotAllowed: the viewer is not the audit's auditor.
        IllegalMove, Stale: it was accepted or disputed already, or changed meanwhile.
    """
    check_can_acknowledge(viewer, moderation)
    hold(moderation)
    check_can_acknowledge(viewer, moderation)
    _check_version(moderation, version)
    if moderation.state != ModerationState.MODERATED or moderation.acknowledged_at is not None:
        raise IllegalMove("You have accepted this already, or it was disputed. Look at it again to see how it stands.")
    moderation.acknowledged_at = now
    moderation.version += 1
    db.session.flush()
    trail.append("moderation:acknowledged", viewer, now, ("audit", moderation.audit_id))
    messages.auditor_has_read(moderation)
    if moderation.moderated_grade == moderation.grade_before:
        _accept(moderation, viewer, now)


def dispute(moderation: Moderation, reason: str, viewer: Viewer, now: datetime, version: int | None = None) -> None:
    """The auditor or the case's Head of Service disputes the grade, so that the moderation panel decides.

    Raises:
        NotAllowed: the viewer is neither, or has accepted it.
        IllegalMove, Stale: the time is over, it is disputed or final already, or it was changed meanwhile.
        BadInput: no reason.
    """
    who = check_can_dispute(viewer, moderation)
    if not reason.strip():
        sentence = "Enter why you dispute the grade"
        raise BadInput(f"{sentence}.", {"reason": sentence})
    hold(moderation)
    who = check_can_dispute(viewer, moderation)
    if moderation.dispute_until is not None and london_day(now) > moderation.dispute_until:
        raise IllegalMove("The time in which this grade could be disputed is over.")
    values: dict[str, Any] = {
        "disputed_at": now,
        "disputed_by_id": who.person_id,
        "disputed_for_id": who.on_behalf_of,
        "dispute_reason": reason.strip(),
    }
    move(moderation, MODERATION, "dispute", now=now, person_id=who.person_id, version=version, **values)
    trail.append("moderation:disputed", who, now, ("audit", moderation.audit_id))
    messages.tell_of_dispute(moderation, viewer, now)


def decide(
    moderation: Moderation, decision: DecisionInput, viewer: Viewer, now: datetime, version: int | None = None
) -> None:
    """Record what the moderation panel decided. Its grade stands, and the audit is final.

    Raises:
        NotAllowed: the viewer is not of the QA team, or audited or moderated it themselves.
        IllegalMove, Stale: it is not disputed, or was changed meanwhile.
        BadInput: something is missing, or the people present may not decide among themselves.
    """
    check_can_record_decision(viewer, moderation)
    hold(moderation)
    check_can_record_decision(viewer, moderation)
    names = names_of(list(decision.people))
    _check_decision(moderation, decision, list(names), now)
    values: dict[str, Any] = {
        "panel_on": decision.on,
        "panel": [{"id": person_id, "name": names[person_id]} for person_id in sorted(names)],
        "panel_grade": decision.grade,
        "panel_reasons": decision.reasons.strip(),
        "decided_at": now,
        "decided_by_id": viewer.person_id,
    }
    move(moderation, MODERATION, "decide", now=now, person_id=viewer.person_id, version=version, **values)
    trail.append("moderation:decided", viewer, now, ("audit", moderation.audit_id), people=sorted(names))
    audits.decide_grade(moderation.audit, decision.grade, viewer, now)
    audits.finalise_audit(moderation.audit, viewer, now)
    messages.tell_of_decision(moderation, viewer, now)


def _check_decision(moderation: Moderation, decision: DecisionInput, people: Sequence[int], now: datetime) -> None:
    faults = {}
    version, audit = moderation.audit.round.tool_version, moderation.audit
    disputed_on = london_day(moderation.disputed_at) if moderation.disputed_at else None
    if decision.on is None:
        faults["on"] = "Enter the date on which the panel met"
    elif decision.on > london_day(now) or (disputed_on and decision.on < disputed_on):
        faults["on"] = "The date on which the panel met must be between the dispute and today"
    if wrong := rules.panel_faults(people, audit.auditor_id, moderation.moderated_by_id):
        faults["people"] = wrong
    if version.has_overall_grade and decision.grade not in {row["key"] for row in version.scale}:
        faults["grade"] = "Choose the grade that stands"
    if not decision.reasons.strip():
        faults["reasons"] = "Enter the panel's reasons"
    if faults:
        raise BadInput("Check what you entered.", faults)


def settle_due(now: datetime) -> Done:
    """Accept what nobody disputed in time, and make final what nobody moderates, each in a transaction of its own.

    Run twice it finds nothing to do. On days without work nothing happens.
    """
    done, today, who = Done(), london_day(now), system("Audits become final")
    if not is_working_day(today):
        done.skip("no working day")
        return done
    with transaction():
        accepted = undisputed_ids(today)
        final = _unmoderated_due(now)
    done.looked_at = len(accepted) + len(final)
    for moderation_id in accepted:
        try:
            with transaction():
                found = db.session.get_one(Moderation, moderation_id, options=[joinedload(Moderation.audit)])
                hold(found)
                _accept(found, who, now)
            done.did["accepted"] += 1
        except (IllegalMove, Stale):
            done.skip("changed meanwhile")
    for audit_id in final:
        try:
            with transaction():
                audit = db.session.get_one(Audit, audit_id)
                hold_audit(audit)
                audits.finalise_audit(audit, who, now)
            done.did["final"] += 1
        except (IllegalMove, Stale, NotFound):
            done.skip("changed meanwhile")
    return done


def _unmoderated_due(now: datetime) -> list[int]:
    """Submitted audits that nobody moderates, so many working days after submission and the end of their round."""
    days: dict[Any, int] = {}
    found = []
    for audit_id, issue_on, submitted_at, closed_at in submitted_unmoderated():
        if issue_on not in days:
            days[issue_on] = value_at("dispute_days", issue_on)
        since = max(london_day(submitted_at), london_day(closed_at))
        if add_working_days(since, days[issue_on]) < london_day(now):
            found.append(audit_id)
    return found


def record_export(filters: Mapping[str, str], viewer: Viewer, now: datetime) -> None:
    """Record that the list of moderations left the system as a file."""
    trail.append("moderation:exported", viewer, now, ("audit", None), filters=dict(filters))


def _accept(moderation: Moderation, viewer: Viewer, now: datetime) -> None:
    move(moderation, MODERATION, "accept", now=now, person_id=viewer.person_id, accepted_at=now)
    trail.append("moderation:accepted", viewer, now, ("audit", moderation.audit_id))
    messages.nobody_need_act(moderation)
    audits.finalise_audit(moderation.audit, viewer, now)


def _check_version(moderation: Moderation, version: int | None) -> None:
    if version is not None and version != moderation.version:
        raise Stale("This moderation was changed by somebody else. Look at it again before you go on.")
