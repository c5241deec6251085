"""Grades by section, what dominates in inadequate audits, conversations and the voice of the child. Pure."""

from qa_app.audits.models import ConversationWith
from qa_app.core.format import plural
from qa_app.figures.presenters.words import with_share
from qa_app.figures.rules import Section as Graded
from qa_app.figures.rules import conversations, dominating, sections
from qa_app.pictures.specs import Bar, Bars, Stacked, StackedRow, to_json
from qa_app.reports.blocks import Block, Narrative, Picture, Section, Sentences, Table
from qa_app.reports.building.cells import grade_cells, grade_headings, number, opening, percent, text
from qa_app.reports.material import Material

WHOM = {
    ConversationWith.SOCIAL_WORKER: "The social worker",
    ConversationWith.PARENT_OR_CARER: "A parent or carer",
    ConversationWith.CHILD: "The child",
}


def practice(material: Material) -> Section:
    """Each section of the form, best and worst."""
    found = sections(material.sections, material.scale)
    blocks: list[Block] = [Sentences(_weakest(found))]
    if any(one.grades.base for one in found):
        blocks += [Picture(to_json(_stacked(found, material))), _table(found, material)]
    blocks.append(Narrative("practice", "What practice looks like"))
    return Section("practice", "Practice by section", blocks)


def _weakest(found: list[Graded]) -> list[str]:
    ranked = sorted(
        (one for one in found if one.grades.base), key=lambda one: one.grades.good_or_better / one.grades.base
    )
    if not ranked:
        return ["No section has a grade yet."]
    low, high = ranked[0], ranked[-1]
    return [
        f"Strongest: {high.title}, {with_share(high.grades.good_or_better, high.grades.base)} good or better.",
        f"Weakest: {low.title}, {with_share(low.grades.good_or_better, low.grades.base)} good or better.",
    ]


def _stacked(found: list[Graded], material: Material) -> Stacked:
    rows = tuple(
        StackedRow(one.title, tuple(one.grades.counts[grade.key] for grade in material.scale)) for one in found
    )
    description = "How each section of the form was graded in the submitted audits."
    return Stacked("Grades by section", description, tuple(grade_headings(material.scale)), rows, "Section")


def _table(found: list[Graded], material: Material) -> Table:
    rows = []
    for one in found:
        hrefs = {grade.key: opening(material, section=one.key, answer=grade.key) for grade in material.scale}
        shares = (one.grades.good_or_better, one.grades.inadequate)
        rows.append(
            [
                text(one.title),
                *grade_cells(one.grades, material.scale, hrefs),
                number(one.grades.base),
                *(percent(count, one.grades.base) for count in shares),
            ]
        )
    header = ("Section", *grade_headings(material.scale), "Graded", "Good or better, %", "All inadequate, %")
    return Table(
        "Grades by section", header, rows, "These are the auditors' grades. What does not apply is not counted."
    )


def inadequate(material: Material) -> Section:
    """What dominates in audits whose final grade is inadequate: the sections that were inadequate in them."""
    audits, found = _inadequate_audits(material), dominating(material.sections, material.scale)
    if not audits:
        said = ["No audit of the period is inadequate."]
    elif not found:
        said = [f"In the {plural(audits, 'inadequate audit')} no section was graded inadequate."]
    else:
        first = ", ".join(f"{one.title} ({one.grades.inadequate})" for one in found[:3])
        said = [f"In the {plural(audits, 'inadequate audit')} these sections were most often inadequate: {first}."]
    blocks: list[Block] = [Sentences(said)]
    if found:
        blocks.append(Picture(to_json(_dominating(found, audits))))
    blocks.append(Narrative("inadequate", "What lies behind the inadequate audits"))
    return Section("inadequate", "What dominates in inadequate audits", blocks)


def _inadequate_audits(material: Material) -> int:
    bad = {grade.key for grade in material.scale if grade.inadequate}
    return sum(row.n for row in material.of_period if row.after in bad)


def _dominating(found: list[Graded], audits: int) -> Bars:
    bars = tuple(
        Bar(one.title, float(one.grades.inadequate), with_share(one.grades.inadequate, audits)) for one in found
    )
    description = f"How many of the {audits} inadequate audits have each section inadequate."
    return Bars("Inadequate sections of inadequate audits", description, bars, "Section", "Audits", most=float(audits))


def talks(material: Material) -> Section:
    """With whom auditors talked; the voice of the child last, since it is the hardest to hear."""
    found = {one.with_whom: one for one in conversations(material.conversations)}
    rows, said = [], []
    for whom, words in WHOM.items():
        if one := found.get(whom):
            held = opening(material, talk=whom, held="yes"), opening(material, talk=whom, held="no")
            counts = number(one.held, held[0]), number(one.base - one.held, held[1])
            rows.append([text(words), *counts, number(one.base), percent(one.held, one.base)])
            if whom is ConversationWith.CHILD:
                said.append(f"Auditors talked with the child in {with_share(one.held, one.base)} audits.")
    blocks: list[Block] = [Sentences(said or ["No submitted audit says yet with whom its auditor talked."])]
    if rows:
        blocks.append(Table("Conversations held", ("With", "Held", "Not held", "Audits that say", "Held, %"), rows))
    blocks.append(Narrative("talks", "What children and families said"))
    return Section("conversations", "Conversations and the voice of the child", blocks)
