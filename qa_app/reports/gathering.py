"""Read everything that a report is made of, in one go: what the builders are given."""

from collections.abc import Callable
from datetime import date
from typing import Any

from qa_app.access.viewer import system
from qa_app.figures import queries as figures
from qa_app.figures.cuts import Cut, month_of, quarter_of, year_to
from qa_app.reports import queries
from qa_app.reports.material import Earlier, Material, Targets
from qa_app.reports.states import Audience, ReportKind
from qa_app.settings.queries import values_at

TARGETS = ("target_good_or_better", "target_inadequate", "target_trained_auditors", "suppression_threshold")

Progress = Callable[[int], None]


def period_of(kind: ReportKind, month: date) -> Cut:
    """The period of a report that ends with a month: the month itself for a monthly one, else its calendar quarter."""
    return month_of(month) if kind is ReportKind.MONTHLY else quarter_of(month)


def targets_on(day: date) -> Targets:
    """The targets in force on a day."""
    values = values_at(TARGETS, day)
    return Targets(*(values[name] for name in TARGETS))


def gather(kind: ReportKind, audience: Audience, cut: Cut, today: date, tell: Progress = lambda _: None) -> Material:
    """What a report of a period is made of, as it stands now. A report is of the whole council, whoever makes it.

    `tell` hears how much is read, in per cent.
    """
    whole, year = system(), year_to(cut.last)
    steps: dict[str, Callable[[], Any]] = {
        "counts": lambda: figures.audit_counts(year, whole),
        "completion": lambda: figures.completion_of(year, whole),
        "workers": lambda: figures.workers(cut, whole),
        "sections": lambda: figures.section_counts(cut, whole),
        "conversations": lambda: figures.conversation_counts(cut, whole),
        "exemptions": lambda: figures.exemption_counts(cut, whole),
        "slippage": lambda: figures.slippage_counts(cut, whole),
        "moderations": lambda: figures.moderations(year if kind is ReportKind.MODERATION else cut, whole),
        "stages": lambda: figures.stages_due(cut, whole),
        "stages_of_year": lambda: figures.stages_due(year, whole),
        "processes": lambda: figures.processes(cut, whole),
        "actions": lambda: figures.actions_of(cut, whole),
        "others": lambda: figures.other_activity(cut, whole),
        "capacity": lambda: figures.capacity(min(cut.last_day, today)),
        "earlier": lambda: _earlier(kind),
    }
    found = {}
    for done, (name, read) in enumerate(steps.items()):
        tell(100 * done // len(steps))
        found[name] = read()
    return Material(
        kind,
        audience,
        today,
        cut,
        year,
        targets_on(cut.last_day),
        figures.scale_of(year),
        figures.service_names(),
        figures.team_names(),
        **found,
    )


def _earlier(kind: ReportKind) -> list[Earlier]:
    """What earlier scrutiny reports have shown and hidden: it binds what this one may show."""
    if kind is not ReportKind.SCRUTINY:
        return []
    return [
        Earlier(edition.last_month, edition.audience, edition.content["shown"], edition.content["hidden"])
        for edition in queries.published_outside()
    ]
