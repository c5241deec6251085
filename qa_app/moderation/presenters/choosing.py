"""Who could moderate, with the rules' verdict on each, as the QA team sees it; and who may sit on a panel."""

from collections.abc import Sequence
from dataclasses import dataclass

from qa_app.allocation.model import CaseToAudit
from qa_app.core.format import initial_capital, plural
from qa_app.moderation.choosing import MAY_BE_SET_ASIDE, WORDS, Candidate, bars_on, order


@dataclass(frozen=True, slots=True)
class Verdict:
    """One person: what they hold, and what the rules say."""

    person_id: int
    name: str
    load: str
    verdict: str
    allowed: bool


def verdicts(
    case: CaseToAudit, candidates: Sequence[Candidate], auditor_id: int | None, now_with: int | None
) -> list[Verdict]:
    """Everybody but the present moderator: those whom no rule bars first, in the order of choice."""
    found = []
    for candidate in candidates:
        if candidate.option.person_id == now_with:
            continue
        barred = bars_on(case, candidate, auditor_id)
        words = initial_capital(", ".join(WORDS[bar][0] for bar in barred)) if barred else "No rule is against it"
        allowed = all(bar in MAY_BE_SET_ASIDE for bar in barred)
        verdict = Verdict(
            candidate.option.person_id, candidate.option.name, plural(candidate.load, "open moderation"), words, allowed
        )
        found.append((bool(barred), not allowed, order(case, candidate), verdict))
    return [row[3] for row in sorted(found, key=lambda row: row[:3])]


def choices(found: Sequence[Verdict]) -> list[tuple[int, str]]:
    """Those who can be chosen, with what speaks against them."""
    return [(one.person_id, f"{one.name}: {one.load}. {one.verdict}") for one in found if one.allowed]
