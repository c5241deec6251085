"""Read one report, its recommendations and its follow-ups. Out of scope looks exactly like absent."""

import re
from collections import defaultdict
from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import contains_eager, joinedload

from qa_app.access.viewer import Viewer
from qa_app.core.database import db
from qa_app.core.errors import NotFound
from qa_app.people.models import Person
from qa_app.recommendations.models import FollowUp, Judgement, ProgressNote, Recommendation, Report
from qa_app.recommendations.queries.lists import visible, visible_reports
from qa_app.recommendations.rules import Counts, counts_from
from qa_app.recommendations.states import FollowUpState

_REFERENCE = re.compile(r"R-(\d{4,9})")


def report_for(viewer: Viewer, reference: str) -> Report:
    """One report with its service, by its reference.

    Raises:
        NotFound: there is none that the viewer may know of.
    """
    typed = _REFERENCE.fullmatch(reference)
    wanted = select(Report).where(Report.id == int(typed[1]), visible_reports(viewer)) if typed else None
    found = db.session.scalar(wanted.options(joinedload(Report.service))) if wanted is not None else None
    if found is None or found.reference != reference:
        raise NotFound
    return found


def recommendations_of(viewer: Viewer, report: Report) -> Sequence[Recommendation]:
    """The report's recommendations that the viewer may see, by number, each with its owner."""
    return db.session.scalars(_seen(viewer, report).order_by(Recommendation.number)).all()


def recommendation_of(viewer: Viewer, report: Report, number: int) -> Recommendation:
    """One recommendation with its owner.

    Raises:
        NotFound: there is none of that number that the viewer may see.
    """
    found: Recommendation | None = db.session.scalar(_seen(viewer, report).where(Recommendation.number == number))
    if found is None:
        raise NotFound
    return found


def _seen(viewer: Viewer, report: Report) -> Any:
    return (
        select(Recommendation)
        .join(Recommendation.report)
        .outerjoin(Person, Person.id == Recommendation.owner_id)
        .where(Recommendation.report_id == report.id, visible(viewer))
        .options(contains_eager(Recommendation.report), joinedload(Recommendation.owner))
    )


def notes_on(recommendation: Recommendation) -> Sequence[ProgressNote]:
    """What was said to be done about a recommendation, oldest first."""
    return db.session.scalars(
        select(ProgressNote)
        .where(ProgressNote.recommendation_id == recommendation.id)
        .options(joinedload(ProgressNote.by), joinedload(ProgressNote.on_behalf_of))
        .order_by(ProgressNote.id)
    ).all()


def spoke_for(recommendation_ids: Collection[int]) -> dict[int, frozenset[int]]:
    """Who has said what was done about each of these recommendations, and on whose behalf.

    Those about which nobody has said anything are left out.
    """
    found: dict[int, set[int]] = defaultdict(set)
    rows = db.session.execute(
        select(ProgressNote.recommendation_id, ProgressNote.by_id, ProgressNote.for_id)
        .where(ProgressNote.recommendation_id.in_(recommendation_ids))
        .distinct()
    )
    for recommendation_id, *people in rows:
        found[recommendation_id] |= {person_id for person_id in people if person_id is not None}
    return {recommendation_id: frozenset(people) for recommendation_id, people in found.items()}


def follow_ups_of(report: Report, *, drafts: bool) -> Sequence[FollowUp]:
    """The report's follow-ups, newest first; drafts only for those who make them."""
    found = select(FollowUp).where(FollowUp.report_id == report.id).options(joinedload(FollowUp.published_by))
    if not drafts:
        found = found.where(FollowUp.state == FollowUpState.PUBLISHED)
    return db.session.scalars(found.order_by(FollowUp.number.desc())).all()


def follow_up_of(report: Report, number: int, *, drafts: bool) -> FollowUp:
    """One follow-up; a draft only for those who make it.

    Raises:
        NotFound: there is none.
    """
    found = db.session.scalar(
        select(FollowUp)
        .where(FollowUp.report_id == report.id, FollowUp.number == number)
        .options(joinedload(FollowUp.report), joinedload(FollowUp.published_by), joinedload(FollowUp.started_by))
    )
    if found is None or (found.state == FollowUpState.DRAFT and not drafts):
        raise NotFound
    return found


def judgements_of(viewer: Viewer, follow_up: FollowUp) -> Sequence[Judgement]:
    """What a follow-up says of each recommendation that the viewer may see, by number."""
    return db.session.scalars(_judgements(viewer, follow_up).order_by(Recommendation.number)).all()


def judgement_of(viewer: Viewer, follow_up: FollowUp, number: int) -> Judgement:
    """What a follow-up says of one recommendation.

    Raises:
        NotFound: it does not take that one up, or the viewer may not see it.
    """
    found: Judgement | None = db.session.scalar(_judgements(viewer, follow_up).where(Recommendation.number == number))
    if found is None:
        raise NotFound
    return found


def _judgements(viewer: Viewer, follow_up: FollowUp) -> Any:
    return (
        select(Judgement)
        .join(Judgement.recommendation)
        .join(Recommendation.report)
        .outerjoin(Person, Person.id == Recommendation.owner_id)
        .where(Judgement.follow_up_id == follow_up.id, visible(viewer))
        .options(
            contains_eager(Judgement.recommendation).joinedload(Recommendation.owner),
            joinedload(Judgement.saved_by),
            joinedload(Judgement.owner),
        )
    )


def judgements_on(recommendation: Recommendation) -> Sequence[Judgement]:
    """What published follow-ups said of one recommendation, newest first."""
    return db.session.scalars(
        select(Judgement)
        .join(Judgement.follow_up)
        .where(Judgement.recommendation_id == recommendation.id, FollowUp.state == FollowUpState.PUBLISHED)
        .options(contains_eager(Judgement.follow_up), joinedload(Judgement.saved_by))
        .order_by(FollowUp.number.desc())
    ).all()


def newest_judgements(recommendation_ids: Collection[int]) -> dict[int, Judgement]:
    """By recommendation, what the newest published follow-up said of it."""
    rows = db.session.scalars(
        select(Judgement)
        .join(Judgement.follow_up)
        .where(Judgement.recommendation_id.in_(recommendation_ids), FollowUp.state == FollowUpState.PUBLISHED)
        .options(contains_eager(Judgement.follow_up))
        .order_by(FollowUp.number)
    )
    return {each.recommendation_id: each for each in rows}


def published_counts(viewer: Viewer, report: Report) -> dict[int, Counts]:
    """By number of each published follow-up, how many came out how, of those that the viewer may see."""
    rows: Any = db.session.execute(
        select(FollowUp.number, Judgement.outcome, func.count(Judgement.id))
        .join(Judgement, Judgement.follow_up_id == FollowUp.id)
        .join(Recommendation, Recommendation.id == Judgement.recommendation_id)
        .join(Report, Report.id == Recommendation.report_id)
        .outerjoin(Person, Person.id == Recommendation.owner_id)
        .where(FollowUp.report_id == report.id, FollowUp.state == FollowUpState.PUBLISHED, visible(viewer))
        .group_by(FollowUp.number, Judgement.outcome)
    )
    found: dict[int, dict[str | None, int]] = defaultdict(dict)
    for number, outcome, count in rows:
        found[number][outcome] = count
    return {number: counts_from(counts) for number, counts in found.items()}
