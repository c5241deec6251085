"""Decide whether a submitted audit is moderated, and follow what happens to it meanwhile (domain.md section 7)."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import select

from qa_app.access.viewer import Viewer
from qa_app.audits import operations as audits
from qa_app.audits.content import read_scale
from qa_app.audits.models import Audit, SectionAnswer
from qa_app.core.clock import london_day
from qa_app.core.database import db
from qa_app.core.states import move
from qa_app.moderation import messages, rules
from qa_app.moderation.models import Moderation, ModerationSelection
from qa_app.moderation.operations.giving import give
from qa_app.moderation.queries.one import moderation_of, selection_of
from qa_app.moderation.rules import Graded
from qa_app.moderation.states import GRADING, MODERATION, ModerationState, Reason, Rule
from qa_app.sampling.queries import current_draw
from qa_app.settings.queries import values_at
from qa_app.trail import operations as trail

SETTINGS = ("moderation_rule", "moderated_share", "moderation_is_blind", "moderation_least_days", "dispute_days")


def select_for_moderation(audit: Audit, viewer: Viewer, now: datetime) -> Moderation | None:
    """Decide and record whether a submitted audit is moderated and why, and give it to a moderator where it is.

    By the rules in force when the audit was issued. Submitted again after a return it is not drawn anew: what was
    selected stays so, and what its new grade selects becomes so.
    """
    settings = values_at(SETTINGS, _issued_on(audit))
    selection = selection_of(audit.id)
    before = Reason(selection.reason) if selection else None
    if selection is None:
        selection = _first_selection(audit, settings, now)
    found = rules.reason_for(
        Rule(selection.rule),
        selection.share,
        selection.draw,
        _graded(audit),
        read_scale(audit.round.tool_version.scale),
    )
    reason = rules.reason_after(before, found)
    selection.reason, selection.decided_at = reason, now
    db.session.flush()
    trail.append("moderation:selected", viewer, now, ("audit", audit.id), rule=selection.rule, draw=selection.draw,
                 share=selection.share, selected=reason is not Reason.NOT_SELECTED)  # fmt: skip
    moderation = moderation_of(audit.id)
    if moderation is not None and moderation.state == ModerationState.ON_HOLD:
        _resume(moderation, reason, settings, viewer, now)
    elif moderation is None and reason is not Reason.NOT_SELECTED:
        moderation = _open(audit, selection, settings, viewer, now)
    return moderation


def hold_moderation(audit: Audit, viewer: Viewer, now: datetime) -> None:
    """The audit went back to its auditor, so its moderator waits too; what they have written stays."""
    moderation = moderation_of(audit.id)
    if moderation is not None and moderation.state in GRADING:
        move(moderation, MODERATION, "hold", now=now, person_id=viewer.person_id)
        trail.append("moderation:held", viewer, now, ("audit", audit.id))
        messages.nobody_need_act(moderation)


def cancel_moderation(audit: Audit, viewer: Viewer, now: datetime) -> None:
    """The audit was returned and then withdrawn, so there is nothing left to moderate."""
    moderation = moderation_of(audit.id)
    if moderation is not None and moderation.state == ModerationState.ON_HOLD:
        move(moderation, MODERATION, "cancel", now=now, person_id=viewer.person_id)
        audits.hide_grades(audit, None)
        trail.append("moderation:cancelled", viewer, now, ("audit", audit.id))


def _issued_on(audit: Audit) -> date:
    return london_day(audit.issued_at) if audit.issued_at else audit.round.issue_on


def _first_selection(audit: Audit, settings: dict[str, Any], now: datetime) -> ModerationSelection:
    drawn = current_draw(audit.round_id)
    seed = drawn.seed if drawn else audit.round.reference
    made = ModerationSelection(
        audit_id=audit.id,
        rule=settings["moderation_rule"],
        share=settings["moderated_share"],
        draw=rules.draw(seed, audit.number),
        reason=Reason.NOT_SELECTED,
        decided_at=now,
    )
    db.session.add(made)
    return made


def _graded(audit: Audit) -> Graded:
    if audit.round.tool_version.has_overall_grade:
        return Graded(audit.overall_grade)
    grades = db.session.scalars(select(SectionAnswer.grade).where(SectionAnswer.audit_id == audit.id))
    return Graded(None, list(grades))


def _open(
    audit: Audit, selection: ModerationSelection, settings: dict[str, Any], viewer: Viewer, now: datetime
) -> Moderation:
    today, by_head = london_day(now), selection.rule == Rule.INADEQUATE_TO_HEAD
    moderation = Moderation(
        audit_id=audit.id,
        reason=selection.reason,
        by_head=by_head,
        # A Head of Service knows the grade from being asked, so that is no blind moderation whatever is set.
        is_blind=settings["moderation_is_blind"] == "blind" and not by_head,
        selected_at=now,
        due_on=rules.due_on(audit.round.moderation_due_on, today, settings["moderation_least_days"]),
        dispute_days=settings["dispute_days"],
    )
    db.session.add(moderation)
    db.session.flush()
    give(moderation, viewer, now)
    return moderation


def _resume(moderation: Moderation, reason: Reason, settings: dict[str, Any], viewer: Viewer, now: datetime) -> None:
    """Go on with what was on hold: whoever has seen the auditor's grades is not blind any more."""
    today, audit = london_day(now), moderation.audit
    values: dict[str, Any] = {
        "reason": reason,
        "due_on": rules.due_on(audit.round.moderation_due_on, today, settings["moderation_least_days"]),
        "is_blind": moderation.is_blind and moderation.locked_at is None,
        "locked_at": None,
    }
    move(moderation, MODERATION, "resume", now=now, person_id=viewer.person_id, **values)
    trail.append("moderation:resumed", viewer, now, ("audit", audit.id))
    give(moderation, viewer, now)
