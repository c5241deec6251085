"""Who may moderate an audit, and who does: never anybody whom the hard rules bar, then the lightest load. Pure."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from qa_app.allocation import rules as allocation
from qa_app.allocation.model import AuditorOption, CaseToAudit, Policy
from qa_app.allocation.model import Rule as Hard
from qa_app.core.format import plural


class Bar(StrEnum):
    """What keeps a person from moderating an audit, in the order in which they are counted under it."""

    UNTRAINED = "untrained"
    INACTIVE = "inactive"
    AUDITOR = "auditor"
    WORKS_ON_CASE = "works_on_case"
    SUPERVISES_WORKER = "supervises_worker"
    MANAGES_TEAM = "manages_team"
    CONFLICT = "conflict"
    AWAY = "away"


WORDS: Mapping[Bar, tuple[str, str]] = {
    Bar.UNTRAINED: ("is not trained to moderate", "are not trained to moderate"),
    Bar.INACTIVE: ("does not moderate at present", "do not moderate at present"),
    Bar.AUDITOR: ("is the auditor", "are the auditor"),
    Bar.WORKS_ON_CASE: allocation.WORDS[Hard.WORKS_ON_CASE],
    Bar.SUPERVISES_WORKER: allocation.WORDS[Hard.SUPERVISES_WORKER],
    Bar.MANAGES_TEAM: allocation.WORDS[Hard.MANAGES_TEAM],
    Bar.CONFLICT: allocation.WORDS[Hard.CONFLICT],
    Bar.AWAY: allocation.WORDS[Hard.ABSENT],
}
MAY_BE_SET_ASIDE = frozenset({Bar.AWAY})
"""What the QA team may decide otherwise, with a reason; all else keeps a person from it for good."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """Somebody who might moderate: as allocation sees them, with what they hold already.

    `rank` goes before the load: a Head of Service's own service comes first. `acting` is who would act where a deputy
    stands in, and whom the hard rules ask about as well.
    """

    option: AuditorOption
    load: int = 0
    in_round: int = 0
    rank: int = 0
    acting: AuditorOption | None = None


def bars(case: CaseToAudit, person: AuditorOption, auditor_id: int | None) -> list[Bar]:
    """Every reason why this person may not moderate the audit; empty when they may."""
    checks: Mapping[Bar, Callable[[], bool]] = {
        Bar.UNTRAINED: lambda: not (person.is_moderator and person.trained),
        Bar.INACTIVE: lambda: not person.active,
        Bar.AUDITOR: lambda: person.person_id == auditor_id,
        Bar.WORKS_ON_CASE: lambda: allocation.works_on_case(case, person, Policy.ANY),
        Bar.SUPERVISES_WORKER: lambda: allocation.supervises_worker(case, person, Policy.ANY),
        Bar.MANAGES_TEAM: lambda: allocation.manages_team(case, person, Policy.ANY),
        Bar.CONFLICT: lambda: allocation.has_conflict(case, person, Policy.ANY),
        Bar.AWAY: lambda: person.absent,
    }
    return [bar for bar, is_barred in checks.items() if is_barred()]


def bars_on(case: CaseToAudit, candidate: Candidate, auditor_id: int | None) -> list[Bar]:
    """The same of a candidate, and of whoever stands in for them."""
    own = bars(case, candidate.option, auditor_id)
    if candidate.acting is None:
        return own
    # Away, but somebody stands in: then the rules ask about both.
    own = [bar for bar in own if bar is not Bar.AWAY]
    return list(dict.fromkeys([*own, *bars(case, candidate.acting, auditor_id)]))


def sentences(name: str, found: Sequence[Bar]) -> list[str]:
    """The bars as sentences about one person."""
    return [f"{name} {WORDS[bar][0]}." for bar in found]


@dataclass(frozen=True, slots=True)
class Choice:
    """Who moderates (nobody, where no one may), and why in one line."""

    candidate: Candidate | None
    why: str


def order(case: CaseToAudit, candidate: Candidate) -> tuple[int, int, int, bool, str, int]:
    """Before whom somebody comes: by rank, by what they hold, then who is of another team; the name settles ties."""
    option = candidate.option
    own_team = option.team_id == case.team_id
    return candidate.rank, candidate.load, candidate.in_round, own_team, option.name, option.person_id


def choose(case: CaseToAudit, candidates: Sequence[Candidate], auditor_id: int | None, who: str) -> Choice:
    """The candidate with the lightest load whom no rule bars. `who` says what they are: moderator, Head of Service."""
    barred: Counter[Bar] = Counter()
    able: list[Candidate] = []
    for candidate in candidates:
        if found := bars_on(case, candidate, auditor_id):
            barred[found[0]] += 1
        else:
            able.append(candidate)
    best = min(able, key=lambda candidate: order(case, candidate), default=None)
    against = [f"{number} {WORDS[bar][number != 1]}" for bar, number in sorted(barred.items(), key=_place)]
    return Choice(best, _why(best, len(able), len(candidates), against, who))


def _place(item: tuple[Bar, int]) -> int:
    return list(Bar).index(item[0])


def _why(best: Candidate | None, able: int, known: int, against: Sequence[str], who: str) -> str:
    if not known:
        return f"There is no {who}."
    if best is None:
        return f"None of {plural(known, who, _many(who))} may: {', '.join(against)}."
    if best.rank == 0 and who == HEAD:
        said = "The Head of the case's service."
    else:
        said = f"The lightest load ({best.load} open) of {able} who may, among {plural(known, who, _many(who))}."
    return " ".join([said, *([f"Not considered: {', '.join(against)}."] if against else [])])


MODERATOR, HEAD = "moderator", "Head of Service"


def _many(who: str) -> str:
    return "Heads of Service" if who == HEAD else f"{who}s"
