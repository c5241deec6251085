"""What an inspection pack is made of, and the packs that there are."""

from qa_app.inspection.queries.audits import (
    AuditRow,
    ThemeCount,
    TypeCount,
    audits,
    counts,
    grades_blind,
    months,
    scales,
    themes,
)
from qa_app.inspection.queries.followed import (
    ActionRow,
    ReauditRow,
    RecommendationRow,
    actions,
    actions_number,
    reaudits,
    recommendations,
)
from qa_app.inspection.queries.kept import pack, packs, unfinished

__all__ = [
    "ActionRow",
    "AuditRow",
    "ReauditRow",
    "RecommendationRow",
    "ThemeCount",
    "TypeCount",
    "actions",
    "actions_number",
    "audits",
    "counts",
    "grades_blind",
    "months",
    "pack",
    "packs",
    "reaudits",
    "recommendations",
    "scales",
    "themes",
    "unfinished",
]
