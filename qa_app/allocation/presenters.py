"""What the allocation pages say."""

from qa_app.allocation.model import Preference

PREFERENCE_WORDS = {
    Preference.SHARE: "already holds an audit of this round",
    Preference.BEYOND_EXPECTATION: "more than is expected of them",
    Preference.NO_EXPERIENCE: "has not audited this kind of case in the last year",
    Preference.SAME_CASEWORKER: "read this caseworker's case the last time",
    Preference.OUTSIDE_POOL: "is in another lead auditor's pool",
    Preference.TEAM_AGAIN: "read this team's cases before this year",
}

POLICY_WORDS = {
    "own_team": "Managers read their own team's cases, never one that they work on.",
    "other_team": "Nobody reads a case of their own team.",
    "any": "Nobody reads a case that they work on, or of a team or caseworker that they supervise.",
}
