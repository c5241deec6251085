"""Who may do what with a recommendation (domain.md sections 8 and 12)."""

from qa_app.access.permissions import Permission
from qa_app.access.viewer import Viewer
from qa_app.core.errors import IllegalMove, NotAllowed
from qa_app.recommendations.models import FollowUp, Recommendation, Report
from qa_app.recommendations.states import FollowUpState, RecommendationState

JUDGED_BY_OTHERS = "You own this recommendation or have said what was done about it, so somebody else must judge it."


def reads_whole(viewer: Viewer, report: Report) -> bool:
    """Whether the viewer reads a report with all that is in it, and not only what they or their team own of it.

    Those who answer for a service also read what is of the whole department.
    """
    scope = viewer.scope(Permission.RECOMMENDATION_READ)
    if scope.everything:
        return True
    return report.service_id in scope.service_ids or (report.service_id is None and bool(scope.service_ids))


def check_can_manage(viewer: Viewer) -> None:
    """Only the QA team adds reports and recommendations, and follows them up.

    Raises:
        NotAllowed: for anybody else.
    """
    if not viewer.can(Permission.RECOMMENDATION_MANAGE):
        raise NotAllowed("Only the QA team can do this.")


def can_manage(viewer: Viewer) -> bool:
    """Whether the viewer is of the QA team."""
    return viewer.can(Permission.RECOMMENDATION_MANAGE)


def check_can_describe(viewer: Viewer, recommendation: Recommendation) -> Viewer:
    """Only its owner says what was done, or who stands in for them, until it is found fully implemented.

    Returns the viewer as they act here: for themselves, or on whose behalf.

    Raises:
        NotAllowed: the viewer neither owns it nor stands in for its owner.
        IllegalMove: it is fully implemented.
    """
    if not _answers(viewer, recommendation):
        raise NotAllowed("Only the owner of this recommendation, or who stands in for them, can say what was done.")
    if recommendation.state == RecommendationState.IMPLEMENTED:
        raise IllegalMove("This recommendation was found fully implemented, so nothing more is asked.")
    owns = viewer.person_id == recommendation.owner_id
    return viewer if owns else viewer.acting_for(recommendation.owner_id)


def can_describe(viewer: Viewer, recommendation: Recommendation) -> bool:
    """The same question as a yes or no."""
    return _answers(viewer, recommendation) and recommendation.state != RecommendationState.IMPLEMENTED


def _answers(viewer: Viewer, recommendation: Recommendation) -> bool:
    return recommendation.owner_id in answers_for(viewer) and viewer.can(Permission.RECOMMENDATION_ANSWER)


def answers_for(viewer: Viewer) -> set[int]:
    """Whose recommendations the viewer answers for today: their own, and those of people whom they stand in for."""
    people = {viewer.person_id, *(grant.on_behalf_of for grant in viewer.grants)}
    return {person_id for person_id in people if person_id is not None}


def is_partial(person_id: int | None, owner_id: int | None, spoke: frozenset[int]) -> bool:
    """Whether somebody is no judge of a recommendation: its owner, and whoever has said what was done about it.

    Of what a deputy said, neither the deputy nor whom they stood in for is a judge.
    """
    return person_id is not None and (person_id == owner_id or person_id in spoke)


def check_can_judge(viewer: Viewer, follow_up: FollowUp, recommendation: Recommendation, spoke: frozenset[int]) -> None:
    """Only the QA team judges, while the follow-up is a draft, and nobody what they own or have spoken for.

    Raises:
        NotAllowed: for anybody else.
        IllegalMove: the follow-up is published, so it is fixed.
    """
    check_can_manage(viewer)
    if is_partial(viewer.person_id, recommendation.owner_id, spoke):
        raise NotAllowed(JUDGED_BY_OTHERS)
    check_is_draft(follow_up)


def check_is_draft(follow_up: FollowUp) -> None:
    """Nothing of a published follow-up changes.

    Raises:
        IllegalMove: it is published.
    """
    if follow_up.state != FollowUpState.DRAFT:
        raise IllegalMove("This follow-up is published, so it is fixed. Read it to see what was found.")
