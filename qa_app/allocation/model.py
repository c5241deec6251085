"""Values of the allocation room: the audits to place, the people who could take them, and the answer.

Costs are whole numbers without a unit: only their proportions matter, and they are all in ``Weights``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class Policy(StrEnum):
    """The allocation policy of an audit type (domain.md section 5).

    A person's own team is the team they belong to and every team they manage.

    - ``OWN_TEAM``: only cases of the own team, though never one that they work on. Nobody else steps in
      when the own team has no capacity: the shortfall is stated.
    - ``OTHER_TEAM``: never a case of the own team.
    - ``ANY``: any case, except in a team they manage, or where they supervise the caseworker or work on it.
    """

    OWN_TEAM = "own_team"
    OTHER_TEAM = "other_team"
    ANY = "any"


class Rule(StrEnum):
    """The hard rules in the order in which a person is counted under them."""

    UNTRAINED = "untrained"
    INACTIVE = "inactive"
    EXEMPT = "exempt"
    ABSENT = "absent"
    NO_CAPACITY = "no_capacity"
    NOT_OWN_TEAM = "not_own_team"
    OWN_TEAM = "own_team"
    MANAGES_TEAM = "manages_team"
    WORKS_ON_CASE = "works_on_case"
    SUPERVISES_WORKER = "supervises_worker"
    CONFLICT = "conflict"
    FIRST_AUDITOR = "first_auditor"


class Preference(StrEnum):
    """What an allocation may have to pay for."""

    SHARE = "share"
    BEYOND_EXPECTATION = "beyond_expectation"
    NO_EXPERIENCE = "no_experience"
    SAME_CASEWORKER = "same_caseworker"
    OUTSIDE_POOL = "outside_pool"
    TEAM_AGAIN = "team_again"


@dataclass(frozen=True, slots=True)
class Weights:
    """What each preference costs. All costs of the allocation are here.

    ``share`` is paid for each audit that the auditor already holds in the round, so the second costs once,
    the third twice, and everybody gets one before anybody gets two unless a chain of moves would gain more.
    ``beyond_expectation`` is paid on top for each audit above the person's expectation. Both outweigh
    what the four preferences for a single case add up to in ordinary years.
    """

    share: int = 500
    beyond_expectation: int = 5000
    no_experience: int = 40
    same_caseworker: int = 30
    outside_pool: int = 20
    team_again: int = 10
    """For each audit of that team by this auditor in the last 12 months."""

    def __post_init__(self) -> None:
        costs = (self.share, self.beyond_expectation, self.no_experience, self.same_caseworker)
        if min(*costs, self.outside_pool, self.team_again) < 0:
            raise ValueError("Enter a cost of 0 or more for every preference")


@dataclass(frozen=True, slots=True)
class CaseToAudit:
    """One audit that needs an auditor. ``key`` is unique in the round (the audit's reference)."""

    key: str
    team_id: int
    team_name: str
    service_id: int
    service_name: str
    case_type: str
    caseworker_id: int | None = None
    conflict_ids: frozenset[int] = frozenset()
    """People who declared a conflict of interest, or may not see the case."""
    first_auditor_id: int | None = None
    """Whose grade a re-audit looks at again: a different auditor has to do it."""


@dataclass(frozen=True, slots=True)
class AuditorOption:
    """One person who might audit, as they stand in this round.

    ``load`` counts audits of the round that they hold already; ``capacity`` is the most they may hold.
    """

    person_id: int
    name: str
    team_id: int | None
    capacity: int
    expectation: int = 1
    load: int = 0
    manages_team_ids: frozenset[int] = frozenset()
    """Teams they manage, directly or as service manager or Head of Service."""
    supervises_ids: frozenset[int] = frozenset()
    trained: bool = True
    is_moderator: bool = False
    active: bool = True
    exempt: bool = False
    absent: bool = False
    experience: frozenset[str] = frozenset()
    """Case types that they have audited or worked with."""
    audits_by_team: Mapping[int, int] = field(default_factory=dict)
    """How many audits of each team they did in the last 12 months."""
    last_caseworker_ids: frozenset[int] = frozenset()
    """Whose cases they audited the last time."""
    pool_service_id: int | None = None
    """The service whose lead auditor has them in the pool."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """A hard rule that an allocation would break, and the sentence for the person."""

    rule: Rule
    sentence: str


@dataclass(frozen=True, slots=True)
class Paid:
    """A preference that was not met and what it cost."""

    preference: Preference
    cost: int


@dataclass(frozen=True, slots=True)
class Suggestion:
    """Somebody who may take the audit, and what it would cost."""

    auditor: AuditorOption
    paid: tuple[Paid, ...]

    @property
    def cost(self) -> int:
        """The sum of what was paid."""
        return sum(paid.cost for paid in self.paid)


@dataclass(frozen=True, slots=True)
class Explanation:
    """Why this audit went where it did; ``considered == could + sum(ruled_out.values())``.

    ``could`` counts those whom no hard rule keeps out as they stood before the allocation;
    ``full`` those among them, other than the chosen auditor, whose capacity the allocation has used up.
    """

    considered: int
    could: int
    ruled_out: Mapping[Rule, int]
    full: int
    paid: tuple[Paid, ...] = ()
    next_best_id: int | None = None
    next_best_cost: int | None = None
    """Of the cheapest other auditor who still has room once everything is placed."""

    @property
    def cost(self) -> int:
        """What this allocation paid for preferences that were not met."""
        return sum(paid.cost for paid in self.paid)


@dataclass(frozen=True, slots=True)
class Assignment:
    """One audit and its auditor, with the reason."""

    case: CaseToAudit
    auditor: AuditorOption
    why: Explanation


@dataclass(frozen=True, slots=True)
class Shortfall:
    """The audits of one team that nobody could be found for.

    ``full`` people could take them but hold all they may. Those with capacity left are counted under the
    rule that keeps them away: in ``has_room`` where it is about these cases, in ``unavailable`` where it
    keeps the person out of the whole round.
    """

    service_name: str
    team_name: str
    cases: tuple[CaseToAudit, ...]
    full: int
    has_room: Mapping[Rule, int]
    unavailable: Mapping[Rule, int]
    sentence: str


@dataclass(frozen=True, slots=True)
class Allocation:
    """The outcome for a whole round. No allocation places more audits; none of that size costs less."""

    assignments: tuple[Assignment, ...]
    shortfalls: tuple[Shortfall, ...]
    capacity: int
    """Audits that those who may audit at all could still take."""
    cost: int
    sentence: str
    """The headline: how many are placed, how many are missing and where."""


@dataclass(frozen=True, slots=True)
class Problem:
    """Everything the allocation depends on. ``seed`` settles ties, so that no one name always comes first."""

    cases: tuple[CaseToAudit, ...]
    auditors: tuple[AuditorOption, ...]
    policy: Policy
    seed: str
    weights: Weights = field(default_factory=Weights)

    def __post_init__(self) -> None:
        if len({case.key for case in self.cases}) < len(self.cases):
            raise ValueError("An audit is listed twice. List each audit once.")
        if len({auditor.person_id for auditor in self.auditors}) < len(self.auditors):
            raise ValueError("An auditor is listed twice. List each auditor once.")
