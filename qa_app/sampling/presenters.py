"""What the pages of a sample say."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from qa_app.cases.states import CASE_TYPE_LABELS
from qa_app.core.format import short_day
from qa_app.core.lists import Choice, Column, Filter, Search
from qa_app.sampling.model import Reason
from qa_app.sampling.models import LeftOut, SampledCase, SampleDraw
from qa_app.sampling.options import size_in_words

REASON_LABELS = {
    Reason.IN_ROUND: "Being audited already",
    Reason.RESTRICTED: "Restricted",
    Reason.CASE_TYPE: "Case type left out",
    Reason.TOO_NEW: "Open too short a time",
    Reason.RECENTLY_AUDITED: "Audited recently",
}


@dataclass(frozen=True, slots=True)
class StrataTable:
    """The strata with their numbers: a heading a reason that was met, and totals that agree with the rows."""

    reasons: Sequence[tuple[str, str]]
    rows: Sequence[Mapping[str, Any]]
    total: Mapping[str, Any]


def strata_table(draw: SampleDraw) -> StrataTable:
    """The strata of a draw: open, left out by reason, could be drawn, drawn, reserves."""
    met = [reason for reason in Reason if any(row["left_out"].get(reason.value) for row in draw.strata)]
    names = ("open", "could_be_drawn", "share", "drawn", "reserves")
    total: dict[str, Any] = {name: sum(row[name] for row in draw.strata) for name in names}
    total["left_out"] = {
        reason.value: sum(row["left_out"].get(reason.value, 0) for row in draw.strata) for reason in met
    }
    return StrataTable([(reason.value, REASON_LABELS[reason]) for reason in met], draw.strata, total)


def rule_rows(draw: SampleDraw) -> list[dict[str, str]]:
    """How a draw was asked for, for a summary list."""
    rules = draw.exclusions
    kinds = ", ".join(CASE_TYPE_LABELS[kind] for kind in rules["left_out_case_types"])
    return [
        {"name": "Size", "value": size_in_words(draw.size)},
        {"name": "Left out", "value": _left_out_rules(rules["audited_within_months"], rules["open_at_least_weeks"])},
        {"name": "Case types left out", "value": kinds or "None"},
        {"name": "Reserves", "value": f"{rules['reserves_per_service']} for each service or team drawn from"},
        {"name": "Seed", "value": draw.seed},
        {"name": "Case list", "value": f"Fingerprint {draw.frame_digest[:16]}"},
    ]


def _left_out_rules(months: int, weeks: int) -> str:
    rules = ["being audited already", "restricted"]
    if weeks:
        rules.append(f"open for less than {weeks} weeks")
    if months:
        rules.append(f"audited within the last {months} months")
    words = f"{', '.join(rules[:-1])} or {rules[-1]}"
    return words[:1].upper() + words[1:]


def case_columns() -> tuple[Column[SampledCase], ...]:
    """Columns of the drawn cases and of the reserves."""
    return (
        Column("position", "Number", lambda row: row.position, numeric=True),
        Column("reference", "Case", lambda row: row.case.reference, header=True),
        Column("service", "Service", lambda row: row.case.team.service.name),
        Column("team", "Team", lambda row: row.case.team.name),
        Column("type", "Case type", lambda row: type_label(row.case.case_type)),
        Column("opened", "Open since", lambda row: short_day(row.case.opened_on), value=lambda row: row.case.opened_on),
    )


def export_columns() -> tuple[Column[SampledCase], ...]:
    """Columns of the download, where drawn cases and reserves stand in one list."""
    kept: Column[SampledCase] = Column("kind", "Drawn or reserve", lambda row: "Reserve" if row.is_reserve else "Drawn")
    return (kept, *case_columns())


def left_out_columns(sorts: Mapping[str, Any]) -> tuple[Column[LeftOut], ...]:
    """Columns of the cases that were left out."""
    return (
        Column("reference", "Case", lambda row: row.case.reference, sort=sorts["reference"], header=True),
        Column("service", "Service", lambda row: row.case.team.service.name, sort=sorts["service"]),
        Column("team", "Team", lambda row: row.case.team.name, sort=sorts["team"]),
        Column("type", "Case type", lambda row: type_label(row.case.case_type)),
        Column("why", "Why it was left out", lambda row: row.explanation, sort=sorts["reason"]),
    )


def left_out_filters(draw: SampleDraw, services: Mapping[str, int]) -> tuple[Filter, ...]:
    """Filters of the cases that were left out: only reasons that were met and services that have cases."""
    table = strata_table(draw)
    named = sorted({row["service"] for row in draw.strata})
    return (
        Choice("reason", "Reason", table.reasons),
        Choice("service", "Service", [(str(services[name]), name) for name in named if name in services]),
        Search("q", "Case reference"),
    )


def type_label(case_type: str) -> str:
    """What a kind of case is called; one that is not known keeps its key."""
    return {str(kind): label for kind, label in CASE_TYPE_LABELS.items()}.get(case_type, case_type)
