"""Values of the sampling room: what goes into a draw and what comes out of it.

Everything is identified by names and references rather than by database ids, because the same case
list and seed must give the same sample in any database (domain.md section 4).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum


@dataclass(frozen=True, slots=True)
class FrameCase:
    """One case of the imported case list, as the draw sees it."""

    id: int
    reference: str
    service_name: str
    team_name: str
    case_type: str
    opened_on: date | None
    last_audited_on: date | None
    restricted: bool = False
    is_open: bool = True
    in_round: bool = False
    """Already has an audit in a round of the same month."""


@dataclass(frozen=True, slots=True)
class NumberOfCases:
    """So many cases in all, shared between the services in proportion to their open cases."""

    number: int


@dataclass(frozen=True, slots=True)
class NumberPerTeam:
    """So many cases from every team; each team is then a stratum of its own."""

    number: int


@dataclass(frozen=True, slots=True)
class PercentageOfOpen:
    """A percentage of the open cases, rounded up to a whole case, shared in proportion."""

    percent: Decimal


@dataclass(frozen=True, slots=True)
class QuotaPerService:
    """A number for each service by name; a service that is not named gets none."""

    quotas: Mapping[str, int]


SampleSize = NumberOfCases | NumberPerTeam | PercentageOfOpen | QuotaPerService


class Reason(StrEnum):
    """Why an open case could not be drawn, in the order in which a case is counted."""

    IN_ROUND = "in_round"
    RESTRICTED = "restricted"
    CASE_TYPE = "case_type"
    TOO_NEW = "too_new"
    RECENTLY_AUDITED = "recently_audited"


@dataclass(frozen=True, slots=True)
class ExclusionRules:
    """Which open cases are left out; the values in force come from the settings.

    ``months_since_audit`` and ``weeks_open`` switch their rule off when 0.
    """

    months_since_audit: int = 12
    weeks_open: int = 0
    leave_out_restricted: bool = True
    leave_out_case_types: frozenset[str] = frozenset()

    def __post_init__(self) -> None:
        if self.months_since_audit < 0 or self.weeks_open < 0:
            raise ValueError("Enter 0 or more for the months since the last audit and the weeks open")


@dataclass(frozen=True, slots=True)
class Reserves:
    """How many reserves each stratum keeps: a share of its drawn cases, but never fewer than ``least``."""

    percent: int = 20
    least: int = 2

    def count(self, drawn: int) -> int:
        """Number of reserves wanted for ``drawn`` cases; none where nothing was drawn."""
        return max(self.least, -(-drawn * self.percent // 100)) if drawn else 0


@dataclass(frozen=True, slots=True)
class LeftOut:
    """An open case that could not be drawn, with every reason; the first one is the one counted."""

    case: FrameCase
    reasons: tuple[Reason, ...]
    sentence: str

    @property
    def reason(self) -> Reason:
        """The reason under which the strata table counts this case."""
        return self.reasons[0]


@dataclass(frozen=True, slots=True)
class Pick:
    """A case drawn, or kept in reserve, with its place in its stratum's random order (from 1)."""

    case: FrameCase
    stratum: str
    rank: int


@dataclass(frozen=True, slots=True)
class Stratum:
    """One row of the strata table; ``open == could_be_drawn + sum(left_out.values())``."""

    name: str
    service_name: str
    team_name: str | None
    open: int
    left_out: Mapping[Reason, int]
    could_be_drawn: int
    share: int
    """The cases that fall to it by size alone, before any shortage elsewhere is handed on."""
    quota: int
    """The cases asked of it in the end."""
    drawn: int
    reserves: int


@dataclass(frozen=True, slots=True)
class Sample:
    """The whole outcome of one draw: enough to explain every case that is in it or not."""

    seed: str
    asked_for: int
    strata: tuple[Stratum, ...]
    drawn: tuple[Pick, ...]
    reserves: tuple[Pick, ...]
    left_out: tuple[LeftOut, ...]
    not_open: int
    shortages: tuple[str, ...] = field(default=())
