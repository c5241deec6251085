"""Exemptions with how late they were asked for, and slippage (domain.md section 6). Never why somebody asked. Pure."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TypeVar

from qa_app.exemptions.states import WAITING_STATES, ExemptionState, Timing
from qa_app.figures.model import ExemptionCount, SlippageCount
from qa_app.figures.rules import grouped
from qa_app.reports.blocks import Block, Cell, Narrative, Section, Sentences, Table
from qa_app.reports.building.cells import number, text
from qa_app.reports.building.completion import NO_SERVICE
from qa_app.reports.material import Material
from qa_app.slippage.states import Outcome, Source

CountRow = TypeVar("CountRow", bound=ExemptionCount | SlippageCount)
Columns = Mapping[str, Callable[[CountRow], bool]]

_ASKED: dict[str, Callable[[ExemptionCount], bool]] = {
    "Asked": lambda row: True,
    "Before issue": lambda row: row.timing == Timing.BEFORE_ISSUE,
    "After issue": lambda row: row.timing == Timing.AFTER_ISSUE,
    "In the last week": lambda row: row.timing == Timing.LAST_WEEK,
    "Approved": lambda row: row.state == ExemptionState.APPROVED,
    "Refused or declined": lambda row: row.state in (ExemptionState.REFUSED, ExemptionState.DECLINED),
    "Withdrawn": lambda row: row.state == ExemptionState.WITHDRAWN,
    "Waiting": lambda row: row.state in WAITING_STATES,
}
_NOTICES: dict[str, Callable[[SlippageCount], bool]] = {
    "Notices": lambda row: True,
    "By the auditor": lambda row: row.source == Source.AUDITOR,
    "By the system": lambda row: row.source == Source.SYSTEM,
    "Submitted in time": lambda row: row.outcome == Outcome.SUBMITTED_IN_TIME,
    "Submitted late": lambda row: row.outcome == Outcome.SUBMITTED_LATE,
}


def requests(material: Material) -> Section:
    """How many asked to be exempted and when, and which audits were said to slip."""
    asked, notices = material.exemptions, material.slippage
    last_week = _sum(asked, _ASKED["In the last week"])
    in_time = _sum(notices, _NOTICES["Submitted in time"])
    said = [
        f"Exemption requests: {_sum(asked):,}, of them {last_week:,} in the last week before the due date.",
        f"Slippage notices: {_sum(notices):,}. Of these audits {in_time:,} were still submitted in time.",
    ]
    blocks: list[Block] = [Sentences(said)]
    if asked:
        blocks.append(_table("Exemption requests by service", asked, _ASKED, material))
    if notices:
        blocks.append(_table("Slippage notices by service of the case", notices, _NOTICES, material))
    blocks.append(Narrative("requests", "What the requests and notices say"))
    return Section("requests", "Exemptions and slippage", blocks)


def _table(title: str, rows: Sequence[CountRow], columns: Columns[CountRow], material: Material) -> Table:
    found = grouped(rows, lambda row: material.services.get(row.service_id or 0, NO_SERVICE))
    lines = [_line(name, found[name], columns) for name in sorted(found)]
    return Table(title, ("Service", *columns), [*lines, _line("All", rows, columns)], has_total=True)


def _line(name: str, rows: Sequence[CountRow], columns: Columns[CountRow]) -> list[Cell]:
    return [text(name), *(number(_sum(rows, counts)) for counts in columns.values())]


def _sum(rows: Iterable[CountRow], counts: Callable[[CountRow], bool] = lambda row: True) -> int:
    return sum(row.n for row in rows if counts(row))
