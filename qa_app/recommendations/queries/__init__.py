"""Read reports, recommendations and follow-ups, as far as the viewer may see them."""

from qa_app.recommendations.models import FollowUp
from qa_app.recommendations.queries.lists import (
    SORTS,
    ReportRow,
    find_reports,
    visible,
    visible_reports,
    waiting_recommendations,
)
from qa_app.recommendations.queries.one import (
    follow_up_of,
    follow_ups_of,
    judgement_of,
    judgements_of,
    judgements_on,
    newest_judgements,
    notes_on,
    published_counts,
    recommendation_of,
    recommendations_of,
    report_for,
    spoke_for,
)
from qa_app.recommendations.queries.owners import owners_by_email, possible_owners

__all__ = [
    "SORTS",
    "FollowUp",
    "ReportRow",
    "find_reports",
    "follow_up_of",
    "follow_ups_of",
    "judgement_of",
    "judgements_of",
    "judgements_on",
    "newest_judgements",
    "notes_on",
    "owners_by_email",
    "possible_owners",
    "published_counts",
    "recommendation_of",
    "recommendations_of",
    "report_for",
    "spoke_for",
    "visible",
    "visible_reports",
    "waiting_recommendations",
]
