"""What follows audits (domain.md section 8): adherence to the stages of improvement, processes and actions. Pure."""

from collections.abc import Callable, Sequence

from qa_app.figures import rules
from qa_app.figures.cuts import months_of
from qa_app.figures.model import ActionRow, StageRow
from qa_app.figures.presenters.words import with_share
from qa_app.figures.rules import grouped
from qa_app.improvement.states import STAGE_LABELS, StageKind
from qa_app.reports.blocks import Block, Cell, Narrative, Picture, Section, Sentences, Table
from qa_app.reports.building.cells import days, number, percent, text
from qa_app.reports.building.trends import trend_of_shares, trend_of_times
from qa_app.reports.material import Material
from qa_app.statistics.proportions import Share

ADHERENCE_HEADER = ("Due", "In time", "In time, %", "Median days", "Left out with a reason", "Not due yet")
ADHERENCE_NOTE = (
    "Due: done, or past its date. Median of working days from the start of the process, of stages that were done."
)


def clocks(material: Material, *, stage_by_stage: bool = True) -> Section:
    """Improvement processes of the period, and how many of their stages were in time.

    Without stage by stage, where a report has that table already.
    """
    found = rules.improvement(material.processes, material.cut.first, material.cut.last_day)
    held = rules.adherence(material.stages, material.today)
    said = [
        f"{found.started:,} improvement processes started ({found.repeat:,} of them a repeat inadequate), "
        f"{found.closed:,} ended, {found.open_at_end:,} were open at the end."
    ]
    if held.base:
        said.append(f"{with_share(held.in_time, held.base)} stages that were due were done in time.")
    blocks: list[Block] = [Sentences(said)]
    if material.stages and stage_by_stage:
        blocks.append(by_stage(material))
    blocks.append(Narrative("clocks", "What the clocks say"))
    return Section("improvement", "Improvement after inadequate audits", blocks)


def by_stage(material: Material) -> Table:
    """Adherence stage by stage, in their order."""
    found = grouped(material.stages, lambda row: row.kind)
    rows = [adherence_line(STAGE_LABELS[kind], found[kind], material) for kind in StageKind if kind in found]
    rows.append(adherence_line("All stages", material.stages, material))
    return Table("Adherence by stage", ("Stage", *ADHERENCE_HEADER), rows, ADHERENCE_NOTE, has_total=True)


def by_place(title: str, heading: str, material: Material, name: Callable[[StageRow], str]) -> Table:
    """Adherence by whatever names a stage: its service, its manager."""
    found = grouped(material.stages, name)
    rows = [adherence_line(key, found[key], material) for key in sorted(found)]
    rows.append(adherence_line("All", material.stages, material))
    return Table(title, (heading, *ADHERENCE_HEADER), rows, ADHERENCE_NOTE, has_total=True)


def adherence_line(name: str, rows: Sequence[StageRow], material: Material) -> list[Cell]:
    """One row of a table of adherence."""
    found = rules.adherence(rows, material.today)
    return [
        text(name),
        number(found.base),
        number(found.in_time),
        percent(found.in_time, found.base),
        days(found.days),
        number(found.left_out),
        number(found.running),
    ]


def adherence_trends(material: Material) -> list[Picture]:
    """Twelve months: the share of stages in time, and the median days to the meeting and to the review."""
    months = months_of(material.year)
    found = grouped(material.stages_of_year, lambda row: row.due_on.replace(day=1))
    held = [rules.adherence(found.get(month, ()), material.today) for month in months]
    pictures = [
        trend_of_shares("Stages in time, by the month they were due", months, [Share(h.in_time, h.base) for h in held])
    ]
    for kind in (StageKind.DAY_THREE_MEETING, StageKind.SERVICE_MANAGER_REVIEW):
        own = [[row for row in found.get(month, ()) if row.kind == kind] for month in months]
        values = [rules.adherence(rows, material.today).days for rows in own]
        done = [sum(row.done_on is not None for row in rows) for rows in own]
        if any(value is not None for value in values):
            pictures.append(trend_of_times(f"{STAGE_LABELS[kind]}: median working days", months, values, done))
    return pictures


def actions(material: Material) -> Section:
    """Actions in and out of time, by service."""
    rows = material.actions
    whole = _count(rows, material)
    said = [
        f"{with_share(whole.in_time, whole.due)} actions that were due were done in time."
        if whole.due
        else "No action was due."
    ]
    said.append(f"{whole.by_first_date:,} of them kept the date that was first promised.") if whole.due else None
    overdue = f"{whole.overdue:,} actions are overdue"
    said.append(f"{overdue}, {whole.immediate_overdue:,} of them where a child may be at risk now.")
    blocks: list[Block] = [Sentences(said)]
    if rows:
        found = grouped(rows, lambda row: material.services.get(row.service_id or 0, "No service"))
        lines = [_action_line(name, found[name], material) for name in sorted(found)]
        header = ("Service", "Opened", "Due", "In time", "In time, %", "By the first date", "Overdue now")
        table = Table("Actions by service", header, [*lines, _action_line("All", rows, material)], has_total=True)
        blocks.append(table)
    blocks.append(Narrative("actions", "What was put right"))
    return Section("actions", "Actions", blocks)


def _count(rows: Sequence[ActionRow], material: Material) -> rules.Actions:
    return rules.actions(rows, material.cut.first, material.cut.last_day, material.today)


def _action_line(name: str, rows: Sequence[ActionRow], material: Material) -> list[Cell]:
    found = _count(rows, material)
    return [
        text(name),
        number(found.opened),
        number(found.due),
        number(found.in_time),
        percent(found.in_time, found.due),
        number(found.by_first_date),
        number(found.overdue),
    ]
