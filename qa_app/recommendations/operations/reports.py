"""Add reports and their recommendations, and change them (domain.md section 8)."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from sqlalchemy import delete, func, select, update

from qa_app.access.viewer import Viewer
from qa_app.core.clock import london_day
from qa_app.core.database import db
from qa_app.core.errors import BadInput, IllegalMove, NotFound, Stale
from qa_app.people.models import Service
from qa_app.recommendations import messages
from qa_app.recommendations.importing import LARGEST_NUMBER
from qa_app.recommendations.inputs import RecommendationInput, ReportInput
from qa_app.recommendations.models import Judgement, ProgressNote, Recommendation, Report
from qa_app.recommendations.permissions import check_can_manage
from qa_app.recommendations.queries.owners import possible_owners
from qa_app.recommendations.states import RecommendationState
from qa_app.trail import operations as trail

SUBJECT = "recommendation report"
"""What the trail calls a report."""


def add_report(wanted: ReportInput, viewer: Viewer, now: datetime) -> Report:
    """Add a report, without recommendations yet.

    Raises:
        NotAllowed: the viewer is not of the QA team.
        BadInput: no title, no date, a date to come, or no such service.
    """
    check_can_manage(viewer)
    _check_report(wanted, london_day(now))
    report = Report(**_report_values(wanted), added_at=now, added_by_id=viewer.person_id)
    db.session.add(report)
    db.session.flush()
    append("recommendation:report-added", report.id, viewer, now, title=report.title)
    return report


def change_report(report: Report, wanted: ReportInput, version: int, viewer: Viewer, now: datetime) -> None:
    """Change what is said of a report.

    Raises:
        NotAllowed: the viewer is not of the QA team.
        BadInput: as when it is added.
        Stale: it was changed meanwhile.
    """
    check_can_manage(viewer)
    _check_report(wanted, london_day(now))
    values = _report_values(wanted)
    changes = {name: [getattr(report, name), value] for name, value in values.items() if getattr(report, name) != value}
    _update(Report, report, values, version)
    append("recommendation:report-changed", report.id, viewer, now, changes=changes)


def add_recommendation(report: Report, wanted: RecommendationInput, viewer: Viewer, now: datetime) -> Recommendation:
    """Add a recommendation to a report. Its owner hears of it with the day's mail.

    Raises:
        NotAllowed: the viewer is not of the QA team.
        BadInput: no text, a number that is taken, or an owner who can't own one.
    """
    check_can_manage(viewer)
    hold_report(report.id)
    taken = numbers_taken(report.id)
    number = wanted.number or max(taken, default=0) + 1
    _check_recommendation(wanted, now)
    if not 0 < number <= LARGEST_NUMBER:
        raise BadInput("Check the number.", {"number": f"Enter a number from 1 to {LARGEST_NUMBER}"})
    if number in taken:
        raise BadInput("Check the number.", {"number": f"The report has a recommendation {number} already"})
    made = insert(report, number, wanted)
    append("recommendation:added", report.id, viewer, now, number=number, owner=wanted.owner_id)
    messages.tell_owner(made, viewer, now)
    return made


def insert(report: Report, number: int, wanted: RecommendationInput) -> Recommendation:
    """Write the row of a recommendation that was checked."""
    made = Recommendation(
        report_id=report.id,
        number=number,
        text=wanted.text.strip(),
        owner_id=wanted.owner_id,
        due_on=wanted.due_on,
        first_due_on=wanted.due_on,
    )
    db.session.add(made)
    db.session.flush()
    return made


def change_recommendation(
    found: Recommendation, wanted: RecommendationInput, reason: str, version: int, viewer: Viewer, now: datetime
) -> None:
    """Change the owner, the due date or the words. What was judged keeps its words; a new date needs a reason.

    Raises:
        NotAllowed: the viewer is not of the QA team.
        IllegalMove: other words for what a follow-up has taken up.
        BadInput: no text, no reason for another date, or an owner who can't own one.
        Stale: it was changed meanwhile.
    """
    check_can_manage(viewer)
    _check_recommendation(wanted, now, found.owner_id)
    text = wanted.text.strip()
    if text != found.text and _is_taken_up(found.id):
        raise IllegalMove("A follow-up has taken this recommendation up, so its words are fixed.")
    moved = found.due_on is not None and wanted.due_on != found.due_on
    if moved and not reason.strip():
        raise BadInput("Check what you entered.", {"reason": "Enter why the date changes"})
    before = {"owner": found.owner_id, "due": found.due_on, "text": found.text}
    after = {"owner": wanted.owner_id, "due": wanted.due_on, "text": text}
    changes = {name: [before[name], value] for name, value in after.items() if before[name] != value}
    if not changes:
        return
    values = {
        "text": text,
        "owner_id": wanted.owner_id,
        "due_on": wanted.due_on,
        "first_due_on": found.first_due_on or wanted.due_on,
    }
    _update(Recommendation, found, values, version)
    append("recommendation:changed", found.report_id, viewer, now, number=found.number, changes=changes, reason=reason)
    if "owner" in changes:
        messages.tell_owner(found, viewer, now)


def remove_recommendation(found: Recommendation, viewer: Viewer, now: datetime) -> None:
    """Take out a recommendation that was added by mistake, of which nobody has said anything.

    Raises:
        NotAllowed: the viewer is not of the QA team.
        IllegalMove: a follow-up has taken it up, or its owner has said what was done.
    """
    check_can_manage(viewer)
    hold_report(found.report_id)
    if not can_be_removed(found):
        raise IllegalMove("Something was said of this recommendation already, so it stays. Change it instead.")
    db.session.execute(delete(Recommendation).where(Recommendation.id == found.id))
    append("recommendation:removed", found.report_id, viewer, now, number=found.number, text=found.text)


def can_be_removed(found: Recommendation) -> bool:
    """Whether nobody has said or judged anything of it."""
    spoken = db.session.scalar(select(ProgressNote.id).where(ProgressNote.recommendation_id == found.id).limit(1))
    return found.state == RecommendationState.OPEN and spoken is None and not _is_taken_up(found.id)


def record_export(report: Report | None, viewer: Viewer, now: datetime) -> None:
    """Leave in the trail that somebody took a list away."""
    append("recommendation:exported", report.id if report else None, viewer, now)


def hold_report(report_id: int) -> None:
    """Take the report's row until the transaction ends, so that what is added to it comes one after the other.

    Raises:
        NotFound: it is gone.
    """
    if db.session.scalar(select(Report.id).where(Report.id == report_id).with_for_update()) is None:
        raise NotFound


def numbers_taken(report_id: int) -> set[int]:
    """The numbers of a report's recommendations."""
    return set(db.session.scalars(select(Recommendation.number).where(Recommendation.report_id == report_id)))


def append(event: str, report_id: int | None, viewer: Viewer, now: datetime, **detail: Any) -> None:
    """An entry of the trail about a report."""
    trail.append(event, viewer, now, (SUBJECT, report_id), **detail)


def _is_taken_up(recommendation_id: int) -> bool:
    found = select(func.count(Judgement.id)).where(Judgement.recommendation_id == recommendation_id)
    return bool(db.session.scalar(found))


def _report_values(wanted: ReportInput) -> dict[str, Any]:
    return {
        "title": wanted.title.strip(),
        "kind": wanted.kind,
        "dated": wanted.dated,
        "service_id": wanted.service_id,
        "objective": wanted.objective.strip(),
    }


def _check_report(wanted: ReportInput, today: date) -> None:
    faults = {}
    if not wanted.title.strip():
        faults["title"] = "Enter the report's title"
    if wanted.dated is None:
        faults["dated"] = "Enter the report's date"
    elif wanted.dated > today:
        faults["dated"] = "The report's date must be today or earlier"
    if wanted.service_id is not None and db.session.get(Service, wanted.service_id) is None:
        faults["service"] = "Choose one of the services in the list"
    if faults:
        raise BadInput("Check what you entered.", faults)


def _check_recommendation(wanted: RecommendationInput, now: datetime, owner_now: int | None = None) -> None:
    faults = {}
    if not wanted.text.strip():
        faults["text"] = "Enter what is recommended"
    if wanted.owner_id is not None and wanted.owner_id != owner_now:
        able = {person_id for person_id, _, _ in possible_owners(london_day(now))}
        if wanted.owner_id not in able:
            faults["owner"] = "Choose somebody who works here and can sign in"
    if faults:
        raise BadInput("Check what you entered.", faults)


def _update(model: Any, row: Any, values: Mapping[str, Any], version: int) -> None:
    changed = db.session.execute(
        update(model)
        .where(model.id == row.id, model.version == version)
        .values(version=model.version + 1, **values)
        .execution_options(synchronize_session=False)
    )
    if changed.rowcount != 1:  # type: ignore[attr-defined]
        raise Stale("This was changed by somebody else. Look at it again before you go on.")
    db.session.refresh(row)
