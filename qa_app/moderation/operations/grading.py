"""A moderator's own grades: saved as they are typed, locked, and made the result (domain.md section 7)."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import insert, update

from qa_app.access.viewer import Viewer
from qa_app.audits import operations as audits
from qa_app.audits.content import Content
from qa_app.audits.operations import Changed
from qa_app.audits.rules import NOT_APPLICABLE
from qa_app.core.clock import london_day
from qa_app.core.database import db
from qa_app.core.errors import BadInput, IllegalMove, NotAllowed, Stale
from qa_app.core.states import move
from qa_app.moderation import messages, rules
from qa_app.moderation.choosing import Bar, sentences
from qa_app.moderation.inputs import GradesInput, SectionInput
from qa_app.moderation.models import ModeratedDomain, Moderation
from qa_app.moderation.operations.holding import hold
from qa_app.moderation.permissions import check_can_moderate
from qa_app.moderation.queries.candidates import bars_of
from qa_app.moderation.queries.one import newest_content, own_sections
from qa_app.moderation.rules import Missing, OwnSection, OwnWhole
from qa_app.moderation.states import GRADING, MODERATION, ModerationState
from qa_app.tools.models import Domain
from qa_app.tools.queries import domains
from qa_app.trail import operations as trail

NOT_OPEN = "This moderation is not open, so its grades are fixed. Look at it again to see what happened."


def save_grades(moderation: Moderation, typed: GradesInput, version: int, viewer: Viewer, now: datetime) -> int:
    """Save the moderator's own grades and reasons and return their new version; 0 is the version of none yet.

    Once they are locked only reasons change: grades that are sent then are as if not sent. The same words again are
    never a conflict.

    Raises:
        NotAllowed, IllegalMove: the viewer is not its moderator, or it is not open.
        Changed: saved from elsewhere since.
        BadInput: a grade that the tool does not have.
    """
    who = check_can_moderate(viewer, moderation)
    hold(moderation)
    who = check_can_moderate(viewer, moderation)
    _check_open(moderation)
    tool = domains(moderation.audit.round.tool_version_id)
    kept = own_sections(moderation.id)
    wanted = _wanted(moderation, typed, tool, kept)
    changes = {domain_id: one for domain_id, one in wanted.items() if one != _kept(kept.get(domain_id))}
    whole = (moderation.own_grade if moderation.locked_at else typed.overall, typed.reasons, typed.feedback)
    if not changes and whole == (moderation.own_grade, moderation.own_reasons, moderation.feedback):
        return moderation.grades_version
    if version != moderation.grades_version:
        raise Changed(moderation.grades_version)
    if moderation.state == ModerationState.WAITING:
        move(moderation, MODERATION, "start", now=now, person_id=who.person_id, started_at=moderation.started_at or now)
        trail.append("moderation:started", who, now, ("audit", moderation.audit_id))
    _write(moderation.id, changes, known=kept)
    moderation.own_grade, moderation.own_reasons, moderation.feedback = whole
    moderation.grades_version, moderation.grades_saved_at = version + 1, now
    db.session.flush()
    trail.append("moderation:grades-saved", who, now, ("audit", moderation.audit_id), version=version + 1)
    return version + 1


def lock_grades(moderation: Moderation, viewer: Viewer, now: datetime, version: int | None = None) -> None:
    """Fix the own grades of a blind moderation. From now on the moderator sees the auditor's.

    Raises:
        NotAllowed: the viewer is not its moderator.
        IllegalMove, Stale: it is not open or not blind, its grades are locked already, or were changed meanwhile.
        BadInput: something is missing.
    """
    who = _begin(moderation, viewer, version)
    if not moderation.is_blind or moderation.locked_at is not None:
        raise IllegalMove("Your grades are locked already, or this moderation is not blind. Go on with the feedback.")
    if lacking(moderation, None):
        raise BadInput("Complete what is missing before you lock your grades.")
    moderation.locked_at = now
    audits.hide_grades(moderation.audit, None)
    db.session.flush()
    trail.append("moderation:grades-locked", who, now, ("audit", moderation.audit_id))


def complete(
    moderation: Moderation, grade: str | None, viewer: Viewer, now: datetime, version: int | None = None
) -> None:
    """Give the audit its moderated grade, which may differ from the own one after both were seen, and the auditor
    feedback.

    Raises:
        NotAllowed: the viewer is not its moderator.
        IllegalMove, Stale: it is not open, own grades are not locked where it is blind, or it was changed meanwhile.
        BadInput: something is missing, or the grade is not one of the tool's.
    """
    who = _begin(moderation, viewer, version)
    if moderation.is_blind and moderation.locked_at is None:
        raise IllegalMove("Lock your own grades first. Then you see the auditor's, and can write feedback.")
    audit, content = moderation.audit, newest_content(moderation.audit_id)
    _check_stand_in(moderation, who, now)
    _check_result(moderation, grade, content)
    today = london_day(now)
    before = audit.overall_grade
    values: dict[str, Any] = {
        "grade_before": before,
        "moderated_grade": grade,
        "moderated_at": now,
        "moderated_by_id": who.person_id,
        "moderated_for_id": who.on_behalf_of,
        "is_late": today > moderation.due_on,
        "dispute_until": rules.dispute_until(today, moderation.dispute_days),
    }
    messages.nobody_need_act(moderation)
    move(moderation, MODERATION, "moderate", now=now, person_id=who.person_id, **values)
    trail.append("moderation:done", who, now, ("audit", audit.id), late=moderation.is_late, blind=moderation.is_blind)
    audits.moderate_audit(audit, grade, who, now)
    messages.tell_of_result(moderation, viewer, now)


def lacking(moderation: Moderation, content: Content | None) -> list[Missing]:
    """What is missing in the own grades; `content` is the auditor's where its grades may be seen."""
    whole = OwnWhole(
        moderation.own_grade,
        bool(moderation.own_reasons.strip()),
        bool(moderation.feedback.strip()),
        asks_overall=moderation.audit.round.tool_version.has_overall_grade,
        asks_feedback=content is not None,
    )
    return rules.missing(sections_of(moderation, content), whole)


def sections_of(moderation: Moderation, content: Content | None) -> list[OwnSection]:
    """Every section with the own grade, and the auditor's where it may be seen."""
    kept = own_sections(moderation.id)
    theirs = {section.key: section.grade for section in content.sections} if content else {}
    found = []
    for domain in domains(moderation.audit.round.tool_version_id):
        row = kept.get(domain.id)
        has_reason = bool(row and row.reason.strip())
        own = row.grade if row else None
        found.append(OwnSection(domain.key, domain.title, domain.required, own, has_reason, theirs.get(domain.key)))
    return found


def _check_open(moderation: Moderation) -> None:
    if moderation.state not in GRADING:
        raise IllegalMove(NOT_OPEN)


def _begin(moderation: Moderation, viewer: Viewer, version: int | None) -> Viewer:
    """The moderator, with the moderation held; `version` is that of the grades that the person saw."""
    check_can_moderate(viewer, moderation)
    hold(moderation)
    who = check_can_moderate(viewer, moderation)
    _check_open(moderation)
    if version is not None and version != moderation.grades_version:
        raise Stale("These grades were saved from somewhere else since. Look at them again before you go on.")
    if moderation.state != ModerationState.IN_PROGRESS:
        raise BadInput("Give your own grades first.")
    return who


def _check_stand_in(moderation: Moderation, who: Viewer, now: datetime) -> None:
    """Whoever stands in for a Head of Service is asked the same rules, on the day on which they act."""
    if who.person_id is None or who.person_id == moderation.moderator_id:
        return
    audit, today = moderation.audit, london_day(now)
    found = bars_of(audit, moderation.moderator_id or 0, moderation.due_on, today, by_head=True) or []
    hard = [bar for bar in found if bar is not Bar.AWAY]
    if hard:
        raise NotAllowed(f"{sentences(who.name, hard)[0]} Somebody else has to moderate this audit.")


def _check_result(moderation: Moderation, grade: str | None, content: Content | None) -> None:
    version = moderation.audit.round.tool_version
    if version.has_overall_grade and grade not in {row["key"] for row in version.scale}:
        raise BadInput("Choose the grade that stands.", {"grade": "Choose the grade that stands"})
    if lacking(moderation, content):
        raise BadInput("Complete what is missing before you finish.")


def _wanted(
    moderation: Moderation, typed: GradesInput, tool: Sequence[Domain], kept: Mapping[int, ModeratedDomain]
) -> dict[int, SectionInput]:
    """What is to be kept of each section: once grades are locked, the grade that is there with the new reason."""
    scale = moderation.audit.round.tool_version.scale
    found = {}
    for domain in tool:
        one = typed.sections.get(domain.key, _kept(kept.get(domain.id)))
        if moderation.locked_at is not None:
            one = SectionInput(_kept(kept.get(domain.id)).grade, one.reason)
        elif one.grade != NOT_APPLICABLE or not domain.may_be_not_applicable:
            _check_grade(one.grade, scale)
        found[domain.id] = one
    if typed.overall is not None:
        _check_grade(typed.overall, scale)
    return found


def _kept(row: ModeratedDomain | None) -> SectionInput:
    return SectionInput(row.grade, row.reason) if row else SectionInput()


def _check_grade(grade: str | None, scale: Sequence[Mapping[str, Any]]) -> None:
    if grade is not None and grade not in {row["key"] for row in scale}:
        raise BadInput("Choose one of the grades in the list.", {"grade": "Choose one of the grades in the list"})


def _write(moderation_id: int, changes: Mapping[int, SectionInput], *, known: Collection[int]) -> None:
    fresh = [
        {"moderation_id": moderation_id, "domain_id": domain_id, "grade": one.grade, "reason": one.reason}
        for domain_id, one in changes.items()
        if domain_id not in known
    ]
    if fresh:
        db.session.execute(insert(ModeratedDomain), fresh)
    for domain_id, one in changes.items():
        if domain_id in known:
            there = ModeratedDomain.moderation_id == moderation_id, ModeratedDomain.domain_id == domain_id
            statement = update(ModeratedDomain).where(*there).values(grade=one.grade, reason=one.reason)
            db.session.execute(statement.execution_options(synchronize_session=False))
