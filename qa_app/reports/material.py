"""Everything that a report is made of, read in one go: values alone, so that the builders are pure."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import NamedTuple

from qa_app.audits.rules import Grade
from qa_app.figures.cuts import Cut
from qa_app.figures.model import (
    ActionRow,
    AuditCount,
    Capacity,
    Completion,
    ConversationCount,
    ExemptionCount,
    ModerationRow,
    OtherActivity,
    ProcessRow,
    SectionCount,
    SlippageCount,
    StageRow,
    Workers,
)
from qa_app.reports.states import Audience, ReportKind


class Targets(NamedTuple):
    """Targets and thresholds in force at the end of the period, shares in per cent."""

    good_or_better: int
    inadequate: int
    trained_auditors: int
    suppression: int


class Earlier(NamedTuple):
    """A scrutiny report published before: its period's last month, and its content's tables by cell (see scrutiny)."""

    last_month: date
    audience: str
    shown: Mapping[str, int]
    hidden: Sequence[str]


class Material(NamedTuple):
    """What the queries found for one report, on the day it is built.

    `cut` is the period, `year` the twelve months that end with it, both of the random sample.
    """

    kind: ReportKind
    audience: Audience
    today: date
    cut: Cut
    year: Cut
    targets: Targets
    scale: Sequence[Grade]
    services: Mapping[int, str]
    teams: Mapping[int, tuple[str, int]]
    counts: Sequence[AuditCount] = ()
    """Of the twelve months."""
    completion: Sequence[Completion] = ()
    """Of the twelve months."""
    workers: Sequence[Workers] = ()
    sections: Sequence[SectionCount] = ()
    conversations: Sequence[ConversationCount] = ()
    exemptions: Sequence[ExemptionCount] = ()
    slippage: Sequence[SlippageCount] = ()
    moderations: Sequence[ModerationRow] = ()
    stages: Sequence[StageRow] = ()
    stages_of_year: Sequence[StageRow] = ()
    processes: Sequence[ProcessRow] = ()
    actions: Sequence[ActionRow] = ()
    capacity: Capacity = Capacity(0, 0, 0, 0)
    others: Sequence[OtherActivity] = ()
    earlier: Sequence[Earlier] = ()

    @property
    def of_period(self) -> list[AuditCount]:
        """Counts of the period's audits."""
        return [row for row in self.counts if self.cut.first <= row.month <= self.cut.last]

    @property
    def completion_of_period(self) -> list[Completion]:
        """Completions of the period's rounds."""
        return [row for row in self.completion if self.cut.first <= row.month <= self.cut.last]

    @property
    def opens(self) -> bool:
        """Whether figures lead to their lists: inside the council alone."""
        return self.audience in (Audience.INTERNAL, Audience.LEADERSHIP)


class MonthFacts(NamedTuple):
    """What the close of a month stands on."""

    month: date
    state: str | None
    due_on: date | None
    report_due_on: date | None
    outstanding: int = 0
    late: int = 0
    unmoderated: int = 0
    disputed: int = 0
    not_final: int = 0
