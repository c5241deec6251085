"""How a sample is asked for: the settings in force or what a person typed, kept with the draw as JSON. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from qa_app.sampling.model import (
    ExclusionRules,
    NumberOfCases,
    NumberPerTeam,
    PercentageOfOpen,
    QuotaPerService,
    SampleSize,
)

SETTINGS = (
    "sample_size",
    "audited_within_months",
    "open_at_least_weeks",
    "left_out_case_types",
    "reserves_per_service",
)


@dataclass(frozen=True, slots=True)
class DrawRules:
    """Which cases are left out, and how many reserves each stratum keeps."""

    exclusions: ExclusionRules
    reserves: int


def size_of(value: Mapping[str, Any]) -> SampleSize:
    """The size from how it is kept: a kind (number, per_team, percent or per_service) and its value.

    Raises:
        ValueError: the kind is unknown.
    """
    kind, amount = value["kind"], value["value"]
    if kind == "number":
        return NumberOfCases(int(amount))
    if kind == "per_team":
        return NumberPerTeam(int(amount))
    if kind == "percent":
        return PercentageOfOpen(Decimal(str(amount)))
    if kind == "per_service":
        return QuotaPerService({name: int(number) for name, number in amount.items()})
    raise ValueError(f"There is no sample size of the kind {kind}")


def size_as_json(size: SampleSize) -> dict[str, Any]:
    """How a size is kept; `size_of` reads it again."""
    match size:
        case NumberOfCases(number):
            return {"kind": "number", "value": number}
        case NumberPerTeam(number):
            return {"kind": "per_team", "value": number}
        case PercentageOfOpen(percent):
            return {"kind": "percent", "value": str(percent)}
        case QuotaPerService(quotas):
            return {"kind": "per_service", "value": dict(quotas)}


def size_in_words(value: Mapping[str, Any]) -> str:
    """`100 cases`, `2 cases from each team`, `5% of open cases`, from how a size is kept."""
    kind, amount = value["kind"], value["value"]
    if kind == "per_service":
        return ", ".join(f"{name} {number}" for name, number in amount.items() if number)
    if kind == "percent":
        return f"{amount}% of open cases"
    words = f"{amount} {'case' if int(amount) == 1 else 'cases'}"
    return f"{words} from each team" if kind == "per_team" else words


def rules_of(values: Mapping[str, Any]) -> DrawRules:
    """The rules as the settings (by name) have them. Restricted cases are never drawn."""
    return DrawRules(
        ExclusionRules(
            months_since_audit=int(values["audited_within_months"]),
            weeks_open=int(values["open_at_least_weeks"]),
            leave_out_case_types=frozenset(values["left_out_case_types"]),
        ),
        int(values["reserves_per_service"]),
    )


def rules_as_json(rules: DrawRules) -> dict[str, Any]:
    """How the rules are kept with the draw, under the names of their settings."""
    return {
        "audited_within_months": rules.exclusions.months_since_audit,
        "open_at_least_weeks": rules.exclusions.weeks_open,
        "left_out_case_types": sorted(rules.exclusions.leave_out_case_types),
        "reserves_per_service": rules.reserves,
    }
