"""The reports for the council itself, each a choice of sections with its headlines (domain.md section 9). Pure."""

from collections.abc import Sequence

from qa_app.core.format import plural
from qa_app.figures import rules
from qa_app.figures.presenters.words import period_words, with_share
from qa_app.figures.rules import added_up, grades_after
from qa_app.reports.blocks import Block, Content, Narrative, Section, Sentences
from qa_app.reports.building.completion import completion
from qa_app.reports.building.grades import grades, verdicts
from qa_app.reports.building.moderating import agreement, by_service, moderating, sentences
from qa_app.reports.building.practice import inadequate, practice, talks
from qa_app.reports.building.put_right import actions, adherence_trends, by_place, by_stage, clocks
from qa_app.reports.building.requests import requests
from qa_app.reports.building.resources import about, capacity, other_activity
from qa_app.reports.material import Material
from qa_app.reports.states import AUDIENCE_LABELS, KIND_LABELS, Audience

NO_AUDITS = "There was no round of the random sample in this period."


def monthly(material: Material) -> Content:
    """The monthly report: everything that section 9 names."""
    return _content(material, headlines(material), _everything(material))


def quarterly(material: Material) -> Content:
    """The quarterly report for the Director of Children's Services: the same of three months, where less is chance."""
    return _content(material, headlines(material), _everything(material))


def _everything(material: Material) -> list[Section]:
    return [
        completion(material),
        requests(material),
        grades(material),
        moderating(material),
        practice(material),
        inadequate(material),
        talks(material),
        clocks(material),
        actions(material),
        capacity(material),
        other_activity(material),
    ]


def adherence(material: Material) -> Content:
    """The adherence report: the share of each stage in time and median days, by service and manager."""
    held = rules.adherence(material.stages, material.today)
    said = [f"{with_share(held.in_time, held.base)} stages that were due were done in time."]
    if held.left_out:
        said.append(f"{plural(held.left_out, 'stage')} left out, each with a reason and a name.")
    if not material.stages:
        said = ["No stage of an improvement process was due in this period."]
    return _content(material, said, _adherence_sections(material) if material.stages else [clocks(material)])


def _adherence_sections(material: Material) -> list[Section]:
    services = by_place("Adherence by service", "Service", material, lambda row: material.services[row.service_id])
    managers = by_place("Adherence by manager", "Manager", material, lambda row: row.manager or "Nobody")
    return [
        Section("stages", "Stage by stage", [by_stage(material), *adherence_trends(material), WHY]),
        Section("services", "By service", [services, Narrative("services", "What services say")]),
        Section("managers", "By manager responsible", [managers, Narrative("managers", "What managers say")]),
        clocks(material, stage_by_stage=False),
    ]


WHY = Narrative("stages", "What explains late stages, and what is being done")


def moderation(material: Material) -> Content:
    """The moderation report of the twelve months: cross-table, direction, by service; agreement last."""
    blocks: list[Block] = [Sentences(agreement(material)), Narrative("agreement", "What follows for training")]
    rows = material.moderations
    sections = [moderating(material)]
    if rows:
        sections.append(Section("services", "By service", [by_service(material)]))
    sections.append(Section("agreement", "How far they agree", blocks))
    return _content(material, sentences(material), sections)


def headlines(material: Material) -> list[str]:
    """The whole report in a few sentences."""
    done = added_up(material.completion_of_period)
    if not done.expected and not material.of_period:
        return [NO_AUDITS]
    after = grades_after(material.of_period, material.scale)
    found = rules.improvement(material.processes, material.cut.first, material.cut.last_day)
    overdue = rules.actions(material.actions, material.cut.first, material.cut.last_day, material.today).overdue
    started = plural(found.started, "improvement process", "improvement processes")
    return [
        f"{with_share(done.on_time, done.due)} audits done on time.",
        *verdicts(material, after),
        f"{started} started, {found.open_at_end:,} open at the end; {plural(overdue, 'action')} overdue.",
    ]


def _content(material: Material, said: Sequence[str], sections: Sequence[Section]) -> Content:
    title = f"{KIND_LABELS[material.kind]}, {period_words(material.cut)}"
    subtitle = "Case audits of children's social care"
    if material.audience is not Audience.INTERNAL:
        subtitle += f", for {AUDIENCE_LABELS[material.audience].lower()}"
    return Content(title, subtitle, said, sections, about(material))
