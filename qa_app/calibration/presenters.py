"""What the pages of calibration sets say."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from markupsafe import Markup

from qa_app.audits.content import grade_label, read_scale
from qa_app.audits.presenters.words import Link, case_type_label
from qa_app.audits.rules import Grade
from qa_app.calibration.models import CalibrationGrade, CalibrationPart, CalibrationSet
from qa_app.calibration.rules import Spread, spread
from qa_app.calibration.states import CALIBRATION, CalibrationState
from qa_app.core.due import left_in_words
from qa_app.core.format import day, long_day, moment, plural
from qa_app.core.lists import Choice, Column, Filter
from qa_app.moderation.inputs import GradesInput, SectionInput
from qa_app.moderation.presenters.words import LACKS
from qa_app.moderation.rules import Missing
from qa_app.tools.models import Domain

COLOURS = {CalibrationState.RUNNING: "light-blue", CalibrationState.REVEALED: "green"}
FILTERS: tuple[Filter, ...] = (
    Choice("state", "State", tuple((str(state), CALIBRATION.labels[state]) for state in CalibrationState)),
)


def columns(today: date) -> tuple[Column[CalibrationSet], ...]:
    """Which set, where it is, by when, and how many have handed in."""
    return (
        Column("name", "Set", _link, sort=CalibrationSet.name, header=True),
        Column("state", "State", _tag, sort=CalibrationSet.state),
        Column("due", "Due", lambda one: _due(one, today), sort=CalibrationSet.due_on),
        Column("handed_in", "Handed in", handed_in_words),
    )


def _link(one: CalibrationSet) -> Markup:
    return Markup('<a class="govuk-link" href="/calibration/{}">{}</a>').format(one.id, one.name)


def _tag(one: CalibrationSet) -> Markup:
    state = CalibrationState(one.state)
    text = CALIBRATION.labels[state]
    return Markup('<strong class="govuk-tag govuk-tag--{}">{}</strong>').format(COLOURS[state], text)


def _due(one: CalibrationSet, today: date) -> str:
    if one.state != CalibrationState.RUNNING:
        return long_day(one.due_on)
    return f"{day(one.due_on)}, {left_in_words(one.due_on, today)}"


def handed_in_words(one: CalibrationSet) -> str:
    """`3 of 5`."""
    return f"{sum(part.handed_in_at is not None for part in one.parts)} of {len(one.parts)}"


@dataclass(frozen=True, slots=True)
class Cell:
    """One person's grade of one section, and why."""

    name: str
    grade: str
    reason: str


@dataclass(frozen=True, slots=True)
class Row:
    """One section side by side, with how far the grades are apart."""

    title: str
    cells: Sequence[Cell]
    spread: str
    is_wide: bool


@dataclass(frozen=True, slots=True)
class Page:
    """One set: the case in a strip, who takes part, and once revealed the grades."""

    id: int
    title: str
    version: int
    facts: Sequence[tuple[str, str]]
    state: str
    colour: str
    due: str
    is_running: bool
    handed_in: str
    people: Sequence[tuple[str, str]]
    names: Sequence[str]
    rows: Sequence[Row]
    has_overall: bool


def page_for(
    found: CalibrationSet,
    tool: Sequence[Domain],
    grades: Mapping[int, Mapping[int, CalibrationGrade]],
    today: date,
) -> Page:
    """Everything about one set. `grades` are there once it is revealed, of those who handed in."""
    state = CalibrationState(found.state)
    scale = read_scale(found.tool_version.scale)
    shown = [part for part in found.parts if part.id in grades]
    rows = [_row(domain.title, [_cell(part, grades[part.id].get(domain.id), scale) for part in shown],
                 [_key(grades[part.id].get(domain.id)) for part in shown], scale) for domain in tool]  # fmt: skip
    if shown and found.tool_version.has_overall_grade:
        cells = [Cell(part.person.name, grade_label(part.own_grade, scale), part.own_reasons) for part in shown]
        rows.append(_row("Overall grade", cells, [part.own_grade for part in shown], scale))
    return Page(
        id=found.id,
        title=found.name,
        version=found.version,
        facts=[
            ("Case", found.case.reference),
            ("Case type", case_type_label(found.case.case_type)),
            ("Team", found.team.name),
            ("Worker", found.case.caseworker.name if found.case.caseworker else "None recorded"),
        ],
        state=CALIBRATION.labels[state],
        colour=COLOURS[state],
        due=_due(found, today),
        is_running=state is CalibrationState.RUNNING,
        handed_in=handed_in_words(found),
        people=[(part.person.name, _standing(part, state)) for part in found.parts],
        names=[part.person.name for part in shown],
        rows=rows if shown else (),
        has_overall=found.tool_version.has_overall_grade,
    )


def _standing(part: CalibrationPart, state: CalibrationState) -> str:
    if part.handed_in_at is not None:
        return f"Handed in on {day(part.handed_in_at)}"
    if state is CalibrationState.REVEALED:
        return "Did not hand in"
    return f"In progress, saved on {day(part.saved_at)}" if part.saved_at else "Not started"


def _key(row: CalibrationGrade | None) -> str | None:
    return row.grade if row else None


def _cell(part: CalibrationPart, row: CalibrationGrade | None, scale: Sequence[Grade]) -> Cell:
    return Cell(part.person.name, grade_label(_key(row), scale) or "Not graded", row.reason if row else "")


def _row(title: str, cells: Sequence[Cell], keys: Sequence[str | None], scale: Sequence[Grade]) -> Row:
    found = spread(keys, scale)
    return Row(title, cells, spread_words(found, scale), found.steps > 1)


def spread_words(found: Spread, scale: Sequence[Grade]) -> str:
    """`All the same`, or `Good to Inadequate: 2 grades apart, 3 of 5 the same`."""
    if not found.graded:
        return "Not graded"
    if not found.steps:
        return "All the same"
    ends = f"{grade_label(found.best, scale)} to {grade_label(found.worst, scale)}"
    return f"{ends}: {plural(found.steps, 'grade')} apart, {found.commonest} of {found.graded} the same"


@dataclass(frozen=True, slots=True)
class Work:
    """What the form of somebody's own grades shows of each section."""

    path: str
    lines: Sequence[Domain]
    saved: str


def work_for(part: CalibrationPart, tool: Sequence[Domain]) -> Work:
    """The form's guidance."""
    return Work(f"/calibration/{part.set_id}", tool, moment(part.saved_at))


def kept_grades(part: CalibrationPart, tool: Sequence[Domain], kept: Mapping[int, CalibrationGrade]) -> GradesInput:
    """Own grades as the form shows them."""
    rows = {domain.key: kept[domain.id] for domain in tool if domain.id in kept}
    sections = {key: SectionInput(row.grade, row.reason) for key, row in rows.items()}
    return GradesInput(sections, part.own_grade, part.own_reasons)


def missing_links(lacks: Sequence[Missing], path: str) -> list[Link]:
    """What is missing, each as a sentence that leads to where it is mended."""
    return [Link(f"{lack.title}: {LACKS[lack.lack]}", f"{path}#{lack.anchor}") for lack in lacks]


@dataclass(frozen=True, slots=True)
class Words:
    """One answer, on the page that shows all of them or both texts."""

    name: str
    value: str


def words_of(kept: GradesInput, tool: Sequence[Domain], scale: Sequence[Grade]) -> list[Words]:
    """Own grades to read once more, or what is saved now where it was changed somewhere else."""
    found = []
    for domain in tool:
        one = kept.sections.get(domain.key, SectionInput())
        found.append(Words(domain.title, f"{grade_label(one.grade, scale) or 'No grade'}\n{one.reason}".strip()))
    return [*found, Words("All in all", f"{grade_label(kept.overall, scale)}\n{kept.reasons}".strip())]
