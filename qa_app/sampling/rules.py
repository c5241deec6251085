"""The draw: random, stratified, reproducible and explainable (domain.md section 4).

Method. Within a stratum every case is given the number SHA-256(seed, reference), and the cases with the
smallest numbers are drawn. Ranking by independent random keys gives a simple random sample without
replacement (random sort, or permanent random numbers: Ohlsson, "Coordination of samples using permanent
random numbers", in Cox et al., Business Survey Methods, 1995). The key depends on seed and reference
alone, so neither database, platform nor the order of the list can change the outcome, and a larger sample
with the same seed contains the smaller one.
"""

from __future__ import annotations

import hashlib
from calendar import monthrange
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import ROUND_CEILING

from qa_app.sampling.model import (
    ExclusionRules,
    FrameCase,
    LeftOut,
    NumberOfCases,
    NumberPerTeam,
    PercentageOfOpen,
    Pick,
    QuotaPerService,
    Reason,
    Reserves,
    Sample,
    SampleSize,
    Stratum,
)


@dataclass(slots=True)
class _Part:
    """A stratum while the draw is being worked out."""

    name: str
    service_name: str
    team_name: str | None
    open: int = 0
    left_out: Counter[Reason] = field(default_factory=Counter)
    frame: list[FrameCase] = field(default_factory=list)


def draw_sample(
    frame: Sequence[FrameCase],
    *,
    size: SampleSize,
    exclusions: ExclusionRules,
    today: date,
    seed: str,
    reserves: Reserves | None = None,
) -> Sample:
    """Draw the sample and its reserves from the case list, and say why for every open case.

    Raises ``ValueError`` with a sentence for the person when the size, seed or list cannot be used.
    """
    _check(frame, size, seed)
    open_cases = [case for case in frame if case.is_open]
    left_out = [out for case in open_cases if (out := leave_out(case, exclusions, today))]
    parts = _stratify(open_cases, left_out, by_team=isinstance(size, NumberPerTeam))
    shares = _shares(size, parts)
    asked_for = size.number if isinstance(size, NumberOfCases) else sum(shares.values())
    quotas = _hand_on(shares, parts) if isinstance(size, NumberOfCases | PercentageOfOpen) else shares
    drawn: list[Pick] = []
    kept: list[Pick] = []
    strata: list[Stratum] = []
    rule = reserves or Reserves()
    for part in parts:
        ranked = [Pick(case, part.name, rank) for rank, case in enumerate(in_random_order(part.frame, seed), 1)]
        taken = ranked[: quotas[part.name]]
        spare = ranked[len(taken) : len(taken) + rule.count(len(taken))]
        drawn += taken
        kept += spare
        strata.append(_row(part, shares[part.name], quotas[part.name], len(taken), len(spare)))
    return Sample(
        seed=seed,
        asked_for=asked_for,
        strata=tuple(strata),
        drawn=tuple(drawn),
        reserves=tuple(kept),
        left_out=tuple(sorted(left_out, key=lambda out: out.case.reference)),
        not_open=len(frame) - len(open_cases),
        shortages=_shortages(strata, asked_for),
    )


def random_key(seed: str, reference: str) -> str:
    """The case's random number under this seed: 64 hexadecimal digits, the same on every machine."""
    return hashlib.sha256(f"{seed}\n{reference}".encode()).hexdigest()


def in_random_order(cases: Iterable[FrameCase], seed: str) -> list[FrameCase]:
    """The cases in the order in which they would be drawn."""
    return sorted(cases, key=lambda case: (random_key(seed, case.reference), case.reference))


def leave_out(case: FrameCase, rules: ExclusionRules, today: date) -> LeftOut | None:
    """Every reason why this open case may not be drawn on ``today``, or None when it may.

    A case without an opening date is not held to be new: a gap in the list must not hide it from audit.
    """
    found: list[tuple[Reason, str]] = []
    if case.in_round:
        found.append((Reason.IN_ROUND, "It is being audited already"))
    if rules.leave_out_restricted and case.restricted:
        found.append((Reason.RESTRICTED, "It is marked restricted"))
    if case.case_type in rules.leave_out_case_types:
        found.append((Reason.CASE_TYPE, "Cases of this type are left out of this round"))
    if _opened_within(case.opened_on, rules.weeks_open, today):
        found.append((Reason.TOO_NEW, f"It has been open for less than {rules.weeks_open} weeks"))
    if _audited_since(case.last_audited_on, rules.months_since_audit, today):
        found.append((Reason.RECENTLY_AUDITED, f"It was audited within the last {rules.months_since_audit} months"))
    if not found:
        return None
    return LeftOut(case, tuple(reason for reason, _ in found), ". ".join(text for _, text in found) + ".")


def months_before(day: date, months: int) -> date:
    """The same day of the month ``months`` earlier, or that month's last day when it is shorter."""
    index = day.year * 12 + day.month - 1 - months
    year, month = divmod(index, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def in_proportion(total: int, weights: Mapping[str, int]) -> dict[str, int]:
    """Share ``total`` in proportion to the weights by largest remainder (Hare and Niemeyer).

    Equal remainders go to the larger weight, then to the name that comes first, so the result is
    the same everywhere.
    """
    whole = sum(weights.values())
    if whole == 0:
        return dict.fromkeys(weights, 0)
    shares = {name: total * weight // whole for name, weight in weights.items()}
    by_remainder = sorted(weights, key=lambda name: (-(total * weights[name] % whole), -weights[name], name))
    for name in by_remainder[: total - sum(shares.values())]:
        shares[name] += 1
    return shares


def _check(frame: Sequence[FrameCase], size: SampleSize, seed: str) -> None:
    if not seed.strip():
        raise ValueError("Enter a seed for the sample")
    counts = Counter(case.reference for case in frame)
    twice = min((reference for reference, count in counts.items() if count > 1), default=None)
    if twice is not None:
        raise ValueError(f"The case list has case {twice} more than once. Import the list again.")
    match size:
        case NumberOfCases(number) | NumberPerTeam(number):
            usable = number >= 1
        case PercentageOfOpen(percent):
            usable = 0 < percent <= 100
        case QuotaPerService(quotas):  # pragma: no branch - the last of the four
            usable = min(quotas.values(), default=-1) >= 0 and sum(quotas.values()) >= 1
    if not usable:
        raise ValueError("Enter a sample size of 1 case or more, or a percentage from above 0 to 100")


def _audited_since(audited_on: date | None, months: int, today: date) -> bool:
    return audited_on is not None and months > 0 and audited_on > months_before(today, months)


def _opened_within(opened_on: date | None, weeks: int, today: date) -> bool:
    return opened_on is not None and weeks > 0 and opened_on > today - timedelta(weeks=weeks)


def _stratify(open_cases: Sequence[FrameCase], left_out: Sequence[LeftOut], *, by_team: bool) -> list[_Part]:
    parts: dict[tuple[str, str | None], _Part] = {}
    reasons = {out.case.reference: out.reason for out in left_out}
    for case in open_cases:
        team = case.team_name if by_team else None
        name = f"{case.service_name}: {team}" if team is not None else case.service_name
        part = parts.setdefault((case.service_name, team), _Part(name, case.service_name, team))
        part.open += 1
        reason = reasons.get(case.reference)
        if reason is None:
            part.frame.append(case)
        else:
            part.left_out[reason] += 1
    return sorted(parts.values(), key=lambda part: part.name)


def _shares(size: SampleSize, parts: Sequence[_Part]) -> dict[str, int]:
    open_by_part = {part.name: part.open for part in parts}
    match size:
        case NumberOfCases(number):
            return in_proportion(number, open_by_part)
        case PercentageOfOpen(percent):
            exact = percent * sum(open_by_part.values()) / 100
            return in_proportion(int(exact.to_integral_value(rounding=ROUND_CEILING)), open_by_part)
        case NumberPerTeam(number):
            return dict.fromkeys(open_by_part, number)
        case QuotaPerService(quotas):  # pragma: no branch - the last of the four
            _check_named_services(parts, quotas)
            return {part.name: quotas.get(part.name, 0) for part in parts}


def _check_named_services(parts: Sequence[_Part], quotas: Mapping[str, int]) -> None:
    unknown = sorted(name for name, quota in quotas.items() if quota and name not in {part.name for part in parts})
    if unknown:
        raise ValueError(f"{unknown[0]} has no open cases. Set its quota to 0 or import its cases.")


def _hand_on(shares: Mapping[str, int], parts: Sequence[_Part]) -> dict[str, int]:
    """Hand what a stratum cannot fill to those that still can, in proportion to what they have left."""
    could = {part.name: len(part.frame) for part in parts}
    quotas = {name: min(share, could[name]) for name, share in shares.items()}
    missing = sum(shares.values()) - sum(quotas.values())
    room = {name: could[name] - quota for name, quota in quotas.items()}
    for name, extra in in_proportion(min(missing, sum(room.values())), room).items():
        quotas[name] += extra
    return quotas


def _row(part: _Part, share: int, quota: int, drawn: int, reserves: int) -> Stratum:
    counts = {reason: part.left_out[reason] for reason in Reason if part.left_out[reason]}
    return Stratum(
        name=part.name,
        service_name=part.service_name,
        team_name=part.team_name,
        open=part.open,
        left_out=counts,
        could_be_drawn=len(part.frame),
        share=share,
        quota=quota,
        drawn=drawn,
        reserves=reserves,
    )


def _shortages(strata: Sequence[Stratum], asked_for: int) -> tuple[str, ...]:
    sentences = [
        f"{row.name}: {row.share} {_cases(row.share)} asked for, {row.could_be_drawn} could be drawn."
        for row in strata
        if row.share > row.could_be_drawn
    ]
    handed_on = [f"{row.name} +{row.quota - row.share}" for row in strata if row.quota > row.share]
    if handed_on:
        sentences.append(f"Handed to other services: {', '.join(handed_on)}.")
    missing = asked_for - sum(row.drawn for row in strata)
    if missing:
        sentences.append(f"The sample is {missing} {_cases(missing)} short of the {asked_for} asked for.")
    return tuple(sentences)


def _cases(number: int) -> str:
    return "case" if number == 1 else "cases"
