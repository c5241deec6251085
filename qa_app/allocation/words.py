"""Why somebody got an audit, in words. Apart from the solver, so that pages need not load what it is made of."""

from qa_app.allocation.model import Explanation, Preference, Rule
from qa_app.allocation.rules import WORDS

PREFERENCE_WORDS = {
    Preference.SHARE: "already holds an audit of this round",
    Preference.BEYOND_EXPECTATION: "more than is expected of them",
    Preference.NO_EXPERIENCE: "has not audited this case type in the last year",
    Preference.SAME_CASEWORKER: "read this caseworker's case the last time",
    Preference.OUTSIDE_POOL: "is in another lead auditor's pool",
    Preference.TEAM_AGAIN: "read this team's cases before this year",
}
"""What is said of a preference that was not met."""


def why_in_words(why: Explanation) -> str:
    """One line for the page: how many could take it, what kept others out, and what was paid.

    Example: "12 of 40 auditors could take it; 3 are exempt from this round; 25 are not trained to audit."
    """
    parts = [f"{why.could} of {why.considered} auditors could take it"]
    parts += [rule_in_words(rule, number) for rule, number in why.ruled_out.items()]
    if why.full:
        parts.append(f"{why.full} got other audits and {'is' if why.full == 1 else 'are'} full")
    return "; ".join(parts) + "."


def rule_in_words(rule: Rule, number: int) -> str:
    """How many auditors a rule keeps out: `3 are exempt from this round`."""
    return f"{number} {WORDS[rule][number != 1]}"
