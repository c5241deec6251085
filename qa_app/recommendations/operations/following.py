"""Follow up a report: judge each recommendation with evidence, sum up, publish (domain.md section 8)."""

from dataclasses import asdict, replace
from datetime import datetime
from typing import Any

from sqlalchemy import func, select, update

from qa_app.access.viewer import Viewer
from qa_app.core.clock import london_day
from qa_app.core.database import db
from qa_app.core.errors import BadInput, IllegalMove, NotFound, Stale
from qa_app.core.states import move
from qa_app.recommendations import messages
from qa_app.recommendations.inputs import JudgementInput, SummaryInput
from qa_app.recommendations.models import FollowUp, Judgement, Recommendation, Report
from qa_app.recommendations.operations.reports import append, hold_report
from qa_app.recommendations.permissions import check_can_judge, check_can_manage, check_is_draft, is_partial
from qa_app.recommendations.queries.one import spoke_for
from qa_app.recommendations.rules import JudgementFacts, Lack, Missing, count, figure_faults, missing
from qa_app.recommendations.states import FOLLOW_UP, RECOMMENDATION, TO_FOLLOW_UP, FollowUpState, Outcome


class Changed(Stale):
    """These words were saved from somewhere else since the page was opened; `version` is theirs."""

    def __init__(self, version: int) -> None:
        super().__init__("This was saved from somewhere else since you opened it. Look at both texts before you go on.")
        self.version = version


def start_follow_up(report: Report, viewer: Viewer, now: datetime) -> FollowUp:
    """Begin a follow-up of everything in the report that is not fully implemented; a draft that is there is it.

    Raises:
        NotAllowed: the viewer is not of the QA team.
        IllegalMove: there is nothing to follow up.
    """
    check_can_manage(viewer)
    hold_report(report.id)
    draft = db.session.scalar(
        select(FollowUp).where(FollowUp.report_id == report.id, FollowUp.state == FollowUpState.DRAFT)
    )
    if draft is not None:
        return draft
    left = db.session.scalars(
        select(Recommendation.id)
        .where(Recommendation.report_id == report.id, Recommendation.state.in_(TO_FOLLOW_UP))
        .order_by(Recommendation.number)
    ).all()
    if not left:
        raise IllegalMove("There is nothing to follow up: no recommendation of this report is open.")
    last = db.session.scalar(select(func.max(FollowUp.number)).where(FollowUp.report_id == report.id)) or 0
    made = FollowUp(
        report_id=report.id, number=last + 1, dated=london_day(now), started_at=now, started_by_id=viewer.person_id
    )
    db.session.add(made)
    db.session.flush()
    db.session.add_all(Judgement(follow_up_id=made.id, recommendation_id=key) for key in left)
    db.session.flush()
    append("recommendation:follow-up-started", report.id, viewer, now, follow_up=made.number, recommendations=len(left))
    return made


def save_judgement(found: Judgement, typed: JudgementInput, version: int, viewer: Viewer, now: datetime) -> int:
    """Save what is judged of one recommendation and return its new version. Nothing need be complete yet.

    The same words again are never a conflict: their version is returned.

    Raises:
        NotAllowed: the viewer is not of the QA team, or owns the recommendation or has spoken for it.
        IllegalMove: the follow-up is published.
        Changed: saved from elsewhere since.
    """
    follow_up = _hold(found.follow_up_id)
    spoke = spoke_for([found.recommendation_id]).get(found.recommendation_id, frozenset())
    check_can_judge(viewer, follow_up, found.recommendation, spoke)
    typed = replace(typed, evidence=typed.evidence.strip())
    db.session.refresh(found, ["outcome", "evidence", "version"])
    stands = not is_partial(found.saved_by_id, found.recommendation.owner_id, spoke)
    if stands and (found.outcome, found.evidence) == (typed.outcome, typed.evidence):
        return found.version
    values: dict[str, Any] = {"saved_at": now, "saved_by_id": viewer.person_id}
    new_version = _write(Judgement, found, version, asdict(typed) | values)
    number, of = found.recommendation.number, follow_up.number
    append("recommendation:judged", follow_up.report_id, viewer, now, number=number, follow_up=of, version=new_version)
    return new_version


def save_summary(found: FollowUp, typed: SummaryInput, version: int, viewer: Viewer, now: datetime) -> int:
    """Save what the follow-up says as a whole and return its new version.

    Raises:
        NotAllowed: the viewer is not of the QA team.
        IllegalMove: it is published.
        BadInput: figures that can't be, or a date to come.
        Changed: saved from elsewhere since.
    """
    check_can_manage(viewer)
    faults = figure_faults(typed)
    if typed.dated is not None and typed.dated > london_day(now):
        faults["dated"] = "The follow-up's date must be today or earlier"
    if faults:
        raise BadInput("Check what you entered.", faults)
    follow_up = _hold(found.id)
    check_is_draft(follow_up)
    values = asdict(replace(typed, period=typed.period.strip(), summary=typed.summary.strip()))
    if all(getattr(follow_up, name) == value for name, value in values.items()):
        return follow_up.version
    new_version = _write(FollowUp, follow_up, version, values)
    append(
        "recommendation:summary-saved",
        follow_up.report_id,
        viewer,
        now,
        follow_up=follow_up.number,
        version=new_version,
    )
    return new_version


def facts_of(judgements: Any) -> list[JudgementFacts]:
    """What decides whether judgements can be published, in their order."""
    spoke = spoke_for([each.recommendation_id for each in judgements])
    return [
        JudgementFacts(
            each.recommendation.number,
            each.outcome,
            bool(each.evidence),
            is_partial(each.saved_by_id, each.recommendation.owner_id, spoke.get(each.recommendation_id, frozenset())),
        )
        for each in judgements
    ]


def missing_of(follow_up: FollowUp, judgements: Any) -> list[Missing]:
    """Everything that stands between a follow-up and its publication."""
    return missing(facts_of(judgements), dated=follow_up.dated, has_summary=bool(follow_up.summary))


def publish(found: FollowUp, viewer: Viewer, now: datetime) -> None:
    """Fix the follow-up for good, give each recommendation its outcome, and tell whom it concerns.

    Raises:
        NotAllowed: the viewer is not of the QA team.
        IllegalMove, Stale: it is published already, or was changed meanwhile.
        BadInput: a judgement, its evidence, the date or the summary is missing, or somebody judged what they own.
    """
    check_can_manage(viewer)
    follow_up = _hold(found.id)
    check_is_draft(follow_up)
    judgements = db.session.scalars(
        select(Judgement)
        .join(Judgement.recommendation)
        .where(Judgement.follow_up_id == follow_up.id)
        .order_by(Recommendation.number)
        .execution_options(populate_existing=True)
    ).all()
    lacking = missing_of(follow_up, judgements)
    if lacking:
        by_owner = [str(each.number) for each in lacking if each.lack is Lack.ANOTHER_JUDGE]
        if by_owner:
            raise BadInput(
                f"Recommendation {', '.join(by_owner)} was judged by its owner: somebody else must judge it."
            )
        raise BadInput("Complete what is missing before you publish.")
    values: dict[str, Any] = {"published_at": now, "published_by_id": viewer.person_id}
    move(follow_up, FOLLOW_UP, "publish", now=now, person_id=viewer.person_id, **values)
    for each in judgements:
        _conclude(each, viewer, now)
    counts = count(each.outcome for each in judgements)
    figures = asdict(counts) | {"follow_up": follow_up.number}
    append("recommendation:follow-up-published", follow_up.report_id, viewer, now, **figures)
    messages.tell_of_follow_up(follow_up, judgements, viewer, now)


def _conclude(judgement: Judgement, viewer: Viewer, now: datetime) -> None:
    recommendation, outcome = judgement.recommendation, judgement.outcome
    judgement.owner_id = recommendation.owner_id
    name = "find_implemented" if outcome == Outcome.FULLY else "find_wanting"
    move(recommendation, RECOMMENDATION, name, now=now, person_id=viewer.person_id, outcome=outcome)


def _hold(follow_up_id: int) -> FollowUp:
    """Take the follow-up's row until the transaction ends, and see it as it then is: saves and publication in turn."""
    taken = select(FollowUp).where(FollowUp.id == follow_up_id).with_for_update(of=FollowUp)
    found = db.session.scalar(taken.execution_options(populate_existing=True))
    if found is None:
        raise NotFound
    return found


def _write(model: Any, row: Any, version: int, values: dict[str, Any]) -> int:
    """Write over words whose version is still the one that was seen; the new version."""
    changed = db.session.execute(
        update(model)
        .where(model.id == row.id, model.version == version)
        .values(version=version + 1, **values)
        .execution_options(synchronize_session=False)
    )
    if changed.rowcount != 1:  # type: ignore[attr-defined]
        raise Changed(row.version)
    db.session.refresh(row)
    return version + 1
