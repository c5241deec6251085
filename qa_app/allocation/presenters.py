"""What the allocation pages say."""

POLICY_WORDS = {
    "own_team": "Managers read their own team's cases, never one that they work on.",
    "other_team": "Nobody reads a case of their own team.",
    "any": "Nobody reads a case that they work on, or of a team or caseworker that they supervise.",
}
