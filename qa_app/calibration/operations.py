"""Make a calibration set, grade it, and reveal the grades (domain.md section 7)."""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import insert, select, update

from qa_app.access.viewer import Viewer
from qa_app.allocation.queries import cases_to_audit
from qa_app.audits.models import Audit
from qa_app.audits.operations import Changed
from qa_app.audits.rules import NOT_APPLICABLE
from qa_app.calibration import messages, queries, rules
from qa_app.calibration.inputs import SetInput
from qa_app.calibration.models import CalibrationGrade, CalibrationPart, CalibrationSet
from qa_app.calibration.permissions import check_can_grade, check_can_manage
from qa_app.calibration.states import CALIBRATION, CalibrationState
from qa_app.cases.models import Case
from qa_app.core.clock import london_day
from qa_app.core.database import db
from qa_app.core.errors import BadInput, IllegalMove, Stale
from qa_app.core.states import move
from qa_app.moderation.inputs import GradesInput, SectionInput
from qa_app.moderation.rules import Missing, OwnSection, OwnWhole, missing
from qa_app.rounds.queries import audit_type
from qa_app.rounds.rules import MONTHLY
from qa_app.tools.models import Domain
from qa_app.tools.queries import domains, published_version
from qa_app.trail import operations as trail

SUBJECT = "calibration"


def make_set(wish: SetInput, viewer: Viewer, now: datetime) -> CalibrationSet:
    """Ask several auditors to grade one case, each by themselves.

    Not whoever audited it, works on it, supervises who does, or declared a conflict of interest.

    Raises:
        NotAllowed: the viewer is not of the QA team.
        BadInput: something is missing, or somebody may not take part.
    """
    check_can_manage(viewer)
    named = queries.case_named(wish.reference.strip())
    _check_wish(wish, named, now)
    assert named is not None
    assert wish.due_on is not None
    case, audit = named
    version = audit.round.tool_version if audit else published_version(audit_type(MONTHLY).tool_id)
    if version is None:
        raise BadInput("Publish the audit tool first.")
    made = CalibrationSet(
        name=wish.name.strip(),
        case_id=case.id,
        audit_id=audit.id if audit else None,
        team_id=case.team_id,
        tool_version_id=version.id,
        due_on=wish.due_on,
        state=CalibrationState.RUNNING,
        made_at=now,
        made_by_id=viewer.person_id,
        parts=[CalibrationPart(person_id=person_id) for person_id in dict.fromkeys(wish.person_ids)],
    )
    db.session.add(made)
    db.session.flush()
    people = [part.person_id for part in made.parts]
    trail.append("calibration:made", viewer, now, (SUBJECT, made.id), case=case.id, people=people)
    messages.ask_to_grade(made, viewer, now)
    return made


def _check_wish(wish: SetInput, named: tuple[Case, Audit | None] | None, now: datetime) -> None:
    today = london_day(now)
    faults = {}
    if not wish.name.strip():
        faults["name"] = "Enter a name for this set"
    if named is None:
        faults["reference"] = "Enter the reference of a case, or of a submitted audit, that is not restricted"
    offered = dict(queries.auditors(today))
    if len(set(wish.person_ids)) < rules.FEWEST:
        faults["people"] = "Choose at least two auditors"
    elif not set(wish.person_ids) <= set(offered):
        faults["people"] = "Choose trained auditors from the list"
    elif named and (barred := set(wish.person_ids) & _barred(*named)):
        names = ", ".join(sorted(offered[person_id].partition(",")[0] for person_id in barred))
        faults["people"] = f"Leave out who audited this case, works on it, supervises it or has a conflict: {names}"
    if wish.due_on is None:
        faults["due_on"] = "Enter the date by which they grade it"
    elif wish.due_on < today:
        faults["due_on"] = "The date must be today or later"
    if faults:
        raise BadInput("Check what you entered.", faults)


def _barred(case: Case, audit: Audit | None) -> set[int]:
    """Whom the rules keep from a case: who audited it, works on it, supervises who does, or declared a conflict."""
    audited = select(Audit.auditor_id).where(Audit.case_id == case.id, Audit.auditor_id.is_not(None))
    auditors = {person_id for person_id in db.session.scalars(audited) if person_id is not None}
    return auditors | set(cases_to_audit([case])[0].conflict_ids) | queries.supervisors_of(case)


def save_grades(part: CalibrationPart, typed: GradesInput, version: int, viewer: Viewer, now: datetime) -> int:
    """Save somebody's own grades and return their new version; 0 is the version of none yet.

    Raises:
        NotAllowed, IllegalMove: the part is not the viewer's, is handed in, or the set is revealed.
        Changed: saved from elsewhere since.
        BadInput: a grade that the tool does not have.
    """
    check_can_grade(viewer, part)
    _hold(part)
    _check_open(part)
    tool = domains(part.set.tool_version_id)
    _check_grades(typed, tool, part)
    kept = queries.grades_of([part.id])[part.id]
    changes = {}
    for domain in tool:
        row = kept.get(domain.id)
        before = SectionInput(row.grade, row.reason) if row else SectionInput()
        if (one := typed.sections.get(domain.key, before)) != before:
            changes[domain.id] = one
    if not changes and (typed.overall, typed.reasons) == (part.own_grade, part.own_reasons):
        return part.grades_version
    if version != part.grades_version:
        raise Changed(part.grades_version)
    _write(part.id, changes, known=kept)
    part.own_grade, part.own_reasons = typed.overall, typed.reasons
    part.grades_version, part.saved_at = version + 1, now
    db.session.flush()
    trail.append("calibration:grades-saved", viewer, now, (SUBJECT, part.set_id), version=version + 1)
    return version + 1


def hand_in(part: CalibrationPart, viewer: Viewer, now: datetime, version: int | None = None) -> None:
    """Fix somebody's grades. They see the others' once the QA team reveals the set.

    Raises:
        NotAllowed, IllegalMove, Stale: the part is not the viewer's, is handed in already, or was changed meanwhile.
        BadInput: something is missing.
    """
    check_can_grade(viewer, part)
    _hold(part)
    _check_open(part)
    if version is not None and version != part.grades_version:
        raise Stale("These grades were saved from somewhere else since. Look at them again before you go on.")
    if lacking(part):
        raise BadInput("Complete what is missing before you hand in.")
    part.handed_in_at = now
    db.session.flush()
    trail.append("calibration:handed-in", viewer, now, (SUBJECT, part.set_id))


def reveal(found: CalibrationSet, viewer: Viewer, now: datetime, version: int | None = None) -> None:
    """Show everybody who handed in what the others think. Whoever has not handed in stays out.

    Raises:
        NotAllowed: the viewer is not of the QA team.
        IllegalMove, Stale: it is revealed already, or was changed meanwhile.
        BadInput: fewer than two have handed in.
    """
    check_can_manage(viewer)
    db.session.refresh(found, with_for_update={"of": CalibrationSet})
    parts = select(CalibrationPart).where(CalibrationPart.set_id == found.id).execution_options(populate_existing=True)
    handed_in = [part for part in db.session.scalars(parts) if part.handed_in_at is not None]
    if found.state == CalibrationState.RUNNING and len(handed_in) < rules.FEWEST:
        raise BadInput("At least two must have handed in, or there is nothing to compare.")
    move(found, CALIBRATION, "reveal", now=now, person_id=viewer.person_id, version=version, revealed_at=now)
    trail.append("calibration:revealed", viewer, now, (SUBJECT, found.id), handed_in=len(handed_in))
    messages.tell_of_reveal(found, viewer, now)


def lacking(part: CalibrationPart) -> list[Missing]:
    """What is missing before a part can be handed in."""
    kept = queries.grades_of([part.id])[part.id]
    sections = []
    for domain in domains(part.set.tool_version_id):
        row = kept.get(domain.id)
        has_reason = bool(row and row.reason.strip())
        sections.append(OwnSection(domain.key, domain.title, domain.required, row.grade if row else None, has_reason))
    overall = part.set.tool_version.has_overall_grade
    whole = OwnWhole(part.own_grade, bool(part.own_reasons.strip()), False, asks_overall=overall, asks_feedback=False)
    return missing(sections, whole)


def record_view(found: CalibrationSet, viewer: Viewer, now: datetime) -> None:
    """Record that the viewer opened this set, which names a case."""
    trail.append("calibration:viewed", viewer, now, (SUBJECT, found.id))


def _hold(part: CalibrationPart) -> None:
    """Take the set, so that nothing is saved while it is revealed, and see the part as it then is."""
    taken = select(CalibrationSet).where(CalibrationSet.id == part.set_id).with_for_update(of=CalibrationSet)
    db.session.scalar(taken.execution_options(populate_existing=True))
    db.session.refresh(part)


def _check_open(part: CalibrationPart) -> None:
    if part.set.state != CalibrationState.RUNNING or part.handed_in_at is not None:
        raise IllegalMove("You have handed in, or this calibration set is revealed, so your grades are fixed.")


def _check_grades(typed: GradesInput, tool: Any, part: CalibrationPart) -> None:
    known = {row["key"] for row in part.set.tool_version.scale} | {None}
    by_key: dict[str, Domain] = {domain.key: domain for domain in tool}
    grades = [(key, one.grade) for key, one in typed.sections.items() if key in by_key]
    wrong = [
        key
        for key, grade in grades
        if grade not in known and not (grade == NOT_APPLICABLE and by_key[key].may_be_not_applicable)
    ]
    if wrong or typed.overall not in known:
        raise BadInput("Choose one of the grades in the list.", {"grade": "Choose one of the grades in the list"})


def _write(part_id: int, changes: Mapping[int, SectionInput], *, known: Collection[int]) -> None:
    fresh = [
        {"part_id": part_id, "domain_id": domain_id, "grade": one.grade, "reason": one.reason}
        for domain_id, one in changes.items()
        if domain_id not in known
    ]
    if fresh:
        db.session.execute(insert(CalibrationGrade), fresh)
    for domain_id, one in changes.items():
        if domain_id in known:
            there = CalibrationGrade.part_id == part_id, CalibrationGrade.domain_id == domain_id
            statement = update(CalibrationGrade).where(*there).values(grade=one.grade, reason=one.reason)
            db.session.execute(statement.execution_options(synchronize_session=False))
